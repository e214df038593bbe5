import Kith
import KithTestSupport
import Testing

@Suite("A referral during contacts")
struct EncounterWalkTests {
    @Test("Whatever happens in whatever order, it never leaves its table, and never loses queue, owner or clock")
    func walk() async throws {
        for seed in UInt64(1)...12 {
            try await withVillage(seed: seed) { village in
                var random = SeededGenerator(seed: seed)
                let pair = try await village.pair()
                var ids: [Encounter.ID] = []
                var settled = 0
                for step in 0..<30 {
                    let act = Int.random(in: 0..<100, using: &random)
                    let id = ids.randomElement(using: &random)
                    let before = try await village.referral(of: pair)
                    do {
                        if let new = try await self.step(act, id, pair, village, &random) { ids.append(new) }
                        settled += 1
                    } catch is Problem {
                        let after = try await village.referral(of: pair)
                        #expect(
                            after.revision == before.revision, "a refusal changes nothing; seed \(seed) step \(step)")
                    }
                    let referral = try await village.referral(of: pair)
                    #expect(
                        referral.queue != nil && referral.owner != nil && referral.due != nil,
                        "seed \(seed) step \(step)")
                    if referral.state == .cancellationRequested { #expect(referral.queue == .cancellation) }
                    village.clock.advance(hours: Int.random(in: 0...30, using: &random))
                }
                #expect(settled > 10, "the walk does something; seed \(seed)")
                try await self.checkSteps(of: pair, village, seed)
            }
        }
    }

    /// One random thing that a supporter, a coordinator or the sender does.
    private func step(
        _ act: Int, _ id: Encounter.ID?, _ pair: SupportPair, _ village: Village, _ random: inout SeededGenerator
    ) async throws -> Encounter.ID? {
        let neighbor = Bool.random(using: &random) ? village.ben : village.ana
        let hours = Int.random(in: -5...60, using: &random)
        let held = Encounter.Held(
            mode: .phone, minutes: Int.random(in: 0...90, using: &random),
            functions: Set(Encounter.Function.allCases.filter { _ in Bool.random(using: &random) }))
        switch act {
        case 0..<30:
            return try await village.plan(pair, in: hours, as: neighbor)
        case 30..<40:
            return try await village.write(as: neighbor) { db in
                try Encounter.record(
                    held, at: db.now.adding(hours: min(0, hours)), with: ActiveMatch.find(pair.match, in: db), in: db)
            }
        case 99:
            try await village.write(as: village.dana) { db in
                try Referral.findOwn(pair.referral, in: db).requestCancellation(because: nil, in: db)
            }
        default:
            guard let id else { return nil }
            try await village.write(as: neighbor) { db in
                let encounter = try Encounter.find(id, in: db)
                switch act {
                case 40..<60: try encounter.done(held, in: db)
                case 60..<75: try encounter.noAnswer(in: db)
                case 75..<85: try encounter.cancel(in: db)
                default:
                    try encounter.reschedule(
                        to: .init(mode: .phone, startsAt: db.now.adding(hours: hours)), in: db)
                }
            }
        }
        return nil
    }

    /// Each step begins where the one before ended, by a row of the table.
    private func checkSteps(of pair: SupportPair, _ village: Village, _ seed: UInt64) async throws {
        let steps = try await village.read(as: village.ana) { db in
            try Referral.find(pair.referral, in: db).steps(in: db)
        }
        #expect(steps.count > 4, "seed \(seed)")
        var state = ReferralState.draft
        for step in steps {
            let row = try #require(ReferralState.transitions.first { $0.row == step.row }, "seed \(seed)")
            #expect(row.from == state, "row \(row.row) begins elsewhere; seed \(seed)")
            #expect(row.to == step.state, "seed \(seed)")
            state = row.to
        }
        #expect(try await village.referral(of: pair).state == state, "seed \(seed)")
    }
}
