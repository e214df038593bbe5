import Storage
import StorageTestSupport

/// A small world for questions about SQL: owners and their pets.
enum PetShop {
    static let schema: StaticString = """
        CREATE TABLE owner (id TEXT PRIMARY KEY, name TEXT NOT NULL);
        CREATE TABLE pet (
          id BIGINT PRIMARY KEY,
          owner_id TEXT REFERENCES owner (id) ON DELETE CASCADE,
          name TEXT NOT NULL,
          grams BIGINT CHECK (grams > 0),
          is_tame BOOLEAN NOT NULL DEFAULT TRUE,
          score DOUBLE PRECISION,
          facts JSONB
        );
        CREATE INDEX pet_owner ON pet (owner_id);
        """

    /// Runs `body` with a store that has three owners and six pets.
    @discardableResult
    static func open<T: Sendable>(_ engine: TestEngine, _ body: (Store) async throws -> T) async throws -> T {
        try await withStore(engine, schema) { store in
            try await store.write { writer in
                try writer.run("INSERT INTO owner (id, name) VALUES ('a', 'Ana'), ('b', 'Ben'), ('c', 'Cleo')")
                try writer.run(
                    """
                    INSERT INTO pet (id, owner_id, name, grams, is_tame, score, facts) VALUES
                      (1, 'a', 'Minka', 4000, \(true), 0.5, '{"kind": "cat", "age": 4, "home": {"room": "kitchen"}}'),
                      (2, 'a', 'Rex', 20000, \(true), 0.25, '{"kind": "dog", "age": 9}'),
                      (3, 'b', 'rex', 900, \(false), 1.5, '{"kind": "ferret"}'),
                      (4, 'b', 'Émile', NULL, \(true), NULL, NULL),
                      (5, NULL, 'Zorro', 300, \(false), 2, '{"kind": "rat", "age": null}'),
                      (6, NULL, '100% Bob_', 300, \(true), 2, '{}')
                    """)
            }
            return try await body(store)
        }
    }
}

extension Store {
    /// The first column, as text.
    func texts(_ sql: SQL) async throws -> [String?] { try await read { try $0.values(sql, as: String?.self) } }

    /// The first column, as whole numbers.
    func numbers(_ sql: SQL) async throws -> [Int?] { try await read { try $0.values(sql, as: Int?.self) } }

    /// The first column, as yes and no.
    func flags(_ sql: SQL) async throws -> [Bool?] { try await read { try $0.values(sql, as: Bool?.self) } }

    /// Whether the engine understands the statement at all.
    func understands(_ sql: SQL) async -> Bool {
        do {
            _ = try await read { try $0.all(sql) { _ in } }
            return true
        } catch {
            return false
        }
    }
}
