import HTTPTypes
import Kith
import KithTestSupport
import Testing

@Suite("Who looked at this")
struct LooksTests {
    @Test(
        "A participant reads who looked, in which role, at what, and none of their own looks",
        arguments: TestEngine.available)
    func looks(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let story = try await village.play(in: village.riverside)
            village.clock.advance(days: 1)
            try await village.browsing { browser in
                let cleo = browser(village.cleo)
                _ = try await browser(village.ana).get("/referrals/\(story.referral)")
                _ = try await browser(village.ana).get("/referrals/\(story.referral)")
                _ = try await cleo.get("/matches/\(story.match)")
                let page = try await cleo.get("/privacy/looks")
                #expect(village.ledger.last <= 4)
                let newest = try #require(page.text.firstMatch(of: /(?s)Tuesday, March 3.*?<\/section>/)?.0)
                #expect(newest.contains("Ana Alvarez"))
                #expect(newest.contains("Coordinator"))
                #expect(newest.contains("Your request"))
                #expect(newest.contains("2 times"))
                #expect(!newest.contains("Cleo Castro"))
                // The premise of the next: the page tells of Cleo's record, and nobody else may ask for it.
                #expect(try await browser(village.ana).get("/privacy/looks").status == .forbidden)
                let cyrus = try await browser(village.cyrus).get("/privacy/looks").text
                #expect(!cyrus.contains("Ana Alvarez"))
            }
        }
    }

    @Test("Earlier looks are on further pages, each once", arguments: TestEngine.available)
    func pages(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let story = try await village.play(in: village.riverside)
            for _ in 0..<70 {
                village.clock.advance(days: 1)
                _ = try await village.read(as: village.ana) { try Referral.find(story.referral, in: $0) }
            }
            try await village.browsing { browser in
                let cleo = browser(village.cleo)
                let first = try await cleo.get("/privacy/looks").text
                let link = try #require(first.firstMatch(of: /href="(\/privacy\/looks\?after=[^"]+)"/)?.1)
                let second = try await cleo.get(String(link)).text
                #expect(first.contains("Monday, May 11") && !second.contains("Monday, May 11"))
                #expect(second.contains("Tuesday, March 3<") && !first.contains("Tuesday, March 3<"))
                #expect(!second.contains("Show earlier ones"))
                #expect(try await cleo.get("/privacy/looks?after=nonsense").status == .ok)
            }
        }
    }

    @Test("Home leads to who can see what, and from there to what is fine", arguments: TestEngine.available)
    func ways(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.browsing { browser in
                let cleo = browser(village.cleo)
                #expect(try await cleo.get("/home").text.contains(#"<a href="/privacy">Who can see what</a>"#))
                let page = try await cleo.get("/privacy").text
                #expect(page.contains("They cannot read your messages or notes."))
                #expect(page.contains(#"href="/consent/\#(village.riverside.program)""#))
                #expect(page.contains(#"href="/privacy/looks""#))
            }
        }
    }
}
