import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing

@Suite("Opening a record for a reason")
struct OpeningTests {
    private func records(of person: Person.ID, by actor: String, in village: Village) async throws -> [Disclosure.What]
    {
        try await village.platform.store.read { reader in
            try reader.values(
                "SELECT what FROM disclosure WHERE subject_id = \(person) AND actor = \(actor) ORDER BY at, id")
        }
    }

    @Test("A supervisor reads all of it for four hours, and each look is noted", arguments: TestEngine.available)
    func record(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await village.pair()
            let planned = try await village.plan(pair, .inPerson, place: "Harbor House")
            try await village.write(as: village.cleo) {
                _ = try Message.send("Nights are long.", as: $0.newID(), to: pair.conversation, in: $0)
            }
            try await village.browsing { browser in
                let sam = browser(village.sam)
                #expect(try await sam.get("/conversations/\(pair.conversation)").status == .notFound, "the premise")
                #expect(try await !sam.get("/encounters/\(planned)").text.contains("Harbor House"), "the premise")
                let reference = try await village.referral(of: pair).reference
                let refused = try await sam.post("/openings", ["reference": reference, "reason": " "])
                #expect(refused.status == .unprocessableContent && refused.text.contains(reference), "nothing is lost")
                let form = ["reference": reference.lowercased(), "reason": "She sounded in danger."]
                let path = try #require(try await sam.post("/openings", form).location)
                #expect(try await sam.post("/openings", form).location == path, "a second click opens nothing else")
                let page = try await sam.get(path).text
                for text in [
                    "Nights are long.", "Harbor House", "She sounded in danger.", "This record is open to you."
                ] {
                    #expect(page.contains(text), "\(text)")
                }
                let looks = try await records(of: village.cleo.id, by: "person:\(village.sam.id)", in: village)
                #expect(looks.count { $0 == .opened } == 1, "\(looks)")
                // It stays his alone, and his other pages show no more than before.
                for other in [village.ana, village.ada, village.ben, village.hillside.supervisor] {
                    let status = try await browser(other).get(path).status
                    #expect(status == .notFound || status == .forbidden)
                }
                #expect(try await sam.get("/conversations/\(pair.conversation)").status == .notFound)
                #expect(try await sam.get("/team").text.contains("You have a record open."))
                village.clock.advance(hours: 4)
                #expect(try await sam.get(path).status == .notFound)
                #expect(try await !sam.get("/team").text.contains("You have a record open."))
            }
        }
    }

    @Test("The person reads who opened it, why, and what somebody else said", arguments: TestEngine.available)
    func told(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await village.pair()
            let id = try await village.open(pair.referral, as: village.sam, because: "She sounded in danger.")
            try await village.browsing { browser in
                for page in ["/home", "/privacy"] {
                    let text = try await browser(village.cleo).get(page).text
                    #expect(text.contains("Sam Sato opened your whole record"), "\(page)")
                    #expect(text.contains("She sounded in danger."), "\(page)")
                }
                let item = try await browser(village.cleo).get("/privacy/items/messages").text
                #expect(item.contains("Sam Sato") && item.contains("They opened your record for a reason."))
                #expect(try await !browser(village.cyrus).get("/home").text.contains("opened your whole record"))
                // Whoever opened it has no word on it; whoever administers has, without reading who it is about.
                #expect(try await browser(village.sam).get("/openings/\(id)/review").status == .notFound)
                let review = ["verdict": "not-justified"]
                #expect(try await browser(village.sam).post("/openings/\(id)/review", review).status == .notFound)
                let ada = browser(village.ada)
                let page = try await ada.get("/openings/\(id)/review").text
                #expect(page.contains("She sounded in danger.") && !page.contains("Cleo"))
                #expect(try await ada.post("/openings/\(id)/review", [:]).status == .unprocessableContent)
                #expect(try await ada.post("/openings/\(id)/review", review).status == .seeOther)
                #expect(try await ada.post("/openings/\(id)/review", review).status == .conflict, "once")
                let text = try await browser(village.cleo).get("/privacy").text
                #expect(text.contains("it was not right to open your record"))
                #expect(try await browser(village.sam).get("/openings/\(id)").status == .notFound, "a no ends it")
            }
        }
    }

    @Test("Only a supervisor of the program opens, and nobody their own", arguments: TestEngine.available)
    func who(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await village.pair()
            for other in [village.ana, village.ada, village.ben, village.dana, village.hillside.supervisor] {
                await #expect(throws: Problem.notFound) { try await village.open(pair.referral, as: other) }
            }
            try await village.give(.supervisor, to: village.cleo)
            await #expect(throws: Problem.conflict("opening.own")) {
                try await village.open(pair.referral, as: village.cleo)
            }
        }
    }

    @Test(
        "What waits too long stands on first pages, and what is forgotten in the check", arguments: TestEngine.available
    )
    func overdue(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await village.pair()
            let rita = try await village.newcomer("Rita Rosen", .supervisor)
            try await village.open(pair.referral, as: rita)
            village.clock.advance(hours: 73)
            try await village.browsing { browser in
                for (neighbor, page) in [(village.sam, "/team"), (village.ada, "/people")] {
                    let text = try await browser(neighbor).get(page).text
                    #expect(text.contains("1 opened record waits too long"), "\(neighbor.name)")
                }
                #expect(try await !browser(rita).get("/team").text.contains("waits too long"), "not her own")
                #expect(try await !browser(village.ana).get("/board").text.contains("waits too long"))
            }
            #expect(try await village.orphans(of: Wall.feature).isEmpty)
            village.clock.advance(hours: 72)
            #expect(try await village.orphans(of: Wall.feature).count == 1)
        }
    }

    @Test(
        "What a colleague told when they were supported is sealed, and opens only for a reason",
        arguments: TestEngine.available)
    func sealed(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await village.pair()
            let reference = try await village.referral(of: pair).reference
            try await village.give(.supporter, to: village.cleo)
            try await village.browsing { browser in
                let status = try await browser(village.ana).get("/referrals/\(pair.referral)").status
                #expect(status == .ok, "still supported")
            }
            try await village.write(as: village.ana) {
                try Referral.find(pair.referral, in: $0).close(as: "support-completed", word: nil, in: $0)
            }
            try await village.browsing { browser in
                for neighbor in [village.ana, village.sam] {
                    for page in [
                        "/referrals/\(pair.referral)", "/encounters?referral=\(pair.referral)", "/matches/\(pair.match)"
                    ] {
                        #expect(try await browser(neighbor).get(page).status == .notFound, "\(neighbor.name) \(page)")
                    }
                }
                let cleo = browser(village.cleo)
                #expect(try await cleo.get("/matches/\(pair.match)").status == .ok, "her own")
                let opened = try await browser(village.sam).post(
                    "/openings", ["reference": reference, "reason": "She asked me to look."])
                let path = try #require(opened.location)
                #expect(try await browser(village.sam).get(path).text.contains("Cleo Castro"))
            }
        }
    }
}
