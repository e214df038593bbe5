import Foundation

/// What the disk itself can do: how often a second 200 bytes can be made durable, one after the other.
enum DiskRate {
    static func measure(in folder: URL, for duration: Duration = .seconds(1)) throws -> StorageBench.Line {
        let path = folder.appendingPathComponent("kith-bench-disk-\(UUID().uuidString)").path
        let descriptor = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw CocoaError(.fileWriteNoPermission) }
        defer {
            close(descriptor)
            unlink(path)
        }
        let block = [UInt8](repeating: 7, count: 200)
        let clock = ContinuousClock()
        let start = clock.now
        var times: [Duration] = []
        while clock.now - start < duration {
            times.append(
                clock.measure {
                    _ = write(descriptor, block, block.count)
                    fdatasync(descriptor)
                })
        }
        times.sort()
        return StorageBench.Line(
            engine: "disk", work: "200 bytes + fdatasync", callers: 1,
            perSecond: Double(times.count) / ((clock.now - start) / .seconds(1)),
            median: times[times.count / 2] / .milliseconds(1),
            worstOfHundred: times[times.count * 99 / 100] / .milliseconds(1))
    }
}
