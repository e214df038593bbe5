import Kith
import KithTestSupport
import Storage
import Testing

@Suite("Messages that somebody reads first")
struct HeldMessageTests {
    @Test("First messages wait for a person, then go out in their own place", arguments: TestEngine.available)
    func first(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await Pair(in: village)
            try await pair.send("I have written before", as: village.ben)
            try await village.publishRules(firstHeld: 1, accepting: [village.ben, village.cleo])
            let key = Message.ID(village.platform.world.newIdentifier())
            let held = try await pair.send("My first", as: village.cleo, id: key)
            #expect(held.sequence == nil)
            #expect(try await pair.send("My first", as: village.cleo, id: key).sequence == nil, "sent again")
            await #expect(throws: Problem.conflict("message.id-used")) {
                try await pair.send("Other words", as: village.cleo, id: key)
            }
            // Two alone may tell each other where they are.
            #expect(try await pair.send("ben@example.org", as: village.ben).sequence == 2)
            #expect(try await village.count("SELECT count(*) FROM moderation_item") == 1)
            #expect(try await village.bodies(pair.id, as: village.ben) == ["I have written before", "ben@example.org"])
            try await village.browsing { browser async throws -> Void in
                let hers = try await browser(village.cleo).get(pair.path).text
                #expect(hers.contains("Somebody reads this first") && hers.contains("My first"))
                #expect(!(try await browser(village.ben).get(pair.path).text.contains("My first")))
            }
            try await pair.send("Meanwhile", as: village.ben)
            let id = try await village.item(.held)
            try await village.settle(id, .init(.released), as: village.ana)
            #expect(
                try await village.bodies(pair.id, as: village.ben)
                    == ["I have written before", "ben@example.org", "Meanwhile", "My first"]
            )
            #expect(try await pair.send("My first", as: village.cleo, id: key).sequence == 4, "found again")
            #expect(try await pair.send("My second", as: village.cleo).sequence == 5)
            #expect(try await pair.messages(as: village.ben).last?.sender == village.cleo.id)
        }
    }

    @Test("What is kept back is told with its rule, and an appeal lets it go", arguments: TestEngine.available)
    func back(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await Pair(in: village)
            try await village.publishRules(firstHeld: 3, accepting: [village.cleo])
            try await pair.send("Call me", as: village.cleo)
            let id = try await village.item(.held)
            await #expect(throws: Problem.self) { try await village.settle(id, .init(.keptBack), as: village.ana) }
            try await village.decide(id, .init(.keptBack, rule: 2), as: village.ana)
            #expect(try await village.bodies(pair.id, as: village.ben).isEmpty)
            try await village.appeal(id, as: village.cleo)
            try await village.claim(id, as: village.sam)
            try await village.write(as: village.sam) { try ModerationItem.find(id, in: $0).settle(.takenBack, in: $0) }
            #expect(try await village.bodies(pair.id, as: village.ben) == ["Call me"])
        }
    }

    @Test(
        "In a group what leads out of Kith waits, with what it answers and speaks of", arguments: TestEngine.available)
    func details(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let circle = try await Circle(in: village)
            let nora = try await circle.joining("Nora North")
            try await circle.send("Who knows a quiet place?", as: village.ben)
            let sent = try await village.write(as: nora) {
                try Message.send(
                    "Write to me at nora@example.org", as: $0.newID(), to: circle.id, answering: 1, noting: "a ward",
                    in: $0)
            }
            #expect(sent.sequence == nil)
            let stored = try await village.platform.store.read {
                try $0.values("SELECT content_note FROM moderation_item", as: String.self)
            }
            #expect(stored.count == 1 && stored.allSatisfy { !$0.contains("ward") }, "sealed")
            let id = try await village.item(.held)
            try await village.claim(id, as: village.ana)
            try await village.browsing { browser async throws -> Void in
                #expect(try await browser(village.ana).get("/moderation/\(id)").text.contains("a ward"))
            }
            try await village.decide(id, .init(.released), as: village.ana)
            let message = try await village.read(as: village.ben) {
                try Conversation.find(circle.id, in: $0).messages(after: 1, limit: 1, in: $0).first
            }
            #expect(message?.note == "a ward" && message?.quote?.body == "Who knows a quiet place?")
        }
    }

    @Test(
        "A change does not lead around those who read first, or around having to wait", arguments: TestEngine.available)
    func changes(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let circle = try await Circle(in: village)
            let nora = try await circle.joining("Nora North")
            try await circle.send("Good evening", as: nora)
            func change(to text: String) async throws -> String? {
                try await village.write(as: nora) {
                    try Message.edit(1, of: circle.id, to: Message.Draft(text), in: $0)
                }
            }
            await #expect(throws: Problem.conflict("message.edit-held")) {
                try await change(to: "Write to me at nora@example.org")
            }
            #expect(try await change(to: "Good evening, all") == nil)
            #expect(try await change(to: "I want to die")?.hasPrefix("/help/") == true)
            let reported = try await village.report(1, in: circle.id, as: village.ben)
            try await village.settle(reported, .init(.wait, words: "Please rest a little", days: 3), as: village.ana)
            await #expect(throws: Problem.conflict("moderation.wait")) { try await change(to: "And another thing") }
            await #expect(throws: Problem.conflict("moderation.wait-help")) {
                try await circle.send("I want to die", as: nora)
            }
        }
    }
}
