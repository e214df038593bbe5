import FHIR
import Foundation

/// Parsers by the name that scripts/fuzz gives, each called with whatever the fuzzer thinks of. A parser may throw; it must
/// not crash, hang, or take something in that it cannot give back.
private let parsers: [String: @Sendable ([UInt8]) -> Void] = [
    "planted": { planted($0) },
    "json": { json($0) },
    "resource": { resource($0) },
    "bundle": { bundle($0) },
    "ndjson": { ndjson($0) },
    "search": { search($0) }
]

/// Proves that a crash is found: the third of three letters is a trap.
private func planted(_ bytes: [UInt8]) {
    guard bytes.count > 2, bytes[0] == UInt8(ascii: "K"), bytes[1] == UInt8(ascii: "i") else { return }
    precondition(bytes[2] != UInt8(ascii: "t"), "the planted fault")
}

private func json(_ bytes: [UInt8]) {
    guard let value = try? JSON(parsing: bytes) else { return }
    // What was read is written, and read again as the same.
    precondition((try? JSON(parsing: value.bytes())) == value, "it reads differently the second time")
}

private func resource(_ bytes: [UInt8]) {
    guard let resource = try? Resource(parsing: bytes) else { return }
    _ = Validator().issues(in: resource.json)
}

private func bundle(_ bytes: [UInt8]) {
    guard let resource = try? Resource(parsing: bytes) else { return }
    _ = try? FHIRBundle(resource).entriesInProcessingOrder
}

private func ndjson(_ bytes: [UInt8]) {
    for line in NDJSONReader.lines(of: bytes) { _ = try? line.content.get() }
}

private func search(_ bytes: [UInt8]) {
    let parameters: [SearchParameter] = [
        .token("status"), .reference("patient", to: "Patient"), .date("authored"), .string("name"), .token("_after")
    ]
    _ = try? SearchQuery(String(decoding: bytes, as: UTF8.self), parameters: parameters)
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
