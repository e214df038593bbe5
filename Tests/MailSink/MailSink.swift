import Foundation

/// A real mail server, or a gateway for text messages, as a process of its own on this machine: it takes mail, or fails
/// in one of the ways in which such servers fail. It ends with the test, also when the test crashes.
package final class MailSink: @unchecked Sendable {  // set up once, then only read
    package enum Mode: String, Sendable { case take, busy, refuse, hang, stall, drop, flaky }

    private let process = Process()
    private let input = Pipe()
    package let port: Int
    private let folder: String

    private static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path

    package convenience init(_ mode: Mode, login: String? = nil, tls: (certificate: String, key: String)? = nil) throws
    {
        var arguments: [String] = []
        if let login { arguments += ["--login", login] }
        if let tls { arguments += ["--tls", tls.certificate, tls.key] }
        try self.init("sink.py", mode.rawValue, arguments)
    }

    /// A gateway that answers each text message with `status`.
    package convenience init(gateway status: Int) throws { try self.init("gateway.py", String(status), []) }

    private init(_ script: String, _ first: String, _ further: [String]) throws {
        folder = FileManager.default.temporaryDirectory.path + "/kith_sink_\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: Self.repository + "/.venv/bin/python")
        process.arguments = ["\(Self.repository)/Tests/MailSink/\(script)", first, folder] + further
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        var said = Data()
        while let byte = try output.fileHandleForReading.read(upToCount: 1), byte != Data("\n".utf8), !byte.isEmpty {
            said.append(byte)
        }
        guard let port = Int(String(decoding: said, as: UTF8.self)) else {
            throw CocoaError(.executableLoad)
        }
        self.port = port
    }

    deinit {
        try? input.fileHandleForWriting.close()
        process.terminate()
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// Everything it took, in order, as it came over the wire. The line `X-To:` before it names who it was for.
    package var taken: [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasSuffix(".eml") || $0.hasSuffix(".json") }.sorted().compactMap { name in
            FileManager.default.contents(atPath: "\(folder)/\(name)").map { String(decoding: $0, as: UTF8.self) }
        }
    }

    /// The Message-ID of everything it took.
    package var identifiers: [String] {
        taken.compactMap { text in
            text.split(separator: "\r\n").first { $0.hasPrefix("Message-ID: ") }.map { String($0.dropFirst(12)) }
        }
    }
}
