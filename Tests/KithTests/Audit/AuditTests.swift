import Kith
import KithTestSupport
import Storage
import Testing

@Suite("No change without a record")
struct AuditTests {
    @Test("A write that changes rows and records nothing is taken back", arguments: TestEngine.available)
    func structural(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let cleo = village.cleo.id
            func name() async throws -> String? {
                try await village.platform.store.read {
                    try $0.value("SELECT name FROM person WHERE id = \(cleo)", as: String.self)
                }
            }
            @Sendable func rename(_ name: String, _ db: Writing) throws {
                try db.run("UPDATE person SET name = \(name) WHERE id = \(cleo)")
            }
            await #expect(throws: Fault.self) {
                try await village.write(as: village.ana) { try rename("Unrecorded", $0) }
            }
            #expect(try await name() == "Cleo Castro")
            // The premise: the same change with a record stands, and both are there.
            let before = try await village.count("SELECT count(*) FROM event WHERE kind = 'person.completed'")
            try await village.write(as: village.ana) { db in
                try rename("Recorded", db)
                db.record(Event(.personCompleted, about: cleo))
            }
            #expect(try await name() == "Recorded")
            let after = try await village.count("SELECT count(*) FROM event WHERE kind = 'person.completed'")
            #expect(after == before + 1)
            // A write that changes nothing needs no record.
            let changed = try await village.write(as: village.ana) { db in
                try db.run("UPDATE person SET name = 'Nobody' WHERE id = 'nobody'")
            }
            #expect(changed == 0)
        }
    }

    @Test("What fails after it was recorded leaves no record", arguments: TestEngine.available)
    func together(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let cleo = village.cleo.id
            let before = try await village.count("SELECT count(*) FROM event")
            await #expect(throws: Problem.notFound) {
                try await village.write(as: village.ana) { db in
                    try db.run("UPDATE person SET name = 'Half done' WHERE id = \(cleo)")
                    db.record(Event(.personCompleted, about: cleo))
                    throw Problem.notFound
                }
            }
            #expect(try await village.count("SELECT count(*) FROM event") == before)
            #expect(try await village.count("SELECT count(*) FROM person WHERE name = 'Half done'") == 0)
        }
    }
}
