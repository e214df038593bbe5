import Kith
import KithTestSupport
import Testing

@Suite("A referral's way")
struct ReferralActionTests {
    private func refer(_ village: Village, _ name: String = "Nora North") async throws -> Referral {
        let (program, dana) = (village.riverside.program, village.dana.id)
        return try await village.write(as: village.dana) { db in
            let draft = ReferralDraft(
                program: program, who: .new(PersonDraft(name: name)), origin: .referrer, referrer: dana,
                reason: "Caring for her mother")
            return try Referral.open(draft, of: db.organization, in: db)
        }
    }

    @Test("It has an owner, a queue and a clock from its first moment", arguments: TestEngine.available)
    func opens(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let referral = try await refer(village)
            #expect(referral.queue == .intake)
            #expect(referral.owner == village.ana.id)
            #expect(referral.due == village.clock.now.adding(hours: 24))
            #expect(referral.state == .received)
        }
    }

    @Test("Accepting tells the referrer and starts the next clock", arguments: TestEngine.available)
    func accept(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let referral = try await refer(village)
            try await village.write(as: village.ana) { try Referral.find(referral.id, in: $0).accept(in: $0) }
            let (now, told) = try await village.read(as: village.ana) { db in
                let found = try Referral.find(referral.id, in: db)
                return (found, try found.told(in: db).map(\.change))
            }
            #expect(now.queue == .consent)
            #expect(now.state == .accepted)
            #expect(told == [.received, .accepted])
        }
    }

    @Test("Next door finds nothing", arguments: TestEngine.available)
    func nextDoor(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let referral = try await refer(village)
            let hana = village.hillside.coordinator
            _ = try await village.read(as: village.ana) { try Referral.find(referral.id, in: $0) }
            await #expect(throws: Problem.notFound) {
                try await village.read(as: hana) { try Referral.find(referral.id, in: $0) }
            }
        }
    }

    @Test("The board shows it", arguments: TestEngine.available)
    func board(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            _ = try await refer(village)
            let value = try await village.read(as: village.ana) { db in
                _ = try BoardScreen(queue: nil, after: nil, in: db)
                return db.statements
            }
            // Its own, one for all that may be late, and one for what no query alone can tell.
            #expect(value <= 5)
        }
    }
}
