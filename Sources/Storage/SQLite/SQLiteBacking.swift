import Foundation
import GRDB

/// A SQLite file: many readers, one writer, one owner.
package final class SQLiteBacking: Backing {
    /// SQLite's `PRAGMA synchronous`.
    package enum Synchronous: Int, Sendable {
        case normal = 1
        case full = 2
    }

    private let pool: DatabasePool
    private let lock: FileLock
    private let commits = GroupCommit()
    private let writer: BlockingThread

    init(path: String, readers: Int, synchronous: Synchronous) throws(OpenError) {
        let folder = (path as NSString).deletingLastPathComponent
        guard FileManager.default.fileExists(atPath: folder) else {
            throw OpenError("The folder \(folder) for the database does not exist.")
        }
        guard FileManager.default.isWritableFile(atPath: folder) else {
            throw OpenError("This user may not write in \(folder), where the database belongs.")
        }
        try Self.checkIsDatabase(path)
        lock = try FileLock(path: path + ".lock")
        pool = try Self.openPool(path, readers, synchronous)
        let (pool, commits) = (pool, commits)
        writer = BlockingThread("sqlite writer") {
            commits.serve { body in
                try pool.writeWithoutTransaction { try body(SQLiteConnection($0)) }
            }
        }
    }

    var engine: Engine { .sqlite }

    func read<T: Sendable>(_ work: @escaping @Sendable (Reader) throws -> T) async throws -> T {
        do {
            return try await pool.read { try work(Reader(SQLiteConnection($0))) }
        } catch let error as DatabaseError {
            throw StoreError(error)
        }
    }

    func write<T: Sendable>(_ work: @escaping @Sendable (Writer) throws -> T) async throws -> T {
        try await commits.write(work)
    }

    func close() async {
        commits.close()
        await writer.join()
        try? pool.close()
        lock.release()
    }

    /// A file that is something else must not be touched.
    private static func checkIsDatabase(_ path: String) throws(OpenError) {
        guard FileManager.default.fileExists(atPath: path) else { return }
        guard let file = FileHandle(forReadingAtPath: path), FileManager.default.isWritableFile(atPath: path) else {
            throw OpenError("This user may not read and write the database \(path).")
        }
        defer { try? file.close() }
        let head = (try? file.read(upToCount: 16)) ?? Data()
        guard head.isEmpty || head.starts(with: Data("SQLite format 3\0".utf8)) else {
            throw OpenError("\(path) is not a SQLite database; it was left as it is.")
        }
    }

    private static func openPool(
        _ path: String, _ readers: Int, _ synchronous: Synchronous
    ) throws(OpenError) -> DatabasePool {
        var configuration = Configuration()
        configuration.maximumReaderCount = readers
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA temp_store = MEMORY")
            try database.execute(sql: "PRAGMA cache_size = -16000")  // 16 MB a connection
        }
        do {
            let pool = try DatabasePool(path: path, configuration: configuration)
            // GRDB sets NORMAL after `prepareDatabase`, and NORMAL loses acknowledged commits at a power cut.
            let inForce = try pool.writeWithoutTransaction { database in
                try database.execute(sql: "PRAGMA synchronous = \(synchronous.rawValue)")
                return try Int.fetchOne(database, sql: "PRAGMA synchronous")
            }
            guard inForce == synchronous.rawValue else {
                throw OpenError("SQLite refuses to sync every commit to the disk (synchronous is \(inForce ?? -1)); Kith does not start without that.")
            }
            return pool
        } catch let error as OpenError {
            throw error
        } catch let error as DatabaseError where error.resultCode == .SQLITE_FULL {
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
            Glibc.close(descriptor)
            throw OpenError("The database is in use by another Kith process (it holds \(path)).")
        }
    }

    func release() { _ = flock(descriptor, LOCK_UN) }

    deinit { Glibc.close(descriptor) }
}
