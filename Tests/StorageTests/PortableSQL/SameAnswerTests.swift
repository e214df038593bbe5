import Storage
import StorageTestSupport
import Testing

/// The left column of `docs/portable-sql.md`: one text, one answer.
@Suite("The same statement gives the same answer on both engines")
struct SameAnswerTests {
    @Test("INSERT of several rows, with RETURNING", arguments: TestEngine.available)
    func insertReturning(engine: TestEngine) async throws {
        try await PetShop.open(engine) { store throws in
            let made = try await store.write {
                try $0.all(
                    "INSERT INTO owner (id, name) VALUES (\("d"), \("Dee")), (\("e"), \("Eva")) RETURNING id, name"
                ) {
                    "\(try $0["id"] as String) \(try $0["name"] as String)"
                }
            }
            #expect(made.sorted() == ["d Dee", "e Eva"])
            let changed = try await store.write {
                try $0.values(
                    "UPDATE owner SET name = name || '!' WHERE id IN ('d', 'e') RETURNING name", as: String.self)
            }
            #expect(changed.sorted() == ["Dee!", "Eva!"])
            let gone = try await store.write {
                try $0.values("DELETE FROM owner WHERE id >= 'd' RETURNING id", as: String.self)
            }
            #expect(gone.sorted() == ["d", "e"])
            #expect(try await store.texts("SELECT id FROM owner ORDER BY id") == ["a", "b", "c"])
        }
    }

    @Test("INSERT from SELECT", arguments: TestEngine.available)
    func insertSelect(engine: TestEngine) async throws {
        try await PetShop.open(engine) { store throws in
            try await store.write {
                try $0.run("INSERT INTO owner (id, name) SELECT CAST(id AS TEXT), name FROM pet WHERE owner_id IS NULL")
            }
            #expect(try await store.texts("SELECT id FROM owner ORDER BY id") == ["5", "6", "a", "b", "c"])
        }
    }

    @Test("ON CONFLICT DO UPDATE with excluded, and DO NOTHING", arguments: TestEngine.available)
    func upsert(engine: TestEngine) async throws {
        try await PetShop.open(engine) { store throws in
            let changed = try await store.write { writer in
                [
                    try writer.run(
                        """
                        INSERT INTO owner (id, name) VALUES (\("a"), \("Anna")), (\("d"), \("Dee"))
                        ON CONFLICT (id) DO UPDATE SET name = excluded.name
                        """),
                    try writer.run("INSERT INTO owner (id, name) VALUES (\("a"), \("No")) ON CONFLICT (id) DO NOTHING"),
                    try writer.run(
                        """
                        INSERT INTO owner (id, name) VALUES (\("b"), \("No"))
                        ON CONFLICT (id) DO UPDATE SET name = excluded.name WHERE owner.name = 'Nobody'
                        """)
                ]
            }
            #expect(changed == [2, 0, 0])
            #expect(try await store.texts("SELECT name FROM owner ORDER BY id") == ["Anna", "Ben", "Cleo", "Dee"])
        }
    }

