import Kith
import KithTestSupport
import Storage
import Testing

@Suite("A match's way")
struct MatchActionTests {
    @Test("Two yeses begin the support", arguments: TestEngine.available)
    func twoYes(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.enroll(village.ben)
            let referral = try await village.readyReferral(of: village.cleo)
            let match = try await village.propose(village.ben.id, for: referral)
            #expect(match.status == .proposed)
            #expect(match.weightsVersion == 1)
            #expect(match.points > 0)
            let asked = try await village.now(referral)
            #expect(asked.queue == .answers)
            #expect(asked.due == village.clock.now.adding(hours: 72))
            for (neighbor, side) in [(village.cleo, Match.Side.participant), (village.ben, .supporter)] {
                try await village.write(as: neighbor) { db in
                    try Match.find(match.id, in: db).answer(.yes, for: side, in: db)
                }
            }
            let now = try await village.now(match)
            #expect(now.status == .active)
            #expect(now.startedAt == village.clock.now)
            #expect(try await village.now(referral).queue == .firstContact)
            let (object, subject) = (match.id.text, village.cleo.id)
            let told = try await village.write(asSystemOf: village.riverside) { db in
                try db.exists(
                    """
                    SELECT 1 FROM event WHERE kind = \(EventKind.matchStarted) AND object_id = \(object)
                    AND subject_id = \(subject)
                    """)
            }
            #expect(told)
            #expect(try await village.orphans() == [])
        }
    }

    @Test("A no goes to the next, and never back", arguments: TestEngine.available, Match.Side.allCases)
    func no(engine: TestEngine, side: Match.Side) async throws {
        try await withVillage(engine) { village in
            try await village.enroll(village.ben)
            try await village.enroll(village.bao)
            let referral = try await village.readyReferral(of: village.cleo)
            let first = try #require(try await village.suggestions(for: referral).best.first).supporter.person
            let match = try await village.propose(first, for: referral)
            try await village.answer(.yes, to: match, for: side == .participant ? .supporter : .participant)
            try await village.answer(.no, to: match, for: side)
            #expect(try await village.now(match).status == .declined)
            #expect(try await village.now(referral).queue == .matching)
            let next = try await village.suggestions(for: referral)
            #expect(next.best.count == 1)
            #expect(next.best.first?.supporter.person != first)
            #expect(next.excluded.map(\.obstacles) == [[.notForThisPerson]])
            await #expect(throws: Problem.conflict("match.not-possible")) {
                _ = try await village.propose(first, for: referral)
            }
            #expect(try await village.orphans() == [])
        }
    }

    @Test("Each answers for themselves; for a supporter nobody else does", arguments: TestEngine.available)
    func ownAnswers(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.enroll(village.ben)
            let referral = try await village.readyReferral(of: village.cleo)
            let match = try await village.propose(village.ben.id, for: referral)
            let wrong: [(Village.Neighbor, Match.Side)] = [
                (village.cleo, .supporter), (village.ben, .participant), (village.ana, .supporter),
                // Cleo has an account and answers there.
                (village.ana, .participant)
            ]
            for (neighbor, side) in wrong {
                await #expect(throws: Problem.notAllowed) {
                    try await village.write(as: neighbor) { db in
                        try Match.find(match.id, in: db).answer(.yes, for: side, in: db)
                    }
                }
            }
            for stranger in [village.cyrus, village.bao, village.dana, village.hillside.coordinator] {
                await #expect(throws: Problem.notFound) {
                    _ = try await village.read(as: stranger) { try Match.find(match.id, in: $0) }
                }
            }
        }
    }

    @Test("A coordinator notes what somebody without an account said on the phone", arguments: TestEngine.available)
    func onThePhone(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.enroll(village.ben)
            let referral = try await village.readyReferral()
            let match = try await village.propose(village.ben.id, for: referral)
            try await village.write(as: village.ana) { db in
                try Match.find(match.id, in: db).answer(.yes, for: .participant, in: db)
            }
            let (id, ana) = (match.id, village.ana.id)
            let by = try await village.write(asSystemOf: village.riverside) { db in
                try db.value("SELECT answered_by FROM match_answer WHERE match_id = \(id)", as: String.self)
            }
            #expect(by == "person:\(ana)")
            try await village.answer(.yes, to: match, for: .supporter)
            #expect(try await village.now(match).status == .active)
        }
    }

    @Test(
        "A yes may become a no until the other has answered; the same answer twice is one",
        arguments: TestEngine.available)
    func changedMind(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.enroll(village.ben)
            let match = try await village.propose(village.ben.id, for: try await village.readyReferral())
            try await village.answer(.yes, to: match, for: .participant)
            try await village.answer(.yes, to: match, for: .participant)
            #expect(try await village.now(match).status == .proposed)
            try await village.answer(.no, to: match, for: .participant)
            try await village.answer(.no, to: match, for: .participant)
            #expect(try await village.now(match).status == .declined)
            await #expect(throws: Problem.conflict("match.settled")) {
                try await village.answer(.yes, to: match, for: .supporter)
            }
        }
    }

    @Test("Nobody is proposed to somebody who has not agreed to take part", arguments: TestEngine.available)
    func consentFirst(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.enroll(village.ben)
            let referral = try await village.readyReferral()
            try await village.withdrawConsent(of: referral)
            await #expect(throws: Problem.consentNeeded("take-part")) {
                _ = try await village.propose(village.ben.id, for: referral)
            }
        }
    }

    @Test("Taking consent back ends what there is at once", arguments: TestEngine.available, [true, false])
    func consentWithdrawn(engine: TestEngine, active: Bool) async throws {
        try await withVillage(engine) { village in
            try await village.enroll(village.ben)
            let referral = try await village.readyReferral()
            let match = try await village.propose(village.ben.id, for: referral)
            if active { for side in Match.Side.allCases { try await village.answer(.yes, to: match, for: side) } }
            try await village.withdrawConsent(of: referral)
            #expect(try await village.now(match).status == (active ? .ended : .withdrawn))
            #expect(try await village.now(referral).queue == .consent)
            #expect(try await village.orphans() == [])
        }
    }

    @Test("A referral that ends takes its match along", arguments: TestEngine.available, [true, false])
    func referralEnds(engine: TestEngine, active: Bool) async throws {
        try await withVillage(engine) { village in
            try await village.enroll(village.ben)
            let referral = try await village.readyReferral()
            let match = try await village.propose(village.ben.id, for: referral)
            if active { for side in Match.Side.allCases { try await village.answer(.yes, to: match, for: side) } }
            try await village.write(as: village.ana) { db in
                try Referral.find(referral.id, in: db).close(as: "moved-on", word: nil, in: db)
            }
            #expect(try await village.now(match).status == (active ? .ended : .withdrawn))
            #expect(try await village.orphans() == [])
        }
    }

    @Test("A wish to stop takes an open proposal back", arguments: TestEngine.available)
    func cancellation(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.enroll(village.ben)
            let referral = try await village.readyReferral()
            let match = try await village.propose(village.ben.id, for: referral)
            try await village.write(as: village.dana) { db in
                try Referral.findOwn(referral.id, in: db).requestCancellation(because: nil, in: db)
            }
            #expect(try await village.now(match).status == .withdrawn)
            #expect(try await village.now(referral).queue == .cancellation)
            #expect(try await village.orphans() == [])
        }
    }

    @Test("Ending a match looks for somebody else; a participant may ask for that too", arguments: TestEngine.available)
    func ending(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.enroll(village.ben)
            let referral = try await village.readyReferral(of: village.cleo)
            let match = try await village.propose(village.ben.id, for: referral)
            for side in Match.Side.allCases { try await village.answer(.yes, to: match, for: side) }
            await #expect(throws: Problem.notAllowed) {
                try await village.write(as: village.ben) { try Match.find(match.id, in: $0).end(in: $0) }
            }
            await #expect(throws: Problem.notAllowed) {
                try await village.write(as: village.cleo) { try Match.find(match.id, in: $0).end(for: .away, in: $0) }
            }
            try await village.write(as: village.cleo) { try Match.find(match.id, in: $0).end(in: $0) }
            #expect(try await village.now(match).status == .ended)
            #expect(try await village.now(referral).queue == .matching)
            #expect(try await village.suggestions(for: referral).best.isEmpty)
        }
    }

    @Test("However many propose at once, nobody gets more people than their limit", arguments: TestEngine.available)
    func concurrentProposals(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let supporter = try await village.addSupporter("Popular", .usual(limit: 3))
            var referrals: [Referral] = []
            for number in 0..<12 {
                referrals.append(try await village.readyReferral(named: "Person \(number)"))
            }
            let outcomes = await withTaskGroup(of: Bool.self) { group in
                for referral in referrals {
                    group.addTask { (try? await village.propose(supporter, for: referral)) != nil }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(outcomes.count { $0 } == 3)
            #expect(try await village.orphans() == [])
        }
    }

    @Test("A referral cannot have two open proposals", arguments: TestEngine.available)
    func oneAtATime(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.enroll(village.ben)
            try await village.enroll(village.bao)
            let referral = try await village.readyReferral()
            _ = try await village.propose(village.ben.id, for: referral)
            await #expect(throws: Problem.conflict("referral.not-now")) {
                _ = try await village.propose(village.bao.id, for: referral)
            }
        }
    }

    @Test("Each finds their own matches", arguments: TestEngine.available)
    func queries(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.enroll(village.ben)
            let (ben, cleo) = (village.ben.id, village.cleo.id)
            let referral = try await village.readyReferral(of: village.cleo)
            let match = try await village.propose(ben, for: referral)
            func proposed() async throws -> [Match.ID] {
                try await village.read(as: village.ben) { try Match.proposed(to: ben, in: $0).map(\.id) }
            }
            func active(as neighbor: Village.Neighbor) async throws -> [Match.ID] {
                try await village.read(as: neighbor) { try Match.active(of: ben, in: $0).map(\.id) }
            }
            let current = try await village.read(as: village.cleo) { try Match.current(for: cleo, in: $0).map(\.id) }
            #expect(current == [match.id])
            #expect(try await proposed() == [match.id])
            for side in Match.Side.allCases { try await village.answer(.yes, to: match, for: side) }
            #expect(try await proposed() == [])
            #expect(try await active(as: village.ben) == [match.id])
            #expect(try await active(as: village.ana) == [match.id])
            #expect(try await active(as: village.hillside.coordinator) == [])
            let kept = try await village.read(as: village.ana) { db in
                try Match.forReferral(Referral.find(referral.id, in: db), in: db)?.id
            }
            #expect(kept == match.id)
        }
    }
}
