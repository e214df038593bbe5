import Foundation
import Kith
import Storage
import Testing

@testable import KithCommand

@Suite("What an operator hears when it cannot be done", .timeLimit(.minutes(35)))
struct RefusalTests {
    @Test("A database address that is wrong")
    func wrongAddress() async throws {
        try await BuiltProgram.with { kith in
            for (address, reason) in [
                ("mysql://localhost/kith", "must start with sqlite:// or postgres://"),
                ("kith.sqlite", "must start with"),
                ("sqlite://kith.sqlite", "needs a full path"), ("sqlite://\(kith.folder)/", "names a folder"),
                ("postgres://kith@127.0.0.1:1/kith", "does not let us in")
            ] {
                try await kith.expectRefusal(reason, database: address, "check")
                try await kith.expectRefusal(reason, database: address, "serve")
                try await kith.expectRefusal(reason, database: address, "migrate")
            }
            #expect(try await kith.contents.isEmpty)
        }
    }

    @Test("A mistyped path is no empty database in which all is well")
    func noDatabase() async throws {
        try await BuiltProgram.with { kith in
            let letter = kith.folder + "/referral.json"
            try Data("{}".utf8).write(to: URL(fileURLWithPath: letter))
            let reason = "There is no database at \(kith.file)."
            try await kith.expectRefusal(reason, "check")
            try await kith.expectRefusal(reason, "import", letter)
            try await kith.expectRefusal(reason, "user", "add", "--name", "Ana", "--role", "coordinator")
            try await kith.expectRefusal(reason, "user", "role", "add", "Ana", "--role", "coordinator")
            try await kith.expectRefusal(reason, "user", "role", "end", "Ana", "--role", "coordinator")
            try await kith.expectRefusal(reason, "user", "end", "Ana")
            try await kith.expectRefusal(reason, "user", "password", "Ana")
            try await kith.expectRefusal(reason, "partner", "add", "--name", "Clinic")
            try await kith.expectRefusal(reason, "site", "add", "--name", "Main")
            try await kith.expectRefusal(reason, "program", "add", "--name", "Heart")
            try await kith.expectRefusal(reason, "policy", "show")
            let dry = try kith.run("migrate", "--dry-run")
            #expect(dry.code == 0 && dry.output.contains("would apply"))
            #expect(try await kith.contents.count == 1, "the letter only")
            // What begins something makes it.
            #expect(try kith.run("migrate").code == 0)
            #expect(try kith.run("migrate", "--dry-run").output == "Nothing to do.\n")
            #expect(try kith.run("check").code == 0)
        }
    }

    @Test("A file that is something else, and a database without Kith")
    func somethingElse() async throws {
        try await BuiltProgram.with { kith in
            try Data("Dear diary, it rained today.".utf8).write(to: URL(fileURLWithPath: kith.file))
            chmod(kith.file, 0o600)
            try await kith.expectRefusal("is not a SQLite database", "check")
            try await kith.expectRefusal("is not a SQLite database", "serve")
            try FileManager.default.removeItem(atPath: kith.file)
            let store = try Store.open(StoreURL(kith.database))
            try await store.write { _ = try $0.run("CREATE TABLE pet (name TEXT)") }
            await store.close()
            try await kith.expectRefusal("There is no Kith in this database yet", "check")
        }
    }

    @Test("A database that a newer Kith has made, or an older one")
    func otherVersions() async throws {
        try await BuiltProgram.with { kith in
            try kith.openRiverside()
            func change(_ sql: @escaping @Sendable (Writer) throws -> Int) async throws {
                let store = try Store.open(StoreURL(kith.database), creating: false)
                _ = try await store.write(sql)
                await store.close()
            }
            try await change {
                try $0.run("INSERT INTO migration (id, hash, applied_at) VALUES ('2099-01-01-later', 'x', '2099')")
            }
            for command in ["check", "serve", "migrate"] {
                try await kith.expectRefusal("made by a newer Kith", command)
            }
            try await kith.expectRefusal(
                "made by a newer Kith", "user", "add", "--name", "Ana", "--role", "coordinator")
            try await change { try $0.run("DELETE FROM migration WHERE id = '2099-01-01-later'") }
            #expect(try kith.run("check").code == 0)
            let last = everyFeature.flatMap(\.migrations).last?.id ?? ""
            try await change { try $0.run("DELETE FROM migration WHERE id = \(last)") }
            try await kith.expectRefusal("“kith migrate” prepares it", "check")
        }
    }

    @Test("A folder in which this user may not write")
    func noRights() async throws {
        if geteuid() != 0 {
            try await BuiltProgram.with { kith in
                try kith.openRiverside()
                chmod(kith.folder, 0o500)
                defer { chmod(kith.folder, 0o700) }
                try await kith.expectRefusal("may not write", "user", "add", "--name", "Ana", "--role", "coordinator")
                try await kith.expectRefusal("may not write", "serve")
            }
        } else if TinyDisk.isPossible {
            try await TinyDisk.with(megabytes: 16) { disk in
                try await BuiltProgram.with(in: disk) { kith in
                    try kith.openRiverside()
                    try #require(TinyDisk.makeReadOnly(disk))
                    try await kith.expectRefusal(
                        "may not write", "user", "add", "--name", "Ana", "--role", "coordinator")
                    try await kith.expectRefusal("may not write", "serve")
                }
            }
        }
    }

    @Test("A full disk", .enabled(if: TinyDisk.isPossible, "only root may mount a small disk"))
    func fullDisk() async throws {
        try await TinyDisk.with(megabytes: 8) { disk in
            try await BuiltProgram.with(in: disk) { kith in
                try kith.openRiverside()
                TinyDisk.fill(disk)
                try await kith.expectRefusal("no room left", "user", "add", "--name", "Ana", "--role", "coordinator")
                try await kith.expectRefusal(
                    "no room left", database: "sqlite://\(kith.folder)/new.sqlite", "migrate")
                try FileManager.default.removeItem(atPath: disk + "/filler")
                #expect(try kith.run("user", "add", "--name", "Ana", "--role", "coordinator").code == 0)
            }
        }
    }

    @Test("Where nothing can be said, it still ends as it should")
    func nothingCanBeSaid() async throws {
        try await BuiltProgram.with { kith in
            try kith.openRiverside()
            // Every write there finds no room.
            let full = try #require(FileHandle(forWritingAtPath: "/dev/full"))
            for (arguments, output) in [
                (["check", "--database", "mysql://localhost/kith"], FileHandle.nullDevice),
                (["check", "--database", kith.database], full),
                (["serve", "--database", kith.folder], FileHandle.nullDevice)
            ] {
                let process = try kith.start(arguments, error: full)
                process.standardOutput = output
                try process.run()
                process.waitUntilExit()
                #expect(process.terminationReason == .exit && process.terminationStatus != 0, "\(arguments)")
            }
        }
    }
}
