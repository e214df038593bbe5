import Storage
import StorageTestSupport
import Testing

@Suite("SQL is a literal with holes")
struct SQLTests {
    // That a plain String is no SQL cannot be tested, because it does not compile:
    //     let text = "DELETE FROM pet"
    //     try writer.run(text)              cannot convert value of type 'String' to expected argument type 'SQL'

    @Test("A hole becomes a numbered argument and never part of the text")
    func holes() {
        let name = "x'; DROP TABLE pet; --"
        let sql: SQL = "SELECT * FROM pet WHERE name = \(name) AND age > \(3)"
        #expect(sql.text == "SELECT * FROM pet WHERE name = $1 AND age > $2")
        #expect(sql.arguments == [.text(name), .integer(3)])
    }

    @Test("Every kind of value can fill a hole")
    func kinds() {
        enum Species: String, SQLConvertible { case cat }
        let sql: SQL =
            "\("a") \(1) \(Int64(2)) \(0.5) \(true) \([UInt8(7)]) \(Species.cat) \(String?.none) \(Int?.some(4))"
        #expect(
            sql.arguments == [
                .text("a"), .integer(1), .integer(2), .double(0.5), .boolean(true), .bytes([7]), .text("cat"), .null,
                .integer(4)
            ])
    }

    @Test("A fragment keeps its arguments and is numbered on, also past nine")
    func fragments() {
        let ten = SQL.joined((1...10).map { "\($0)" })
        #expect(ten.text == "$1, $2, $3, $4, $5, $6, $7, $8, $9, $10")
        let sql: SQL = "a = \(0) AND b IN (\(ten)) AND c = \("last")"
        #expect(sql.text == "a = $1 AND b IN ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11) AND c = $12")
        #expect(sql.arguments == [.integer(0)] + (1...10).map { .integer($0) } + [.text("last")])
        let twice: SQL = "(\(sql)) OR (\(sql))"
        #expect(twice.text.contains("OR (a = $13 AND b IN ($14, ") && twice.text.hasSuffix("$23) AND c = $24)"))
        #expect(twice.arguments == sql.arguments + sql.arguments)
    }

    @Test("A fragment inside a fragment inside a fragment is numbered on")
    func nestedFragments() {
        let inner: SQL = "x = \(1)"
        let middle: SQL = "y = \(2) AND \(inner)"
        let outer: SQL = "z = \(3) AND \(middle) AND é = \(4)"
        #expect(outer.text == "z = $1 AND y = $2 AND x = $3 AND é = $4")
        #expect(outer.arguments == [.integer(3), .integer(2), .integer(1), .integer(4)])
    }

    @Test("A dollar sign that is no hole stays as it is")
    func dollarSigns() {
        let price: SQL = "note = '$1 or $' AND path = '$.a' AND cost = \(5)"
        let sql: SQL = "a = \(0) AND \(price)"
        #expect(sql.text == "a = $1 AND note = '$1 or $' AND path = '$.a' AND cost = $2")
    }

    @Test("Fragments are joined by a separator")
    func joined() {
        let conditions: [SQL] = ["a = \(1)", "b IS NULL", "c = \(2)"]
        #expect(SQL.joined(conditions, separator: " AND ").text == "a = $1 AND b IS NULL AND c = $2")
        #expect(SQL.joined([], separator: " AND ").text.isEmpty)
    }

    @Test(
        "A list is filled up to a power of two with its last value, so that few statements are prepared",
        arguments: [(1, 1), (2, 2), (3, 4), (4, 4), (5, 8), (9, 16), (1000, 1024)])
    func lists(count: Int, filled: Int) {
        let sql: SQL = "a = \("first") AND id IN \(list: Array(1...count))"
        #expect(sql.arguments.count == filled + 1)
        #expect(sql.arguments.dropFirst(count).allSatisfy { $0 == .integer(Int64(count)) || $0 == .text("first") })
        #expect(sql.text.hasSuffix("$\(filled + 1))"))
        #expect(sql.text.hasPrefix("a = $1 AND id IN ($2"))
    }

    @Test("A very long list is not filled up, because SQLite takes 32,766 arguments")
    func longLists() {
        let sql: SQL = "id IN \(list: Array(1...20_000))"
        #expect(sql.arguments.count == 20_000)
    }

    @Test("An empty list is written so that nothing is in it")
    func emptyList() {
        let sql: SQL = "id IN \(list: [String]())"
        #expect(sql.text == "id IN (NULL)")
        #expect(sql.arguments.isEmpty)
    }

    @Test("Lists of one to forty values find exactly their rows", arguments: TestEngine.available)
    func listsInUse(engine: TestEngine) async throws {
        try await withStore(engine, "CREATE TABLE pet (id BIGINT PRIMARY KEY)") { store throws in
            try await store.write { writer in
                for id in 1...60 { try writer.run("INSERT INTO pet (id) VALUES (\(id))") }
            }
            for count in 0...40 {
                let wanted = Array((0..<count).map { $0 + 15 })
                let found = try await store.read {
                    try $0.values("SELECT id FROM pet WHERE id IN \(list: wanted) ORDER BY id", as: Int.self)
                }
                #expect(found == wanted)
            }
            let none = try await store.read {
                try $0.values("SELECT id FROM pet WHERE id NOT IN \(list: [Int]())", as: Int.self)
            }
            #expect(none.isEmpty, "NOT IN nothing finds nothing, too")
            let many = Array(1...20_000)
            let found = try await store.read {
                try $0.value("SELECT count(*) FROM pet WHERE id IN \(list: many)", as: Int.self)
            }
            #expect(found == 60)
        }
    }

    @Test(
        "A fragment with more than nine holes behind others binds every value where it belongs",
        arguments: TestEngine.available)
    func fragmentsInUse(engine: TestEngine) async throws {
        try await withStore(engine) { store throws in
            let numbers = SQL.joined((1...12).map { "(\($0), CAST(\("v\($0)") AS TEXT))" })
            let found = try await store.read {
                try $0.all(
                    """
                    WITH pair (number, word) AS (VALUES (0, CAST(\("v0") AS TEXT)), \(numbers))
                    SELECT word FROM pair WHERE number >= \(0) ORDER BY number
                    """
                ) { try $0["word"] as String }
            }
            #expect(found == (0...12).map { "v\($0)" })
        }
    }
}
