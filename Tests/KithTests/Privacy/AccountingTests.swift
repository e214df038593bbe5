import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing

@Suite("What was told to others")
struct AccountingTests {
    private func close(_ village: Village, _ pair: Story) async throws {
        _ = try await village.meet(pair)
        let referral = try await village.referral(of: pair)
        try await village.ana(referral) { try $0.close(as: "goals-met", word: "She is well", in: $1) }
    }

    @Test(
        "A yes taken back shows what cannot be taken back, and the link shows it no more",
        arguments: TestEngine.available)
    func takenBack(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await village.pair(sharing: true)
            try await close(village, pair)
            try await village.browsing { browser in
                let dana = browser(village.dana)
                let page = try await dana.get("/referrals/sent/\(pair.referral)").text
                let link = String(try #require(page.firstMatch(of: /href="(\/status\/[^"]+)"/)?.1))
                #expect(try await browser(nil).get(link).text.contains("She is well"), "the premise")
                village.clock.advance(hours: 1)
                let taken = try await browser(village.cleo).post(
                    "/consent/\(village.riverside.program)/withdrawal", ["purpose": "share-status"])
                #expect(taken.location == "/privacy/accounting")
                // The next request, by the page as by the link that was handed out.
                for text in [
                    try await browser(nil).get(link).text, try await dana.get("/referrals/sent/\(pair.referral)").text
                ] {
                    for word in ["She is well", "reached what", "First contact"] {
                        #expect(!text.contains(word), "\(word)")
                    }
                }
                let told = try await browser(village.cleo).get("/privacy/accounting").text
                #expect(told.contains("cannot be taken back"))
                #expect(told.contains("Dana Dumont") && told.contains("You had said yes."))
                #expect(told.contains("To answer their letter."))
                #expect(told.contains("Somebody with the link"))
                #expect(village.ledger.last <= 6)
                #expect(try await !browser(village.cyrus).get("/privacy/accounting").text.contains("Dana Dumont"))
            }
        }
    }

    @Test(
        "What was never released does not stand there, and what is older than six years neither",
        arguments: TestEngine.available)
    func never(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await village.pair(sharing: false)
            try await close(village, pair)
            try await village.browsing { browser in
                let cleo = browser(village.cleo)
                let told = try await cleo.get("/privacy/accounting").text
                #expect(told.contains("To answer their letter.") && !told.contains("You had said yes."))
                village.clock.advance(days: 6 * 365 + 3)
                #expect(try await !cleo.get("/privacy/accounting").text.contains("To answer their letter."))
            }
        }
    }

    @Test(
        "Under 42 CFR Part 2 the sender's pages carry the notice and how far the yes goes",
        arguments: TestEngine.available)
    func part2(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await village.pair(sharing: true)
            let program = village.riverside.program
            let required = "42 CFR part 2 prohibits unauthorized use or disclosure of these records."
            try await village.browsing { browser in
                let (dana, path) = (browser(village.dana), "/referrals/sent/\(pair.referral)")
                #expect(try await !dana.get(path).text.contains(required), "only where the program says so")
                try await village.write(asSystemOf: village.riverside) { db in
                    var policy = Policy()
                    policy.isPart2 = true
                    _ = try Program.publish(policy, for: program, in: db)
                }
                let page = try await dana.get(path).text
                #expect(page.contains(required) && page.contains("They can take this back at any time."))
                let link = String(try #require(page.firstMatch(of: /href="(\/status\/[^"]+)"/)?.1))
                #expect(try await browser(nil).get(link).text.contains(required))
                #expect(try await dana.get("/referrals/sent").text.contains(required))
            }
        }
    }
}
