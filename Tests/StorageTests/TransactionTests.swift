import Storage
import StorageTestSupport
import Synchronization
import Testing

@Suite("A closure is one transaction")
struct TransactionTests {
    private struct Refused: Error {}

    @Test("What a closure wrote is there for the next one", arguments: TestEngine.available)
    func kept(engine: TestEngine) async throws {
        try await PetShop.open(engine) { store throws in
            let id = try await store.write { writer in
                try writer.run("INSERT INTO owner (id, name) VALUES ('d', 'Dee')")
                return try writer.value("SELECT id FROM owner WHERE name = 'Dee'", as: String.self)
            }
            #expect(id == "d", "a writer sees what it has written")
            #expect(try await store.texts("SELECT id FROM owner WHERE name = 'Dee'") == ["d"])
        }
    }

    @Test("Nothing of a closure that throws is kept", arguments: TestEngine.available)
    func thrown(engine: TestEngine) async throws {
        try await PetShop.open(engine) { store throws in
            await #expect(throws: Refused.self) {
                try await store.write { writer in
                    try writer.run("DELETE FROM pet")
                    try writer.run("UPDATE owner SET name = 'x'")
                    throw Refused()
                }
            }
            #expect(try await store.numbers("SELECT count(*) FROM pet") == [6])
            #expect(try await store.texts("SELECT name FROM owner ORDER BY id") == ["Ana", "Ben", "Cleo"])
        }
    }

    @Test(
        "A closure whose statement failed has failed, even if it goes on, and its first error is told",
        arguments: TestEngine.available)
    func swallowed(engine: TestEngine) async throws {
        try await PetShop.open(engine) { store throws in
            let error = await #expect(throws: StoreError.self) {
                try await store.write { writer in
                    try writer.run("DELETE FROM pet")
                    _ = try? writer.run("INSERT INTO owner (id, name) VALUES ('a', 'Again')")
                    _ = try? writer.run("INSERT INTO owner (id, name) VALUES ('z', 'Zoë')")
                }
            }
            #expect(error?.kind == .unique)
            #expect(try await store.numbers("SELECT count(*) FROM pet") == [6])
            #expect(try await store.numbers("SELECT count(*) FROM owner") == [3])
        }
    }

    @Test("A closure may answer a failed statement with an error of its own", arguments: TestEngine.available)
    func translated(engine: TestEngine) async throws {
        try await PetShop.open(engine) { store throws in
            await #expect(throws: Refused.self) {
                try await store.write { writer in
                    do {
                        try writer.run("INSERT INTO owner (id, name) VALUES ('a', 'Again')")
                    } catch let error as StoreError where error.kind == .unique {
                        throw Refused()
                    }
                }
            }
        }
    }

    @Test("A read whose statement failed has failed, even if it goes on", arguments: TestEngine.available)
    func failedRead(engine: TestEngine) async throws {
        try await PetShop.open(engine) { store throws in
            let later = Mutex<Int?>(0)
            let error = await #expect(throws: StoreError.self) {
                try await store.read { reader in
                    _ = try? reader.value("SELECT count(*) FROM unknown", as: Int.self)
                    later.withLock { $0 = try? reader.value("SELECT count(*) FROM pet", as: Int.self) }
                }
            }
            #expect(error?.kind == .other)
            #expect(later.withLock { $0 } == nil, "nothing more is asked")
            #expect(try await store.numbers("SELECT count(*) FROM pet") == [6], "the next read is a new one")
        }
    }

    @Test("A row that cannot be decoded fails nothing else", arguments: TestEngine.available)
    func undecodable(engine: TestEngine) async throws {
        try await PetShop.open(engine) { store throws in
            try await store.write { writer in
                _ = try? writer.value("SELECT name FROM pet", as: Int.self)
                try writer.run("DELETE FROM pet WHERE id = 1")
            }
            #expect(try await store.numbers("SELECT count(*) FROM pet") == [5])
        }
    }

    @Test(
        "What was written by a statement whose rows could not be decoded is undone with the closure",
        arguments: TestEngine.available)
    func undecodableWrite(engine: TestEngine) async throws {
        try await PetShop.open(engine) { store throws in
            let writes = (0..<20).map { index in
                Task {
                    try await store.write { writer in
                        if index.isMultiple(of: 2) {
                            _ = try writer.value(
                                "INSERT INTO owner (id, name) VALUES (\("x\(index)"), 'X') RETURNING name", as: Int.self
                            )
                        } else {
                            try writer.run("INSERT INTO owner (id, name) VALUES (\("y\(index)"), 'Y')")
                        }
                    }
                }
            }
            for write in writes { _ = await write.result }
            #expect(try await store.texts("SELECT DISTINCT name FROM owner WHERE id > 'd'") == ["Y"])
        }
    }

    @Test("A read cannot write", arguments: TestEngine.available)
    func readOnly(engine: TestEngine) async throws {
        try await PetShop.open(engine) { store throws in
            let error = await #expect(throws: StoreError.self) {
                try await store.read { try $0.values("DELETE FROM pet RETURNING id", as: Int.self) }
            }
            #expect(error?.kind == .other)
            #expect(try await store.numbers("SELECT count(*) FROM pet") == [6])
        }
    }

    @Test("A read sees nothing that is committed while it runs", arguments: TestEngine.available)
    func snapshot(engine: TestEngine) async throws {
        try await PetShop.open(engine) { store throws in
            let (before, after) = try await store.read { reader in
                let before = try reader.value("SELECT count(*) FROM pet", as: Int.self)
                waitForWrite(to: store)
                return (before, try reader.value("SELECT count(*) FROM pet", as: Int.self))
            }
            #expect(try await store.numbers("SELECT count(*) FROM pet") == [0], "the write did happen")
            #expect(before == 6 && after == 6)
        }
    }

    /// Blocks the reading thread until another has emptied the shop.
    private func waitForWrite(to store: Store) {
        let done = Signal()
        Task.detached {
            try await store.write { try $0.run("DELETE FROM pet") }
            done.give()
        }
        done.wait()
    }

    @Test("Statements are counted, in reads and in writes", arguments: TestEngine.available)
    func statements(engine: TestEngine) async throws {
        try await PetShop.open(engine) { store throws in
            let read = try await store.read { reader in
                _ = try reader.exists("SELECT 1")
                _ = try reader.all("SELECT id FROM pet") { _ in }
                return reader.statements
            }
            let written = try await store.write { writer in
                try writer.run("DELETE FROM pet")
                _ = try writer.exists("SELECT id FROM pet")
                try writer.run("DELETE FROM owner")
                return writer.statements
            }
            #expect(read == 2)
            #expect(written == 3)
        }
    }

    @Test("Changed rows are counted, without those that a foreign key takes along", arguments: TestEngine.available)
    func rowsChanged(engine: TestEngine) async throws {
        try await PetShop.open(engine) { store throws in
            let counts = try await store.write { writer in
                _ = try writer.all("SELECT id FROM pet") { _ in }
                var counts = [writer.rowsChanged]
                counts.append(try writer.run("INSERT INTO owner (id, name) VALUES ('d', 'Dee'), ('e', 'Eva')"))
                counts.append(try writer.run("UPDATE owner SET name = 'nobody' WHERE id = 'unknown'"))
                counts.append(try writer.run("UPDATE pet SET grams = 1"))
                counts.append(try writer.run("CREATE TABLE other (id TEXT)"))
                _ = try writer.all("INSERT INTO other (id) VALUES ('1'), ('2'), ('3') RETURNING id") { _ in }
                counts.append(try writer.run("DELETE FROM owner WHERE id = 'a'"))
                counts.append(
                    try writer.run(
                        "WITH old (id) AS (SELECT id FROM pet) DELETE FROM pet WHERE id IN (SELECT id FROM old)"))
                counts.append(try writer.run("DROP TABLE other"))
                return counts + [writer.rowsChanged]
            }
            #expect(counts == [0, 2, 0, 6, 0, 1, 4, 0, 16])
        }
    }
}
