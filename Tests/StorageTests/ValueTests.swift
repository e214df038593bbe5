import Foundation
import Storage
import StorageTestSupport
import Testing

@Suite("Values come back as they went in")
struct ValueTests {
    static let schema: StaticString = """
        CREATE TABLE sample (
          id TEXT PRIMARY KEY, word TEXT, number BIGINT, ratio DOUBLE PRECISION, flag BOOLEAN, blob BYTEA,
          document JSONB)
        """

    @Test("Text keeps every character", arguments: TestEngine.available)
    func text(engine: TestEngine) async throws {
        let texts = [
            "", " ", "O'Brien", "\"quoted\"", "back\\slash", "100 %", "line\nline\r\n\ttab", "$1", "Zoë Müller", "日本語",
            "עברית",
            "👩🏽‍🦽‍➡️", "e\u{301}", "\u{FEFF}bom", "\u{200B}", "\u{1}\u{7F}", "\u{10FFFF}",
            String(repeating: "long ", count: 40_000)
        ]
        // Compared by scalars, because Swift takes “é” and “e” with an accent for the same.
        let back = try await roundTrip(engine, "word", texts).map { Array($0.unicodeScalars) }
        #expect(back == texts.map { Array($0.unicodeScalars) })
    }

    @Test("Whole numbers keep their value to both ends of the range", arguments: TestEngine.available)
    func integer(engine: TestEngine) async throws {
        let numbers: [Int64] = [0, 1, -1, 1 << 53 + 1, .max, .min]
        #expect(try await roundTrip(engine, "number", numbers) == numbers)
    }

    @Test("Fractions keep every bit", arguments: TestEngine.available)
    func double(engine: TestEngine) async throws {
        let numbers: [Double] = [
            0, -0.5, 0.1, 1 / 3, 1e300, -1e-300, .greatestFiniteMagnitude, .leastNonzeroMagnitude, .infinity,
            -.infinity, .pi
        ]
        #expect(try await roundTrip(engine, "ratio", numbers) == numbers)
    }

    @Test("Booleans come back", arguments: TestEngine.available)
    func boolean(engine: TestEngine) async throws {
        #expect(try await roundTrip(engine, "flag", [true, false]) == [true, false])
    }

    @Test("Bytes come back, none, one, every one, and many", arguments: TestEngine.available)
    func bytes(engine: TestEngine) async throws {
        let all: [[UInt8]] = [[], [0], Array(0...255), Array("\\x41".utf8), Array(repeating: 0xA7, count: 300_000)]
        #expect(try await roundTrip(engine, "blob", all) == all)
    }

    @Test("Nothing comes back as nothing, from every type", arguments: TestEngine.available)
    func null(engine: TestEngine) async throws {
        try await withStore(engine, Self.schema) { store throws in
            try await store.write {
                try $0.run(
                    """
                    INSERT INTO sample (id, word, number, ratio, flag, blob, document)
                    VALUES (
                      'x', \(String?.none), \(Int?.none), \(Double?.none), \(Bool?.none), \([UInt8]?.none), \(String?.none))
                    """)
            }
            let nothing = try await store.read {
                try $0.first("SELECT * FROM sample") { row -> [Bool] in
                    [
                        try row["word"] as String? == nil, try row["number"] as Int? == nil,
                        try row["ratio"] as Double? == nil,
                        try row["flag"] as Bool? == nil, try row["blob"] as [UInt8]? == nil,
                        try row["document"] as String? == nil
                    ]
                }
            }
            #expect(nothing == Array(repeating: true, count: 6))
            let found = try await store.read {
                try $0.exists("SELECT id FROM sample WHERE word IS NULL AND number IS NULL AND blob IS NULL")
            }
            #expect(found)
        }
    }

