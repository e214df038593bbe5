internal import Foundation

extension StoreURL {
    /// Whether there is anything to open: a SQLite file that holds something. A PostgreSQL database is always there;
    /// the server answers for it.
    package var isThere: Bool {
        guard case .sqlite(let path) = self else { return true }
        var facts = stat()
        return stat(path, &facts) == 0 && facts.st_size > 0
    }

    /// Whether another process owns this SQLite file at the moment. Never true of PostgreSQL, which many may use.
    package var isHeldElsewhere: Bool {
        guard case .sqlite(let path) = self else { return false }
        let lock = (path as NSString).resolvingSymlinksInPath + ".lock"
        let descriptor = open(lock, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { Glibc.close(descriptor) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { return true }
        _ = flock(descriptor, LOCK_UN)
        return false
    }
}
