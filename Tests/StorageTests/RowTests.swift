import Storage
import StorageTestSupport
import Testing

@Suite("A row that does not hold what the program expects says so", .timeLimit(.minutes(35)))
struct RowTests {
    /// Runs `body` with one row that has one column of every type.
    private func withRow(_ engine: TestEngine, _ body: (OneRow) async throws -> Void) async throws {
        try await withStore(engine, "CREATE TABLE pet (is_tame BOOLEAN, blob BYTEA)") { store throws in
            try await store.write { try $0.run("INSERT INTO pet (is_tame, blob) VALUES (\(true), \([UInt8(1)]))") }
            try await body(OneRow(store: store))
        }
    }

    private struct OneRow {
        let store: Store

        func read<T: Sendable>(_ decode: @escaping @Sendable (Row) throws -> T) async throws -> T? {
            try await store.read {
                try $0.first(
                    """
                    SELECT CAST('1' AS TEXT) AS word, CAST(7 AS BIGINT) AS number,
                      CAST(0.5 AS DOUBLE PRECISION) AS ratio, is_tame AS flag, blob, CAST(NULL AS TEXT) AS gap
                    FROM pet
                    """, decode)
            }
        }

        func expectUnreadable<T: Sendable>(_ place: String, _ decode: @escaping @Sendable (Row) throws -> T) async {
            let error = await #expect(throws: StoreError.self) { _ = try await read(decode) }
            #expect(error?.kind == .unreadable)
            #expect(error?.place == place)
        }
    }

    @Test("Columns are read by name or by number", arguments: TestEngine.available)
    func columns(engine: TestEngine) async throws {
        try await withRow(engine) { row throws in
            let values = try await row.read {
                (try $0["word"] as String, try $0["number"] as Int, try $0[at: 2] as Double, try $0["flag"] as Bool)
            }
            #expect(try #require(values) == ("1", 7, 0.5, true))
        }
    }

    @Test("A column that is not there is named", arguments: TestEngine.available)
    func missingColumn(engine: TestEngine) async throws {
        try await withRow(engine) { row throws in
            await row.expectUnreadable("no column wings") { try $0["wings"] as String }
            await row.expectUnreadable("no column 6") { try $0[at: 6] as String }
            await row.expectUnreadable("no column -1") { try $0[at: -1] as String }
        }
    }

    @Test("Nothing is not an empty text, zero or false", arguments: TestEngine.available)
    func nothing(engine: TestEngine) async throws {
        try await withRow(engine) { row throws in
            await row.expectUnreadable("column gap as text") { try $0["gap"] as String }
            await row.expectUnreadable("column gap as integer") { try $0["gap"] as Int }
            await row.expectUnreadable("column gap as double") { try $0["gap"] as Double }
            await row.expectUnreadable("column gap as bytes") { try $0["gap"] as [UInt8] }
            let value = try await row.read { try $0["gap"] as Bool? }
            #expect(value == .some(nil))
        }
    }

    @Test("Text is no number, no boolean and no bytes, and the other way round", arguments: TestEngine.available)
    func wrongTypes(engine: TestEngine) async throws {
        try await withRow(engine) { row throws in
            await row.expectUnreadable("column word as integer") { try $0["word"] as Int }
            await row.expectUnreadable("column word as double") { try $0["word"] as Double }
            await row.expectUnreadable("column word as bytes") { try $0["word"] as [UInt8] }
            await row.expectUnreadable("column number as text") { try $0["number"] as String }
            await row.expectUnreadable("column number as bytes") { try $0["number"] as [UInt8] }
            await row.expectUnreadable("column number as boolean") { try $0["number"] as Bool }
            await row.expectUnreadable("column ratio as integer") { try $0["ratio"] as Int }
            await row.expectUnreadable("column flag as text") { try $0["flag"] as String }
            await row.expectUnreadable("column blob as text") { try $0["blob"] as String }
        }
    }

    @Test("A whole number can be read as a fraction", arguments: TestEngine.available)
    func widening(engine: TestEngine) async throws {
        try await withRow(engine) { row throws in
            let value = try await row.read { try $0["number"] as Double }
            #expect(value == 7)
        }
    }

    @Test("all decodes every row in order, first only one, exists none", arguments: TestEngine.available)
    func amounts(engine: TestEngine) async throws {
        try await PetShop.open(engine) { store throws in
            let (all, first, none, found) = try await store.read { reader in
                (
                    try reader.all("SELECT id, name FROM pet ORDER BY id") { try $0["id"] as Int },
                    // The second row could not be decoded so.
                    try reader.first(
                        "SELECT CASE WHEN id = 3 THEN NULL ELSE name END AS name FROM pet WHERE id > 1 ORDER BY id"
                    ) {
                        try $0["name"] as String
                    },
                    try reader.first("SELECT id FROM pet WHERE id = 99") { try $0["id"] as Int },
                    try reader.exists("SELECT id FROM pet WHERE id = 1")
                )
            }
            #expect(all == [1, 2, 3, 4, 5, 6])
            #expect(first == "Rex")
            #expect(none == nil)
            #expect(found)
        }
    }

    @Test(
        "A query can be asked again, the same too, while the rows of another are being read",
        arguments: TestEngine.available)
    func nested(engine: TestEngine) async throws {
        try await PetShop.open(engine) { store throws in
            let names = try await store.read { reader in
                func pets(_ id: Int) throws -> [[Int]] {
                    try reader.all("SELECT id FROM pet WHERE id > \(id) AND id <= 3 ORDER BY id") { row throws in
                        let next = try row["id"] as Int
                        return [next] + (try pets(next).flatMap { $0 })
                    }
                }
                return try pets(0)
            }
            #expect(names == [[1, 2, 3, 3], [2, 3], [3]])
        }
    }
}
