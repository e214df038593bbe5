import Foundation
import Storage
import Testing

@testable import KithCommand

@Suite("From one version to the next", .timeLimit(.minutes(35)))
struct UpgradeTests {
    /// Makes a database look as if an earlier Kith had left it: without the newest table.
    private func age(_ kith: BuiltProgram) async throws {
        let store = try Store.open(.sqlite(path: kith.file), creating: false)
        try await store.write { writer in
            try writer.run("DROP TABLE backup_drill")
            try writer.run("DELETE FROM migration WHERE id = '2026-11-27-backup-drill'")
        }
        await store.close()
    }

    @Test("It is tried without a trace, copied first, and can be taken back")
    func upgrade() async throws {
        try await BuiltProgram.with { kith in
            try kith.openRiverside()
            try await age(kith)
            let before = try await kith.contents
            try await kith.expectRefusal("earlier Kith", "check")
            let tried = try kith.run("migrate", "--dry-run")
            #expect(tried.output == "would apply 2026-11-27-backup-drill\n")
            #expect(try await kith.contents == before, "nothing was changed")
            let done = try kith.run("migrate")
            #expect(done.output == "applied 2026-11-27-backup-drill\n" && done.error.contains("Copied the database"))
            #expect(try kith.run("check").code == 0)
            #expect(try kith.run("migrate").output == "Nothing to do.\n")

            let names = try FileManager.default.contentsOfDirectory(atPath: kith.folder)
            let copy = try #require(names.first { $0.hasPrefix("before-") && $0.hasSuffix(".backup") })
            let keys = copy.replacing(".backup", with: ".keys")
            #expect(names.contains(keys))
            for end in ["", "-wal", "-shm"] { unlink(kith.file + end) }
            let restored = try kith.run("restore", "\(kith.folder)/\(copy)", "--keys", "\(kith.folder)/\(keys)")
            #expect(restored.code == 0, "\(restored.error)")
            #expect(try kith.run("audit", "verify").code == 0)
        }
    }

    @Test("A database that a newer Kith has made is left as it is")
    func downgrade() async throws {
        try await BuiltProgram.with { kith in
            try kith.openRiverside()
            let store = try Store.open(.sqlite(path: kith.file), creating: false)
            try await store.write { writer in
                try writer.run("INSERT INTO migration (id, hash, applied_at) VALUES ('2027-05-01-groups', 'x', 'then')")
            }
            await store.close()
            for refused in [try kith.run("check"), try kith.run("migrate"), try kith.run("migrate", "--dry-run")] {
                #expect(refused.code == 1 && refused.error.contains("made by a newer Kith"))
            }
            let names = try FileManager.default.contentsOfDirectory(atPath: kith.folder)
            #expect(!names.contains { $0.hasPrefix("before-") })
        }
    }
}
