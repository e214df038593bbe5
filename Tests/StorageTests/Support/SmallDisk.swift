import Foundation
import StorageTestSupport

/// A disk in memory that is soon full. Only root may mount one.
struct SmallDisk: Sendable {
    let path: String

    static let isPossible = geteuid() == 0 && run("/usr/bin/mountpoint", "-q", "/")

    /// Mounts one in `folder`, which belongs to the same user.
    static func with(
        megabytes: Int, in folder: String = FileManager.default.temporaryDirectory.path,
        _ body: (SmallDisk) async throws -> Void
    ) async throws {
        let path = "\(folder)/kith-disk-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        let owner = try FileManager.default.attributesOfItem(atPath: folder)[.ownerAccountID] as? Int ?? 0
        let options = "size=\(megabytes)m,mode=0700,uid=\(owner)"
        guard run("/usr/bin/mount", "-t", "tmpfs", "-o", options, "tmpfs", path) else {
            throw TestFailure("no disk could be mounted")
        }
        let result: Result<Void, any Error>
        do { result = .success(try await body(SmallDisk(path: path))) } catch { result = .failure(error) }
        _ = run("/usr/bin/umount", "--lazy", path)
        try? FileManager.default.removeItem(atPath: path)
        try result.get()
    }

    func makeReadOnly() throws {
        guard Self.run("/usr/bin/mount", "-o", "remount,ro", path) else { throw TestFailure("the disk stays writable") }
    }

    /// Takes all the room there is.
    func fill() throws {
        let file = open(path + "/filler", O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw TestFailure("nothing can be written") }
        defer { close(file) }
        for size in [65_536, 4096, 1] {
            let block = [UInt8](repeating: 1, count: size)
            while write(file, block, size) == size {}
        }
    }

    func free() throws { try FileManager.default.removeItem(atPath: path + "/filler") }

    private static func run(_ program: String, _ arguments: String...) -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}
