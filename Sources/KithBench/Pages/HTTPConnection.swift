import Foundation
import Glibc

/// One blocking keep-alive connection, as plain as can be, so that the load generator costs little.
final class HTTPConnection {
    let descriptor: Int32
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
        while true {
            if let status = takeAnswer() { return status }
            try fill()
        }
    }

    /// The status of an answer that has come to its end; nil while some of it is missing.
    func takeAnswer() -> Int? {
        guard let end = find("\r\n\r\n", before: buffer.count) else { return nil }
        var length = 0
        if let field = find("\r\nContent-Length: ", before: end) {
            for digit in buffer[(field + 18)..<end] {
                guard (48...57).contains(digit) else { break }
                length = length * 10 + Int(digit - 48)
            }
        }
        guard buffer.count >= end + 4 + length else { return nil }
        let status = buffer[9..<12].reduce(0) { $0 * 10 + Int($1) - 48 }
        buffer.removeFirst(end + 4 + length)
        return status
    }

    /// Where `text` begins before `end`. A plain loop, for the load must cost less than what it measures.
    private func find(_ text: StaticString, before end: Int) -> Int? {
        text.withUTF8Buffer { text in
            buffer.withUnsafeBufferPointer { bytes in
                var index = 0
                while index + text.count <= end {
                    var same = 0
                    while same < text.count, bytes[index + same] == text[same] { same += 1 }
                    if same == text.count { return index }
                    index += 1
                }
                return nil
            }
        }
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

    /// Waits for what comes next.
    func fill() throws {
        let count = withUnsafeTemporaryAllocation(byteCount: 65_536, alignment: 8) { chunk in
            let count = recv(descriptor, chunk.baseAddress, chunk.count, 0)
            if count > 0 { buffer.append(contentsOf: chunk.prefix(count)) }
            return count
        }
        guard count > 0 else { throw BenchError(description: "the connection broke while reading") }
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
