import Foundation
import Storage
import StorageTestSupport
import Testing

@Suite("Opening a SQLite file")
struct OpeningSQLiteTests {
    /// Expects that opening fails with one sentence that says `reason`.
    private func expectRefusal(_ path: String, _ reason: String) {
        let error = #expect(throws: OpenError.self) { _ = try Store.open(.sqlite(path: path)) }
        #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
        #expect(error?.description.contains("\n") == false)
    }

    @Test("A new file is made, and what was written is there when it is opened again")
    func again() async throws {
        try await withDatabase(.sqlite) { database throws in
            let store = try database.open()
            try await store.write { try $0.run("CREATE TABLE pet (name TEXT)") }
            try await store.write { try $0.run("INSERT INTO pet (name) VALUES ('Rex')") }
            await store.close()
            let again = try database.open()
            #expect(try await again.texts("SELECT name FROM pet") == ["Rex"])
        }
    }

    @Test("After closing everything is in the one file")
    func oneFile() async throws {
        try await withDatabase(.sqlite) { database throws in
            let store = try database.open()
            try await store.write { try $0.run("CREATE TABLE pet (name TEXT)") }
            try await store.write { try $0.run("INSERT INTO pet (name) VALUES ('Rex')") }
            #expect(try await store.numbers("SELECT count(*) FROM pet") == [1], "there is a reader to close, too")
            await store.close()
            let copy = database.folder.appendingPathComponent("copy.sqlite").path
            try FileManager.default.copyItem(atPath: database.file, toPath: copy)
            let other = try Store.open(.sqlite(path: copy))
            #expect(try await other.texts("SELECT name FROM pet") == ["Rex"])
            await other.close()
        }
    }

    @Test("Only its owner may read a new file, its log and its lock")
    func rights() async throws {
        try await withDatabase(.sqlite) { database throws in
            let store = try database.open()
            try await store.write { try $0.run("CREATE TABLE pet (name TEXT)") }
            for suffix in ["", "-wal", "-shm", ".lock"] {
                let rights = try FileManager.default.attributesOfItem(atPath: database.file + suffix)[.posixPermissions]
                #expect(rights as? Int == 0o600, "\(suffix)")
            }
        }
    }

    @Test("Every commit is synced to the disk: synchronous is FULL, on the connection that writes")
    func synchronous() async throws {
        try await withDatabase(.sqlite) { database throws in
            let store = try database.open()
            let (level, journal) = try await store.write { writer in
                (
                    try writer.value("PRAGMA synchronous", as: Int.self),
                    try writer.value("PRAGMA journal_mode", as: String.self)
                )
            }
            #expect(level == 2)
            #expect(journal == "wal")
            await store.close()
            let careless = try Store.open(database.url, synchronous: .normal)
            let normal = try await careless.write { try $0.value("PRAGMA synchronous", as: Int.self) }
            #expect(normal == 1, "this test would notice")
            await careless.close()
        }
    }

    @Test("Foreign keys are enforced, whatever the file was made with")
    func foreignKeys() async throws {
        try await withStore(.sqlite) { store throws in
            let isOn = try await store.write { try $0.value("PRAGMA foreign_keys", as: Int.self) }
            #expect(isOn == 1)
        }
    }

    @Test("A second owner is refused, and let in when the first has closed")
    func secondOwner() async throws {
        try await withDatabase(.sqlite) { database throws in
            let first = try database.open()
            try await first.write { try $0.run("CREATE TABLE pet (name TEXT)") }
            expectRefusal(database.file, "in use by another Kith process")
            let alias = database.folder.appendingPathComponent("alias.sqlite").path
            try FileManager.default.createSymbolicLink(atPath: alias, withDestinationPath: database.file)
            expectRefusal(alias, "in use by another Kith process")
            try await first.write { try $0.run("INSERT INTO pet (name) VALUES ('Rex')") }
            await first.close()
            let second = try database.open()
            #expect(try await second.texts("SELECT name FROM pet") == ["Rex"])
        }
    }

    @Test("Another process that holds the file is noticed, and so is its end")
    func otherProcess() async throws {
        try await withDatabase(.sqlite) { database throws in
            let other = Process()
            other.executableURL = URL(fileURLWithPath: "/usr/bin/flock")
            other.arguments = [database.file + ".lock", "cat"]
            let (input, output) = (Pipe(), Pipe())
            (other.standardInput, other.standardOutput) = (input, output)
            try other.run()
            input.fileHandleForWriting.write(Data("held\n".utf8))
            try #require(output.fileHandleForReading.readData(ofLength: 5).count == 5)
            expectRefusal(database.file, "in use by another Kith process")
            try input.fileHandleForWriting.close()
            other.waitUntilExit()
            let store = try database.open()
            #expect(try await store.numbers("SELECT 1") == [1])
        }
    }

    @Test("A store that nobody closed lets go of its file when nobody holds it any more")
    func forgotten() async throws {
        try await withDatabase(.sqlite) { database throws in
            try await useAndForget(database.url)
            for _ in 0..<100 {
                if (try? database.open()) != nil { return }
                try await Task.sleep(for: .milliseconds(20))
            }
            Issue.record("the file is still held")
        }
    }

    private func useAndForget(_ url: StoreURL) async throws {
        let store = try Store.open(url)
        try await store.write { try $0.run("CREATE TABLE pet (name TEXT)") }
    }

    @Test("The folder is missing, or is no folder, or the path is one")
    func folders() async throws {
        try await withDatabase(.sqlite) { database throws in
            expectRefusal("\(database.folder.path)/missing/kith.sqlite", "does not exist")
            try Data("x".utf8).write(to: database.folder.appendingPathComponent("file"))
            expectRefusal("\(database.folder.path)/file/kith.sqlite", "does not exist")
            expectRefusal(database.folder.path, "is a folder")
        }
    }

    @Test(
        "A file that is no database is left as it is", arguments: ["hello, this is a letter", "SQLite format 2\0 old"])
    func noDatabase(content: String) async throws {
        try await withDatabase(.sqlite) { database throws in
            let file = URL(fileURLWithPath: database.file)
            try Data(content.utf8).write(to: file)
            expectRefusal(database.file, "is not a SQLite database")
            #expect(try Data(contentsOf: file) == Data(content.utf8))
            #expect(!FileManager.default.fileExists(atPath: database.file + "-wal"))
        }
    }

    @Test("A file that only begins like a database is refused and left as it is")
    func garbage() async throws {
        try await withDatabase(.sqlite) { database throws in
            let file = URL(fileURLWithPath: database.file)
            let content = Data("SQLite format 3\0".utf8) + Data(repeating: 0xA5, count: 8000)
            try content.write(to: file)
            expectRefusal(database.file, "SQLite cannot open")
            #expect(try Data(contentsOf: file) == content)
        }
    }

    @Test("An empty file becomes a database")
    func emptyFile() async throws {
        try await withDatabase(.sqlite) { database throws in
            try Data().write(to: URL(fileURLWithPath: database.file))
            #expect(try await database.open().numbers("SELECT 1") == [1])
        }
    }

    @Test("A disk that cannot be written is refused", .enabled(if: SmallDisk.isPossible, "only root may mount a disk"))
    func readOnly() async throws {
        try await SmallDisk.with(megabytes: 1) { disk in
            try disk.makeReadOnly()
            expectRefusal("\(disk.path)/kith.sqlite", "may not write")
        }
    }
}
