import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing

@Suite("Ways out of a match")
struct MatchEndingTests {
    @Test(
        "A supporter who cannot go on says so, and the person is offered somebody else", arguments: TestEngine.available
    )
    func cannotGoOn(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.enroll(village.ben)
            let referral = try await village.readyReferral(of: village.cleo)
            let match = try await village.propose(village.ben.id, for: referral)
            for side in Match.Side.allCases { try await village.answer(.yes, to: match, for: side) }
            try await village.browsing { browser in
                let ben = browser(village.ben)
                let today = try await ben.get("/today").text
                #expect(today.contains("/matches/\(match.id)"))
                #expect(try await ben.get("/matches/\(match.id)").text.contains("I cannot go on"))
                #expect(try await ben.post("/matches/\(match.id)/ending", ["reason": "away"]).status == .seeOther)
            }
            #expect(try await village.now(match).status == .ended)
            let now = try await village.now(referral)
            #expect(now.queue == .matching)
            #expect(now.owner == village.ana.id)
            #expect(try #require(now.due) > village.clock.now)
            #expect(try await village.orphans() == [])
        }
    }

    @Test(
        "A yes can be found again, and taken back, until the other side has answered",
        arguments: TestEngine.available, Match.Side.allCases)
    func changeOfMind(engine: TestEngine, side: Match.Side) async throws {
        try await withVillage(engine) { village in
            try await village.enroll(village.ben)
            let match = try await village.propose(
                village.ben.id, for: try await village.readyReferral(of: village.cleo))
            let (who, home) = side == .participant ? (village.cleo, "/home") : (village.ben, "/today")
            try await village.browsing { browser in
                let browser = browser(who)
                #expect(try await browser.get(home).text.contains("/matches/\(match.id)"))
                _ = try await browser.post("/matches/\(match.id)/answer", ["answer": "yes"])
                let page = try await browser.get(home).text
                #expect(page.contains("You said yes"))
                #expect(page.contains("/matches/\(match.id)"))
                _ = try await browser.post("/matches/\(match.id)/answer", ["answer": "no"])
                #expect(try await !browser.get(home).text.contains("/matches/\(match.id)"))
            }
            #expect(try await village.now(match).status == .declined)
        }
    }

    @Test(
        "Whoever leaves the program leaves nobody hanging", arguments: TestEngine.available,
        [(Role.supporter, false), (.supporter, true), (.participant, true)])
    func leaving(engine: TestEngine, case leaving: (role: Role, isActive: Bool)) async throws {
        try await withVillage(engine) { village in
            try await village.enroll(village.ben)
            let referral = try await village.readyReferral(of: village.cleo)
            let match = try await village.propose(village.ben.id, for: referral)
            if leaving.isActive {
                for side in Match.Side.allCases { try await village.answer(.yes, to: match, for: side) }
            }
            let (program, who) = (referral.program, leaving.role == .supporter ? village.ben.id : village.cleo.id)
            try await village.write(as: village.ada) { try Person.end(leaving.role, in: program, of: who, in: $0) }
            #expect(try await village.now(match).status == (leaving.isActive ? .ended : .withdrawn))
            #expect(try await village.now(referral).queue == (leaving.role == .supporter ? .matching : .consent))
            #expect(try await village.orphans() == [])
        }
    }

    @Test("The check finds an open match whose supporter has left", arguments: TestEngine.available)
    func plantedFault(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.enroll(village.ben)
            _ = try await village.propose(village.ben.id, for: try await village.readyReferral())
            #expect(try await village.orphans() == [])
            try await village.write(asSystemOf: village.riverside) { db in
                try db.run("UPDATE membership SET ended_at = \(db.now) WHERE role = 'supporter'")
                db.record(Event(.roleEnded))
            }
            #expect(try await village.orphans() == ["open matches whose supporter has left the program"])
        }
    }
}
