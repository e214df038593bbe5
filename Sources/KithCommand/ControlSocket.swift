import Foundation
import Glibc
import Hummingbird
import Kith
import Logging
import NIOCore
import Storage

/// How the command line reaches the server that holds a SQLite file: a Unix socket beside the file, for its owner only.
/// Two processes never open one file.
enum ControlSocket {
    /// Beside the database. The name of a socket may hold about a hundred bytes only; where the folder's name is longer,
    /// the folder is opened, for as long as this process lives, and named by its descriptor.
    static func path(for database: String) -> String {
        let beside = database + ".socket"
        guard beside.utf8.count > 100 else { return beside }
        let file = URL(fileURLWithPath: beside)
        let folder = open(file.deletingLastPathComponent().path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        return "/proc/self/fd/\(folder)/\(file.lastPathComponent)"
    }

    /// Takes orders, one a request.
    /// - Parameter settings: those that Kith serves with.
    static func application(
        for platform: Platform, database: String, settings: Settings, log: Logger
    ) throws -> some ApplicationProtocol {
        let path = path(for: database)
        // Only the holder of the lock gets here, so a socket that is there is from a process that is gone.
        unlink(path)
        let router = Router(context: BasicRequestContext.self)
        let underWay = UnderWay()
        router.post("orders/{id}") { request, context -> Response in
            let id = try context.parameters.require("id")
            let body = try await request.body.collect(upTo: 512 * 1_024 * 1_024)
            var outcome: Order.Outcome
            do {
                let order = try JSONDecoder().decode(Order.self, from: Data(body.readableBytesView))
                var bench = Order.Bench(platform: platform, address: settings.address) {
                    underWay.note($0, of: $1, in: id)
                }
                bench.settings = settings
                outcome = try await order.perform(on: bench)
            } catch {
                outcome = Order.Outcome(error: "kith: \(sentence(for: error))", code: 1)
                if !isExpected(error) { log.error("order failed", metadata: ["what": "\(String(reflecting: error))"]) }
            }
            underWay.forget(id)
            return try answer(outcome)
        }
        router.get("orders/{id}") { _, context -> Response in
            try answer(underWay.look(try context.parameters.require("id")))
        }
        return Application(
            router: router, configuration: .init(address: .unixDomainSocket(path: path)),
            onServerRunning: { _ in _ = chmod(path, 0o600) }, logger: log)
    }

    /// Sends an order to the server that holds `database` and waits for the outcome.
    /// - Throws: ``OpenError`` when nobody answers.
    static func send(_ order: Order, database: String) throws -> Order.Outcome {
        let (id, path) = (UUID().uuidString, path(for: database))
        let watch = Watch(over: order.files) { try? exchange("GET", id, Data(), path, as: UnderWay.Part?.self) }
        defer { watch.end() }
        return try exchange("POST", id, JSONEncoder().encode(order), path, as: Order.Outcome.self)
    }

    /// One request and its answer, on a connection of its own.
    private static func exchange<T: Decodable>(
        _ method: String, _ id: String, _ body: Data, _ path: String, as type: T.Type
    ) throws -> T {
        let silent = OpenError("The database is held by another Kith process that does not answer.")
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw silent }
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let name = Array(path.utf8)
        guard name.count < MemoryLayout.size(ofValue: address.sun_path) else { throw silent }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard connected == 0 else { throw silent }
        let head =
            "\(method) /orders/\(id) HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: \(body.count)\r\n\r\n"
        let connection = FileHandle(fileDescriptor: descriptor, closeOnDealloc: false)
        try connection.write(contentsOf: Data(head.utf8) + body)
        let answer = try connection.readToEnd() ?? Data()
        guard let gap = answer.range(of: Data("\r\n\r\n".utf8)),
            let said = unchunked(answer, after: gap.upperBound), let read = try? JSONDecoder().decode(type, from: said)
        else { throw silent }
        return read
    }

    private static func answer(_ value: some Encodable) throws -> Response {
        Response(status: .ok, body: .init(byteBuffer: ByteBuffer(bytes: try JSONEncoder().encode(value))))
    }

    /// The body of an answer that may have come in chunks; nil where it breaks off, as when the server is killed.
    static func unchunked(_ answer: Data, after start: Data.Index) -> Data? {
        let head = String(decoding: answer[..<start], as: UTF8.self).lowercased()
        guard head.contains("transfer-encoding: chunked") else { return answer[start...] }
        var (body, rest) = (Data(), answer[start...])
        while let line = rest.range(of: Data("\r\n".utf8)),
            let size = Int(String(decoding: rest[rest.startIndex..<line.lowerBound], as: UTF8.self), radix: 16)
        {
            let after = rest[line.upperBound...]
            if size == 0 { return body }
            guard size > 0, size <= after.count - 2 else { return nil }
            body += after.prefix(size)
            rest = after.dropFirst(size + 2)
        }
        return nil
    }
}
