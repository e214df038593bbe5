import Foundation
import Glibc

/// One blocking keep-alive connection, as plain as can be, so that the load generator costs little.
final class HTTPConnection {
    private let descriptor: Int32
    private var buffer: [UInt8] = []

    init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw BenchError(description: "no socket") }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else {
            close(descriptor)
            throw BenchError(description: "nobody listens on port \(port)")
        }
        var yes: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
    }

    deinit { close(descriptor) }

    func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { throw BenchError(description: "the connection broke while sending") }
            sent += count
        }
    }

    /// Reads one answer with a content length and returns its status; the body is thrown away.
    func status() throws -> Int {
        let head = try readHead()
        let text = String(decoding: head, as: UTF8.self)
        let status = Int(text.dropFirst(9).prefix(3)) ?? 0
        var length = 0
        for line in text.split(separator: "\r\n") where line.lowercased().hasPrefix("content-length:") {
            length = Int(line.dropFirst(15).filter(\.isNumber)) ?? 0
        }
        while buffer.count < length { try fill() }
        buffer.removeFirst(length)
        return status
    }

    /// Reads as far as the end of the head.
    func readHead() throws -> [UInt8] {
        let end: [UInt8] = [13, 10, 13, 10]
        while true {
            if let place = buffer.firstRange(of: end) {
                let head = Array(buffer[..<place.lowerBound])
                buffer.removeFirst(place.upperBound)
                return head
            }
            try fill()
        }
    }

    private func fill() throws {
        var chunk = [UInt8](repeating: 0, count: 65_536)
        let count = chunk.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress, $0.count, 0) }
        guard count > 0 else { throw BenchError(description: "the connection broke while reading") }
        buffer += chunk[0..<count]
    }
}

/// Requests as bytes, made once.
enum HTTPRequestText {
    static func get(_ path: String, session: String) -> [UInt8] {
        Array("GET \(path) HTTP/1.1\r\nHost: localhost\r\nCookie: session=\(session)\r\n\r\n".utf8)
    }

    static func post(_ path: String, session: String, form: String) -> [UInt8] {
        let head = """
            POST \(path) HTTP/1.1\r
            Host: localhost\r
            Cookie: session=\(session)\r
            Sec-Fetch-Site: same-origin\r
            Accept: application/json\r
            Content-Type: application/x-www-form-urlencoded\r
            Content-Length: \(form.utf8.count)\r
            \r

            """
        return Array((head + form).utf8)
    }
}
