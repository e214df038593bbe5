import HTTPTypes
import Kith
import KithTestSupport
import Testing

@Suite("What a sender hears")
struct ReferralReleaseTests {
    private static let shared: [Consent.Purpose] = [.shareStatus]

    @Test("Without a yes neither first contact nor end show anywhere; with it, both", arguments: TestEngine.available)
    func withheld(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await village.pair()
            try await village.answer(.shareStatus, yes: false, as: village.cleo)
            _ = try await village.meet(pair)
            let referral = try await village.referral(of: pair)
            try await village.ana(referral) { try $0.close(as: "goals-met", word: "She is well", in: $1) }
            #expect(try await village.told(referral) == [.received, .accepted])
            try await village.browsing { browser in
                func pages() async throws -> (list: String, page: String, link: String) {
                    let page = try await browser(village.dana).get("/referrals/sent/\(referral.id)").text
                    let link = try #require(page.firstMatch(of: /href="(\/status\/[^"]+)"/)?.1)
                    return (
                        try await browser(village.dana).get("/referrals/sent").text, page,
                        try await browser(nil).get(String(link)).text
                    )
                }
                let before = try await pages()
                for text in [before.list, before.page, before.link] {
                    for word in ["Closed", "First contact", "goals", "reached what", "She is well"] {
                        #expect(!text.contains(word), "\(word)")
                    }
                }
                // Not even by what is missing: it looks like one that goes on.
                #expect(before.list.contains("tag good") && before.page.contains("cancellation-request"))
                #expect(before.page.contains("or if it has ended"))
                try await village.agree(village.cleo, to: Self.shared, in: village.riverside.program)
                let after = try await pages()
                #expect(after.list.contains("Closed") && !after.list.contains("tag good"))
                for text in [after.page, after.link] {
                    #expect(text.contains("First contact") && text.contains("They reached what they wanted"))
                    #expect(text.contains("She is well") && !text.contains("cancellation-request"))
                }
            }
        }
    }

    @Test(
        "A decline before any support is told, one after it is as much theirs as a close",
        arguments: TestEngine.available)
    func declined(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let early = try await village.refer()
            try await village.ana(early) { try $0.decline(for: "outside-area", in: $1) }
            #expect(try await village.told(early) == [.received, .declined])
            let pair = try await village.pair()
            _ = try await village.meet(pair)
            let late = try await village.referral(of: pair)
            try await village.ana(late) { try $0.decline(for: "person-declined", in: $1) }
            #expect(try await village.told(late) == [.received, .accepted])
            try await village.agree(village.cleo, to: Self.shared, in: village.riverside.program)
            #expect(try await village.told(late) == [.received, .accepted, .firstContact, .closed])
        }
    }

    @Test("A sender who asks to stop is answered, whenever they ask", arguments: TestEngine.available)
    func stopped(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let referral = try await village.refer()
            try await village.askToStop(referral)
            await #expect(throws: Problem.conflict("referral.not-now")) { try await village.askToStop(referral) }
            try await village.ana(referral) { try $0.confirmCancellation(in: $1) }
            #expect(try await village.told(referral) == [.received, .cancelled])
            await #expect(throws: Problem.conflict("referral.already-closed")) { try await village.askToStop(referral) }
            // Closed meanwhile, which they cannot know.
            let other = try await village.refer("Nils North")
            try await village.ana(other) { try $0.accept(in: $1) }
            try await village.ana(other) { try $0.close(as: "moved-on", word: nil, in: $1) }
            try await village.askToStop(other)
            #expect(try await village.told(other) == [.received, .accepted, .cancelled])
            #expect(try await village.now(other).state == .completed)
        }
    }

    @Test("That the person asked to stop is theirs to tell", arguments: TestEngine.available)
    func personStops(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await village.pair()
            let referral = try await village.referral(of: pair)
            try await village.askToStop(referral, as: village.cleo)
            try #require(try await village.now(referral).queue == .cancellation)
            try await village.browsing { browser in
                let page = try await browser(village.dana).get("/referrals/sent/\(referral.id)").text
                #expect(!page.contains("You asked us to stop") && page.contains("cancellation-request"))
                #expect(
                    try await browser(village.ana).get("/referrals/\(referral.id)").text.contains(
                        "The person asks to stop"))
            }
            try await village.ana(referral) { try $0.confirmCancellation(in: $1) }
            #expect(try await village.told(referral) == [.received, .accepted])
            try await village.agree(village.cleo, to: Self.shared, in: village.riverside.program)
            #expect(try await village.told(referral) == [.received, .accepted, .closed])
        }
    }

    @Test("Somebody who supports others in the program can stop their own request", arguments: TestEngine.available)
    func supporterStops(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let referral = try await village.refer(.known(village.ben.id))
            try await village.browsing { browser in
                let answer = try await browser(village.ben).post("/referrals/sent/\(referral.id)/cancellation-request")
                #expect(answer.status == .seeOther)
            }
            #expect(try await village.now(referral).state == .cancellationRequested)
        }
    }

    @Test("A contact held while the sender waits for a stop is told", arguments: TestEngine.available)
    func contactDuringStop(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await village.pair(sharing: true)
            let referral = try await village.referral(of: pair)
            let visit = try await village.plan(pair, in: 1)
            try await village.askToStop(referral)
            village.clock.advance(hours: 2)
            try await village.write(as: village.ben) { db in
                try Encounter.find(visit, in: db).done(
                    Encounter.Held(mode: .phone, minutes: 20, functions: [.emotionalSupport]), in: db)
            }
            let now = try await village.now(referral)
            #expect(now.state == .cancellationRequested && now.queue == .cancellation)
            #expect(try await village.told(referral) == [.received, .accepted, .firstContact])
        }
    }

    @Test("Who no longer refers to a program no longer sees whom they sent", arguments: TestEngine.available)
    func formerReferrer(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let referral = try await village.refer(.known(village.cleo.id))
            let (dana, program) = (village.dana, village.riverside.program)
            try await village.browsing { browser in
                let path = "/referrals/sent/\(referral.id)"
                #expect(try await browser(dana).get("/referrals/sent").text.contains(village.cleo.name))
                #expect(try await browser(dana).get(path).status == .ok)
                try await village.write(as: village.ada) { try Person.end(.referrer, in: program, of: dana.id, in: $0) }
                try await village.signBackIn(dana)
                #expect(try await !browser(dana).get("/referrals/sent").text.contains(village.cleo.name))
                #expect(try await browser(dana).get(path).status == .notFound)
                #expect(try await browser(dana).post("\(path)/cancellation-request").status == .notFound)
                // The person keeps their own view.
                #expect(try await browser(village.cleo).get(path).status == .ok)
            }
        }
    }
}
