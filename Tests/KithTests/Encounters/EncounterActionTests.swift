import Kith
import KithTestSupport
import Storage
import Testing

@Suite("Planning contacts and what becomes of them")
struct EncounterActionTests {
    private let held = Encounter.Held(mode: .phone, minutes: 25, functions: [.emotionalSupport, .linkageToCare])

    @Test(
        "From the plan to the first contact, the referral follows and its sender hears", arguments: TestEngine.available
    )
    func firstContact(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await village.pair(sharing: true)
            let cleo = village.cleo.id
            let id = try await village.plan(pair)
            var referral = try await village.referral(of: pair)
            #expect(referral.state == .scheduled)
            #expect(referral.queue == .firstContact)
            let next = try await village.read(as: village.cleo) { try Encounter.next(in: $0) }
            #expect(next?.id == id)

            village.clock.advance(hours: 49)
            try await village.write(as: village.ben) { [held] db in try Encounter.find(id, in: db).done(held, in: db) }
            referral = try await village.referral(of: pair)
            #expect(referral.state == .attended)
            #expect(referral.queue == .support)
            #expect(referral.due == village.clock.now.adding(hours: 336))
            let told = try await village.read(as: village.dana) { db in
                try Referral.findOwn(pair.referral, in: db).told(in: db).map(\.change)
            }
            #expect(told == [.received, .accepted, .firstContact])
            let encounter = try await village.encounter(id)
            #expect(encounter.status == .done)
            #expect(encounter.minutes == 25)
            #expect(encounter.functions == held.functions)
            #expect(!encounter.isProxyEntry)
            let done = try #require(try await village.details(of: .encounterDone).first)
            #expect(done.contains("emotional-support linkage-to-care"))
            #expect(done.contains("25"))
            let subjects = try await village.read(as: village.ana) { db in
                try db.values(
                    "SELECT subject_id FROM event WHERE kind = \(EventKind.encounterDone)", as: Person.ID.self)
            }
            #expect(subjects == [cleo])
        }
    }

    @Test("Every later contact starts the clock of support anew", arguments: TestEngine.available)
    func laterContacts(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await village.pair()
            _ = try await village.meet(pair)
            let first = try #require(try await village.referral(of: pair).due)
            village.clock.advance(days: 3)
            _ = try await village.meet(pair)
            let second = try #require(try await village.referral(of: pair).due)
            #expect(second == village.clock.now.adding(hours: 336))
            #expect(second > first)
        }
    }

    @Test("No answer, then another try, then somebody is there", arguments: TestEngine.available)
    func noAnswer(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await village.pair()
            let first = try await village.plan(pair, in: 1)
            await #expect(throws: Problem.conflict("encounter.not-yet")) {
                try await village.write(as: village.ben) { try Encounter.find(first, in: $0).noAnswer(in: $0) }
            }
            village.clock.advance(hours: 2)
            try await village.write(as: village.ben) { try Encounter.find(first, in: $0).noAnswer(in: $0) }
            #expect(try await village.referral(of: pair).state == .unattended)
            #expect(try await village.referral(of: pair).queue == .firstContact, "the first contact is still due")
            try await village.write(as: village.ben) { [held] db in
                _ = try Encounter.record(held, at: db.now, with: ActiveMatch.find(pair.match, in: db), in: db)
            }
            let steps = try await village.read(as: village.ana) { db in
                try Referral.find(pair.referral, in: db).steps(in: db).map(\.row)
            }
            #expect(steps == [1, 2, 6, 12, 18, 15], "arranged counts before attended")
        }
    }

    @Test("Called off, planned anew, moved", arguments: TestEngine.available)
    func changes(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await village.pair()
            let first = try await village.plan(pair)
            try await village.write(as: village.ben) { try Encounter.find(first, in: $0).cancel(in: $0) }
            #expect(try await village.referral(of: pair).state == .eventCancelled)
            let second = try await village.plan(pair)
            try await village.write(as: village.ben) { db in
                let plan = Encounter.Plan(mode: .inPerson, startsAt: db.now.adding(days: 5), place: " Library ")
                try Encounter.find(second, in: db).reschedule(to: plan, in: db)
            }
            #expect(try await village.referral(of: pair).state == .scheduled)
            let moved = try await village.encounter(second)
            #expect(moved.place == "Library")
            #expect(moved.startsAt == village.clock.now.adding(days: 5))
        }
    }

    @Test("What is settled stays settled", arguments: TestEngine.available)
    func settled(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await village.pair()
            let id = try await village.meet(pair)
            let before = try await village.encounter(id)
            let again: [@Sendable (Encounter, Writing) throws -> Void] = [
                { try $0.cancel(in: $1) }, { try $0.noAnswer(in: $1) },
                { [held] in try $0.done(held, in: $1) },
                { try $0.reschedule(to: .init(mode: .phone, startsAt: $1.now.adding(hours: 5)), in: $1) }
            ]
            for change in again {
                await #expect(throws: Problem.conflict("encounter.already-settled")) {
                    try await village.write(as: village.ben) { try change(Encounter.find(id, in: $0), $0) }
                }
            }
            let after = try await village.encounter(id)
            #expect(after.minutes == before.minutes)
            #expect(after.settledAt == before.settledAt)
        }
    }

    @Test("While the sender asks to stop, contacts are noted and nothing else moves", arguments: TestEngine.available)
    func whileCancelling(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await village.pair()
            try await village.write(as: village.dana) { db in
                try Referral.findOwn(pair.referral, in: db).requestCancellation(because: nil, in: db)
            }
            let before = try await village.referral(of: pair)
            try #require(before.state == .cancellationRequested)
            let id = try await village.meet(pair)
            #expect(try await village.encounter(id).status == .done)
            let after = try await village.referral(of: pair)
            #expect(after.state == .cancellationRequested)
            #expect(after.queue == .cancellation)
            #expect(after.due == before.due)
        }
    }

    @Test("Without a yes to taking part nothing is entered", arguments: TestEngine.available)
    func consent(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await village.pair(calls: false)
            // Behind the back of all that follows a withdrawal, so that the check of each action is what is seen.
            try await village.write(asSystemOf: village.riverside) { [cleo = village.cleo.id] db in
                try db.run("UPDATE consent SET ended_at = \(db.now), ended_by = 'test' WHERE person_id = \(cleo)")
                db.record(Event(.consentTextPublished))
            }
            await #expect(throws: Problem.consentNeeded("take-part")) { try await village.plan(pair) }
            await #expect(throws: Problem.consentNeeded("take-part")) {
                try await village.write(as: village.ben) { [held] db in
                    _ = try Encounter.record(held, at: db.now, with: ActiveMatch.find(pair.match, in: db), in: db)
                }
            }
            try await village.answer(.takePart, yes: true, as: village.cleo)
            await #expect(throws: Problem.consentNeeded("contact-phone")) { try await village.plan(pair, .phone) }
            try await village.plan(pair, .inPerson, place: "Library")
        }
    }

    @Test("A yes taken back calls off what was planned, at once", arguments: TestEngine.available)
    func withdrawal(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await village.pair()
            let (program, cleo) = (village.riverside.program, village.cleo.id)
            let id = try await village.plan(pair)
            try await village.write(as: village.cleo) { db in
                try Consent.withdraw(.takePart, of: cleo, in: program, db: db)
            }
            #expect(try await village.encounter(id).status == .cancelled)
            #expect(try await village.referral(of: pair).state == .eventCancelled)
            #expect(try await village.details(of: .encounterCancelled).first?.contains("consent-withdrawn") == true)
            await #expect(throws: Problem.self) { try await village.plan(pair) }
            await #expect(throws: Problem.consentNeeded("take-part")) {
                try await village.write(as: village.ben) { [held] db in
                    try Encounter.find(id, in: db).done(held, in: db)
                }
            }
            let planned = try await village.read(as: village.ben) { try Encounter.ahead(limit: 30, in: $0) }
            #expect(planned.isEmpty)
        }
    }

    @Test("Saying no after a yes calls off as well", arguments: TestEngine.available)
    func refusal(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await village.pair()
            let id = try await village.plan(pair)
            try await village.answer(.takePart, yes: false, as: village.cleo)
            #expect(try await village.encounter(id).status == .cancelled)
        }
    }

    @Test("When the referral ends, or the two part, nothing stays planned", arguments: TestEngine.available)
    func ends(engine: TestEngine) async throws {
        for parts in [true, false] {
            try await withVillage(engine) { village in
                let pair = try await village.pair()
                let id = try await village.plan(pair)
                if parts {
                    try await village.write(as: village.cleo) { try Match.find(pair.match, in: $0).end(in: $0) }
                } else {
                    try await village.write(as: village.ana) { db in
                        try Referral.find(pair.referral, in: db).close(as: "moved-on", word: nil, in: db)
                    }
                }
                #expect(try await village.encounter(id).status == .cancelled)
                await #expect(throws: Problem.self) { try await village.plan(pair) }
            }
        }
    }
}
