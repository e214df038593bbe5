/// SQL in, rows out, on SQLite or PostgreSQL. Knows no domain word.
///
/// Reads and writes are synchronous closures on one connection in one transaction, so they read top to bottom and
/// nothing comes in between. A closure may run more than once (when another process was in the way), so it must not
/// do anything that a rollback cannot undo.
package struct Store: Sendable {
    private let backing: any Backing

    private init(_ backing: any Backing) {
        self.backing = backing
    }

    /// Opens the store. Migrates nothing.
    /// - Parameter creating: whether, on SQLite, the file is made when there is none. Where it is not, a mistyped path
    ///   must not become an empty database in which everything seems to be well.
    /// - Parameter synchronous: how SQLite syncs; anything but `.full` loses acknowledged writes at a power cut and
    ///   exists only so that a test can show that it would notice.
    /// - Throws: ``OpenError`` in one plain sentence.
    package static func open(
        _ url: StoreURL, creating: Bool = true, readers: Int = 4, synchronous: SQLiteBacking.Synchronous = .full
    ) throws(OpenError) -> Store {
        switch url {
        case .sqlite(let path):
            if !creating, !url.isThere { throw OpenError("There is no database at \(path).") }
            return Store(try SQLiteBacking(path: path, readers: readers, synchronous: synchronous))
        case .postgres(let address): return Store(try PostgresBacking(url: address, readers: readers))
        }
    }

    package var engine: Engine { backing.engine }

    /// How many transactions have been committed. Far fewer than writes when many callers write at once.
    package var commits: Int { backing.commits.count }

    /// Runs `work` in a snapshot: nothing that others write meanwhile is seen. When one of its statements fails, the
    /// read fails, even if `work` caught that error.
    /// - Throws: `CancellationError` soon after the task is cancelled; a statement that runs is stopped.
    package func read<T: Sendable>(_ work: @escaping @Sendable (Reader) throws -> T) async throws -> T {
        do {
            return try await backing.read(work)
        } catch let error as StoreError where error.kind == .cancelled && Task.isCancelled {
            throw CancellationError()
        }
    }

    /// Runs `work` and returns when what it changed is durable. When `work` throws, nothing it changed is kept, and the
    /// same when one of its statements failed, even if it caught that error: PostgreSQL goes no further after a failed
    /// statement, so SQLite does not either. Once asked for, a write is done whether or not the task is cancelled.
    @discardableResult
    package func write<T: Sendable>(_ work: @escaping @Sendable (Writer) throws -> T) async throws -> T {
        try await backing.write(work)
    }

    /// Overwrites what the engine still remembers of rows of `table` that were changed or deleted: SQLite's log, and
    /// PostgreSQL's old versions of rows. Copies that were made before, and PostgreSQL's own log, are out of reach.
    package func forget(in table: StaticString) async throws { try await backing.forget(in: table) }

    /// Tells words to the other processes on this database, soon and perhaps not at all. Where one process owns the
    /// database there is nobody to tell.
    package func tell(_ words: Set<String>) { backing.tell(words) }

    /// Hears the words of other processes; nil when some may have been lost. The first one to ask hears.
    package func hear(_ hear: @escaping @Sendable (String?) -> Void) { backing.hear(hear) }

    /// Finishes what was begun and closes. Later calls throw ``StoreError`` of kind `.closed`.
    package func close() async {
        await backing.close()
    }
}

/// One of the two engines with its connections and threads.
protocol Backing: Sendable {
    var engine: Engine { get }
    var commits: GroupCommit { get }
    func read<T: Sendable>(_ work: @escaping @Sendable (Reader) throws -> T) async throws -> T
    func write<T: Sendable>(_ work: @escaping @Sendable (Writer) throws -> T) async throws -> T
    func forget(in table: StaticString) async throws
    func tell(_ words: Set<String>)
    func hear(_ hear: @escaping @Sendable (String?) -> Void)
    func close() async
}

extension Backing {
    func tell(_ words: Set<String>) {}
    func hear(_ hear: @escaping @Sendable (String?) -> Void) {}
}
