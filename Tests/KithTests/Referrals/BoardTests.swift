import HTTPTypes
import Kith
import KithTestSupport
import Testing

@Suite("The board")
struct BoardTests {
    @Test("Each row leads to where its next thing is done", arguments: TestEngine.available)
    func actions(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let story = try await village.play(in: village.riverside)
            let ready = try await village.readyReferral(named: "Nora North")
            let proposed = try await village.readyReferral(named: "Olga Ost")
            let match = try await village.propose(village.ben.id, for: proposed)
            try await village.browsing { browser in
                let ana = browser(village.ana)
                let board = try await ana.get("/board").text
                for path in [
                    "/encounters?referral=\(story.referral)", "/referrals/\(ready.id)/matching",
                    "/referrals/\(proposed.id)/match", "/referrals/\(ready.id)"
                ] { #expect(board.contains(#"href="\#(path)""#), "\(path)") }
                #expect(try await ana.get("/referrals/\(proposed.id)/match").location == "/matches/\(match.id)")
                #expect(try await ana.get("/referrals/\(ready.id)/match").location == "/referrals/\(ready.id)")
                let nextDoor = browser(village.hillside.coordinator)
                #expect(try await nextDoor.get("/referrals/\(proposed.id)/match").status == .notFound)
            }
        }
    }

    @Test(
        "All is well: the clock of support begins anew, and the board is shown as it was",
        arguments: TestEngine.available)
    func checkIn(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await village.pair()
            _ = try await village.meet(pair)
            let before = try #require(try await village.referral(of: pair).due)
            village.clock.advance(days: 3)
            let path = "/referrals/\(pair.referral)/check-in"
            try await village.browsing { browser in
                let ana = browser(village.ana)
                #expect(try await ana.get("/board?queue=support").text.contains(#"action="\#(path)""#))
                let done = try await ana.post(path, ["next": "/board?queue=support"])
                #expect(done.location == "/board?queue=support")
                #expect(
                    try await ana.post(path, ["next": "https://elsewhere.example"]).location
                        == "/referrals/\(pair.referral)")
                #expect(try await browser(village.sam).post(path).status == .forbidden)
                #expect(try await browser(village.hillside.coordinator).post(path).status == .notFound)
            }
            let after = try await village.referral(of: pair)
            #expect(after.queue == .support)
            #expect(after.due == before.adding(days: 3))
            #expect(try await village.details(of: .supportCheckedIn).count == 2)
            #expect(try await village.orphans(of: Match.feature).isEmpty)
        }
    }

    @Test("A language we have no word of our own for is named all the same", arguments: TestEngine.available)
    func languages(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let referral = try await village.readyReferral(
                of: PersonDraft(name: "Nora North", language: "ca"), wishes: .about(languages: ["ase", "eu"]))
            try await village.browsing { browser in
                let page = try await browser(village.ana).get("/referrals/\(referral.id)").text
                #expect(page.contains("Catalan") && page.contains("Basque") && page.contains("American Sign Language"))
                #expect(!page.contains("languages."))
            }
        }
    }

    @Test("Only support can be looked in on", arguments: TestEngine.available)
    func notYet(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let ready = try await village.readyReferral()
            await #expect(throws: Problem.conflict("referral.not-now")) {
                try await village.write(as: village.ana) { try Referral.find(ready.id, in: $0).checkIn(in: $0) }
            }
        }
    }

    @Test(
        "What is late has a list of its own and is counted in words, at no more cost", arguments: TestEngine.available)
    func late(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            _ = try await village.readyReferral(named: "Nora North")
            village.clock.advance(days: 30)
            _ = try await village.readyReferral(named: "Olga Ost")
            try await village.browsing { browser in
                let ana = browser(village.ana)
                let all = try await ana.get("/board").text
                let cost = village.ledger.last
                #expect(all.contains("Nora North") && all.contains("Olga Ost"))
                #expect(all.contains(#"<a href="/board?late=1">1 referral is late</a>"#))
                #expect(all.contains("1 late"))
                let late = try await ana.get("/board?late=1").text
                #expect(village.ledger.last == cost)
                #expect(late.contains("Nora North") && !late.contains("Olga Ost"))
            }
        }
    }
}
