import Storage
import StorageTestSupport
import Testing

@Suite("A PostgreSQL connection that breaks is told once and mended", .timeLimit(.minutes(35)))
struct LostConnectionTests {
    private static let schema: StaticString = "CREATE TABLE entry (id BIGINT PRIMARY KEY)"

    private func withStore(
        _ engine: TestEngine, _ body: (Store, TestDatabase) async throws -> Void
    ) async throws {
        try await withDatabase(engine) { database in
            let store = try database.open(readers: 1)
            _ = try await store.migrate([Migration("1", Self.schema)], at: "now")
            try await body(store, database)
        }
    }

    /// Ends every connection that the database has, except its own, and waits until they are gone.
    private static func breakConnections(_ database: TestDatabase) throws {
        let server = try database.connect()
        let ended = try server.run(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
        guard !ended.isEmpty else { throw TestFailure("there was nothing to break") }
        // With a time limit, it waits for the end of each.
        for pid in ended { try server.run("SELECT pg_terminate_backend(\(pid), 10000)") }
    }

    @Test(
        "In the middle of a write: that write fails, nothing of it is kept, the next one works",
        arguments: TestEngine.onlyPostgres)
    func write(engine: TestEngine) async throws {
        try await withStore(engine) { store, database throws in
            let error = await #expect(throws: StoreError.self) {
                try await store.write { writer in
                    try writer.run("INSERT INTO entry (id) VALUES (1)")
                    try Self.breakConnections(database)
                    try writer.run("INSERT INTO entry (id) VALUES (2)")
                }
            }
            #expect(error?.kind == .lost)
            #expect(error?.debugDescription.contains("57P01") == true, "the operator is told why")
            try await store.write { try $0.run("INSERT INTO entry (id) VALUES (3)") }
            #expect(try await store.numbers("SELECT id FROM entry") == [3])
        }
    }

    @Test("At the end of a write: its caller hears that the commit may not hold", arguments: TestEngine.onlyPostgres)
    func commit(engine: TestEngine) async throws {
        try await withStore(engine) { store, database throws in
            let error = await #expect(throws: StoreError.self) {
                try await store.write { writer in
                    try writer.run("INSERT INTO entry (id) VALUES (1)")
                    try Self.breakConnections(database)
                }
            }
            #expect(error?.kind == .lost)
            #expect(try await store.numbers("SELECT id FROM entry") == [])
        }
    }

    @Test("In the middle of a read: that read fails, the next one works", arguments: TestEngine.onlyPostgres)
    func read(engine: TestEngine) async throws {
        try await withStore(engine) { store, database throws in
            let error = await #expect(throws: StoreError.self) {
                try await store.read { reader in
                    _ = try reader.exists("SELECT id FROM entry")
                    try Self.breakConnections(database)
                    _ = try reader.exists("SELECT id FROM entry")
                }
            }
            #expect(error?.kind == .lost)
            #expect(try await store.numbers("SELECT id FROM entry") == [])
        }
    }

    @Test("While nobody uses it: nobody notices", arguments: TestEngine.onlyPostgres)
    func idle(engine: TestEngine) async throws {
        try await withStore(engine) { store, database throws in
            let statement = "SELECT id FROM entry" as SQL
            #expect(try await store.numbers(statement) == [])
            try Self.breakConnections(database)
            try await store.write { try $0.run("INSERT INTO entry (id) VALUES (1)") }
            #expect(try await store.numbers(statement) == [1])
        }
    }

    @Test(
        "While many write: no row is missing whose writer was told that it is kept", arguments: TestEngine.onlyPostgres)
    func underLoad(engine: TestEngine) async throws {
        try await withStore(engine) { store, database throws in
            let writers = Task {
                await outcomes(of: 400) { id in
                    try await Task.sleep(for: .milliseconds(id))
                    try await store.write { try $0.run("INSERT INTO entry (id) VALUES (\(id))") }
                }
            }
            for _ in 0..<5 {
                try await Task.sleep(for: .milliseconds(60))
                try? Self.breakConnections(database)
            }
            let told = await writers.value
            let kept = try await store.numbers("SELECT id FROM entry ORDER BY id").compactMap { $0 }
            try #require(told.count > 100, "most were served between the breaks")
            // A row may be kept whose writer heard nothing certain, because the answer to its COMMIT was lost.
            #expect(Set(told).isSubset(of: kept))
            try await store.write { try $0.run("INSERT INTO entry (id) VALUES (1000)") }
        }
    }

    @Test(
        "While the server is away, callers are told, and when it is back they are served",
        arguments: TestEngine.onlyPostgres)
    func away(engine: TestEngine) async throws {
        try await withStore(engine) { store, database throws in
            let name = try database.connect().run("SELECT current_database()")[0]
            let admin = try PostgresServer.forTests()
            try admin.run("ALTER DATABASE \(name) ALLOW_CONNECTIONS false")
            try admin.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '\(name)'")
            for _ in 0..<2 {
                let write = await #expect(throws: StoreError.self) {
                    try await store.write { try $0.exists("SELECT 1") }
                }
                #expect(write?.kind == .lost)
                let read = await #expect(throws: StoreError.self) { try await store.read { try $0.exists("SELECT 1") } }
                #expect(read?.kind == .lost)
            }
            try admin.run("ALTER DATABASE \(name) ALLOW_CONNECTIONS true")
            try await store.write { try $0.run("INSERT INTO entry (id) VALUES (1)") }
            #expect(try await store.numbers("SELECT id FROM entry") == [1])
        }
    }
}
