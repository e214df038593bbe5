import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing

@Suite("First pages")
struct HomeTests {
    @Test("A participant stops a request from home in one step", arguments: TestEngine.available)
    func stop(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let story = try await village.play(in: village.riverside)
            let path = "/requests/\(story.referral)/cancellation"
            try await village.browsing { browser in
                let cleo = browser(village.cleo)
                let home = try await cleo.get("/home").text
                #expect(home.contains(#"action="\#(path)""#))
                #expect(home.contains("You need not say why."))
                for other in [village.cyrus, village.dana, village.ben, village.hillside.participant] {
                    let answer = try await browser(other).post(path)
                    #expect([.notFound, .forbidden].contains(answer.status), "\(other.name)")
                }
                #expect(try await cleo.post(path).location == "/home")
                let after = try await cleo.get("/home").text
                #expect(after.contains("You asked to stop."))
                #expect(!after.contains(#"action="\#(path)""#))
            }
            #expect(try await village.referral(of: story).queue == .cancellation)
        }
    }

    @Test("With nothing under way, home leads to asking for support", arguments: TestEngine.available)
    func askAgain(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.browsing { browser in
                let cyrus = browser(village.cyrus)
                let home = try await cyrus.get("/home").text
                #expect(home.contains(#"href="/get-support""#))
                #expect(try await cyrus.get("/get-support").location == "/get-support/riverside")
                #expect(try await browser(nil).get("/get-support").location == "/sign-in?next=%2Fget-support")
            }
        }
    }

    @Test(
        "The supporter sees every note that is not signed, offered ones and old ones too",
        arguments: TestEngine.available)
    func notes(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let id = try await village.offeredNote()
            village.clock.advance(days: 90)
            try await village.browsing { browser in
                let ben = browser(village.ben)
                let today = try await ben.get("/today").text
                #expect(today.contains("waits for their answer"))
                #expect(today.contains(#"href="/encounters/\#(id)""#))
                #expect(!today.contains("All your notes are signed."))
                try await village.answer(id, .agreed, revision: 2)
                #expect(try await ben.get("/today").text.contains("Sign the note"))
                try await village.sign(id, revision: 3)
                #expect(try await ben.get("/today").text.contains("All your notes are signed."))
            }
        }
    }

    @Test("A supervisor comes from the team to each request, contact and note", arguments: TestEngine.available)
    func team(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await village.pair()
            let met = try await village.meet(pair)
            village.clock.advance(days: 60)
            try await village.browsing { browser in
                let sam = browser(village.sam)
                let team = try await sam.get("/team").text
                #expect(team.contains(#"href="/team/\#(village.ben.id)""#))
                #expect(team.contains(#"href="/referrals/\#(pair.referral)""#), "the late one")
                let ben = try await sam.get("/team/\(village.ben.id)")
                #expect(ben.text.contains(village.cleo.name))
                #expect(ben.text.contains(#"href="/encounters?referral=\#(pair.referral)""#))
                #expect(ben.text.contains(#"href="/matches/\#(pair.match)""#))
                #expect(village.ledger.last <= 4)
                #expect(try await sam.get("/encounters/\(met)").status == .ok)
                let referral = try await sam.get("/referrals/\(pair.referral)").text
                #expect(referral.contains(#"<a href="/team">Back to my team</a>"#))
                let (by, of) = ("person:\(village.sam.id)", village.ben.id)
                let looks = try await village.platform.store.read { reader in
                    try reader.values(
                        """
                        SELECT what FROM disclosure WHERE subject_id = \(of) AND actor = \(by)
                        AND what = \(Disclosure.What.listed)
                        """, as: String.self)
                }
                #expect(looks.count >= 2, "the team, and Ben's own page")
                let nextDoor = browser(village.hillside.supervisor)
                #expect(try await nextDoor.get("/team/\(village.ben.id)").status == .notFound)
                #expect(try await sam.get("/team/\(village.cleo.id)").status == .notFound)
            }
        }
    }
}
