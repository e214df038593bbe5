import Foundation
import PowerCut

/// A folder whose databases lose power when the test says so, and whose calls fail when the test says so.
///
/// `@unchecked Sendable`: the pointer never changes, and the disk behind it has its own lock.
final class SimulatedDisk: @unchecked Sendable {
    struct Calls: OptionSet {
        let rawValue: Int32
        init(rawValue: Int32) { self.rawValue = rawValue }
        init(_ kind: Int) { rawValue = Int32(kind) }

        static let open = Calls(POWERCUT_OPEN)
        static let read = Calls(POWERCUT_READ)
        static let write = Calls(POWERCUT_WRITE)
        static let sync = Calls(POWERCUT_SYNC)
        static let delete = Calls(POWERCUT_DELETE)
    }

    enum Failure: Int32 {
        /// SQLITE_IOERR
        case broken = 10
        /// SQLITE_FULL
        case full = 13
    }

    struct MountError: Error {}

    private static let registration = powercut_register("powercut", 1)

    let folder: String
    private let disk: OpaquePointer

    /// A new, empty disk.
    init() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "disk-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
        guard Self.registration == 0, let disk = powercut_mount(url.path) else { throw MountError() }
        self.folder = url.path
        self.disk = disk
    }

    deinit {
        powercut_unmount(disk)
        try? FileManager.default.removeItem(atPath: folder)
    }

    var databasePath: String { folder + "/kith.sqlite" }

    var hasPower: Bool { powercut_is_cut(disk) == 0 }

    func cutPower() { powercut_cut(disk) }

    /// Cuts the power during the call that is the `nth` from now to change the disk, counted from 1.
    func cutPower(atChange nth: Int) { powercut_cut_at(disk, UInt64(nth)) }

    /// Beginning with the `nth` of these calls from now, `times` of them fail.
    func fail(_ calls: Calls, from nth: Int, times: Int = .max, with failure: Failure) {
        powercut_fail(disk, calls.rawValue, UInt64(nth), Int64(times), failure.rawValue)
    }

    /// How many calls failed since the last `fail`.
    var failures: Int { Int(powercut_failures(disk)) }

    func repair() { powercut_fail(disk, 0, 1, 0, 0) }

    func count(_ calls: Calls) -> Int { Int(powercut_count(disk, calls.rawValue)) }

    /// What is found when the power is back: one of many possible outcomes, chosen by the seed.
    func afterPowerCut(seed: UInt64) throws -> SimulatedDisk {
        let found = try SimulatedDisk()
        guard powercut_image(disk, seed, found.folder) == 0 else { throw MountError() }
        return found
    }
}
