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
    static func application(for platform: Platform, database: String, log: Logger) throws -> some ApplicationProtocol {
        let path = path(for: database)
        // Only the holder of the lock gets here, so a socket that is there is from a process that is gone.
        unlink(path)
        let router = Router(context: BasicRequestContext.self)
        router.post("orders") { request, _ -> Response in
            let body = try await request.body.collect(upTo: 512 * 1_024 * 1_024)
            let outcome: Order.Outcome
            do {
                let order = try JSONDecoder().decode(Order.self, from: Data(body.readableBytesView))
                outcome = try await order.perform(on: platform)
            } catch let error as OpenError {
                outcome = Order.Outcome(output: "kith: \(error.description)\n", code: 1)
            } catch {
                outcome = Order.Outcome(output: "kith: \(String(reflecting: error))\n", code: 1)
            }
            let bytes = try JSONEncoder().encode(outcome)
            return Response(status: .ok, body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
        }
        return Application(
            router: router, configuration: .init(address: .unixDomainSocket(path: path)),
            onServerRunning: { _ in _ = chmod(path, 0o600) }, logger: log)
    }

    /// Sends an order to the server that holds `database` and waits for the outcome.
    /// - Throws: ``OpenError`` when nobody answers.
    static func send(_ order: Order, database: String) throws -> Order.Outcome {
        let silent = OpenError("The database is held by another Kith process that does not answer.")
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw silent }
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let path = Array(path(for: database).utf8)
        guard path.count < MemoryLayout.size(ofValue: address.sun_path) else { throw silent }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard connected == 0 else { throw silent }
        let body = try JSONEncoder().encode(order)
        let head =
            "POST /orders HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: \(body.count)\r\n\r\n"
        let connection = FileHandle(fileDescriptor: descriptor, closeOnDealloc: false)
        try connection.write(contentsOf: Data(head.utf8) + body)
        let answer = try connection.readToEnd() ?? Data()
        guard let gap = answer.range(of: Data("\r\n\r\n".utf8)),
            let outcome = try? JSONDecoder().decode(Order.Outcome.self, from: unchunked(answer, after: gap.upperBound))
        else { throw silent }
        return outcome
    }

    /// The body of an answer that may have come in chunks.
    private static func unchunked(_ answer: Data, after start: Data.Index) -> Data {
        let head = String(decoding: answer[..<start], as: UTF8.self).lowercased()
        guard head.contains("transfer-encoding: chunked") else { return answer[start...] }
        var (body, rest) = (Data(), answer[start...])
        while let line = rest.range(of: Data("\r\n".utf8)),
            let size = Int(String(decoding: rest[rest.startIndex..<line.lowerBound], as: UTF8.self), radix: 16),
            size > 0
        {
            body += rest[line.upperBound..<(line.upperBound + size)]
            rest = rest[(line.upperBound + size + 2)...]
        }
        return body
    }
}
