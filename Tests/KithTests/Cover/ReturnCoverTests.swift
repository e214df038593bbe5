import Kith
import KithTestSupport
import Storage
import Testing
import Web

@Suite("Nobody is told that somebody is back who is not")
struct ReturnCoverTests {
    /// Ben supports Clara, and Bao may stand in.
    private func withClara(
        _ engine: TestEngine,
        _ body: @escaping @Sendable (Village, _ clara: Village.Neighbor, _ match: Match) async throws -> Void
    ) async throws {
        try await withVillage(engine) { village in
            try await village.enroll(village.ben, .usual(limit: 3))
            try await village.enroll(village.bao, .usual(limit: 3))
            let (clara, match) = try await village.supported(by: village.ben.id, "Clara Cruz")
            try await body(village, clara, match)
        }
    }

    /// Clara wrote, and heard nothing for long enough.
    private func fallSilent(_ village: Village, _ clara: Village.Neighbor, _ match: Match) async throws {
        try await village.say("How are you?", as: clara, match.id)
        try await village.say("Well!", as: village.ben, match.id)
        try await village.say("I had a hard night", as: clara, match.id)
        village.clock.advance(days: Cover.silentDays + 1)
        try await village.platform.keepCovers()
    }

    private func standIn(_ village: Village, for match: Match) async throws -> Match {
        let standIn = try await village.askToStandIn(village.bao.id, for: match)
        for side in Match.Side.allCases { try await village.answer(.yes, to: standIn, for: side) }
        return try await village.now(standIn)
    }

    @Test("Whoever asks once more waits still, and whoever writes often is covered", arguments: TestEngine.available)
    func asksOnceMore(engine: TestEngine) async throws {
        try await withClara(engine) { village, clara, match in
            try await village.say("Well!", as: village.ben, match.id)
            for _ in 0...Cover.silentDays {
                try await village.say("Are you there?", as: clara, match.id)
                village.clock.advance(days: 1)
            }
            try await village.platform.keepCovers()
            let opened = try #require(try await village.cover(of: match))
            #expect(opened.cause == .silence)
            for _ in 0..<3 {
                try await village.say("Are you there?", as: clara, match.id)
                try await village.platform.keepCovers()
                #expect(try await village.cover(of: match)?.id == opened.id)
                village.clock.advance(days: 1)
            }
            #expect(try await village.orphansOfCover() == [:])
            try await village.say("I am here", as: village.ben, match.id)
            try await village.platform.keepCovers()
            #expect(try await village.told(clara).first?.cover.ending == .returned)
        }
    }

    @Test("Whoever was silent and only signs in is not back, stand-in or none", arguments: TestEngine.available)
    func signsInOnly(engine: TestEngine) async throws {
        try await withClara(engine) { village, clara, match in
            try await fallSilent(village, clara, match)
            #expect(try await village.cover(of: match)?.cause == .silence)
            for _ in 0..<3 {
                village.clock.advance(days: 1)
                try await village.look(in: village.ben.id)
                try await village.platform.keepCovers()
                #expect(try await village.cover(of: match)?.cause == .silence)
            }
            #expect(try await village.orphansOfCover() == [:])
            try await village.say("I am here", as: village.ben, match.id)
            #expect(try await village.orphansOfCover() == [:], "the hour has not come")
            try await village.platform.keepCovers()
            #expect(try await village.cover(of: match) == nil)
            #expect(try await village.told(clara).first?.cover.ending == .returned)
        }
    }

    @Test("A day of return that passes brings nobody back", arguments: TestEngine.available)
    func dayPasses(engine: TestEngine) async throws {
        try await withClara(engine) { village, clara, match in
            let (noor, other) = try await village.supported(by: village.ben.id, "Noor Nasser")
            try await village.pause(village.ben, for: 5)
            try await village.choose(.wait, for: other, as: noor)
            let standIn = try await standIn(village, for: match)
            village.clock.advance(hours: 12, days: 5)
            try await village.platform.keepCovers()
            #expect(try await village.now(standIn).status == .active)
            #expect(try await village.cover(of: other)?.choice == .wait, "the day is not over")
            village.clock.advance(days: 1)
            try await village.platform.keepCovers()
            #expect(try await village.now(standIn).status == .active)
            let waiting = try #require(try await village.cover(of: other))
            #expect(waiting.choice == nil && !waiting.mayWait(at: village.clock.now))
            #expect(waiting.dueAt <= village.clock.now, "somebody has to look at once")
            try await village.browsing { browser in
                let page = try await browser(noor).get("/home")
                #expect(page.text.contains("not here") && !page.text.contains("should be back on"))
            }
            village.clock.advance(days: 3)
            try await village.platform.keepCovers()
            #expect(try await village.orphansOfCover() == [:])
            try await village.look(in: village.ben.id)
            try await village.platform.keepCovers()
            #expect(try await village.now(standIn).status == .ended)
            for person in [clara, noor] {
                #expect(try await village.told(person).first?.cover.ending == .returned)
            }
            #expect(try await village.orphansOfCover() == [:])
        }
    }

