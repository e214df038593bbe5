import FHIR
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Web

/// One parser, called with whatever the fuzzer thinks of. It may throw; it must not crash, hang, or take something in that
/// it cannot give back.
struct Target: Sendable {
    let run: @Sendable ([UInt8]) -> Void

    /// By the name that scripts/fuzz gives.
    static let all: [String: Target] = [
        "planted": Target(run: planted), "json": Target(run: json), "resource": Target(run: resource),
        "bundle": Target(run: bundle), "ndjson": Target(run: ndjson), "search": Target(run: search),
        "form": Target(run: form), "percent": Target(run: percent), "cookie": Target(run: cookie),
        "request": Target(run: request)
    ]

    /// Proves that a crash is found: the third of three letters is a trap.
    private static func planted(_ bytes: [UInt8]) {
        guard bytes.count > 2, bytes[0] == UInt8(ascii: "K"), bytes[1] == UInt8(ascii: "i") else { return }
        precondition(bytes[2] != UInt8(ascii: "t"), "the planted fault")
    }

    private static func json(_ bytes: [UInt8]) {
        guard let value = try? JSON(parsing: bytes) else { return }
        // What was read is written, and read again as the same.
        precondition((try? JSON(parsing: value.bytes())) == value, "it reads differently the second time")
    }

    private static func resource(_ bytes: [UInt8]) {
        guard let resource = try? Resource(parsing: bytes) else { return }
        _ = Validator().issues(in: resource.json)
    }

    private static func bundle(_ bytes: [UInt8]) {
        guard let resource = try? Resource(parsing: bytes) else { return }
        _ = try? FHIRBundle(resource).entriesInProcessingOrder
    }

    private static func ndjson(_ bytes: [UInt8]) {
        for line in NDJSONReader.lines(of: bytes) { _ = try? line.content.get() }
    }

    private static func search(_ bytes: [UInt8]) {
        let parameters: [SearchParameter] = [
            .token("status"), .reference("patient", to: "Patient"), .date("authored"), .string("name"), .token("_after")
        ]
        _ = try? SearchQuery(String(decoding: bytes, as: UTF8.self), parameters: parameters)
    }

    private static func form(_ bytes: [UInt8]) {
        guard let form = try? Form(urlEncoded: bytes) else { return }
        _ = try? form.read { fields in
            for name in form.names {
                let text = fields.text(name, required: true, max: 100, multiline: true)
                precondition(text.unicodeScalars.count <= 100 && !text.contains("\0"))
                _ = (fields.text(name), fields.secret(name), fields.integer(name, in: 1...9), fields.date(name))
                _ = fields.flag(name)
            }
        }
    }

    private static func percent(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        let path: SitePath = "/\(text)"
        precondition(path.string.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }, "an address with something else in it")
        precondition(!path.string.hasPrefix("//"), "an address of another site")
        if let kept = SitePath(untrusted: text) { precondition(!kept.string.hasPrefix("//")) }
        _ = CalendarDate(text)
        if let date = CalendarDate(text) { precondition(date.description == text) }
        _ = PeerAddress(text)?.network
    }

    private static func cookie(_ bytes: [UInt8]) {
        let text = String(decoding: bytes.filter { $0 >= 0x20 && $0 != 0x7F }, as: UTF8.self)
        _ = SiteCookie("session", https: false).value(in: head("/", [.cookie: text]))
        // What is given to a browser comes back as it was.
        let cookie = SiteCookie("session", https: true)
        let pair = cookie.field(text).value.prefix { $0 != ";" }
        precondition(cookie.value(in: head("/", [.cookie: String(pair)])) == text, "a cookie comes back changed")
    }

    /// A head with the path in the first line and one field in each of the others.
    private static func request(_ bytes: [UInt8]) {
        let lines = bytes.split(separator: 0x0A, maxSplits: 4, omittingEmptySubsequences: false)
            .map { String(decoding: $0.filter { $0 >= 0x20 && $0 != 0x7F }, as: UTF8.self) }
        func line(_ number: Int) -> String { number < lines.count ? lines[number] : "" }
        let fields: HTTPFields = [
            .lastEventID: line(1), .acceptLanguage: line(2), .contentType: line(3), .userAgent: line(4)
        ]
        let request = head("/" + line(0), fields)
        if let id = request.lastEventID { precondition(id.utf8.count <= 128) }
        _ = try? request.query
        _ = translations?.locale(chosen: line(1), acceptLanguage: line(2))
        let event = ServerSentEvent(id: line(0), event: line(1), data: String(decoding: bytes, as: UTF8.self))
        precondition(event.id?.contains("\n") != true)
    }

    private static let translations = try? Translations(
        folder: URL(fileURLWithPath: "\(#filePath)/../../../../Sources/Kith/Strings").standardized.path)

    private static func head(_ path: String, _ fields: HTTPFields) -> Request {
        let head = HTTPRequest(method: .get, scheme: "http", authority: "localhost", path: path, headerFields: fields)
        return Request(head: head, body: .init(buffer: ByteBuffer()))
    }
}

/// Which parser this run is about.
private let target = Target.all[ProcessInfo.processInfo.environment["KITH_FUZZ_TARGET"] ?? ""]

/// Called by the fuzzer with each input it thinks of.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let target else { exit(64) }
    target.run(Array(UnsafeBufferPointer(start: start, count: count)))
    return 0
}
