import Storage
import StorageTestSupport
import Testing

/// The right column of `docs/portable-sql.md`: what differs, that it does, and the spelling that works on both.
@Suite("Where the engines differ, one spelling works on both")
struct DifferentAnswerTests {
    @Test("Booleans are read as booleans, however the engine spells them", arguments: TestEngine.available)
    func booleans(engine: TestEngine) async throws {
        try await PetShop.open(engine) { store throws in
            #expect(
                try await store.flags("SELECT is_tame FROM pet ORDER BY id") == [true, true, false, true, false, true])
            #expect(try await store.flags("SELECT count(*) > \(5) FROM pet") == [true])
            #expect(try await store.flags("SELECT EXISTS (SELECT 1 FROM pet WHERE id = \(7))") == [false])
            #expect(try await store.numbers("SELECT id FROM pet WHERE NOT is_tame ORDER BY id") == [3, 5])
            #expect(
                try await store.numbers("SELECT id FROM pet WHERE is_tame = \(false) AND is_tame IS FALSE ORDER BY id")
                    == [3, 5])
            try await store.write { try $0.run("UPDATE pet SET is_tame = NOT is_tame WHERE id < 3") }
            #expect(try await store.flags("SELECT is_tame FROM pet WHERE id < 3") == [false, false])
        }
    }

    @Test("LIKE on lower() ignores the case of ASCII letters, and of no others", arguments: TestEngine.available)
    func like(engine: TestEngine) async throws {
        try await PetShop.open(engine) { store throws in
            let plain = try await store.numbers("SELECT id FROM pet WHERE name LIKE \("rex") ORDER BY id")
            #expect(plain == (engine == .sqlite ? [2, 3] : [3]), "this is the difference")
            #expect(
                try await store.numbers("SELECT id FROM pet WHERE lower(name) LIKE lower(\("REX")) ORDER BY id") == [
                    2, 3
                ])
            #expect(try await store.numbers("SELECT id FROM pet WHERE lower(name) LIKE lower(\("émile"))") == [])
            #expect(try await store.numbers("SELECT id FROM pet WHERE name LIKE \("%0\\%%\\_") ESCAPE '\\'") == [6])
        }
    }

    @Test("A hole that stands alone gets its type from CAST", arguments: TestEngine.available)
    func untypedHoles(engine: TestEngine) async throws {
        try await PetShop.open(engine) { store throws in
            let filter: String? = nil
            #expect(await store.understands("SELECT id FROM pet WHERE \(filter) IS NULL") == (engine == .sqlite))
            let all = "SELECT count(*) FROM pet WHERE CAST(\(filter) AS TEXT) IS NULL OR name = \(filter)" as SQL
            #expect(try await store.numbers(all) == [6])
            #expect(try await store.numbers("SELECT CAST(\(5) AS BIGINT)") == [5])
        }
    }

    @Test("sum is cast to BIGINT and avg to DOUBLE PRECISION", arguments: TestEngine.available)
    func sums(engine: TestEngine) async throws {
        try await PetShop.open(engine) { store throws in
            #expect(try await store.numbers("SELECT CAST(sum(grams) AS BIGINT) FROM pet") == [25500])
            #expect(try await store.numbers("SELECT CAST(sum(grams) AS BIGINT) FROM pet WHERE id > 99") == [nil])
            let mean = "SELECT CAST(avg(grams) AS DOUBLE PRECISION) FROM pet WHERE id IN (3, 5)" as SQL
            let average = try await store.read { try $0.value(mean, as: Double.self) }
            #expect(average == 600)
            let half = try await store.read { try $0.value("SELECT sum(id) / 2 FROM pet", as: Double.self) }
            #expect(half == (engine == .sqlite ? 10 : 10.5), "this is the difference")
            #expect(try await store.numbers("SELECT CAST(sum(id) AS BIGINT) / 2 FROM pet") == [10])
        }
    }

    @Test("Joining texts and the greatest of two values have no common word", arguments: TestEngine.available)
    func onlyOneKnows(engine: TestEngine) async throws {
        try await PetShop.open(engine) { store throws in
            #expect(await store.understands("SELECT string_agg(name, ',') FROM pet") == (engine == .postgres))
            #expect(await store.understands("SELECT group_concat(name, ',') FROM pet") == (engine == .sqlite))
            #expect(await store.understands("SELECT greatest(1, 2)") == (engine == .postgres))
            #expect(await store.understands("SELECT max(1, 2)") == (engine == .sqlite))
            #expect(
                try await store.numbers(
                    "SELECT CASE WHEN grams > \(1000) THEN grams ELSE 1000 END FROM pet WHERE id = 3") == [1000])
        }
    }

    @Test("The time is bound, because now() is not known to both", arguments: TestEngine.available)
    func time(engine: TestEngine) async throws {
        try await PetShop.open(engine) { store throws in
            #expect(await store.understands("SELECT now()") == (engine == .postgres))
            let earlier =
                "SELECT 1 WHERE \("2026-11-21T09:59:59.999Z") < CAST(\("2026-11-21T10:00:00.000Z") AS TEXT)" as SQL
            #expect(try await store.numbers(earlier) == [1])
        }
    }

    @Test("Rows are locked by nothing in the common text", arguments: TestEngine.available)
    func rowLocks(engine: TestEngine) async throws {
        try await PetShop.open(engine) { store throws in
            let locked = try? await store.write { try $0.exists("SELECT id FROM pet FOR UPDATE SKIP LOCKED") }
            #expect(locked == (engine == .postgres ? true : nil))
        }
    }

    @Test("Without NULLS FIRST or LAST the engines disagree", arguments: TestEngine.available)
    func nulls(engine: TestEngine) async throws {
        try await PetShop.open(engine) { store throws in
            let first = try await store.numbers("SELECT grams FROM pet ORDER BY grams LIMIT 1")
            #expect(first == (engine == .sqlite ? [nil] : [300]), "this is the difference")
        }
    }

    @Test("Nothing is divided by zero", arguments: TestEngine.available)
    func division(engine: TestEngine) async throws {
        try await PetShop.open(engine) { store throws in
            #expect(await store.understands("SELECT 1 / (grams - 300) FROM pet WHERE id = 5") == (engine == .sqlite))
            #expect(try await store.numbers("SELECT 1 / nullif(grams - 300, 0) FROM pet WHERE id = 5") == [nil])
        }
    }

    @Test("A field of a JSON object that is no text is read through CAST", arguments: TestEngine.available)
    func jsonNumbers(engine: TestEngine) async throws {
        try await PetShop.open(engine) { store throws in
            let asText = try? await store.texts("SELECT facts ->> 'age' FROM pet WHERE id = 1")
            #expect(asText == (engine == .sqlite ? nil : ["4"]), "this is the difference")
            #expect(try await store.numbers("SELECT CAST(facts ->> 'age' AS BIGINT) FROM pet WHERE id = 1") == [4])
        }
    }

    @Test(
        "Only PostgreSQL refuses text in a column of numbers; CHECK does not help, types in Swift do",
        arguments: TestEngine.available)
    func wrongTypes(engine: TestEngine) async throws {
        try await PetShop.open(engine) { store throws in
            let isTaken = try? await store.write { try $0.run("UPDATE pet SET grams = \("heavy") WHERE id = 1") }
            #expect((isTaken != nil) == (engine == .sqlite), "this is the difference")
            guard isTaken != nil else { return }
            let error = await #expect(throws: StoreError.self) {
                try await store.numbers("SELECT grams FROM pet WHERE id = 1")
            }
            #expect(error?.kind == .unreadable, "and what slipped in is never read as 0")
        }
    }
}
