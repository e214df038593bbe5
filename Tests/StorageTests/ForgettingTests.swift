import Foundation
import Storage
import StorageTestSupport
import Testing

@Suite("What was deleted is gone from the disk")
struct ForgettingTests {
    private static let migrations = [
        Migration("2026-11-27-wrapped", "CREATE TABLE wrapped (id BIGINT PRIMARY KEY, key TEXT)")
    ]

    @Test("A value that was overwritten stands neither in the file nor in its log")
    func forgotten() async throws {
        try await withDatabase(.sqlite) { database in
            let store = try database.open()
            let secret = "secret-\(UUID().uuidString)"
            _ = try await store.migrate(Self.migrations, at: "now")
            try await store.write { writer in
                for id in 0..<50 { try writer.run("INSERT INTO wrapped (id, key) VALUES (\(id), \("other \(id)"))") }
                try writer.run("UPDATE wrapped SET key = \(secret) WHERE id = 25")
            }
            func isThere() -> Bool {
                ["", "-wal"].contains { end in
                    FileManager.default.contents(atPath: database.file + end)?.range(of: Data(secret.utf8)) != nil
                }
            }
            #expect(isThere(), "the premise")
            try await store.write { try $0.run("UPDATE wrapped SET key = NULL WHERE id = 25") }
            #expect(isThere(), "the log still holds it")
            try await store.forget(in: "wrapped")
            #expect(!isThere())
            let others = try await store.read { try $0.value("SELECT count(key) FROM wrapped", as: Int.self) }
            #expect(others == 49)
        }
    }

    @Test("On PostgreSQL the old version of the row is swept", arguments: TestEngine.onlyPostgres)
    func swept(engine: TestEngine) async throws {
        try await withDatabase(engine) { database in
            let store = try database.open()
            _ = try await store.migrate(Self.migrations, at: "now")
            try await store.write { writer in
                try writer.run("INSERT INTO wrapped (id, key) VALUES (1, 'secret')")
            }
            try await store.write { try $0.run("UPDATE wrapped SET key = NULL WHERE id = 1") }
            try await store.forget(in: "wrapped")
            let rest = try await store.read { reader in
                try reader.value("SELECT pg_relation_size('wrapped') / 8192", as: Int.self)
            }
            #expect(rest == 1, "its page is there, and free again")
        }
    }
}
