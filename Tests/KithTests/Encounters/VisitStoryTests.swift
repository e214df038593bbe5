import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing

@Suite("A visit, from the plan to what is added later")
struct VisitStoryTests {
    private let plan = ["mode": "in-person", "date": "2026-03-10", "time": "14:30", "place": "Main Street Library"]

    /// Plans a visit through the pages and waits until it is over.
    private func visit(_ pair: Story, _ ben: TestBrowser, _ village: Village) async throws -> String {
        let planned = try await ben.post("/encounters", plan.merging(["match": pair.match.text]) { $1 })
        let path = try #require(planned.location)
        village.clock.advance(days: 9)
        return path
    }

    @Test("Planned, done, written, put right, agreed, signed, added to", arguments: TestEngine.available)
    func whole(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await village.pair(calls: false, sharing: true)
            try await village.browsing { browser in
                let (ben, cleo, sam) = (browser(village.ben), browser(village.cleo), browser(village.sam))
                let planned = try await ben.post("/encounters", plan.merging(["match": pair.match.text]) { $1 })
                let path = try #require(planned.location)
                #expect(try await cleo.get("/home").text.contains(path))
                let own = try await cleo.get(path)
                #expect(own.text.contains("Main Street Library"))
                #expect(
                    own.text.contains("Taking part") && own.text.contains("Yes, since"), "what was agreed, in a line")
                #expect(own.text.contains("/consent/\(village.riverside.program)"))

                village.clock.advance(days: 9)
                #expect(try await ben.get("/today").text.contains(path))
                let held = ["mode": "in-person", "minutes": "70", "functions": "emotional-support"]
                #expect(try await ben.post("\(path)/completion", held).location == path)
                #expect(try await ben.get("/today").text.contains("Notes to finish"))
                let sent = try await browser(village.dana).get("/referrals/sent/\(pair.referral)")
                #expect(sent.text.contains("First contact"), "the referrer hears of the first contact")

                let first = ["text": "We sat in the library.", "words": "I cried.", "revision": "0", "offer": "yes"]
                #expect(try await ben.post("\(path)/note", first).location == path)
                #expect(try await cleo.get("/home").text.contains(path))
                let changed = [
                    "answer": "changed", "words": "I cried a little.", "disagreement": "It was the garden.",
                    "revision": "2"
                ]
                #expect(try await cleo.post("\(path)/note/answer", changed).location == path)
                let second = ["text": "We sat in the garden.", "revision": "3", "offer": "yes"]
                #expect(try await ben.post("\(path)/note", second).location == path)
                #expect(!(try await sam.get(path).text.contains("garden")), "nobody else reads before it is signed")
                let agreed = ["answer": "agreed", "revision": "5"]
                #expect(try await cleo.post("\(path)/note/answer", agreed).location == path)
                #expect(try await ben.post("\(path)/note/signature", ["revision": "6"]).location == path)
                let addition = ["addition": "Her sister came too.", "why": "I forgot"]
                #expect(try await ben.post("\(path)/note/addenda", addition).location == path)

                for reader in [ben, cleo, sam] {
                    let page = try await reader.get(path)
                    for words in ["We sat in the garden.", "I cried a little.", "Signed by Ben", "Her sister came too."]
                    {
                        #expect(page.text.contains(words), "\(words)")
                    }
                    #expect(!page.text.contains("We sat in the library."))
                }
                #expect(!(try await browser(village.ana).get(path).text.contains("garden")))
                #expect(!(try await ben.get("/today").text.contains(path)), "nothing is left to do")
            }
            #expect(try await village.orphans(of: Encounter.feature).isEmpty)
        }
    }

    @Test("Nobody came, and another one was called off", arguments: TestEngine.available)
    func missed(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await village.pair(calls: false)
            try await village.browsing { browser in
                let (ben, cleo) = (browser(village.ben), browser(village.cleo))
                let path = try await visit(pair, ben, village)
                #expect(try await ben.post("\(path)/no-answer").location == path)
                #expect(try await cleo.get(path).text.contains("missed each other"))
                let next = plan.merging(["match": pair.match.text, "date": "2026-03-20"]) { $1 }
                let again = try #require(try await ben.post("/encounters", next).location)
                #expect(try await ben.post("\(again)/cancellation").location == again)
                #expect(try await cleo.get(again).text.contains("This was called off"))
                #expect(!(try await cleo.get("/home").text.contains(again)))
            }
            #expect(try await village.referral(of: pair).state == .eventCancelled)
            #expect(try await village.orphans(of: Encounter.feature).isEmpty)
        }
    }

    @Test("Beside a call stands the way to say that calls are no longer fine", arguments: TestEngine.available)
    func calls(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await village.pair()
            let call = try await village.plan(pair)
            try await village.browsing { browser in
                let home = try await browser(village.cleo).get("/home")
                #expect(home.text.contains("Are calls still fine?"))
                for neighbor in [village.cleo, village.ben] {
                    let page = try await browser(neighbor).get("/encounters/\(call)")
                    #expect(page.text.contains("Phone calls") && page.text.contains("Yes, since Monday, March 2"))
                }
            }
        }
    }

    @Test(
        "A supervisor sees that they met, and that is noted; not where, nor how to join",
        arguments: TestEngine.available)
    func supervisor(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await village.pair()
            let video = try await village.plan(pair, .video, place: "https://meet.example/cleo-and-ben")
            let visit = try await village.plan(pair, .inPerson, place: "12 Elm Street")
            let (cleo, sam) = (village.cleo.id, "person:\(village.sam.id)")
            @Sendable func noted(_ what: Disclosure.What) async throws -> Int {
                try await village.read(as: village.ana) { db in
                    try db.value(
                        """
                        SELECT count(*) FROM disclosure WHERE subject_id = \(cleo) AND actor = \(sam)
                        AND what = \(what)
                        """, as: Int.self) ?? 0
                }
            }
            try await village.browsing { browser in
                #expect(try await browser(village.ben).get("/encounters/\(video)").text.contains("meet.example"))
                let page = try await browser(village.sam).get("/encounters/\(video)")
                #expect(page.status == .ok)
                #expect(page.text.contains("Cleo") && !page.text.contains("meet.example"))
                #expect(!page.text.contains("/completion") && !page.text.contains("/cancellation"))
                #expect(!(try await browser(village.sam).get("/encounters/\(visit)").text.contains("Elm Street")))
                #expect(!(try await browser(village.ana).get("/encounters/\(video)").text.contains("meet.example")))
            }
            #expect(try await noted(.encounter) == 2)
            #expect(try await noted(.note) == 0)
            let id = try await village.meet(pair)
            try await village.write(id, "We spoke about nights.", words: nil, revision: 0)
            try await village.offer(id, revision: 1)
            try await village.answer(id, .agreed, revision: 2)
            try await village.browsing { (browser) async throws in
                #expect(!(try await browser(village.sam).get("/encounters/\(id)").text.contains("nights")))
            }
            #expect(try await noted(.note) == 0, "what was not shown is not noted")
            try await village.sign(id, revision: 3)
            try await village.browsing { (browser) async throws in
                #expect(try await browser(village.sam).get("/encounters/\(id)").text.contains("nights"))
            }
            #expect(try await noted(.note) == 1)
        }
    }
}
