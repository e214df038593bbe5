import Kith
import KithTestSupport
import Storage
import Testing

@Suite("A note written together")
struct NoteActionTests {
    @Test("Written, offered, agreed, signed; with the person's own words apart", arguments: TestEngine.available)
    func agreed(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await village.pair()
            let id = try await village.meet(pair)
            #expect(try await village.read(as: village.ben) { try Note.unfinished(in: $0).map(\.state) } == [nil])
            try await village.write(id, "We spoke about nights.", words: "I slept at last.", revision: 0)
            #expect(try await village.note(id, as: village.cleo) == nil, "a draft is the supporter's alone")
            try await village.offer(id, revision: 1)
            let offered = try await village.read(as: village.cleo) { try Note.offered(in: $0).map(\.id) }
            #expect(offered == [id])
            let seen = try #require(try await village.note(id, as: village.cleo))
            #expect(seen.text == "We spoke about nights.")
            #expect(seen.personsWords == "I slept at last.")
            try await village.answer(id, .agreed, revision: 2)
            try await village.sign(id, revision: 3)
            let note = try #require(try await village.note(id, as: village.sam))
            #expect(note.state == .signed)
            #expect(note.answer == .agreed)
            #expect(note.signedAt == village.clock.now)
            #expect(try await village.read(as: village.ben) { try Note.unfinished(in: $0) }.isEmpty)
            #expect(try await village.details(of: .noteAnswered).first?.contains("agreed") == true)
            for kind in [EventKind.noteWritten, .noteOffered, .noteAnswered, .noteSigned] {
                let details = try await village.details(of: kind)
                #expect(details.count == 1)
                #expect(details.allSatisfy { !$0.contains("nights") && !$0.contains("slept") }, "a log holds no words")
            }
        }
    }

    @Test("The person changes their own words and never the supporter's", arguments: TestEngine.available)
    func changed(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let id = try await village.offeredNote()
            await #expect(throws: Problem.invalid("words", "nothing-changed")) {
                try await village.answer(id, .changed(words: " I slept at last. ", disagreement: " "), revision: 2)
            }
            try await village.answer(
                id, .changed(words: "I slept a little.", disagreement: "We spoke about mornings."), revision: 2)
            let note = try #require(try await village.note(id, as: village.ben))
            #expect(note.text == "We spoke about nights.")
            #expect(note.personsWords == "I slept a little.")
            #expect(note.disagreement == "We spoke about mornings.")
            #expect(note.wordsAreTheirs)
            await #expect(throws: Problem.conflict("note.words-are-theirs")) {
                try await village.write(id, "We spoke about mornings.", words: "I slept.", revision: 3)
            }
            // The supporter may put their own text right; then the person is asked again.
            try await village.write(id, "We spoke about mornings.", words: nil, revision: 3)
            let again = try #require(try await village.note(id, as: village.ben))
            #expect(again.state == .draft && again.answer == nil)
            #expect(again.personsWords == "I slept a little.")
            #expect(again.disagreement == "We spoke about mornings.", "it stands until they answer anew")
            await #expect(throws: Problem.conflict("note.not-now")) { try await village.sign(id, revision: 4) }
            try await village.offer(id, revision: 4)
            try await village.answer(id, .agreed, revision: 5)
            #expect(try await village.note(id, as: village.ben)?.disagreement == nil)
            try await village.sign(id, revision: 6)
        }
    }

    @Test("Nothing is signed before the person had their say", arguments: TestEngine.available)
    func unanswered(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await village.pair()
            let id = try await village.meet(pair)
            await #expect(throws: Problem.conflict("note.not-now")) { try await village.sign(id, revision: 0) }
            try await village.write(id, "We spoke.", words: nil, revision: 0)
            await #expect(throws: Problem.conflict("note.not-now")) { try await village.sign(id, revision: 1) }
            try await village.offer(id, revision: 1)
            await #expect(throws: Problem.conflict("note.not-now")) { try await village.sign(id, revision: 2) }
            try await village.answer(id, .agreed, revision: 2)
            try await village.sign(id, revision: 3)
        }
    }

    @Test("A note that the person does not want is finished and never signed", arguments: TestEngine.available)
    func declined(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let id = try await village.offeredNote()
            #expect(try await village.read(as: village.ben) { try Note.unfinished(in: $0).count } == 1)
            try await village.answer(id, .declined, revision: 2)
            await #expect(throws: Problem.conflict("note.declined")) { try await village.sign(id, revision: 3) }
            #expect(try await village.note(id, as: village.ben)?.state == .answered)
            #expect(try await village.note(id, as: village.sam) == nil, "no supervisor reads it")
            #expect(try await village.read(as: village.ben) { try Note.unfinished(in: $0) }.isEmpty)
            #expect(try await village.encounter(id).due == nil)
            // Nor behind the back of the rule.
            await #expect(throws: StoreError.self) {
                try await village.write(asSystemOf: village.riverside) { db in
                    try db.run("UPDATE note SET state = 'signed', signed_at = \(db.now) WHERE encounter_id = \(id)")
                    db.record(Event(.noteSigned))
                }
            }
            // What is written anew waits for them anew.
            try await village.write(id, "Something else.", words: nil, revision: 3)
            #expect(try await village.encounter(id).due != nil)
            try await village.offer(id, revision: 4)
            try await village.answer(id, .agreed, revision: 5)
            try await village.sign(id, revision: 6)
            #expect(try await village.note(id, as: village.sam) != nil)
        }
    }

    @Test("Somebody who cannot be asked is noted with a reason", arguments: TestEngine.available)
    func notReachable(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await village.pair()
            let id = try await village.meet(pair)
            try await village.write(id, "We spoke.", words: nil, revision: 0)
            await #expect(throws: Problem.invalid("reason", "required")) {
                try await village.write(as: village.ben) { db in
                    try Note.recordNotReachable(because: " ", on: Encounter.find(id, in: db), revision: 1, in: db)
                }
            }
            try await village.write(as: village.ben) { db in
                try Note.recordNotReachable(because: "Moved away", on: Encounter.find(id, in: db), revision: 1, in: db)
            }
            try await village.sign(id, revision: 2)
            let note = try #require(try await village.note(id, as: village.ben))
            #expect(note.answer == .notReachable)
            #expect(note.reason == "Moved away")
        }
    }

    @Test("A stale form changes nothing, whoever sends it", arguments: TestEngine.available)
    func lostUpdates(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await village.pair()
            let id = try await village.meet(pair)
            try await village.write(id, "First.", words: nil, revision: 0)
            await #expect(throws: Problem.conflict("note.changed-meanwhile")) {
                try await village.write(id, "From another tab.", words: nil, revision: 0)
            }
            try await village.write(id, "Second.", words: nil, revision: 1)
            await #expect(throws: Problem.conflict("note.changed-meanwhile")) {
                try await village.write(id, "From another tab.", words: nil, revision: 1)
            }
            await #expect(throws: Problem.conflict("note.changed-meanwhile")) {
                try await village.offer(id, revision: 1)
            }
            try await village.offer(id, revision: 2)
            try await village.write(id, "Third, while they read.", words: nil, revision: 3)
            await #expect(throws: Problem.conflict("note.changed-meanwhile")) {
                try await village.answer(id, .agreed, revision: 3)
            }
            #expect(try await village.note(id, as: village.ben)?.text == "Third, while they read.")
        }
    }

    @Test("Nothing changes a signed note, by any way and whoever tries", arguments: TestEngine.available)
    func immutable(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let id = try await village.offeredNote()
            try await village.answer(id, .agreed, revision: 2)
            try await village.sign(id, revision: 3)
            let before = try await village.noteRow(id)
            let ways: [(String, @Sendable (Encounter, Int, Writing) throws -> Void)] = [
                ("write", { try Note.write(text: "Other.", words: "Other.", on: $0, revision: $1, in: $2) }),
                ("write their words", { try Note.write(text: "Other.", words: nil, on: $0, revision: $1, in: $2) }),
                ("offer", { try Note.offer(on: $0, revision: $1, in: $2) }),
                ("agree", { try Note.answer(.agreed, on: $0, revision: $1, in: $2) }),
                ("decline", { try Note.answer(.declined, on: $0, revision: $1, in: $2) }),
                (
                    "change",
                    { try Note.answer(.changed(words: "Other.", disagreement: "No."), on: $0, revision: $1, in: $2) }
                ),
                ("not reachable", { try Note.recordNotReachable(because: "Gone", on: $0, revision: $1, in: $2) }),
                ("sign", { try Note.sign(on: $0, revision: $1, in: $2) })
            ]
            for (name, way) in ways {
                for revision in 0...5 {
                    for neighbor in [village.ben, village.cleo, village.ana, village.sam] {
                        await #expect(throws: Problem.self, "\(name) at revision \(revision)") {
                            try await village.write(as: neighbor) { db in
                                try way(Encounter.find(id, in: db), revision, db)
                            }
                        }
                    }
                }
            }
            #expect(try await village.noteRow(id) == before)
        }
    }

    @Test("Both may add to a signed note, with a reason", arguments: TestEngine.available)
    func addenda(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let id = try await village.offeredNote()
            await #expect(throws: Problem.conflict("note.not-now")) {
                try await village.add(id, "Too early.", as: village.ben)
            }
            try await village.answer(id, .agreed, revision: 2)
            try await village.sign(id, revision: 3)
            let before = try await village.noteRow(id)
            try await village.add(id, "It was Tuesday.", as: village.ben)
            try await village.add(id, "And I was glad.", as: village.cleo)
            for neighbor in [village.ana, village.sam] {
                await #expect(throws: Problem.notAllowed) { try await village.add(id, "Mine.", as: neighbor) }
            }
            await #expect(throws: Problem.self) {
                try await village.write(as: village.ben) { db in
                    try Note.add("No reason.", because: " ", to: Encounter.find(id, in: db), in: db)
                }
            }
            let added = try await village.read(as: village.sam) { db in
                try Note.addenda(on: Encounter.find(id, in: db), in: db)
            }
            #expect(added.map(\.text) == ["It was Tuesday.", "And I was glad."])
            #expect(added.map(\.author) == [village.ben.id, village.cleo.id])
            #expect(try await village.noteRow(id) == before)
        }
    }
}
