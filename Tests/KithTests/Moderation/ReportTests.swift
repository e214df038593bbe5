import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing

@Suite("Reports")
struct ReportTests {
    /// What a message and its neighbors are when somebody decides on them, as the page shows it.
    private func page(_ id: ModerationItem.ID, _ village: Village, as neighbor: Village.Neighbor) async throws -> String
    {
        try await village.browsing { try await $0(neighbor).get("/moderation/\(id)").text }
    }

    @Test(
        "What was written is kept as it stood, encrypted, and only who takes it reads it",
        arguments: TestEngine.available)
    func evidence(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await Pair(in: village)
            for number in 1...9 {
                try await pair.send("Word \(number).", as: number % 2 == 0 ? village.ben : village.cleo)
            }
            try await pair.send("Tangerine", as: village.ben)
            let id = try await village.report(10, in: pair.id, .threat, words: "Marmalade", as: village.cleo)
            let item = try await village.item(id)
            #expect(item.due == village.clock.now.adding(hours: 4) && item.about == village.ben.id)
            // Changed or taken away later, it is still there.
            try await village.platform.store.write {
                _ = try $0.run("UPDATE message SET body = 'x', removed_at = sent_at")
            }
            for text in ["Tangerine", "Marmalade"] {
                #expect(!(try await page(id, village, as: village.sam).contains(text)), "not before it is taken")
            }
            try await village.claim(id, as: village.sam)
            let read = try await page(id, village, as: village.sam)
            for text in ["Tangerine", "Marmalade", "Word 7.", "Word 9.", "Ben Boateng"] {
                #expect(read.contains(text), "\(text)")
            }
            #expect(!read.contains("Word 6."), "three on each side")
            #expect(!(try await page(id, village, as: village.ana).contains("Tangerine")), "in somebody else's hands")
            let looks = try await village.count(
                "SELECT count(*) FROM disclosure WHERE what = 'conversation' AND subject_id = \(village.ben.id)")
            #expect(looks == 1, "who read it is noted")
            let plain = try await village.platform.store.read { db in
                try db.values(
                    """
                    SELECT words FROM moderation_evidence
                    UNION ALL SELECT words FROM moderation_report WHERE words IS NOT NULL
                    """, as: String.self)
            }
            #expect(plain.count == 5 && !plain.contains { $0.contains("Tangerine") || $0.contains("Marmalade") })
        }
    }

    @Test(
        "However often somebody is reported, one person decides once, and nothing reaches them",
        arguments: TestEngine.available)
    func harassment(engine: TestEngine) async throws {
        try await withVillage(engine) { plain in
            let village = plain.carrying()
            let pair = try await Pair(in: village)
            try await village.reachByMail(village.ben, at: "ben@riverside.example")
            for number in 1...30 { try await pair.send("Word \(number)", as: village.ben) }
            func seen() async throws -> [String] {
                try await village.browsing { browser in
                    let ben = browser(village.ben)
                    var pages: [String] = []
                    for path in [
                        "/today", "/decisions", "/privacy", "/privacy/items/reported", pair.path,
                        "/blocks"
                    ] {
                        let text = try await ben.get(path).text
                        pages.append(text.replacing(/value="[^"]*"/, with: "").replacing(/nonce="[^"]*"/, with: ""))
                    }
                    return pages
                }
            }
            let before = try await seen()
            let sent = try await village.count("SELECT count(*) FROM outgoing_message")
            var items: Set<ModerationItem.ID> = []
            for round in 1...3 {
                for number in 1...30 {
                    items.insert(
                        try await village.report(number, in: pair.id, round == 2 ? .danger : .insult, as: village.cleo))
                }
            }
            #expect(items.count == 1, "one item")
            #expect(try await village.count("SELECT count(*) FROM moderation_report") == 30, "each message once")
            #expect(try await seen() == before, "nothing changed for whom it is about")
            #expect(try await village.count("SELECT count(*) FROM outgoing_message") == sent, "nothing left")
            let ben = village.ben.id
            let told = try await village.count(
                "SELECT count(*) FROM event WHERE subject_id = \(ben) AND kind LIKE 'moderation%' OR subject_id = \(ben) AND kind = 'message.reported'"
            )
            #expect(told == 0, "no record of his says so")
            let item = try #require(items.first)
            try await village.claim(item, as: village.sam)
            try await village.browsing { browser in
                let page = try await browser(village.sam).get("/moderation/\(item)")
                #expect(page.text.contains("Word 1"), "the premise: it is read")
            }
            try await village.decide(item, .init(.nothing), as: village.sam)
            let after = try await seen()
            #expect(after == before, "within the rules: he hears nothing")
            #expect(try await village.report(3, in: pair.id, as: village.cleo) == items.first, "decided is decided")
            await #expect(throws: Problem.conflict("moderation.over")) {
                try await village.decide(#require(items.first), .init(.nothing), as: village.sam)
            }
        }
    }

    @Test(
        "What it said before it was changed is kept, and more than one conversation is more than one item",
        arguments: TestEngine.available)
    func changed(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let (pair, circle) = (try await Pair(in: village), try await Circle(in: village))
            try await circle.add(village.cleo)
            try await circle.send("You are nothing", as: village.ben)
            try await circle.send("And you know it", as: village.ben)
            let first = try await village.report(2, in: circle.id, as: village.cleo)
            _ = try await village.write(as: village.ben) {
                try Message.edit(1, of: circle.id, to: Message.Draft("Good evening"), in: $0)
            }
            #expect(try await village.report(1, in: circle.id, as: village.cleo) == first, "one for a conversation")
            try await pair.send("I know where you live", as: village.ben)
            let other = try await village.report(1, in: pair.id, .threat, as: village.cleo)
            #expect(other != first)
            try await village.claim(first, as: village.sam)
            try await village.browsing { browser in
                let page = try await browser(village.sam).get("/moderation/\(first)").text
                #expect(page.contains("You are nothing") && page.contains("Good evening"))
                #expect(!page.contains("where you live"))
            }
        }
    }

    @Test("Two steps from each message; who reports is told what came of it", arguments: TestEngine.available)
    func told(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await Pair(in: village)
            try await village.publishRules(accepting: [village.ben, village.cleo])
            try await pair.send("Send me money", as: village.ben)
            try await pair.send("No", as: village.cleo)
            try await village.browsing { browser async throws -> Void in
                let (cleo, sam, ben) = (browser(village.cleo), browser(village.sam), browser(village.ben))
                let path = "\(pair.path)/messages/1/report"
                let conversation = try await cleo.get(pair.path).text
                #expect(conversation.contains("href=\"\(path)\"") && !conversation.contains("messages/2/report"))
                let page = try await cleo.get(path).text
                #expect(page.contains("Send me money") && page.contains("Block Ben Boateng"))
                #expect(try await cleo.get("\(pair.path)/messages/2/report").status == .notFound, "her own")
                #expect(try await cleo.get("\(pair.path)/messages/9/report").status == .notFound)
                #expect(try await browser(village.bao).get(path).status == .notFound)
                let wrong = try await cleo.post(path, ["words": "It is not fine"])
                #expect(wrong.status == .unprocessableContent && wrong.text.contains("It is not fine"))
                let made = try await cleo.post(path, ["reason": "money", "words": "It is not fine"])
                #expect(made.location == "/decisions?new=1")
                #expect(try await cleo.get("/decisions?new=1").text.contains("Somebody decides by"))
                let id = try await village.item(.report)
                #expect(try await sam.get("/moderation").text.contains("It asks for money, or sells something"))
                #expect(try await sam.post("/moderation/\(id)/claim").location == "/moderation/\(id)")
                let short = try await sam.post("/moderation/\(id)/decision", ["action": "message-removed"])
                #expect(short.status == .unprocessableContent, "cites a rule")
                let decided = try await sam.post(
                    "/moderation/\(id)/decision", ["action": "message-removed", "rule": "2", "words": "Please do not."])
                #expect(decided.location == "/moderation/\(id)")
                #expect(try await cleo.get("/home").text.contains("Something you wrote or reported was looked at"))
                #expect(try await cleo.get("/decisions").text.contains("something was done"))
                #expect(try await cleo.get(pair.path).text.contains("This message was taken away."))
                #expect(try await ben.get("/today").text.contains("/decisions"))
                let told = try await ben.get("/decisions/\(id)").text
                #expect(told.contains("Stay in Kith") && told.contains("Please do not.") && !told.contains("Cleo"))
                #expect(try await cleo.get("/decisions/\(id)").status == .notFound)
                #expect(try await ben.post("/decisions/\(id)/appeal", ["words": ""]).status == .unprocessableContent)
                #expect(
                    try await ben.post("/decisions/\(id)/appeal", ["words": "A joke"]).location == "/decisions/\(id)")
                #expect(try await sam.post("/moderation/\(id)/claim").status == .conflict, "somebody else")
                let ana = browser(village.ana)
                _ = try await ana.post("/moderation/\(id)/claim")
                #expect(try await ana.get("/moderation/\(id)").text.contains("A joke"))
                let back = try await ana.post("/moderation/\(id)/appeal", ["outcome": "taken-back", "words": "Sorry."])
                #expect(back.location == "/moderation/\(id)")
                #expect(try await ben.get("/decisions/\(id)").text.contains("The decision was taken back"))
                #expect(try await cleo.get(pair.path).text.contains("Send me money"))
                #expect(try await ben.post("/decisions/\(id)/appeal", ["words": "Again"]).status == .conflict, "once")
            }
        }
    }

    @Test("Whoever is in it neither finds nor decides it", arguments: TestEngine.available)
    func own(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await Pair(in: village)
            try await pair.send("Words", as: village.ben)
            try await village.give(.supervisor, to: village.ben)
            try await village.give(.coordinator, to: village.cleo)
            let id = try await village.report(1, in: pair.id, as: village.cleo)
            _ = try await village.item(id, as: village.ana)
            for neighbor in [
                village.ben, village.cleo, village.riverside.otherCoordinator, village.hillside.supervisor, village.ada
            ] {
                await #expect(throws: Problem.notFound) { try await village.item(id, as: neighbor) }
            }
            let colleagues = try await village.read(as: village.ana) {
                try ModerationItem.find(id, in: $0).colleagues(in: $0).map(\.name)
            }
            #expect(colleagues == ["Ana Alvarez", "Sam Sato"])
            try await village.end(.coordinator, of: village.ana)
            try await village.end(.supervisor, of: village.sam)
            let lost = try await village.orphans(of: Moderation.feature)
            #expect(lost.keys.contains { $0.contains("nobody is there") }, "\(lost)")
        }
    }

    @Test("Who is erased takes their words along, once it is decided", arguments: TestEngine.available)
    func erased(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await Pair(in: village)
            try await pair.send("Persimmon", as: village.cleo)
            let id = try await village.report(1, in: pair.id, as: village.ben)
            _ = try await village.platform.erase(village.cleo.id, of: village.riverside.organization)
            func kept() async throws -> Int { try await village.count("SELECT count(*) FROM moderation_evidence") }
            #expect(try await kept() == 1, "what is open keeps its evidence")
            try await village.claim(id, as: village.sam)
            #expect(try await page(id, village, as: village.sam).contains("Persimmon"))
            try await village.decide(id, .init(.nothing), as: village.sam)
            #expect(try await kept() == 0)
        }
    }
}
