import Kith
import KithTestSupport
import Storage
import Testing

@Suite("Who may do what with a note")
struct NoteRightsTests {
    @Test("Who may read it: the two, and supervisors what is signed", arguments: TestEngine.available)
    func readers(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let id = try await village.offeredNote()
            #expect(try await village.note(id, as: village.ben) != nil)
            #expect(try await village.note(id, as: village.cleo) != nil)
            #expect(try await village.note(id, as: village.sam) == nil)
            try await village.answer(id, .agreed, revision: 2)
            try await village.sign(id, revision: 3)
            #expect(try await village.note(id, as: village.sam) != nil)
            #expect(try await village.note(id, as: village.ana) == nil, "coordinators see facts only")
            for stranger in [village.dana, village.bao, village.hillside.supervisor, village.hillside.supporter] {
                await #expect(throws: Problem.notFound) { try await village.note(id, as: stranger) }
            }
            let cleo = village.cleo.id
            let readers = try await village.read(as: village.ana) { db in
                try db.values(
                    "SELECT DISTINCT actor FROM disclosure WHERE subject_id = \(cleo) AND what = \(Disclosure.What.note)",
                    as: String.self)
            }
            #expect(Set(readers) == ["person:\(village.ben.id)", "person:\(village.sam.id)"])
        }
    }

    @Test("Only the supporter writes and signs, only the person answers", arguments: TestEngine.available)
    func roles(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let id = try await village.offeredNote()
            for neighbor in [village.cleo, village.ana, village.sam] {
                await #expect(throws: Problem.notAllowed) {
                    try await village.write(as: neighbor) { db in
                        try Note.write(text: "Mine.", words: nil, on: Encounter.find(id, in: db), revision: 2, in: db)
                    }
                }
            }
            for neighbor in [village.ben, village.ana, village.sam] {
                await #expect(throws: Problem.notAllowed) {
                    try await village.write(as: neighbor) { db in
                        try Note.answer(.agreed, on: Encounter.find(id, in: db), revision: 2, in: db)
                    }
                }
            }
        }
    }

    @Test("After a yes was taken back nothing new is written", arguments: TestEngine.available)
    func withdrawal(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let id = try await village.offeredNote()
            try await village.leave(village.cleo)
            await #expect(throws: Problem.consentNeeded("take-part")) {
                try await village.write(id, "More.", words: nil, revision: 2)
            }
            await #expect(throws: Problem.conflict("note.settled-without")) {
                try await village.answer(id, .agreed, revision: 2)
            }
        }
    }

    @Test("What the person agreed to before can still be signed", arguments: TestEngine.available)
    func agreedBefore(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let id = try await village.offeredNote()
            try await village.answer(id, .agreed, revision: 2)
            try await village.leave(village.cleo)
            #expect(try await village.orphans(of: Encounter.feature).isEmpty)
            try await village.sign(id, revision: 3)
            #expect(try await village.note(id, as: village.sam)?.state == .signed)
        }
    }

    @Test("No note before the contact took place", arguments: TestEngine.available)
    func tooEarly(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await village.pair()
            let id = try await village.plan(pair)
            await #expect(throws: Problem.conflict("note.no-contact-yet")) {
                try await village.write(id, "We will speak.", words: nil, revision: 0)
            }
        }
    }
}
