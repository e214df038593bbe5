import Foundation
import GRDB
import GRDBSQLite

/// A SQLite file: many readers, one writer, one owner.
package final class SQLiteBacking: Backing {
    /// SQLite's `PRAGMA synchronous`.
    package enum Synchronous: Int, Sendable {
        case normal = 1
        case full = 2
    }

    private let pool: DatabasePool
    private let lock: FileLock
    let commits = GroupCommit()
    private let reads = Gate()
    private let checkpointer: Checkpointer
    private let writer: BlockingThread

    init(path: String, readers: Int, synchronous: Synchronous) throws(OpenError) {
        try Self.checkPlace(path)
        // Before anything reads the file: closing any handle of it would drop the locks this process holds on it.
        lock = try FileLock(path: (path as NSString).resolvingSymlinksInPath + ".lock")
        try Self.checkIsDatabase(path)
        (pool, checkpointer) = try Self.open(path, readers, synchronous)
        let (pool, lock, commits, checkpointer) = (pool, lock, commits, checkpointer)
        writer = BlockingThread("sqlite writer") {
            commits.serve { body in
                try pool.writeWithoutTransaction { try body(SQLiteConnection($0, lock: lock)) }
            }
            // The connection calls it at each commit and does not keep it alive.
            withExtendedLifetime(checkpointer) {}
        }
    }

    deinit { commits.close() }

    var engine: Engine { .sqlite }

    func read<T: Sendable>(_ work: @escaping @Sendable (Reader) throws -> T) async throws -> T {
        guard reads.enter() else { throw StoreError(.closed) }
        defer { reads.leave() }
        do {
            return try await pool.read { database in
                let reader = Reader(SQLiteConnection(database))
                return try reader.finish { try work(reader) }
            }
        } catch let error as DatabaseError {
            throw StoreError(error)
        }
    }

    func write<T: Sendable>(_ work: @escaping @Sendable (Writer) throws -> T) async throws -> T {
        do {
            return try await commits.write(work)
        } catch let error as StoreError where error.kind == .full {
            checkpointer.noteNoRoom()
            throw error
        }
    }

    func forget(in table: StaticString) async throws {
        // The file itself was overwritten when the row was (`secure_delete`); the log is cut off once nobody reads in it.
        for _ in 0..<100 {
            do {
                try await pool.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
                return
            } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
                try await Task.sleep(for: .milliseconds(50))
            } catch let error as DatabaseError {
                throw StoreError(error)
            }
        }
    }

    func close() async {
        commits.close()
        await writer.join()
        await reads.close()
        await checkpointer.close()
        closeFile()
        lock.release()
    }

    private func closeFile() {
        // Everything into the one file: GRDB closes the writer before the readers, and they may not do it.
        try? pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
        try? pool.close()
    }

    private static func checkPlace(_ path: String) throws(OpenError) {
        let folder = (path as NSString).deletingLastPathComponent
        var isFolder = ObjCBool(false)
        guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue else {
            throw OpenError("The folder \(folder) for the database does not exist.")
        }
        guard FileManager.default.isWritableFile(atPath: folder) else {
            throw OpenError("This user may not write in \(folder), where the database belongs.")
        }
        guard !FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) || !isFolder.boolValue else {
            throw OpenError("\(path) is a folder; the database needs a file.")
        }
    }

    /// A file that is something else must not be touched.
    private static func checkIsDatabase(_ path: String) throws(OpenError) {
        guard FileManager.default.fileExists(atPath: path) else {
            // SQLite would let everybody on this machine read it; the log beside it gets the same rights.
            Glibc.close(Glibc.open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600))
            return
        }
        guard let file = FileHandle(forReadingAtPath: path), FileManager.default.isWritableFile(atPath: path) else {
            throw OpenError("This user may not read and write the database \(path).")
        }
        defer { try? file.close() }
        let head = (try? file.read(upToCount: 16)) ?? Data()
        guard head.isEmpty || head.starts(with: Data("SQLite format 3\0".utf8)) else {
            throw OpenError("\(path) is not a SQLite database; it was left as it is.")
        }
    }

    /// A disk without room: for the file, or for the index of its log, which is made anew at each opening.
    private static let meansFull: [ResultCode] = [.SQLITE_FULL, .SQLITE_IOERR_SHMSIZE]

    private static func open(
        _ path: String, _ readers: Int, _ synchronous: Synchronous
    ) throws(OpenError) -> (DatabasePool, Checkpointer) {
        var configuration = Configuration()
        configuration.maximumReaderCount = readers
        // GRDB would end the process if a transaction could not be rolled back; we try again at the next BEGIN.
        configuration.allowsUnsafeTransactions = true
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA temp_store = MEMORY")
            // What is deleted is overwritten, a destroyed key above all.
            try database.execute(sql: "PRAGMA secure_delete = ON")
            try database.execute(sql: "PRAGMA cache_size = -16000")  // 16 MB a connection
            // A log that grew beyond what it takes usually gives the room back when it begins anew.
            try database.execute(sql: "PRAGMA journal_size_limit = \(Checkpointer.pages * 4_096)")
            // Asked every so many steps, so that a read whose task no longer waits ends wherever it is.
            sqlite3_progress_handler(database.sqliteConnection, 10_000, { _ in Task.isCancelled ? 1 : 0 }, nil)
        }
        do {
            let pool = try DatabasePool(path: path, configuration: configuration)
            // GRDB sets NORMAL after `prepareDatabase`, and NORMAL loses acknowledged commits at a power cut.
            let inForce = try pool.writeWithoutTransaction { database in
                try database.execute(sql: "PRAGMA synchronous = \(synchronous.rawValue)")
                // What GRDB wrote under NORMAL is not synced yet. Should a later sync fail, Linux forgets it, and with
                // it the place in the log behind which every commit stands.
                try database.checkpoint(.passive)
                return try Int.fetchOne(database, sql: "PRAGMA synchronous")
            }
            guard inForce == synchronous.rawValue else {
                throw OpenError(
                    "SQLite refuses to sync every commit to the disk (synchronous is \(inForce ?? -1)); "
                        + "Kith does not start without that."
                )
            }
            let checkpointer = try Checkpointer(path: path, synchronous: synchronous)
            pool.writeWithoutTransaction { checkpointer.watch($0) }
            return (pool, checkpointer)
        } catch let error as OpenError {
            throw error
        } catch let error as DatabaseError where Self.meansFull.contains(error.extendedResultCode) {
            throw OpenError("There is no room left on the disk that holds \(path).")
        } catch let error as DatabaseError {
            throw OpenError("SQLite cannot open \(path) (code \(error.extendedResultCode.rawValue)).")
        } catch {
            throw OpenError("SQLite cannot open \(path).")
        }
    }
}

/// Says that this process alone owns a file. Released when the process ends, however it ends.
final class FileLock: Sendable {
    private let descriptor: Int32

    init(path: String) throws(OpenError) {
        descriptor = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw OpenError("This user may not write \(path).") }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            throw OpenError("The database is in use by another Kith process (it holds \(path)).")
        }
    }

    func release() { _ = flock(descriptor, LOCK_UN) }

    /// Whether the disk still takes changes: room for this file, which it has. Nothing waits for the disk.
    var isOnWritableDisk: Bool { ![EROFS, EIO].contains(posix_fallocate(descriptor, 0, 1)) }

    /// Runs also when `init` throws.
    deinit { if descriptor >= 0 { Glibc.close(descriptor) } }
}
