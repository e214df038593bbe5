import CLibPQ
import Foundation
import Synchronization

/// A PostgreSQL database: a few threads that read and one that writes, each with its own connection.
///
/// One writer, because serializable transactions of one process would mostly stand in each other's way: on closures that
/// read before they write, two writers were fifteen times slower than one that commits in groups.
final class PostgresBacking: Backing {
    private struct ReadJob: Sendable {
        let run: @Sendable (PostgresConnection) -> Void
        let refuse: @Sendable (any Error) -> Void
    }

    let commits = GroupCommit()
    private let notices = PostgresNotices()
    private let reads = JobQueue<ReadJob>()
    private let threads: [BlockingThread]
    private let url: String

    init(url: String, readers: Int) throws(OpenError) {
        let first = try PostgresConnection(url: url, writes: true)
        try Self.check(first)
        var threads: [BlockingThread] = []
        let (commits, reads) = (commits, reads)
        threads.append(
            BlockingThread("postgres writer") {
                Self.withConnection(url, writes: true) { ready in
                    commits.serve { body in try body(try ready()) }
                }
            })
        for number in 1...readers {
            threads.append(
                BlockingThread("postgres reader \(number)") {
                    Self.withConnection(url, writes: false) { ready in
                        while let jobs = reads.take(most: 1) {
                            for job in jobs {
                                do { job.run(try ready()) } catch { job.refuse(error) }
                            }
                        }
                    }
                })
        }
        self.threads = threads
        self.url = url
    }

    deinit {
        commits.close()
        reads.close()
        notices.end()
    }

    var engine: Engine { .postgres }

    func read<T: Sendable>(_ work: @escaping @Sendable (Reader) throws -> T) async throws -> T {
        let cancelling = CancellationPoint()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let job = ReadJob(
                    run: { connection in
                        guard cancelling.begin(connection.cancellation()) else {
                            return continuation.resume(throwing: CancellationError())
                        }
                        connection.isCancelled = { cancelling.isCancelled }
                        let result = Result { try Self.snapshot(connection, work) }
                        connection.isCancelled = nil
                        cancelling.end()
                        continuation.resume(with: result)
                    },
                    refuse: { continuation.resume(throwing: $0) })
                if !reads.add(job) { continuation.resume(throwing: StoreError(.closed)) }
            }
        } onCancel: {
            cancelling.cancel()
        }
    }

    func write<T: Sendable>(_ work: @escaping @Sendable (Writer) throws -> T) async throws -> T {
        try await commits.write(work)
    }

    func forget(in table: StaticString) async throws {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            _ = BlockingThread("postgres vacuum") { [url] in
                continuation.resume(
                    with: Result { try PostgresConnection(url: url, writes: true).script("VACUUM \(table)") })
            }
        }
    }

    func tell(_ words: Set<String>) { notices.tell(words) }
    func hear(_ hear: @escaping @Sendable (String?) -> Void) { notices.listen(at: url, hear) }

    func close() async {
        commits.close()
        reads.close()
        await notices.close()
        for thread in threads { await thread.join() }
    }

    private static func snapshot<T>(
        _ connection: PostgresConnection, attemptsLeft: Int = 3, _ work: (Reader) throws -> T
    ) throws -> T {
        do {
            try connection.begin()
            let reader = Reader(connection)
            let value = try reader.finish { try work(reader) }
            try connection.commit()
            return value
        } catch let error as StoreError where error.kind == .conflict && attemptsLeft > 1 {
            connection.rollback()
            return try snapshot(connection, attemptsLeft: attemptsLeft - 1, work)
        } catch {
            connection.rollback()
            throw error
        }
    }

    /// Opens a connection at first use on the calling thread; it heals itself when it was lost.
    private static func withConnection(
        _ url: String, writes: Bool, _ body: (() throws -> PostgresConnection) -> Void
    ) {
        var connection: PostgresConnection?
        body {
            if let connection { return connection }
            do {
                let opened = try PostgresConnection(url: url, writes: writes)
                connection = opened
                return opened
            } catch let error as OpenError {
                throw StoreError(.lost, place: error.description)
            }
        }
    }

    /// Settings under which acknowledged writes could be lost or text could sort differently are refused.
    private static func check(_ connection: PostgresConnection) throws(OpenError) {
        let reader = Reader(connection)
        func ask(_ sql: SQL) throws(OpenError) -> String {
            do { return try reader.value(sql) ?? "" } catch {
                throw OpenError("The PostgreSQL server does not answer as expected.")
            }
        }
        let encoding = try ask("SHOW server_encoding")
        guard encoding == "UTF8" else {
            throw OpenError(
                "The database stores text as \(encoding); Kith needs UTF8: "
                    + "createdb --template=template0 --locale=C --encoding=UTF8 NAME.")
        }
        // Tried rather than looked up: the name of the rule stands in another column for every provider of rules.
        guard try ask("SELECT CASE WHEN 'Z' < 'a' AND 'a-b' < 'aa' AND 'z' < 'é' THEN 'yes' ELSE 'no' END") == "yes"
        else {
            throw OpenError(
                "The database sorts by the rules of a language; Kith needs the C collation: "
                    + "createdb --template=template0 --locale=C --encoding=UTF8 NAME.")
        }
        for setting in ["fsync", "synchronous_commit"] as [SQL] where try ask("SHOW \(setting)") == "off" {
            throw OpenError(
                "The PostgreSQL server does not sync every commit to the disk (\(setting.text) is off); "
                    + "Kith does not start without that.")
        }
        let right = "SELECT CASE WHEN has_schema_privilege(current_schema(), 'CREATE') THEN 'yes' ELSE 'no' END" as SQL
        guard try ask(right) == "yes" else {
            throw OpenError("This database user may not create tables in its schema; grant it CREATE there.")
        }
    }
}

/// Lets a task that no longer waits stop its statement, but never the next one on the same connection.
private final class CancellationPoint: Sendable {
    private enum State {
        case waiting
        case running(PostgresCancellation?)
        case stopping(PostgresCancellation?)
        case over
    }

    private let state = Mutex(State.waiting)

    var isCancelled: Bool {
        state.withLock { if case .stopping = $0 { true } else { false } }
    }

    func begin(_ cancellation: PostgresCancellation?) -> Bool {
        state.withLock {
            guard case .waiting = $0 else { return false }
            $0 = .running(cancellation)
            return true
        }
    }

    func end() { state.withLock { $0 = .over } }

    func cancel() {
        let isRunning = state.withLock { state in
            switch state {
            case .waiting, .over:
                state = .over
                return false
            case .running(let cancellation), .stopping(let cancellation):
                // Asked while the lock is held, so that the statement cannot end and another begin in between.
                cancellation?.cancel()
                state = .stopping(cancellation)
                return true
            }
        }
        // The server ignores a request that comes just before the statement does.
        if isRunning { DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(20)) { self.cancel() } }
    }
}