    @Test("Empty text and no bytes are not nothing", arguments: TestEngine.available)
    func empty(engine: TestEngine) async throws {
        try await withStore(engine, Self.schema) { store throws in
            try await store.write {
                try $0.run("INSERT INTO sample (id, word, blob) VALUES (\("x"), \(""), \([UInt8]()))")
            }
            let found = try await store.read {
                try $0.exists("SELECT id FROM sample WHERE word IS NOT NULL AND word = \("") AND blob IS NOT NULL")
            }
            #expect(found)
        }
    }

    @Test(
        "A JSON object or array comes back with the same meaning, though not always the same spaces",
        arguments: TestEngine.available)
    func json(engine: TestEngine) async throws {
        let documents = [
            #"{"name": "Zoë", "age": 4, "tags": ["a", "b"], "none": null, "deep": {"yes": true}}"#, "[1, 2, 3]", "{}"
        ]
        let back = try await roundTrip(engine, "document", documents)
        #expect(try back.map(parsed) == documents.map(parsed))
    }

    @Test("An enum is kept by its raw value, and an unknown one cannot be read", arguments: TestEngine.available)
    func rawValues(engine: TestEngine) async throws {
        enum Species: String, SQLConvertible, SQLDecodable { case cat, dog }
        try await withStore(engine, Self.schema) { store throws in
            try await store.write {
                try $0.run("INSERT INTO sample (id, word) VALUES (\("x"), \(Species.dog)), (\("y"), \("wolf"))")
            }
            let species = try await store.read {
                try $0.value("SELECT word FROM sample WHERE id = 'x'", as: Species.self)
            }
            #expect(species == .dog)
            let error = await #expect(throws: StoreError.self) {
                _ = try await store.read { try $0.value("SELECT word FROM sample WHERE id = 'y'", as: Species.self) }
            }
            #expect(error?.kind == .unreadable)
            #expect(!String(reflecting: error).contains("wolf"))
        }
    }

    @Test(
        "Text with a NUL is refused before it reaches the database, because one engine would cut it short",
        arguments: TestEngine.available)
    func nul(engine: TestEngine) async throws {
        try await expectRefusal(engine, of: "secret\0tail")
        let bytes: [UInt8] = [1, 0, 2]
        #expect(try await roundTrip(engine, "blob", [bytes]) == [bytes], "a byte string may hold a zero")
    }

    @Test("A number that is none is refused, because one engine would store nothing", arguments: TestEngine.available)
    func notANumber(engine: TestEngine) async throws {
        try await expectRefusal(engine, of: Double.nan)
    }

    private func expectRefusal(_ engine: TestEngine, of value: some SQLConvertible & Sendable) async throws {
        try await withStore(engine, Self.schema) { store throws in
            let error = await #expect(throws: StoreError.self) {
                try await store.write {
                    try $0.run("INSERT INTO sample (id, word) VALUES ('x', CAST(\(value) AS TEXT))")
                }
            }
            #expect(error?.kind == .other)
            #expect(!String(reflecting: error).contains("secret"))
            let isKept = try await store.read { try $0.exists("SELECT id FROM sample") }
            #expect(!isKept)
        }
    }

    private func roundTrip<Value: SQLConvertible & SQLDecodable & Sendable>(
        _ engine: TestEngine, _ column: String, _ values: [Value]
    ) async throws -> [Value] {
        let name: SQL =
            switch column {
            case "word": "word"
            case "number": "number"
            case "ratio": "ratio"
            case "flag": "flag"
            case "blob": "blob"
            default: "document"
            }
        return try await withStore(engine, Self.schema) { store throws in
            try await store.write { writer in
                for (index, value) in values.enumerated() {
                    try writer.run("INSERT INTO sample (id, \(name)) VALUES (\("\(100 + index)"), \(value))")
                }
            }
            return try await store.read { try $0.all("SELECT * FROM sample ORDER BY id") { try $0[column] } }
        }
    }

    private func parsed(_ text: String) throws -> NSObject? {
        try JSONSerialization.jsonObject(with: Data(text.utf8)) as? NSObject
    }
}
