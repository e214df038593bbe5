import CLibPQ
import Foundation
import Synchronization

/// Words from one process to the others on the same database, by NOTIFY and LISTEN. They wake, and carry nothing that
/// is not in a table: one may be lost, and whoever waits for it looks at the table now and then.
///
/// One connection of its own, beside those that read and write: no commit waits for a word, and none takes a statement.
final class PostgresNotices: Sendable {
    private static let channel = "kith"
    /// PostgreSQL takes payloads of less than 8,000 bytes.
    private static let longest = 7_000

    private struct State {
        var waiting: Set<String> = []
        var isClosed = false
    }

    private let state = Mutex(State())
    /// Written to when there is something to say, or the end has come.
    private let bell: (hear: Int32, ring: Int32)
    private let thread = Mutex<BlockingThread?>(nil)

    init() {
        var ends: [Int32] = [-1, -1]
        _ = pipe(&ends)
        for end in ends where end >= 0 { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
        bell = (ends[0], ends[1])
    }

    deinit {
        for end in [bell.hear, bell.ring] where end >= 0 { _ = Glibc.close(end) }
    }

    /// Begins to listen.
    /// - Parameter hear: given each word that another process told, on a thread of its own; nil when words may have been
    ///   lost.
    func listen(at url: String, _ hear: @escaping @Sendable (String?) -> Void) {
        thread.withLock { thread in
            guard thread == nil else { return }
            thread = BlockingThread("postgres notices") { [self] in serve(url, hear) }
        }
    }

    /// Tells the others, soon.
    func tell(_ words: Set<String>) {
        guard !words.isEmpty, thread.withLock({ $0 != nil }) else { return }
        state.withLock { $0.waiting.formUnion(words) }
        ring()
    }

    /// Lets the thread come to its end.
    func end() {
        state.withLock { $0.isClosed = true }
        ring()
    }

    func close() async {
        end()
        await thread.withLock { $0 }?.join()
    }

    private func ring() {
        var byte: UInt8 = 1
        _ = write(bell.ring, &byte, 1)
    }

    private var isClosed: Bool { state.withLock { $0.isClosed } }

    private func serve(_ url: String, _ hear: (String?) -> Void) {
        while !isClosed {
            if let connection = try? PostgresConnection(url: url, writes: true),
                (try? connection.script("LISTEN \(Self.channel)")) != nil
            {
                // What was told before is lost to us, the first time as well.
                hear(nil)
                while !isClosed, connection.isAlive { exchange(on: connection, hear) }
            }
            // The server is away; what is said meanwhile is lost, and the tables are looked at anyway.
            if !isClosed { wait(on: nil, milliseconds: 1_000) }
        }
    }

    private func exchange(on connection: PostgresConnection, _ hear: (String?) -> Void) {
        wait(on: connection.socket, milliseconds: 15_000)
        // Telling reads what has come meanwhile, too; waiting would not find it at the socket any more.
        defer { connection.notices().flatMap { $0.split(separator: "\n") }.forEach { hear(String($0)) } }
        var words = state.withLock { state in
            defer { state.waiting = [] }
            return state.waiting.sorted()
        }[...]
        while !words.isEmpty {
            var (payload, taken) = ("", 0)
            for word in words {
                guard payload.isEmpty || payload.utf8.count + word.utf8.count < Self.longest else { break }
                payload += payload.isEmpty ? word : "\n\(word)"
                taken += 1
            }
            words = words.dropFirst(max(taken, 1))
            do { try connection.run("SELECT pg_notify(\(Self.channel), \(payload))") { _ in } } catch { return }
        }
    }

    /// Waits until there is something to hear or to say.
    private func wait(on socket: Int32?, milliseconds: Int32) {
        var places = [pollfd(fd: bell.hear, events: Int16(POLLIN), revents: 0)]
        if let socket { places.append(pollfd(fd: socket, events: Int16(POLLIN), revents: 0)) }
        _ = poll(&places, nfds_t(places.count), milliseconds)
        var bytes = [UInt8](repeating: 0, count: 256)
        while read(bell.hear, &bytes, bytes.count) == bytes.count {}
    }
}

extension PostgresConnection {
    /// What to wait at for words of others.
    var socket: Int32 { PQsocket(pointer) }

    /// What others have told since, leaving out what was told on this connection.
    func notices() -> [String] {
        guard PQconsumeInput(pointer) == 1 else { return [] }
        var found: [String] = []
        while let notice = PQnotifies(pointer) {
            if notice.pointee.be_pid != PQbackendPID(pointer) { found.append(String(cString: notice.pointee.extra)) }
            PQfreemem(notice)
        }
        return found
    }
}
