import Storage
import StorageTestSupport
import Testing

/// Two stores on one database are two processes; only PostgreSQL allows that.
@Suite("Two processes on one database do not notice each other", .timeLimit(.minutes(35)))
struct ConflictTests {
    private static let schema: StaticString = """
        CREATE TABLE counter (id BIGINT PRIMARY KEY, value BIGINT NOT NULL);
        INSERT INTO counter (id, value) VALUES (1, 0), (2, 0);
        """

    private func withTwoStores(_ engine: TestEngine, _ body: (Store, Store) async throws -> Void) async throws {
        try await withDatabase(engine) { database throws in
            let (one, other) = (try database.open(), try database.open())
            _ = try await one.migrate([Migration("1", Self.schema)], at: "now")
            try await body(one, other)
        }
    }

    @Test("Read, add, write: no addition is lost and nobody hears of a conflict", arguments: TestEngine.onlyPostgres)
    func readModifyWrite(engine: TestEngine) async throws {
        try await withTwoStores(engine) { one, other throws in
            try await inParallel(32) { caller in
                let store = caller.isMultiple(of: 2) ? one : other
                for _ in 0..<5 {
                    try await store.write { writer in
                        let value = try writer.value("SELECT value FROM counter WHERE id = 1", as: Int.self) ?? 0
                        try writer.run("UPDATE counter SET value = \(value + 1) WHERE id = 1")
                    }
                }
            }
            #expect(try await one.numbers("SELECT value FROM counter WHERE id = 1") == [160])
        }
    }

    @Test("A conflict between two stores is real, and its loser runs again", arguments: TestEngine.onlyPostgres)
    func conflict(engine: TestEngine) async throws {
        try await withTwoStores(engine) { one, other throws in
            let runs = Signal()
            try await one.write { writer in
                runs.give()
                let value = try writer.value("SELECT value FROM counter WHERE id = 1", as: Int.self) ?? 0
                if value == 0 { letOtherWrite(other) }  // seen only by the first run
                try writer.run("UPDATE counter SET value = \(value + 1) WHERE id = 1")
            }
            #expect(runs.wait() && runs.wait(), "it ran twice")
            #expect(try await one.numbers("SELECT value FROM counter WHERE id = 1") == [11])
        }
    }

    private func letOtherWrite(_ store: Store) {
        let done = Signal()
        Task.detached {
            try await store.write { try $0.run("UPDATE counter SET value = value + 10 WHERE id = 1") }
            done.give()
        }
        done.wait()
    }

    @Test("Rows taken in opposite order do not lock forever", arguments: TestEngine.onlyPostgres)
    func deadlock(engine: TestEngine) async throws {
        try await withTwoStores(engine) { one, other throws in
            try await inParallel(16) { caller in
                let store = caller.isMultiple(of: 2) ? one : other
                let (first, second) = caller.isMultiple(of: 2) ? (1, 2) : (2, 1)
                for _ in 0..<5 {
                    try await store.write { writer in
                        try writer.run("UPDATE counter SET value = value + 1 WHERE id = \(first)")
                        try writer.run("UPDATE counter SET value = value + 1 WHERE id = \(second)")
                    }
                }
            }
            #expect(try await one.numbers("SELECT value FROM counter ORDER BY id") == [80, 80])
        }
    }

    @Test("Two who each read what the other writes cannot both be right", arguments: TestEngine.onlyPostgres)
    func writeSkew(engine: TestEngine) async throws {
        try await withTwoStores(engine) { one, other throws in
            // At most one of the two counters may be raised: each checks the other before it raises its own.
            try await inParallel(2) { caller in
                let store = caller == 0 ? one : other
                try await store.write { writer in
                    let raised = try writer.value("SELECT count(*) FROM counter WHERE value > 0", as: Int.self) ?? 0
                    if raised == 0 { try writer.run("UPDATE counter SET value = 1 WHERE id = \(caller + 1)") }
                }
            }
            #expect(try await one.numbers("SELECT count(*) FROM counter WHERE value > 0") == [1])
        }
    }

    @Test("Each of many stores sees what another has committed", arguments: TestEngine.onlyPostgres)
    func visible(engine: TestEngine) async throws {
        try await withTwoStores(engine) { one, other throws in
            try await one.write { try $0.run("UPDATE counter SET value = 7 WHERE id = 2") }
            #expect(try await other.numbers("SELECT value FROM counter WHERE id = 2") == [7])
        }
    }
}
