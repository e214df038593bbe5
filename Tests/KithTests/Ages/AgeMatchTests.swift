import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing

@Suite("Matches of people who are under age")
struct AgeMatchTests {
    @Test("An uncleared supporter never appears for them, and cannot be proposed", arguments: TestEngine.available)
    func suggested(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let (one, other) = (try await village.addSupporter("Una"), try await village.addSupporter("Otto"))
            let young = try await village.addSupporter("Yuri", birthYear: 2009)
            try await village.clear(one)
            let minor = try await village.readyReferral(named: "Mia", birthYear: 2010)
            let adult = try await village.readyReferral(named: "Abe", birthYear: 1980)
            let unknown = try await village.readyReferral(named: "Uma")
            let forMinor = try await village.suggestions(for: minor)
            #expect(forMinor.best.map(\.supporter.person) == [one])
            #expect(
                forMinor.excluded.first { $0.supporter.person == other }?.obstacles == [.ageNotCleared])
            for referral in [adult, unknown] {
                let suggested = try await village.suggestions(for: referral)
                #expect(Set(suggested.best.map(\.supporter.person)) == [one, other])
                #expect(suggested.excluded.map(\.supporter.person) == [young])
            }
            for (supporter, referral) in [(other, minor), (young, minor), (young, adult), (young, unknown)] {
                await #expect(throws: Problem.conflict("match.not-possible")) {
                    _ = try await village.propose(supporter, for: referral)
                }
            }
            _ = try await village.propose(one, for: minor)
        }
    }

    @Test(
        "A proposal is taken back as soon as an age or a clearance speaks against it", arguments: TestEngine.available)
    func proposed(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.enroll(village.ben)
            try await village.clear(village.ben.id)
            let referral = try await village.readyReferral(of: village.cleo)
            let match = try await village.propose(village.ben.id, for: referral)
            try await village.born(2012, village.cleo.id)
            #expect(try await village.now(match).status == .proposed, "he is cleared")
            try await village.answer(.yes, to: match, for: .participant)
            try await village.takeBackClearance(of: village.ben.id)
            #expect(try await village.now(match).status == .withdrawn)
            #expect(try await village.now(referral).queue == .matching, "her coordinator looks for somebody else")
            #expect(try await village.orphansOfAges() == [])
        }
    }

    @Test(
        "Two who support each other are kept apart at once, and together again once it is put right",
        arguments: TestEngine.available)
    func apart(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await Pair(in: village)
            try await pair.send("Hello", as: village.ben)
            try await village.born(2012, village.cleo.id)
            let parted = try await village.now(pair.match)
            #expect(parted.status == .active && parted.isApart, "it stays their match")
            for neighbor in [village.ben, village.cleo] {
                await #expect(throws: Problem.conflict("conversation.paused")) {
                    try await pair.send("More", as: neighbor)
                }
            }
            let item = try await village.item(.match)
            try await village.browsing { browser async throws -> Void in
                let path = "/matches/\(pair.match.id)"
                #expect(try await browser(village.ana).get("/moderation/\(item)").text.contains(path))
                #expect(try await browser(village.ana).get(path).text.contains("The two are kept apart"))
                #expect(try await browser(village.cleo).get(path).text.contains("You did nothing wrong"))
                #expect(try await browser(village.ben).get(path).text.contains("no clearance stands"))
            }
            #expect(try await village.orphansOfAges() == [])
            try await village.clear(village.ben.id)
            #expect(try await village.now(pair.match).isApart == false)
            try await pair.send("Again", as: village.ben)
            try await village.takeBackClearance(of: village.ben.id)
            #expect(try await village.now(pair.match).isApart)
            try await village.born(1990, village.cleo.id)
            try await pair.send("She is no child", as: village.cleo)
        }
    }

    @Test("A page that is open hears of it within a second", arguments: TestEngine.available)
    func live(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await Pair(in: village)
            try await village.serving { port in
                try await pair.send("Hello", as: village.ben)
                var reader = try await EventReader("\(pair.path)/events?after=1", on: port, as: village.ben)
                #expect(reader.status == 200)
                // Premise: what is written before arrives.
                try await pair.send("Hi", as: village.cleo)
                #expect(await reader.next(1).map { $0.text("body") } == ["Hi"])
                let clock = ContinuousClock()
                let start = clock.now
                try await village.born(2012, village.cleo.id)
                let closed = await reader.first("closed") { _ in true }
                #expect(closed?.text("text") != nil && clock.now - start < .seconds(1), "\(clock.now - start)")
                reader.close()
            }
        }
    }

    @Test("What else stops the two goes on stopping them", arguments: TestEngine.available)
    func blocked(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await Pair(in: village)
            try await pair.send("Hello", as: village.ben)
            let (id, ben) = (pair.id, village.ben.id)
            try await village.write(as: village.cleo) { db in
                try Block.block(ben, in: Conversation.find(id, in: db), db: db)
            }
            try await village.born(2012, village.cleo.id)
            try await village.clear(ben)
            await #expect(throws: Problem.conflict("conversation.paused")) {
                try await pair.send("More", as: village.cleo)
            }
            try await village.takeBackClearance(of: ben)
            try await village.write(as: village.cleo) { try Block.unblock(ben, in: $0) }
            await #expect(throws: Problem.conflict("conversation.paused")) {
                try await pair.send("More", as: village.cleo)
            }
            try await village.clear(ben)
            try await pair.send("At last", as: village.cleo)
        }
    }

    @Test("What they planned is called off, and nothing new is planned", arguments: TestEngine.available)
    func planned(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let story = try await village.pair()
            let encounter = try await village.plan(story)
            try await village.born(2012, village.cleo.id)
            let status = try await village.read(as: village.ben) { try Encounter.find(encounter, in: $0).status }
            #expect(status == .cancelled)
            await #expect(throws: Problem.conflict("encounter.match-apart")) { try await village.plan(story) }
        }
    }

    @Test("A plan for hard days that was shared is not read meanwhile", arguments: TestEngine.available)
    func plan(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await Pair(in: village)
            let match = pair.match.id
            try await village.write(as: village.cleo) { db in
                try HardDayPlan([.alone: "A walk"]).keep(in: db)
                try HardDayPlan.share(true, by: match, in: db)
            }
            _ = try await village.read(as: village.ben) { try HardDayPlan.shared(by: match, in: $0) }
            try await village.born(2012, village.cleo.id)
            await #expect(throws: Problem.notFound) {
                _ = try await village.read(as: village.ben) { try HardDayPlan.shared(by: match, in: $0).name }
            }
        }
    }

    @Test("A year that ends and a clearance that lapses show within the hour", arguments: TestEngine.available)
    func time(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await Pair(in: village)
            try await village.clear(village.ben.id, for: 20)
            try await village.born(2008, village.cleo.id)
            #expect(try await village.now(pair.match).isApart == false)
            village.clock.advance(days: 21)
            try await village.platform.separateAges()
            #expect(try await village.now(pair.match).isApart)
            // On 31 December she still counts as under age, on the next day no longer.
            village.clock.advance(days: 283)
            try await village.platform.separateAges()
            #expect(try await village.now(pair.match).isApart)
            village.clock.advance(days: 1)
            try await village.platform.separateAges()
            #expect(try await village.now(pair.match).isApart == false)
            #expect(try await village.orphansOfAges() == [])
        }
    }
}
