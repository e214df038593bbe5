import Foundation
import Storage
import StorageTestSupport
import Testing

@Suite("Migrations")
struct MigrationTests {
    private static let first = Migration(
        "2026-01-01-pet", "CREATE TABLE pet (id BIGINT PRIMARY KEY, name TEXT NOT NULL)")
    private static let second = Migration(
        "2026-02-01-age",
        """
        ALTER TABLE pet ADD COLUMN age BIGINT;
        INSERT INTO pet (id, name, age) VALUES (1, 'Rex', 3);
        CREATE INDEX pet_age ON pet (age);
        """)
    private static let broken = Migration(
        "2026-03-01-broken",
        """
        CREATE TABLE owner (id BIGINT PRIMARY KEY);
        INSERT INTO pet (id, name) VALUES (2, 'Minka');
        INSERT INTO pet (id, name) VALUES (1, 'Rex again');
        """)

    @Test("Steps are applied in their order, once", arguments: TestEngine.available)
    func order(engine: TestEngine) async throws {
        try await withDatabase(engine) { database throws in
            let store = try database.open()
            #expect(
                try await store.pendingMigrations([Self.first, Self.second]).map(\.id) == [
                    Self.first.id, Self.second.id
                ])
            #expect(try await store.migrate([Self.first], at: "2026-11-21T10:00:00Z") == [Self.first.id])
            #expect(try await store.migrate([Self.first, Self.second], at: "2026-11-22T10:00:00Z") == [Self.second.id])
            #expect(try await store.migrate([Self.first, Self.second], at: "2026-11-23T10:00:00Z") == [])
            #expect(try await store.pendingMigrations([Self.first, Self.second]).isEmpty)
            #expect(try await store.texts("SELECT name FROM pet WHERE age = 3") == ["Rex"])
            let log = try await store.texts("SELECT id || ' ' || applied_at FROM migration ORDER BY id")
            #expect(log == ["2026-01-01-pet 2026-11-21T10:00:00Z", "2026-02-01-age 2026-11-22T10:00:00Z"])
        }
    }

    @Test("A step that stands earlier in the list but came later is applied as well", arguments: TestEngine.available)
    func inserted(engine: TestEngine) async throws {
        try await withDatabase(engine) { database throws in
            let store = try database.open()
            let between = Migration("2026-01-15-owner", "CREATE TABLE owner (id BIGINT PRIMARY KEY)")
            _ = try await store.migrate([Self.first, Self.second], at: "now")
            #expect(try await store.migrate([Self.first, between, Self.second], at: "later") == [between.id])
        }
    }

    @Test("Nothing of a step that fails is kept, nor of those before it", arguments: TestEngine.available)
    func failing(engine: TestEngine) async throws {
        try await withDatabase(engine) { database throws in
            let store = try database.open()
            _ = try await store.migrate([Self.first], at: "now")
            let error = await #expect(throws: OpenError.self) {
                try await store.migrate([Self.first, Self.second, Self.broken], at: "now")
            }
            #expect(error?.description.contains("“2026-03-01-broken” failed") == true)
            #expect(error?.description.contains("Rex") == false)
            #expect(try await store.numbers("SELECT count(*) FROM pet") == [0])
            #expect(await store.understands("SELECT age FROM pet") == false)
            #expect(await store.understands("SELECT id FROM owner") == false)
            #expect(try await store.migrate([Self.first, Self.second], at: "now") == [Self.second.id])
        }
    }

    @Test("The very first step that fails leaves an empty database", arguments: TestEngine.available)
    func failingFirst(engine: TestEngine) async throws {
        try await withDatabase(engine) { database throws in
            let store = try database.open()
            await #expect(throws: OpenError.self) {
                try await store.migrate(
                    [Migration("1", "CREATE TABLE a (id BIGINT); CREATE TABLE a (id BIGINT)")], at: "now")
            }
            #expect(await store.understands("SELECT id FROM a") == false)
            #expect(await store.understands("SELECT id FROM migration") == false)
        }
    }

    @Test("A step that was changed after it was applied is refused", arguments: TestEngine.available)
    func changed(engine: TestEngine) async throws {
        try await withDatabase(engine) { database throws in
            let store = try database.open()
            _ = try await store.migrate([Self.first], at: "now")
            let other = Migration(Self.first.id, "CREATE TABLE pet (id BIGINT PRIMARY KEY, name TEXT)")
            let error = await #expect(throws: OpenError.self) {
                try await store.migrate([other, Self.second], at: "now")
            }
            #expect(error?.description.contains("“2026-01-01-pet” is not the one") == true)
            #expect(await store.understands("SELECT age FROM pet") == false)
        }
    }

    @Test("The hash stands for the words, not for the white space between them")
    func hash() {
        let other = Migration("x", "CREATE  TABLE pet (id BIGINT PRIMARY KEY,\n  name TEXT NOT NULL)\n")
        #expect(other.hash == Self.first.hash)
        #expect(Migration("x", "CREATE TABLE pet (id BIGINT PRIMARY KEY, nameTEXT NOT NULL)").hash != Self.first.hash)
        #expect(Migration("x", "").hash == "cbf29ce484222325", "FNV-1a's offset basis")
        #expect(Migration("x", "a").hash == "89c0207b5452844", "so that it never changes: FNV-1a of “a ”")
    }

    @Test("A database made by a newer program is refused and not touched", arguments: TestEngine.available)
    func newer(engine: TestEngine) async throws {
        try await withDatabase(engine) { database throws in
            let newer = try database.open()
            _ = try await newer.migrate([Self.first, Self.second], at: "now")
            await newer.close()
            let older = try database.open()
            let before = database.bytes
            let error = await #expect(throws: OpenError.self) { try await older.migrate([Self.first], at: "now") }
            #expect(error?.description.contains("newer Kith (it has “2026-02-01-age”)") == true)
            #expect(older.commits == 0)
            #expect(database.bytes == before)
            #expect(try await older.texts("SELECT name FROM pet") == ["Rex"])
        }
    }

    @Test("Two processes that migrate at the same time apply each step once", arguments: TestEngine.onlyPostgres)
    func together(engine: TestEngine) async throws {
        for _ in 0..<5 {
            try await withDatabase(engine) { database throws in
                let stores = try (0..<4).map { _ in try database.open(readers: 1) }
                let slow = Migration(
                    "2026-01-02-slow", "CREATE TABLE slow AS SELECT CAST(pg_sleep(0.05) AS TEXT) AS nap")
                let applied = try await withThrowingTaskGroup(of: [String].self) { group in
                    for store in stores {
                        group.addTask { try await store.migrate([Self.first, slow, Self.second], at: "now") }
                    }
                    var all: [String] = []
                    for try await steps in group { all += steps }
                    return all
                }
                #expect(applied.sorted() == [Self.first.id, slow.id, Self.second.id])
                #expect(try await stores[0].numbers("SELECT count(*) FROM pet") == [1])
            }
        }
    }
}

extension TestDatabase {
    /// The SQLite file and its log, byte for byte; empty on PostgreSQL.
    fileprivate var bytes: [Data?] {
        [file, file + "-wal"].map { try? Data(contentsOf: URL(fileURLWithPath: $0)) }
    }
}
