import Foundation
import Kith
import KithTestSupport

/// One connection to an event stream, read as the bytes come in, as a browser does it.
struct EventReader {
    struct Event: Equatable {
        var id: String?
        var name = "message"
        var data = ""

        /// A text field of the JSON in `data`.
        func text(_ field: String) -> String? { object[field] as? String }

        func number(_ field: String) -> Int? { object[field] as? Int }

        private var object: [String: Any] {
            (try? JSONSerialization.jsonObject(with: Data(data.utf8))) as? [String: Any] ?? [:]
        }
    }

    let status: Int
    let head: String
    private let socket: Socket
    private var lines: AsyncStream<String>.Iterator

    /// Asks for a stream and waits for the head of the answer.
    init(
        _ path: String, on port: Int, as neighbor: Village.Neighbor?, lastEventID: String? = nil
    ) async throws {
        socket = try Socket(port: port)
        var request = "GET \(path) HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n"
        if let neighbor { request += "Cookie: session=\(neighbor.session.text)\r\n" }
        if let lastEventID { request += "Last-Event-ID: \(lastEventID)\r\n" }
        try socket.send(request + "\r\n")
        lines = socket.lines().makeAsyncIterator()
        var head = ""
        while let line = await lines.next(), !line.isEmpty { head += line + "\n" }
        self.head = head
        status = Int(head.split(separator: " ").dropFirst().first ?? "") ?? 0
    }

    /// The next event, comments left out; nil when the stream has ended.
    mutating func next() async -> Event? {
        var event = Event()
        var hasData = false
        while let line = await lines.next() {
            // Every piece of a chunked body begins with its length, on a line of its own: it is no field.
            let parts = line.split(separator: ":", maxSplits: 1).map(String.init)
            if line.isEmpty, hasData { return event }
            guard parts.count == 2 else { continue }
            let value = parts[1].hasPrefix(" ") ? String(parts[1].dropFirst()) : parts[1]
            switch parts[0] {
            case "id": event.id = value
            case "event": event.name = value
            case "data": (event.data, hasData) = (value, true)
            default: continue
            }
        }
        return nil
    }

    /// The next events of one name, as many as asked for.
    mutating func next(_ count: Int, _ name: String = "message") async -> [Event] {
        var found: [Event] = []
        while found.count < count, let event = await next() {
            if event.name == name { found.append(event) }
        }
        return found
    }

    /// The first event of a name that `fits`.
    mutating func first(_ name: String, where fits: (Event) -> Bool) async -> Event? {
        while let event = await next() {
            if event.name == name, fits(event) { return event }
        }
        return nil
    }

    func close() { socket.close() }

    /// The same for another task.
    var closing: @Sendable () -> Void { { [socket] in socket.close() } }
}

/// A blocking connection to a port of this machine.
private final class Socket: Sendable {
    private let descriptor: Int32

    init(port: Int) throws {
        descriptor = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
        let length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, length) }
        }
        guard result == 0 else { throw POSIXError(.ECONNREFUSED) }
    }

    deinit { _ = Glibc.close(descriptor) }

    func send(_ text: String) throws {
        let bytes = Array(text.utf8)
        guard write(descriptor, bytes, bytes.count) == bytes.count else { throw POSIXError(.EIO) }
    }

    /// What comes in, by line, on a thread of its own, until the other side or ``close()`` ends it.
    func lines() -> AsyncStream<String> {
        AsyncStream { continuation in
            Thread.detachNewThread { [self] in
                var (rest, buffer) = ([UInt8](), [UInt8](repeating: 0, count: 16_384))
                while case let count = read(descriptor, &buffer, buffer.count), count > 0 {
                    rest += buffer[..<count]
                    while let end = rest.firstIndex(of: 10) {
                        continuation.yield(String(decoding: rest[..<end].filter { $0 != 13 }, as: UTF8.self))
                        rest.removeSubrange(...end)
                    }
                }
                continuation.finish()
            }
        }
    }

    func close() { shutdown(descriptor, Int32(SHUT_RDWR)) }
}
