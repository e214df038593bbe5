import CLibPQ
import Synchronization

/// A PostgreSQL database: a few threads that read, a few that write, each with its own connection.
final class PostgresBacking: Backing {
    /// Connections that write. More than one, because each waits for the server most of the time.
    private static let lanes = 4

    private struct ReadJob: Sendable {
        let run: @Sendable (PostgresConnection) -> Void
        let refuse: @Sendable (any Error) -> Void
    }

    private let commits = GroupCommit()
    private let reads = JobQueue<ReadJob>()
    private let threads: [BlockingThread]

    init(url: String, readers: Int) throws(OpenError) {
        let first = try PostgresConnection(url: url, writes: true)
        try Self.check(first)
        var threads: [BlockingThread] = []
        let (commits, reads) = (commits, reads)
        for number in 1...Self.lanes {
            threads.append(BlockingThread("postgres writer \(number)") {
                Self.withConnection(url, writes: true) { ready in
                    commits.serve { body in try body(try ready()) }
                }
            })
        }
        for number in 1...readers {
            threads.append(BlockingThread("postgres reader \(number)") {
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
                        defer { cancelling.end() }
                        continuation.resume(with: Result { try Self.snapshot(connection, work) })
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

    func close() async {
        commits.close()
        reads.close()
        for thread in threads { await thread.join() }
    }

    private static func snapshot<T>(_ connection: PostgresConnection, _ work: (Reader) throws -> T) throws -> T {
        try connection.begin()
        do {
            let value = try work(Reader(connection))
            try connection.commit()
            return value
        } catch {
            connection.rollback()
            throw error
        }
    }

    /// Opens a connection at first use on the calling thread, and anew after it was lost.
    private static func withConnection(
        _ url: String, writes: Bool, _ body: (() throws -> PostgresConnection) -> Void
    ) {
        var connection: PostgresConnection?
        body {
            if let connection {
                if !connection.isAlive { connection.reconnect() }
                guard connection.isAlive else { throw StoreError(.lost) }
                return connection
            }
            do {
                let opened = try PostgresConnection(url: url, writes: writes)
                connection = opened
                return opened
            } catch {
                throw StoreError(.lost)
            }
        }
    }

    private static func check(_ connection: PostgresConnection) throws(OpenError) {
        let reader = Reader(connection)
        func ask(_ sql: SQL) throws(OpenError) -> String? {
            do { return try reader.value(sql) } catch { throw OpenError("The PostgreSQL server does not answer as expected.") }
        }
        let collation = try ask("SELECT datcollate::text FROM pg_database WHERE datname = current_database()") ?? ""
        guard collation == "C" || collation == "POSIX" || collation.hasPrefix("C.") else {
            throw OpenError("The database sorts by “\(collation)”; Kith needs the C collation: createdb --template=template0 --locale=C --encoding=UTF8 NAME.")
        }
        guard try ask("SELECT CASE WHEN has_schema_privilege(current_schema(), 'CREATE') THEN 'yes' ELSE 'no' END") == "yes" else {
            throw OpenError("This database user may not create tables in its schema; grant it CREATE there.")
        }
    }
}

/// Lets a task that no longer waits stop its statement, but never the next one on the same connection.
private final class CancellationPoint: Sendable {
    private enum State {
        case waiting
        case running(PostgresCancellation?)
        case over
    }

    private let state = Mutex(State.waiting)

    func begin(_ cancellation: PostgresCancellation?) -> Bool {
        state.withLock {
            guard case .waiting = $0 else { return false }
            $0 = .running(cancellation)
            return true
        }
    }

    func end() { state.withLock { $0 = .over } }

    func cancel() {
        state.withLock {
            // Asked while the lock is held, so that the statement cannot end and another begin in between.
            if case .running(let cancellation) = $0 { cancellation?.cancel() }
            $0 = .over
        }
    }
}
