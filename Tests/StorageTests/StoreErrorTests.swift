import Foundation
import Storage
import StorageTestSupport
import Testing

@Suite("What the database refuses is named without the values")
struct StoreErrorTests {
    private static let schema: StaticString = """
        CREATE TABLE person (
          id TEXT PRIMARY KEY, email TEXT CONSTRAINT person_email_key UNIQUE, name TEXT NOT NULL,
          age BIGINT, CONSTRAINT person_age_check CHECK (age < 150));
        CREATE UNIQUE INDEX person_name ON person (lower(name));
        CREATE TABLE note (
          id BIGINT PRIMARY KEY, person_id TEXT CONSTRAINT note_person_id_fkey REFERENCES person (id));
        INSERT INTO person (id, email, name) VALUES ('p1', 'secret-value@example.org', 'secret-value');
        """

    private func expect(
        _ engine: TestEngine, _ statement: SQL, _ kind: StoreError.Kind, sqlite: String?, postgres: String?
    ) async throws {
        try await withStore(engine, Self.schema) { store throws in
            let error = await #expect(throws: StoreError.self) { try await store.write { try $0.run(statement) } }
            #expect(error?.kind == kind)
            #expect(error?.place == (engine == .sqlite ? sqlite : postgres))
            #expect(error?.code.isEmpty == false)
            #expect(error?.statement == statement.text)
            for text in [
                "\(error as Any)", String(reflecting: error), String(describing: error),
                error?.localizedDescription ?? ""
            ] {
                #expect(!text.contains("secret-value"))
            }
            #expect(error?.debugDescription.contains(statement.text) == true, "the operator sees the statement")
            #expect(error?.description.contains("person") == false, "a stranger does not")
        }
    }

    @Test("A value that is taken", arguments: TestEngine.available)
    func unique(engine: TestEngine) async throws {
        try await expect(
            engine, "INSERT INTO person (id, email, name) VALUES ('p2', \("secret-value@example.org"), 'x')", .unique,
            sqlite: "person.email", postgres: "person_email_key")
    }

    @Test("A key that is taken", arguments: TestEngine.available)
    func primaryKey(engine: TestEngine) async throws {
        try await expect(
            engine, "INSERT INTO person (id, name) VALUES (\("p1"), \("secret-value 2"))", .unique,
            sqlite: "person.id", postgres: "person_pkey")
    }

    @Test("An expression that is taken", arguments: TestEngine.available)
    func uniqueIndex(engine: TestEngine) async throws {
        try await expect(
            engine, "INSERT INTO person (id, name) VALUES ('p2', \("SECRET-VALUE".lowercased()))", .unique,
            sqlite: "index 'person_name'", postgres: "person_name")
    }

    @Test("Somebody who is not there", arguments: TestEngine.available)
    func foreignKey(engine: TestEngine) async throws {
        try await expect(
            engine, "INSERT INTO note (id, person_id) VALUES (1, \("secret-value"))", .foreignKey,
            sqlite: nil, postgres: "note_person_id_fkey")
    }

    @Test("A value that may not be", arguments: TestEngine.available)
    func check(engine: TestEngine) async throws {
        try await expect(
            engine, "UPDATE person SET age = \(200), name = \("secret-value")", .check,
            sqlite: "person_age_check", postgres: "person_age_check")
    }

    @Test("A value that is missing", arguments: TestEngine.available)
    func notNull(engine: TestEngine) async throws {
        try await expect(
            engine, "INSERT INTO person (id, email, name) VALUES ('p2', \("secret-value"), \(String?.none))", .notNull,
            sqlite: "person.name", postgres: "name")
    }

    @Test("A statement that makes no sense", arguments: TestEngine.available)
    func nonsense(engine: TestEngine) async throws {
        try await expect(
            engine, "INSERT INTO person (id, unknown) VALUES ('p2', \("secret-value"))", .other, sqlite: nil,
            postgres: nil)
    }

    @Test("Holes that were not made by interpolation", arguments: TestEngine.available)
    func typedHoles(engine: TestEngine) async throws {
        try await withStore(engine, Self.schema) { store throws in
            let error = await #expect(throws: StoreError.self) {
                try await store.write { try $0.run("UPDATE person SET name = $1") }
            }
            #expect(error?.kind == .other)
            #expect(try await store.texts("SELECT name FROM person") == ["secret-value"])
        }
    }
}
