import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Web

/// Parsers by the name that scripts/fuzz gives, each called with whatever the fuzzer thinks of. A parser may throw; it must
/// not crash, hang, or take something in that it cannot give back.
private let parsers: [String: @Sendable ([UInt8]) -> Void] = [
    "form": { form($0) },
    "percent": { percent($0) },
    "cookie": { cookie($0) },
    "request": { request($0) }
]

private func form(_ bytes: [UInt8]) {
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

private func percent(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    let path: SitePath = "/\(text)"
    precondition(path.string.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }, "an address with something else in it")
    precondition(!path.string.hasPrefix("//"), "an address of another site")
    if let kept = SitePath(untrusted: text) { precondition(!kept.string.hasPrefix("//")) }
    _ = CalendarDate(text)
    if let date = CalendarDate(text) { precondition(date.description == text) }
    _ = PeerAddress(text)?.network
}

private func cookie(_ bytes: [UInt8]) {
    let text = String(decoding: bytes.filter { $0 >= 0x20 && $0 != 0x7F }, as: UTF8.self)
    _ = SiteCookie("session", https: false).value(in: head("/", [.cookie: text]))
    // What is given to a browser comes back as it was.
    let cookie = SiteCookie("session", https: true)
    let pair = cookie.field(text).value.prefix { $0 != ";" }
    precondition(cookie.value(in: head("/", [.cookie: String(pair)])) == text, "a cookie comes back changed")
}

/// A head with the path in the first line and one field in each of the others.
private func request(_ bytes: [UInt8]) {
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

private let translations = try? Translations(
    folder: URL(fileURLWithPath: "\(#filePath)/../../../../Sources/Kith/Strings").standardized.path)

private func head(_ path: String, _ fields: HTTPFields) -> Request {
    let head = HTTPRequest(method: .get, scheme: "http", authority: "localhost", path: path, headerFields: fields)
    return Request(head: head, body: .init(buffer: ByteBuffer()))
}

/// Which parser this run is about.
private let parser = parsers[ProcessInfo.processInfo.environment["KITH_FUZZ_TARGET"] ?? ""]

/// Called by the fuzzer with each input it thinks of.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let parser else { exit(64) }
    parser(Array(UnsafeBufferPointer(start: start, count: count)))
    return 0
}
