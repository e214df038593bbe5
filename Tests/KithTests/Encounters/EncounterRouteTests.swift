import HTTPTypes
import Kith
import KithTestSupport
import Testing

@Suite("The pages of contacts")
struct EncounterRouteTests {
    @Test("A supporter plans a contact, in the organization's own time", arguments: TestEngine.available)
    func plan(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await village.pair()
            try await village.browsing { browser in
                let ben = browser(village.ben)
                let page = try await ben.get("/encounters/new?match=\(pair.match)")
                #expect(page.status == .ok)
                #expect(village.ledger.last <= 4)
                #expect(page.text.contains("Cleo"))
                #expect(page.text.contains("By phone"))
                #expect(!page.text.contains("checked"))
                let form = [
                    "match": pair.match.text, "mode": "video", "date": "2026-03-10", "time": "2:30 pm",
                    "place": "https://meet.example/cleo?a=1&b=2"
                ]
                let saved = try await ben.post("/encounters", form)
                #expect(saved.status == .seeOther)
                let path = try #require(saved.location)
                let own = try await browser(village.cleo).get(path)
                #expect(own.status == .ok)
                #expect(village.ledger.last <= 5)
                #expect(own.text.contains("Tuesday, March 10 at 2:30 pm"))
                #expect(own.text.contains("You are meeting Ben"))
                #expect(own.text.contains("href=\"https://meet.example/cleo?a=1&amp;b=2\""))
                let staff = try await ben.get(path)
                #expect(village.ledger.last <= 6)
                #expect(staff.text.contains("It took place"))
                #expect(!staff.text.contains("/no-answer"), "it is not time yet")

                let again = try await ben.post(
                    "\(path)/time", form.merging(["time": "9:00", "mode": "in-person", "place": "Library"]) { $1 })
                #expect(again.location == path)
                let moved = try await browser(village.cleo).get(path)
                #expect(moved.text.contains("9:00 am"))
                #expect(moved.text.contains("Library"))
                let off = try await ben.post("\(path)/cancellation")
                #expect(off.location == path)
                #expect(try await browser(village.cleo).get(path).text.contains("This was called off"))
            }
        }
    }

    @Test("A plan with something wrong comes back with all of it", arguments: TestEngine.available)
    func wrongPlan(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await village.pair()
            try await village.browsing { browser in
                let ben = browser(village.ben)
                let form = [
                    "match": pair.match.text, "mode": "video", "date": "2026-02-01", "time": "half two",
                    "place": "see mail"
                ]
                let first = try await ben.post("/encounters", form)
                #expect(first.status == .unprocessableContent)
                #expect(first.text.contains("such as 2:30 pm"))
                #expect(first.text.contains("half two") && first.text.contains("see mail"))
                let second = try await ben.post("/encounters", form.merging(["time": "14:30"]) { $1 })
                #expect(second.status == .unprocessableContent)
                #expect(second.text.contains("This time has passed."))
                #expect(second.text.contains("It starts with https."))
                let nothing = try await ben.post("/encounters", ["match": pair.match.text])
                #expect(nothing.status == .unprocessableContent)
            }
        }
    }

    @Test("A call is not offered to somebody who did not agree to calls", arguments: TestEngine.available)
    func noCalls(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await village.pair(calls: false)
            try await village.browsing { browser in
                let ben = browser(village.ben)
                let page = try await ben.get("/encounters/new?match=\(pair.match)")
                #expect(page.text.contains("has not said yes to phone calls"))
                #expect(!page.text.contains("By phone"))
                let form = ["match": pair.match.text, "mode": "phone", "date": "2026-03-10", "time": "14:30"]
                #expect(try await ben.post("/encounters", form).status == .forbidden)
            }
        }
    }

    @Test("What took place is noted with its functions, planned or not", arguments: TestEngine.available)
    func done(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await village.pair()
            let id = try await village.plan(pair, in: 1)
            village.clock.advance(hours: 2)
            try await village.browsing { browser in
                let ben = browser(village.ben)
                let path = "/encounters/\(id)"
                let page = try await ben.get(path)
                #expect(page.text.contains("\(path)/no-answer"))
                for words in ["Daily life", "Listening and encouraging", "Finding the way to care", "Staying in touch"]
                {
                    #expect(page.text.contains(words))
                }
                let empty = try await ben.post("\(path)/completion", ["mode": "phone", "minutes": "0"])
                #expect(empty.status == .unprocessableContent)
                let saved = try await ben.post(
                    "\(path)/completion",
                    fields: [
                        ("mode", "phone"), ("minutes", "25"), ("functions", "emotional-support"),
                        ("functions", "linkage-to-care")
                    ])
                #expect(saved.location == path)
                let done = try await ben.get(path)
                #expect(done.text.contains("Listening and encouraging, Finding the way to care"))
                #expect(done.text.contains("25 minutes"))
                let again = try await ben.post(
                    "\(path)/completion", ["mode": "phone", "minutes": "5", "functions": "linkage-to-care"])
                #expect(again.status == .conflict)

                let form = try await ben.get("/encounters/unplanned?match=\(pair.match)")
                #expect(form.text.contains("2026-03-02"), "today stands there already")
                let talked = try await ben.post(
                    "/encounters/unplanned",
                    [
                        "match": pair.match.text, "mode": "messages", "date": "2026-03-02", "time": "10:45",
                        "minutes": "10", "functions": "ongoing-availability"
                    ])
                #expect(talked.status == .seeOther)
            }
            #expect(try await village.referral(of: pair).state == .attended)
        }
    }

    @Test("Both find their contacts in a list, the past in pages", arguments: TestEngine.available)
    func list(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await village.pair()
            for _ in 0..<27 { _ = try await village.meet(pair) }
            let planned = try await village.plan(pair)
            try await village.browsing { browser in
                for neighbor in [village.ben, village.cleo] {
                    let page = try await browser(neighbor).get("/encounters")
                    #expect(page.status == .ok)
                    #expect(village.ledger.last <= 4)
                    #expect(page.text.contains("/encounters/\(planned)"))
                    #expect(page.text.ranges(of: "Took place").count == 25)
                    let next = try #require(page.text.firstMatch(of: /\/encounters\?after=[^"]+/))
                    let rest = try await browser(neighbor).get(String(next.output))
                    #expect(rest.text.ranges(of: "Took place").count == 2)
                    #expect(!rest.text.contains("after="))
                }
                let other = try await browser(village.cyrus).get("/encounters")
                #expect(other.text.contains("Nothing here yet."))
            }
        }
    }

    @Test("Staff find the contacts of a referral, and plan for a supporter", arguments: TestEngine.available)
    func staffList(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await village.pair()
            let id = try await village.meet(pair)
            try await village.browsing { browser in
                let path = "/encounters?referral=\(pair.referral)"
                for neighbor in [village.ana, village.sam] {
                    let page = try await browser(neighbor).get(path)
                    #expect(page.status == .ok)
                    #expect(village.ledger.last <= 6)
                    #expect(page.text.contains("/encounters/\(id)"))
                    #expect(
                        page.text.contains("/encounters/new?match=\(pair.match)") == (neighbor.id == village.ana.id))
                    #expect(try await browser(neighbor).get("/encounters/\(id)").text.contains("href=\"\(path)\""))
                }
                let strangers = [
                    village.hillside.coordinator, village.hillside.supervisor, village.riverside.otherCoordinator,
                    village.ben, village.cleo
                ]
                for neighbor in strangers {
                    #expect(try await browser(neighbor).get(path).status == .notFound)
                }
            }
        }
    }

    @Test("Nobody else opens it: other houses and referrers find nothing", arguments: TestEngine.available)
    func others(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await village.pair()
            let id = try await village.plan(pair)
            try await village.browsing { browser in
                let path = "/encounters/\(id)"
                for neighbor in [village.ben, village.cleo, village.ana, village.sam] {
                    #expect(try await browser(neighbor).get(path).status == .ok)
                }
                #expect(try await browser(village.dana).get(path).status == .forbidden)
                #expect(try await browser(nil).get(path).status == .seeOther)
                let strangers = [
                    village.bao, village.cyrus, village.riverside.otherCoordinator, village.hillside.supporter,
                    village.hillside.participant, village.hillside.coordinator, village.hillside.supervisor
                ]
                for neighbor in strangers {
                    #expect(try await browser(neighbor).get(path).status == .notFound)
                }
                for neighbor in [village.bao, village.hillside.supporter, village.hillside.coordinator] {
                    let stranger = browser(neighbor)
                    #expect(try await stranger.get("/encounters/new?match=\(pair.match)").status == .notFound)
                    #expect(try await stranger.get("\(path)/time").status == .notFound)
                    for verb in ["no-answer", "cancellation"] {
                        #expect(try await stranger.post("\(path)/\(verb)").status == .notFound)
                    }
                }
                let nobody = try await browser(village.ben).get("/encounters/new")
                #expect(nobody.status == .notFound)
                #expect(try await browser(village.ben).get("/encounters/new?match=x").status == .notFound)
            }
            #expect(try await village.encounter(id).status == .planned)
        }
    }
}
