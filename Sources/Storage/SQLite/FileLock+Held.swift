internal import Foundation

extension StoreURL {
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