    @Test(
        "Whoever lost their supporter by death reads of nothing else; who stood in stays",
        arguments: TestEngine.available)
    func mourns(engine: TestEngine) async throws {
        try await withClara(engine) { village, clara, match in
            let village = village.carrying()
            try await village.agree(clara, to: [.contactByEmail], in: village.riverside.program)
            try await village.reachByMail(clara, at: "clara@home.example")
            try await village.pause(village.ben, for: 10)
            let standIn = try await standIn(village, for: match)
            village.clock.advance(minutes: 5)
            let before = Postbox()
            await village.workOff(into: before)
            try await village.write(as: village.ana) { [ben = village.ben.id] in
                _ = try Loss.record(Loss.Subject(supporter: ben, in: $0), on: nil, in: $0)
            }
            #expect(try await village.told(clara).isEmpty)
            #expect(try await village.now(standIn).status == .active)
            #expect(try await village.now(standIn).standsInFor == nil)
            village.clock.advance(minutes: 5)
            let after = Postbox()
            await village.workOff(into: after)
            #expect(after.letters.allSatisfy { $0.address != "clara@home.example" })
            #expect(try await village.orphansOfCover() == [:])
        }
    }

    @Test("What ended well is told only as long as it is so", arguments: TestEngine.available)
    func staleCards(engine: TestEngine) async throws {
        try await withClara(engine) { village, clara, match in
            try await village.pause(village.ben, for: 10)
            try await village.write(as: village.ben) { try Supporter.resume(in: $0) }
            #expect(try await village.told(clara).first?.cover.ending == .returned)
            try await village.write(as: clara) { try Match.find(match.id, in: $0).end(in: $0) }
            #expect(try await village.told(clara).isEmpty)
            let (noor, other) = try await village.supported(by: village.ben.id, "Noor Nasser")
            try await village.pause(village.ben, for: 10)
            _ = try await standIn(village, for: other)
            try await village.end(.supporter, of: village.ben)
            #expect(try await village.told(noor).first?.cover.ending == .kept)
            try await village.end(.supporter, of: village.bao)
            #expect(try await village.told(noor).allSatisfy { $0.cover.ending != .kept })
        }
    }

    @Test("Choosing to and fro, or saying yes again, puts no clock off", arguments: TestEngine.available)
    func clocks(engine: TestEngine) async throws {
        try await withClara(engine) { village, clara, match in
            try await village.pause(village.ben)
            let due = try #require(try await village.cover(of: match)).dueAt
            village.clock.advance(hours: 3)
            try await village.choose(.meanwhile, for: match, as: clara)
            #expect(try await village.cover(of: match)?.dueAt == due)
            let asked = try await village.askToStandIn(village.bao.id, for: match)
            try await village.answer(.yes, to: asked, for: .supporter)
            let waits = try #require(try await village.cover(of: match)).dueAt
            let events = try await village.count("SELECT count(*) FROM event WHERE kind = 'match.answered'")
            village.clock.advance(hours: 3)
            try await village.answer(.yes, to: asked, for: .supporter)
            #expect(try await village.cover(of: match)?.dueAt == waits)
            #expect(try await village.count("SELECT count(*) FROM event WHERE kind = 'match.answered'") == events)
        }
    }

    @Test("Whoever has looked is reminded later; who needs somebody comes first", arguments: TestEngine.available)
    func looked(engine: TestEngine) async throws {
        try await withClara(engine) { village, clara, match in
            let (_, other) = try await village.supported(by: village.ben.id, "Noor Nasser")
            try await village.pause(village.ben)
            _ = try await standIn(village, for: match)
            village.clock.advance(days: 60)
            let raised = {
                try await village.read(as: village.ana) {
                    try RaisedWork.late(for: .coordinator, in: $0).filter { $0.path == "/cover" }
                        .map { "\($0.key) \($0.count)" }
                }
            }
            #expect(try await raised() == ["cover.raised-late 1", "cover.raised-look 1"])
            let page = try await village.read(as: village.ana) { try CoverScreen(in: $0) }
            #expect(page.lines.map(\.cover.match) == [other.id, match.id])
            for id in page.lines.map(\.cover.id) {
                for stranger in [village.sam, village.ben, clara, village.hillside.coordinator] {
                    await #expect(throws: Problem.self) {
                        try await village.write(as: stranger) { try Cover.find(id, in: $0).look(in: $0) }
                    }
                }
                for _ in 0..<2 { try await village.write(as: village.ana) { try Cover.find(id, in: $0).look(in: $0) } }
            }
            #expect(try await village.count("SELECT count(*) FROM event WHERE kind = 'cover.looked'") == 2)
            #expect(try await raised() == ["cover.raised 1"])
        }
    }

    @Test(
        "What somebody wished for is told as their wish; nobody is asked where it ends", arguments: TestEngine.available
    )
    func wishes(engine: TestEngine) async throws {
        try await withClara(engine) { village, clara, match in
            let (noor, other) = try await village.supported(by: village.ben.id, "Noor Nasser")
            try await village.pause(village.ben)
            try await village.choose(.new, for: match, as: clara)
            try await village.choose(.meanwhile, for: other, as: noor)
            try await village.write(as: noor) {
                let referral = try Referral.findOwn(other.referral, in: $0)
                try referral.requestCancellation(because: nil, in: $0)
            }
            let page = try await village.read(as: village.ana) { try CoverScreen(in: $0) }
            let line = try #require(page.lines.first { $0.cover.match == other.id })
            #expect(line.isStopping && !line.asksForSomebody)
            try await village.end(.supporter, of: village.ben)
            try await village.browsing { browser in
                let page = try await browser(clara).get("/home")
                #expect(page.text.contains("You asked for somebody new"))
                #expect(!page.text.contains("can no longer support you"))
            }
        }
    }
}
