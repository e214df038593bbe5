import Storage
import StorageTestSupport
import Testing

@Suite("What many want at once, one gets", .timeLimit(.minutes(35)))
struct BookingTests {
    private static let schema: StaticString = """
        CREATE TABLE slot (id BIGINT PRIMARY KEY, seats BIGINT NOT NULL CHECK (seats >= 0));
        CREATE TABLE booking (
          slot_id BIGINT NOT NULL REFERENCES slot (id), person BIGINT NOT NULL, PRIMARY KEY (slot_id, person));
        CREATE TABLE claim (slot_id BIGINT PRIMARY KEY, person BIGINT NOT NULL);
        CREATE TABLE counter (id BIGINT PRIMARY KEY, value BIGINT NOT NULL);
        INSERT INTO counter (id, value) VALUES (1, 0);
        """

    /// One store on SQLite, two on PostgreSQL, where a second process may be at work.
    private func withStores(_ engine: TestEngine, _ body: ([Store]) async throws -> Void) async throws {
        try await withDatabase(engine) { database throws in
            let stores = try (0..<(engine == .sqlite ? 1 : 2)).map { _ in try database.open() }
            _ = try await stores[0].migrate([Migration("1", Self.schema)], at: "now")
            try await body(stores)
        }
    }

    @Test("Thirty-two count together without losing one", arguments: TestEngine.available)
    func counter(engine: TestEngine) async throws {
        try await withStores(engine) { stores throws in
            // Every caller is told a number; each number is told once, in the order in which the callers were served.
            let told = try await withThrowingTaskGroup(of: [Int].self) { group in
                for caller in 0..<32 {
                    group.addTask {
                        var told: [Int] = []
                        for _ in 0..<5 {
                            let value = try await stores[caller % stores.count].write {
                                try $0.value(
                                    "UPDATE counter SET value = value + 1 WHERE id = 1 RETURNING value", as: Int.self)
                            }
                            told.append(value ?? 0)
                        }
                        return told
                    }
                }
                var all: [[Int]] = []
                for try await one in group { all.append(one) }
                return all
            }
            #expect(told.flatMap { $0 }.sorted() == Array(1...160))
            #expect(told.allSatisfy { $0 == $0.sorted() }, "whoever asks again after an answer gets a later number")
        }
    }

    @Test("A slot is claimed by one person, and only that person is told so", arguments: TestEngine.available)
    func claims(engine: TestEngine) async throws {
        try await withStores(engine) { stores throws in
            let winners = try await withThrowingTaskGroup(of: [Int: Int].self) { group in
                for person in 0..<32 {
                    group.addTask {
                        var won: [Int: Int] = [:]
                        for slot in 0..<10 {
                            do {
                                try await stores[person % stores.count].write {
                                    try $0.run("INSERT INTO claim (slot_id, person) VALUES (\(slot), \(person))")
                                }
                                won[slot] = person
                            } catch let error as StoreError where error.kind == .unique {
                                continue
                            }
                        }
                        return won
                    }
                }
                var all: [Int: [Int]] = [:]
                for try await won in group { for (slot, person) in won { all[slot, default: []].append(person) } }
                return all
            }
            #expect(winners.count == 10)
            #expect(winners.allSatisfy { $0.value.count == 1 }, "no slot has two winners")
            let kept = try await stores[0].numbers("SELECT person FROM claim ORDER BY slot_id")
            #expect(kept == (0..<10).map { winners[$0]?.first })
        }
    }

    @Test("No more seats are booked than there are, though everybody looks first", arguments: TestEngine.available)
    func seats(engine: TestEngine) async throws {
        try await withStores(engine) { stores throws in
            try await stores[0].write { try $0.run("INSERT INTO slot (id, seats) VALUES (1, 12)") }
            let booked = try await withThrowingTaskGroup(of: Bool.self) { group in
                for person in 0..<32 {
                    group.addTask {
                        try await stores[person % stores.count].write { writer in
                            // Right without a constraint only when transactions are as if one after another.
                            let taken =
                                try writer.value("SELECT count(*) FROM booking WHERE slot_id = 1", as: Int.self) ?? 0
                            let seats = try writer.value("SELECT seats FROM slot WHERE id = 1", as: Int.self) ?? 0
                            guard taken < seats else { return false }
                            try writer.run("INSERT INTO booking (slot_id, person) VALUES (1, \(person))")
                            return true
                        }
                    }
                }
                var count = 0
                for try await isBooked in group where isBooked { count += 1 }
                return count
            }
            #expect(booked == 12)
            #expect(try await stores[0].numbers("SELECT count(*) FROM booking") == [12])
        }
    }
}