    @Test("Partial unique indexes, also as the target of ON CONFLICT", arguments: TestEngine.available)
    func partialUniqueIndex(engine: TestEngine) async throws {
        let schema: StaticString = """
            CREATE TABLE stay (id BIGINT PRIMARY KEY, pet TEXT NOT NULL, ended_at TEXT);
            CREATE UNIQUE INDEX stay_open ON stay (pet) WHERE ended_at IS NULL;
            """
        try await withStore(engine, schema) { store in
            try await store.write { writer in
                try writer.run(
                    """
                    INSERT INTO stay (id, pet, ended_at)
                    VALUES (1, 'rex', 'monday'), (2, 'rex', 'tuesday'), (3, 'rex', NULL)
                    """)
                try writer.run(
                    "INSERT INTO stay (id, pet) VALUES (4, 'rex') ON CONFLICT (pet) WHERE ended_at IS NULL DO NOTHING")
            }
            #expect(try await store.numbers("SELECT id FROM stay ORDER BY id") == [1, 2, 3])
            let error = await #expect(throws: StoreError.self) {
                try await store.write { try $0.run("INSERT INTO stay (id, pet) VALUES (5, 'rex')") }
            }
            #expect(error?.kind == .unique)
        }
    }

    @Test("Foreign keys that cascade, and CHECK", arguments: TestEngine.available)
    func constraints(engine: TestEngine) async throws {
        try await PetShop.open(engine) { store throws in
            try await store.write { try $0.run("DELETE FROM owner WHERE id = 'a'") }
            #expect(try await store.numbers("SELECT id FROM pet ORDER BY id") == [3, 4, 5, 6])
            let error = await #expect(throws: StoreError.self) {
                try await store.write { try $0.run("UPDATE pet SET grams = 0 WHERE id = 3") }
            }
            #expect(error?.kind == .check)
        }
    }

    @Test("ADD, RENAME and DROP COLUMN, and an index on lower(x)", arguments: TestEngine.available)
    func alterTable(engine: TestEngine) async throws {
        try await withDatabase(engine) { database in
            let store = try database.open()
            var steps = [Migration("1", PetShop.schema)]
            _ = try await store.migrate(steps, at: "now")
            try await store.write { try $0.run("INSERT INTO owner (id, name) VALUES ('a', 'Ana')") }
            // Asked for before and after, so that a statement prepared for the old columns would be noticed.
            let columns = "SELECT * FROM owner" as SQL
            let before = try await store.read { try $0.first(columns) { try $0["name"] as String } }
            #expect(before == "Ana")
            steps.append(
                Migration(
                    "2",
                    """
                    ALTER TABLE owner ADD COLUMN town TEXT NOT NULL DEFAULT 'Rome';
                    ALTER TABLE owner RENAME COLUMN name TO full_name;
                    ALTER TABLE pet DROP COLUMN score;
                    ALTER TABLE pet RENAME TO animal;
                    CREATE UNIQUE INDEX owner_name ON owner (lower(full_name));
                    DROP INDEX pet_owner;
                    """))
            _ = try await store.migrate(steps, at: "later")
            for _ in 1...8 {  // on every connection
                let row = try await store.read {
                    try $0.first(columns) { "\(try $0["full_name"] as String) \(try $0["town"] as String)" }
                }
                #expect(row == "Ana Rome")
            }
            let error = await #expect(throws: StoreError.self) {
                try await store.write { try $0.run("INSERT INTO owner (id, full_name) VALUES ('b', 'ANA')") }
            }
            #expect(error?.kind == .unique)
            #expect(await store.understands("SELECT score FROM animal") == false)
        }
    }

    @Test("Recursive queries", arguments: TestEngine.available)
    func recursion(engine: TestEngine) async throws {
        try await PetShop.open(engine) { store throws in
            let sum = try await store.numbers(
                """
                WITH RECURSIVE step (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM step WHERE n < \(100))
                SELECT CAST(sum(n) AS BIGINT) FROM step
                """)
            #expect(sum == [5050])
        }
    }

    @Test("Window functions", arguments: TestEngine.available)
    func windows(engine: TestEngine) async throws {
        try await PetShop.open(engine) { store throws in
            let ranks = try await store.numbers(
                """
                SELECT row_number() OVER (PARTITION BY owner_id ORDER BY id DESC)
                FROM pet WHERE owner_id IS NOT NULL ORDER BY id
                """)
            #expect(ranks == [2, 1, 2, 1])
            let before = try await store.texts("SELECT lag(name) OVER (ORDER BY id) FROM pet ORDER BY id LIMIT 2")
            #expect(before == [nil, "Minka"])
            let totals = try await store.numbers(
                "SELECT CAST(sum(grams) OVER (ORDER BY id) AS BIGINT) FROM pet ORDER BY id")
            #expect(totals == [4000, 24000, 24900, 24900, 25200, 25500])
        }
    }

    @Test("count with FILTER, GROUP BY, HAVING and count of distinct values", arguments: TestEngine.available)
    func counting(engine: TestEngine) async throws {
        try await PetShop.open(engine) { store throws in
            #expect(try await store.numbers("SELECT count(*) FILTER (WHERE is_tame) FROM pet") == [4])
            #expect(try await store.numbers("SELECT count(DISTINCT grams) FROM pet") == [4])
            let owners = try await store.texts(
                """
                SELECT owner_id FROM pet WHERE owner_id IS NOT NULL
                GROUP BY owner_id HAVING count(*) > \(1) ORDER BY owner_id
                """)
            #expect(owners == ["a", "b"])
        }
    }

    @Test("NULLS FIRST and NULLS LAST", arguments: TestEngine.available)
    func nulls(engine: TestEngine) async throws {
        try await PetShop.open(engine) { store throws in
            #expect(
                try await store.numbers("SELECT id FROM pet ORDER BY grams DESC NULLS LAST, id") == [2, 1, 3, 5, 6, 4])
            #expect(try await store.numbers("SELECT id FROM pet ORDER BY grams NULLS FIRST, id") == [4, 5, 6, 3, 1, 2])
        }
    }

    @Test("Row values, for pages after a key", arguments: TestEngine.available)
    func keyset(engine: TestEngine) async throws {
        try await PetShop.open(engine) { store throws in
            let page = try await store.numbers(
                "SELECT id FROM pet WHERE (grams, id) < (\(4000), \(1)) ORDER BY grams DESC, id DESC LIMIT \(2)")
            #expect(page == [3, 6])
            let next = try await store.numbers(
                """
                SELECT id FROM pet WHERE (grams, id) < (\(300), \(6))
                ORDER BY grams DESC, id DESC LIMIT \(2) OFFSET \(0)
                """)
            #expect(next == [5])
        }
    }

    @Test("UPDATE … FROM", arguments: TestEngine.available)
    func updateFrom(engine: TestEngine) async throws {
        try await PetShop.open(engine) { store throws in
            let changed = try await store.write {
                try $0.run(
                    "UPDATE pet SET name = owner.name || '/' || pet.name FROM owner WHERE owner.id = pet.owner_id")
            }
            #expect(changed == 4)
            #expect(
                try await store.texts("SELECT name FROM pet WHERE id IN (1, 5) ORDER BY id") == ["Ana/Minka", "Zorro"])
        }
    }

    @Test("IS NOT DISTINCT FROM", arguments: TestEngine.available)
    func notDistinct(engine: TestEngine) async throws {
        try await PetShop.open(engine) { store throws in
            let nobody: String? = nil
            #expect(
                try await store.numbers("SELECT id FROM pet WHERE owner_id IS NOT DISTINCT FROM \(nobody) ORDER BY id")
                    == [5, 6])
            #expect(
                try await store.numbers("SELECT id FROM pet WHERE owner_id IS DISTINCT FROM \("a") ORDER BY id") == [
                    3, 4, 5, 6
                ])
        }
    }

    @Test("->> finds the text of a JSON object's field", arguments: TestEngine.available)
    func jsonFields(engine: TestEngine) async throws {
        try await PetShop.open(engine) { store throws in
            let kinds = try await store.texts("SELECT facts ->> 'kind' FROM pet ORDER BY id")
            #expect(kinds == ["cat", "dog", "ferret", nil, "rat", nil])
            #expect(try await store.texts("SELECT facts -> 'home' ->> 'room' FROM pet WHERE id = 1") == ["kitchen"])
            #expect(try await store.numbers("SELECT id FROM pet WHERE facts ->> 'kind' = \("dog")") == [2])
            let ages = try await store.numbers("SELECT CAST(facts ->> 'age' AS BIGINT) FROM pet ORDER BY id")
            #expect(ages == [4, 9, nil, nil, nil, nil])
        }
    }

    @Test("UNION, INTERSECT, EXCEPT, EXISTS and outer joins", arguments: TestEngine.available)
    func sets(engine: TestEngine) async throws {
        try await PetShop.open(engine) { store throws in
            #expect(try await store.numbers("SELECT id FROM pet WHERE id < 3 UNION SELECT 2 ORDER BY 1") == [1, 2])
            #expect(try await store.numbers("SELECT id FROM pet INTERSECT SELECT 2") == [2])
            #expect(try await store.numbers("SELECT id FROM pet EXCEPT SELECT id FROM pet WHERE id > 1") == [1])
            let lonely =
                "SELECT id FROM owner WHERE NOT EXISTS (SELECT 1 FROM pet WHERE pet.owner_id = owner.id)" as SQL
            #expect(try await store.texts(lonely) == ["c"])
            let counts: SQL = """
                SELECT count(pet.id) FROM owner LEFT JOIN pet ON pet.owner_id = owner.id
                GROUP BY owner.id ORDER BY owner.id
                """
            #expect(try await store.numbers(counts) == [2, 2, 0])
        }
    }

    @Test(
        "CASE, coalesce, nullif, abs, length, substr, trim, replace and whole-number division",
        arguments: TestEngine.available)
    func functions(engine: TestEngine) async throws {
        try await PetShop.open(engine) { store throws in
            let names: SQL = """
                SELECT CASE WHEN grams > 1000 THEN 'big' WHEN grams IS NULL THEN 'unknown' ELSE 'small' END
                FROM pet ORDER BY id
                """
            #expect(try await store.texts(names) == ["big", "big", "small", "unknown", "small", "small"])
            #expect(try await store.numbers("SELECT coalesce(grams, \(0)) FROM pet WHERE id = 4") == [0])
            #expect(try await store.numbers("SELECT nullif(grams, \(300)) FROM pet WHERE id = 5") == [nil])
            #expect(
                try await store.numbers("SELECT length(name) FROM pet WHERE id = 4") == [5], "characters, not bytes")
            #expect(try await store.texts("SELECT substr(name, 2, 3) FROM pet WHERE id = 4") == ["mil"])
            #expect(try await store.texts("SELECT trim('  a b ') || replace('aXb', 'X', '-')") == ["a ba-b"])
            #expect(
                try await store.numbers("SELECT -7 / 2 UNION ALL SELECT -7 % 2 UNION ALL SELECT abs(-7)") == [-3, -1, 7]
            )
        }
    }

    @Test("Text sorts by its bytes", arguments: TestEngine.available)
    func order(engine: TestEngine) async throws {
        try await PetShop.open(engine) { store throws in
            let names = try await store.texts("SELECT name FROM pet ORDER BY name")
            #expect(names == ["100% Bob_", "Minka", "Rex", "Zorro", "rex", "Émile"])
            #expect(try await store.numbers("SELECT id FROM pet WHERE name > \("Z") ORDER BY name") == [5, 3, 4])
        }
    }

    @Test("Quotes and backslashes in a literal mean the same", arguments: TestEngine.available)
    func literals(engine: TestEngine) async throws {
        try await PetShop.open(engine) { store throws in
            #expect(try await store.texts("SELECT 'it''s \\n a \\ $1'") == ["it's \\n a \\ $1"])
        }
    }
}
