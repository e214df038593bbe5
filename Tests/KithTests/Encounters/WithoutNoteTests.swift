import Kith
import KithTestSupport
import Storage
import Testing

@Suite("Contacts that get no note")
struct WithoutNoteTests {
    private let held = Encounter.Held(mode: .phone, minutes: 25, functions: [.emotionalSupport])

    private func everything(forgottenIn village: Village) async throws -> [String: [String]] {
        try await village.orphans(of: Encounter.feature)
    }

    @Test(
        "When a yes ends, what has no note is settled, and it says who, when and why", arguments: TestEngine.available)
    func consentEnded(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await village.pair()
            let (unwritten, drafted) = (try await village.meet(pair), try await village.meet(pair))
            try await village.write(drafted, "We spoke.", words: nil, revision: 0)
            let declined = try await village.meet(pair)
            try await village.write(declined, "We spoke.", words: nil, revision: 0)
            try await village.offer(declined, revision: 1)
            try await village.answer(declined, .declined, revision: 2)
            #expect(try await village.read(as: village.ben) { try Note.unfinished(in: $0).count } == 2)
            village.clock.advance(minutes: 5)
            try await village.leave(village.cleo)
            for id in [unwritten, drafted] {
                let encounter = try await village.encounter(id)
                let without = try #require(encounter.withoutNote)
                #expect(without.reason == .consentEnded)
                #expect(without.by == "person:\(village.cleo.id)")
                #expect(without.at == village.clock.now)
                #expect(encounter.due == nil)
                await #expect(throws: Problem.consentNeeded("take-part")) {
                    try await village.write(id, "More.", words: nil, revision: 1)
                }
            }
            #expect(try await village.encounter(declined).withoutNote == nil, "it was finished")
            #expect(try await village.read(as: village.ben) { try Note.unfinished(in: $0) }.isEmpty)
            #expect(try await village.details(of: .encounterWithoutNote).allSatisfy { $0.contains("consent-ended") })
            village.clock.advance(days: 400)
            #expect(try await everything(forgottenIn: village).isEmpty)
            // A new yes does not bring back what was closed.
            try await village.answer(.takePart, yes: true, as: village.cleo)
            await #expect(throws: Problem.conflict("note.settled-without")) {
                try await village.write(unwritten, "Late.", words: nil, revision: 0)
            }
            try await village.browsing { browser in
                for neighbor in [village.ben, village.cleo] {
                    let page = try await browser(neighbor).get("/encounters/\(unwritten)")
                    #expect(page.text.contains("There is no note. Taking part had ended."))
                    #expect(!page.text.contains("name=\"text\""))
                }
            }
        }
    }

    @Test("What was past when a yes ended can still be told, and gets no note", arguments: TestEngine.available)
    func pastVisit(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await village.pair()
            let id = try await village.plan(pair, in: 1)
            village.clock.advance(hours: 3)
            try await village.leave(village.cleo)
            #expect(try await village.encounter(id).status == .planned)
            let before = try await village.referral(of: pair)
            try await village.write(as: village.ben) { [held] db in try Encounter.find(id, in: db).done(held, in: db) }
            let encounter = try await village.encounter(id)
            #expect(encounter.status == .done)
            #expect(encounter.withoutNote?.reason == .consentEnded)
            let after = try await village.referral(of: pair)
            #expect(after.state == before.state && after.queue == .consent, "what goes on is not what was")
            #expect(try await everything(forgottenIn: village).isEmpty)
        }
    }

    @Test("A visit that happened stays one when the two part or the referral ends", arguments: TestEngine.available)
    func parted(engine: TestEngine) async throws {
        for parts in [true, false] {
            try await withVillage(engine) { village in
                let pair = try await village.pair()
                let (past, missed) = (try await village.plan(pair, in: 1), try await village.plan(pair, in: 2))
                let ahead = try await village.plan(pair, in: 60)
                village.clock.advance(hours: 3)
                if parts {
                    try await village.write(as: village.cleo) { try Match.find(pair.match, in: $0).end(in: $0) }
                } else {
                    try await village.write(as: village.ana) { db in
                        try Referral.find(pair.referral, in: db).close(as: "moved-on", word: nil, in: db)
                    }
                }
                #expect(try await village.encounter(ahead).status == .cancelled)
                #expect(try await village.encounter(past).status == .planned)
                let before = try await village.referral(of: pair)
                try await village.write(as: village.ben) { [held] db in
                    try Encounter.find(missed, in: db).noAnswer(in: db)
                    try Encounter.find(past, in: db).done(held, in: db)
                }
                #expect(try await village.encounter(past).status == .done)
                #expect(try await village.referral(of: pair).revision == before.revision, "the referral has moved on")
                // They agreed to take part, so the note is written and signed as ever.
                try await village.write(past, "We said goodbye.", words: nil, revision: 0)
                try await village.offer(past, revision: 1)
                try await village.answer(past, .agreed, revision: 2)
                try await village.sign(past, revision: 3)
                #expect(try await everything(forgottenIn: village).isEmpty)
            }
        }
    }

    @Test("Nothing waits for the pen of a supporter who left", arguments: TestEngine.available)
    func supporterLeft(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await village.pair()
            let (drafted, past) = (try await village.meet(pair), try await village.plan(pair, in: 1))
            try await village.write(drafted, "We spoke.", words: nil, revision: 0)
            let ahead = try await village.plan(pair, in: 60)
            village.clock.advance(hours: 3)
            let (program, ben) = (village.riverside.program, village.ben.id)
            try await village.write(as: village.ada) { try Person.end(.supporter, in: program, of: ben, in: $0) }
            let (first, second, third) = try await village.read(as: village.ana) { db in
                (
                    try Encounter.find(drafted, in: db), try Encounter.find(ahead, in: db),
                    try Encounter.find(past, in: db)
                )
            }
            #expect(first.withoutNote?.reason == .supporterLeft)
            #expect(second.status == .cancelled)
            #expect(third.status == .planned, "a coordinator tells for them what became of it")
            try await village.write(as: village.ana) { [held] db in
                try Encounter.find(past, in: db).done(held, in: db)
            }
            let told = try await village.read(as: village.ana) { try Encounter.find(past, in: $0) }
            #expect(told.withoutNote?.reason == .supporterLeft)
            #expect(try await everything(forgottenIn: village).isEmpty)
        }
    }
}
