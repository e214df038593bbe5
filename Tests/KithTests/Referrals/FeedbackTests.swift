import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing

@Suite("What people say at the end")
struct FeedbackTests {
    private func close(_ referral: Referral.ID, _ village: Village) async throws {
        try await village.write(as: village.ana) { db in
            try Referral.find(referral, in: db).close(as: "goals-met", word: nil, in: db)
        }
    }

    /// The page behind reference and PIN.
    private func progress(of id: Referral.ID, _ village: Village, _ browser: TestBrowser) async throws -> String {
        let (reference, pin) = try await village.read(as: village.ana) { db in
            let referral = try Referral.find(id, in: db)
            return (referral.reference, referral.pin(in: db.world))
        }
        let door = try await browser.post("/progress", ["reference": reference, "pin": pin])
        return try #require(door.location)
    }

    @Test("Somebody without an account answers behind reference and PIN", arguments: TestEngine.available)
    func byLink(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await village.pair()
            _ = try await village.meet(pair)
            try await village.browsing { browser in
                let stranger = browser(nil)
                let before = try await progress(of: pair.referral, village, stranger)
                #expect(!(try await stranger.get(before).text.contains("/feedback")), "nothing to look back on yet")
                #expect(try await stranger.get("\(before)/feedback").status == .notFound)
                let early = try await stranger.post("\(before)/feedback", ["helped": "yes", "again": "yes"])
                #expect(early.status == .notFound)
                try await close(pair.referral, village)
                let path = try await progress(of: pair.referral, village, stranger)
                #expect(try await stranger.get(path).text.contains("\(path)/feedback"))
                let form = try await stranger.get("\(path)/feedback")
                #expect(form.text.contains("Did it help you?"))
                let half = try await stranger.post("\(path)/feedback", ["helped": "yes", "words": "She came at night."])
                #expect(half.status == .unprocessableContent)
                #expect(half.text.contains("She came at night."))
                let saved = try await stranger.post(
                    "\(path)/feedback", ["helped": "partly", "again": "maybe", "words": "She came at night."])
                #expect(saved.location == path)
                let thanks = try await stranger.get(path)
                #expect(thanks.text.contains("The door stays open.") && !thanks.text.contains("\(path)/feedback"))
                #expect(try await stranger.get("/progress/forged/feedback").status == .notFound)
            }
        }
    }

    @Test("The people who run the program read it, and nobody else", arguments: TestEngine.available)
    func readers(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await village.pair(sharing: true)
            _ = try await village.meet(pair)
            try await close(pair.referral, village)
            village.clock.advance(days: 90)
            try await village.browsing { browser in
                let path = "/referrals/\(pair.referral)"
                #expect(!(try await browser(village.ana).get(path).text.contains("What they said at the end")))
                let home = try await browser(village.cleo).get("/home")
                #expect(home.text.contains("/feedback/\(pair.referral)"), "it is never too late to say")
                let said = try await browser(village.cleo).post(
                    "/feedback/\(pair.referral)", ["helped": "yes", "again": "yes", "words": "I was not alone."])
                #expect(said.location == "/thanks")
                #expect(!(try await browser(village.cleo).get("/home").text.contains("/feedback/")))
                for reader in [village.ana, village.sam] {
                    let page = try await browser(reader).get(path)
                    #expect(page.text.contains("What they said at the end"))
                    #expect(page.text.contains("I was not alone."))
                }
                let sent = try await browser(village.dana).get("/referrals/sent/\(pair.referral)")
                #expect(sent.status == .ok && !sent.text.contains("I was not alone."))
                for stranger in [village.riverside.otherCoordinator, village.hillside.coordinator] {
                    #expect(try await browser(stranger).get(path).status == .notFound)
                }
            }
            let (cleo, sam) = (village.cleo.id, "person:\(village.sam.id)")
            let noted = try await village.read(as: village.ana) { db in
                try db.exists("SELECT 1 FROM disclosure WHERE subject_id = \(cleo) AND actor = \(sam)")
            }
            #expect(noted)
        }
    }
}
