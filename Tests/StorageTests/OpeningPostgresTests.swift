import Storage
import StorageTestSupport
import Testing

@Suite("Opening a PostgreSQL database")
struct OpeningPostgresTests {
    /// Expects that opening fails with one sentence that says `reason`.
    private func expectRefusal(_ address: String, _ reason: String) {
        let error = #expect(throws: OpenError.self) { _ = try Store.open(try StoreURL(address)) }
        #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
        #expect(error?.description.contains("\n") == false)
        #expect(error?.description.contains("hunter2") == false)
    }

    /// The address of a database of its own.
    private func withAddress(_ engine: TestEngine, _ body: (String, PostgresServer) async throws -> Void) async throws {
        try await withDatabase(engine) { database in
            guard case .postgres(let address) = database.url else { return }
            try await body(address, try database.connect())
        }
    }

    @Test("No server is there", arguments: TestEngine.onlyPostgres)
    func noServer(engine: TestEngine) {
        expectRefusal("postgres://kith:hunter2@/kith?host=/nowhere", "does not let us in")
        expectRefusal("postgres://kith:hunter2@127.0.0.1:1/kith", "does not let us in")
        expectRefusal("postgres://kith:hunter2@host.invalid/kith", "does not let us in")
    }

    @Test("The database or the user is not known there", arguments: TestEngine.onlyPostgres)
    func unknown(engine: TestEngine) async throws {
        try await withAddress(engine) { address, _ throws in
            expectRefusal(
                PostgresServer.address(address, database: "no_such_database"), "\"no_such_database\" does not exist")
            expectRefusal(PostgresServer.address(address, user: "no_such_user"), "no_such_user")
        }
    }

    @Test("The user may not create tables", arguments: TestEngine.onlyPostgres)
    func missingRights(engine: TestEngine) async throws {
        try await withAddress(engine) { address, server throws in
            let name = PostgresServer.database(of: address)
            try server.run("CREATE ROLE \(name)_guest LOGIN")
            expectRefusal(PostgresServer.address(address, user: "\(name)_guest"), "may not create tables")
            try server.run("GRANT CREATE ON SCHEMA public TO \(name)_guest")
            let store = try Store.open(try StoreURL(PostgresServer.address(address, user: "\(name)_guest")))
            await store.close()
            try server.run("REVOKE CREATE ON SCHEMA public FROM \(name)_guest")
            try server.run("DROP ROLE \(name)_guest")
        }
    }

    @Test(
        "The database sorts by the rules of a language", arguments: TestEngine.onlyPostgres,
        ["LOCALE_PROVIDER icu ICU_LOCALE 'en-US' LOCALE 'C' ENCODING 'UTF8'"])
    func collation(engine: TestEngine, options: String) async throws {
        try await withOther(engine, options) { expectRefusal($0, "needs the C collation") }
    }

    @Test("The database does not store UTF-8", arguments: TestEngine.onlyPostgres)
    func encoding(engine: TestEngine) async throws {
        try await withOther(engine, "LOCALE 'C' ENCODING 'LATIN1'") { expectRefusal($0, "needs UTF8") }
    }

    @Test("C.UTF-8 sorts the same way and is taken", arguments: TestEngine.onlyPostgres)
    func otherName(engine: TestEngine) async throws {
        try await withOther(engine, "LOCALE 'C.UTF-8' ENCODING 'UTF8'") { address in
            let store = try Store.open(try StoreURL(address))
            #expect(try await store.numbers("SELECT 1") == [1])
            await store.close()
        }
    }

    /// Makes another database with `options` beside the test's own.
    private func withOther(_ engine: TestEngine, _ options: String, _ body: (String) async throws -> Void) async throws
    {
        try await withAddress(engine) { address, server in
            let name = PostgresServer.database(of: address) + "_other"
            let other = try server.create(database: name, options: options)
            let result: Result<Void, any Error>
            do { result = .success(try await body(other)) } catch { result = .failure(error) }
            try server.drop(database: name)
            try result.get()
        }
    }

    @Test("Commits that are not synced are refused", arguments: TestEngine.onlyPostgres)
    func synchronousCommit(engine: TestEngine) async throws {
        try await withAddress(engine) { address, server throws in
            let name = PostgresServer.database(of: address)
            try server.run("ALTER DATABASE \(name) SET synchronous_commit = off")
            expectRefusal(address, "synchronous_commit is off")
        }
    }

    @Test("Settings of the server that would change answers do not", arguments: TestEngine.onlyPostgres)
    func settings(engine: TestEngine) async throws {
        try await withAddress(engine) { address, server throws in
            let name = PostgresServer.database(of: address)
            for setting in [
                "bytea_output = 'escape'", "extra_float_digits = 0", "default_transaction_read_only = on",
                "client_encoding = 'LATIN1'", "default_transaction_isolation = 'read uncommitted'",
                "standard_conforming_strings = off", "quote_all_identifiers = on", "lc_messages = 'C'"
            ] {
                try server.run("ALTER DATABASE \(name) SET \(setting)")
            }
            let store = try Store.open(try StoreURL(address))
            _ = try await store.migrate([Migration("1", ValueTests.schema)], at: "now")
            let bytes = Array("a\\b".utf8) + [0, 255]
            try await store.write {
                try $0.run(
                    "INSERT INTO sample (id, word, ratio, blob) VALUES ('x', \("日本 \\"), \(0.1 + 0.2), \(bytes))")
            }
            let back = try await store.read {
                try $0.first("SELECT * FROM sample") {
                    (try $0["word"] as String, try $0["ratio"] as Double, try $0["blob"] as [UInt8])
                }
            }
            #expect(back?.0 == "日本 \\")
            #expect(back?.1 == 0.1 + 0.2)
            #expect(back?.2 == bytes)
            #expect(try await store.texts("SELECT 'a\\b'") == ["a\\b"])
            let level = try await store.write { try $0.value("SHOW transaction_isolation", as: String.self) }
            #expect(level == "serializable")
            await store.close()
        }
    }

    @Test("Tests refuse a server on another machine")
    func localOnly() {
        #expect(PostgresServer.isLocal("postgres:///kith?host=/run/postgresql&user=kith"))
        #expect(PostgresServer.isLocal("postgres://kith@localhost/kith"))
        for address in [
            "postgres://kith@db.example.org/kith", "postgres://localhost,db.example.org/kith",
            "postgres:///kith?hostaddr=10.0.0.1",
            "postgres:///kith?service=production", "host=db.example.org", "postgres://localhost.example.org/kith"
        ] {
            #expect(!PostgresServer.isLocal(address))
        }
    }
}
