import Foundation
import Storage
import Testing

@testable import KithCommand

@Suite("Backups on the command line", .timeLimit(.minutes(35)))
struct BackupCommandTests {
    @Test("Made, tried out, and restored where the original is gone")
    func whole() async throws {
        try await BuiltProgram.with { kith in
            try kith.openRiverside()
            #expect(try kith.run("user", "add", "--name", "Ana Alvarez", "--role", "coordinator").code == 0)
            let place = "\(kith.folder)/backups"
            try await kith.expectRefusal("does not exist", "backup", "make", "--to", place)
            try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: false)
            let made = try kith.run("backup", "make", "--to", place)
            #expect(made.code == 0 && made.output.hasPrefix("Wrote "))
            let name = try #require(
                try FileManager.default.contentsOfDirectory(atPath: place).first { $0.hasSuffix(".backup") })
            let verified = try kith.run("backup", "verify", "\(place)/\(name)")
            #expect(verified.code == 0 && verified.output.contains("all logs are whole"))
            try await kith.expectRefusal("not empty", "restore", "\(place)/\(name)")

            // The master key goes on by itself; after a turn the backup from before can still be restored.
            let key = "\(kith.file).key"
            let before = try String(contentsOfFile: key, encoding: .utf8)
            let turned = try kith.run("key", "rotate")
            #expect(turned.code == 0 && turned.output.hasPrefix("The master key is now "))
            #expect(try String(contentsOfFile: key, encoding: .utf8) != before)
            #expect(try kith.run("audit", "verify").code == 0)
            for end in ["", "-wal", "-shm"] { unlink(kith.file + end) }
            let restored = try kith.run("restore", "\(place)/\(name)")
            #expect(restored.code == 0 && restored.output.contains("sign in again"))
            #expect(try kith.run("audit", "verify").code == 0)
            #expect(try kith.run("user", "password", "Ana Alvarez").code == 0, "she is there")

            // Without the master key there is no way, and it says so.
            try FileManager.default.moveItem(atPath: key, toPath: "\(kith.folder)/elsewhere")
            let missing = try kith.run("backup", "verify", "\(place)/\(name)")
            #expect(missing.code == 1 && missing.error.contains("Bring back its copy"))
            #expect(try kith.run("check").error.contains("Bring back its copy"))
        }
    }

    @Test("A key that others may read, and one of another database, are refused")
    func keys() async throws {
        try await BuiltProgram.with { kith in
            try kith.openRiverside()
            let key = "\(kith.file).key"
            chmod(key, 0o644)
            #expect(try kith.run("check").error.contains("Others than its owner may read"))
            chmod(key, 0o600)
            #expect(try kith.run("check").code == 0)
            try Data("# a remark\n\(Data(repeating: 7, count: 32).base64EncodedString())\n".utf8)
                .write(to: URL(fileURLWithPath: key))
            chmod(key, 0o600)
            let wrong = try kith.run("check")
            #expect(wrong.code == 1 && wrong.error.contains("was written with the master key"))
        }
    }
}
