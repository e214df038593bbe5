import Foundation

/// What the disk itself can do: how often a second 200 bytes can be made durable, one after the other.
enum DiskRate {
    /// - Returns: syncs a second.
    static func measure(in folder: URL, for duration: Duration = .milliseconds(500)) throws -> Double {
        let path = folder.appendingPathComponent("disk-\(UUID().uuidString)").path
        let descriptor = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw CocoaError(.fileWriteNoPermission) }
        defer {
            close(descriptor)
            unlink(path)
        }
        let block = [UInt8](repeating: 7, count: 200)
        let clock = ContinuousClock()
        let start = clock.now
        var syncs = 0
        while clock.now - start < duration {
            guard write(descriptor, block, block.count) == block.count, fdatasync(descriptor) == 0 else {
                throw CocoaError(.fileWriteUnknown)
            }
            syncs += 1
        }
        return Double(syncs) / ((clock.now - start) / .seconds(1))
    }
}
