import Foundation
import Glibc

/// One blocking keep-alive connection, as plain as can be, so that the load generator costs little.
final class HTTPConnection {
    private let descriptor: Int32
    private var buffer: [UInt8] = []

    init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw BenchError(description: "no socket") }
        var address = Self.address(port: port)
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else {
            close(descriptor)
            throw BenchError(description: "nobody listens on port \(port)")
        }
        // Whatever does not answer within a minute never will.
        var patience = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var yes: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
    }

    deinit { close(descriptor) }

    func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw BenchError(description: "the connection broke while sending") }
            sent += count
        }
    }

    /// Reads one answer with a content length and returns its status; the body is thrown away.
    func status() throws -> Int {
        let (status, text) = try readHead()
        var length = 0
        for line in text.split(separator: "\r\n") where line.lowercased().hasPrefix("content-length:") {
            length = Int(line.dropFirst(15).filter(\.isNumber)) ?? 0
        }
        while buffer.count < length { try fill() }
        buffer.removeFirst(length)
        return status
    }

    /// Reads as far as the end of the head.
    func readHead() throws -> (status: Int, text: String) {
        let text = String(decoding: try read(to: [13, 10, 13, 10]), as: UTF8.self)
        return (Int(text.dropFirst(9).prefix(3)) ?? 0, text)
    }

    /// Reads an event stream as far as the end of the next event of this name.
    func event(_ name: String) throws {
        while true {
            let event = String(decoding: try read(to: [10, 10]), as: UTF8.self)
            if event.contains("event: \(name)\n") || event.contains("event:\(name)\n") { return }
        }
    }

    private func read(to end: [UInt8]) throws -> [UInt8] {
        while true {
            if let place = buffer.firstRange(of: end) {
                let head = Array(buffer[..<place.lowerBound])
                buffer.removeFirst(place.upperBound)
                return head
            }
            try fill()
        }
    }

    /// A port that nobody listens on at this moment.
    static func freePort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = address(port: 0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isFound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard descriptor >= 0, isFound else { throw BenchError(description: "no free port") }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    private static func address(port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        return address
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
