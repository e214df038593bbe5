import Foundation
import GRDB
import GRDBSQLite
import Synchronization

/// Carries SQLite's log over into the database file, on a thread and a connection of its own. SQLite would do it inside
/// the commit that fills the log, and whoever commits then waits until thousands of pages are written and synced.
final class Checkpointer: Sendable {
    /// After how many new pages of the log it sets to work: 16 MB. A page that was written often until then is carried over
    /// once.
    static let pages = 4_000
    /// From so many pages on, 64 MB, whoever commits helps. Without that the log would never begin anew while commits come
    /// faster than it is carried over.
    static let mostPages = 16_000

    private let queue: DatabaseQueue
    private let due = JobQueue<Void>()
    private let thread: BlockingThread
    /// How long the log was when it was last due.
    private let lastDue = Atomic(0)

    /// How long to wait after one that failed.
    private static let secondsToRetry = 0.25

    /// - Parameter path: of a database that is open already.
    init(path: String, synchronous: SQLiteBacking.Synchronous) throws {
        let queue = try DatabaseQueue(path: path)
        try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = \(synchronous.rawValue)") }
        let due = due
        thread = BlockingThread("sqlite checkpoints") {
            while due.take(most: .max) != nil {
                // One that fails has lost nothing: what it did not carry over stays in the log. It is tried again, since
                // on a full disk the log must not take for itself whatever room there is made.
                while (try? queue.writeWithoutTransaction { try $0.checkpoint(.passive) }) == nil {
                    if due.isClosed { return }
                    Thread.sleep(forTimeInterval: Self.secondsToRetry)
                }
            }
        }
        self.queue = queue
    }

    deinit { due.close() }

    /// A commit found no room. Once all of the log is carried over it begins anew, and needs none.
    func noteNoRoom() { _ = due.add(()) }

    /// Watches the commits of a connection, instead of what SQLite does by itself. Must live as long as they come.
    func watch(_ database: Database) {
        let me = Unmanaged.passUnretained(self).toOpaque()
        sqlite3_wal_hook(
            database.sqliteConnection,
            { me, connection, _, pages in
                if let me { Unmanaged<Checkpointer>.fromOpaque(me).takeUnretainedValue().noteLog(of: Int(pages)) }
                if pages >= Checkpointer.mostPages { sqlite3_wal_checkpoint(connection, nil) }
                return SQLITE_OK
            }, me)
    }

    private func noteLog(of pages: Int) {
        var last = lastDue.load(ordering: .relaxed)
        // A log that is shorter than it was has begun anew.
        if pages < last { last = 0 }
        let isDue = pages >= last + Self.pages
        lastDue.store(isDue ? pages : last, ordering: .relaxed)
        if isDue { _ = due.add(()) }
    }

    /// Returns when its connection is closed.
    func close() async {
        due.close()
        await thread.join()
        try? queue.close()
    }
}
