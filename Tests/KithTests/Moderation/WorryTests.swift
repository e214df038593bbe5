import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing

@Suite("Words that give cause for worry")
struct WorryTests {
    private static let hard = "The nights are long. I want to die. Sorry."

    @Test("Help is offered on the answer, the message goes out, and a person looks", arguments: TestEngine.available)
    func offered(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await Pair(in: village)
            try await village.browsing { browser async throws -> Void in
                let (cleo, sam) = (browser(village.cleo), browser(village.sam))
                func send(_ text: String, _ number: Int, _ headers: HTTPFields = [:]) async throws -> Answer {
                    try await cleo.post(
                        "\(pair.path)/messages",
                        ["body": text, "message": "0195cf1e-0000-7000-8000-00000000000\(number)"], headers: headers)
                }
                #expect(try await send("Hello", 1).location == "\(pair.path)#latest", "premise")
                let answer = try await send(Self.hard, 2)
                let help = try #require(answer.location)
                #expect(help.hasPrefix("/help/"))
                let page = try await cleo.get(help)
                for text in ["Your message was sent", "/urgent-help", "Ask for a person now", "I am all right"] {
                    #expect(page.text.contains(text), "\(text)")
                }
                let json: HTTPFields = [.accept: "application/json"]
                #expect(
                    try await send(Self.hard, 2, json).text.replacing("\\/", with: "/").contains(
                        "\"help\":\"\(help)\""),
                    "sent again, offered again")
                #expect(!(try await send("Thanks", 3, json).text.contains("help")))
                #expect(try await village.bodies(pair.id, as: village.ben) == ["Hello", Self.hard, "Thanks"])
                #expect(try await browser(village.ben).get(help).status == .notFound)

                let id = try await village.item(.worry)
                let line = try await sam.get("/moderation").text
                #expect(line.contains("Somebody may be having a hard time") && line.contains("Written by Cleo Castro"))
                #expect(
                    !(try await sam.get("/moderation/\(id)").text.contains("want to die")), "not before it is taken")
                _ = try await sam.post("/moderation/\(id)/claim")
                let read = try await sam.get("/moderation/\(id)").text
                #expect(
                    read.contains("want to die") && !read.contains("nights are long"), "only the words that gave cause")
                let fine = try await cleo.post("\(help)/answer", ["answer": "fine"])
                #expect(fine.location == "\(pair.path)#latest")
                #expect(try await sam.get("/moderation/\(id)").text.contains("I am all right"))
                let person = try await cleo.post("\(help)/answer", ["answer": "person"])
                #expect(person.location?.hasPrefix("/concerns/raised/") == true)
                let again = try await cleo.post("\(help)/answer", ["answer": "person"])
                #expect(again.location == person.location, "asked for once")
                #expect(try await sam.get("/concerns").text.contains("Cleo Castro"))
            }
            #expect(try await village.count("SELECT count(*) FROM concern") == 1)
        }
    }

    @Test("Whoever asks for a person again is called again, and one person is enough", arguments: TestEngine.available)
    func again(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await Pair(in: village)
            func ask() async throws -> Concern.ID {
                try await pair.send(Self.hard, as: village.cleo)
                let id = try await village.item(.worry)
                let concern = try await village.write(as: village.cleo) {
                    try ModerationItem.own(id, in: $0).answer(.person, in: $0)
                }
                return try #require(concern)
            }
            let first = try await ask()
            try await village.acknowledge(first, as: village.ana)
            let open = try await village.count(
                "SELECT count(*) FROM moderation_item WHERE kind = 'worry' AND state = 'open'")
            #expect(open == 0)
            let later = Day("2026-03-20") ?? Day(daysSince1970: 0)
            try await village.write(as: village.ana) {
                try Concern.find(first, in: $0).close(
                    Concern.Closing(.settled, words: "Words", followUp: later, debrief: nil), in: $0)
            }
            #expect(try await ask() != first, "what is closed calls nobody")
        }
    }

    @Test("More such words bring the newest, and ask anew how they are", arguments: TestEngine.available)
    func newest(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await Pair(in: village)
            try await pair.send(Self.hard, as: village.cleo)
            let id = try await village.item(.worry)
            _ = try await village.write(as: village.cleo) { try ModerationItem.own(id, in: $0).answer(.fine, in: $0) }
            let noted = try await village.write(as: village.cleo) {
                try Message.send("Read me", as: $0.newID(), to: pair.id, noting: "I will kill myself", in: $0)
            }
            #expect(noted.helpPath == "/help/\(id)", "also where it stands in what a message speaks of")
            try await village.claim(id, as: village.ana)
            let kept = try await village.read(as: village.ana) {
                try ModerationItem.find(id, in: $0).kept(in: $0)?.body
            }
            #expect(kept?.contains("kill myself") == true)
            #expect(try await village.item(id).answer == nil)
        }
    }

    @Test("Nothing holds such words back, and nobody is labelled by them", arguments: TestEngine.available)
    func never(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await Pair(in: village)
            try await village.publishRules(firstHeld: 5)
            for index in 1...3 {
                let sent = try await pair.send("\(Self.hard) \(index)", as: village.cleo)
                #expect(sent.sequence == index && sent.helpPath != nil)
            }
            #expect(try await village.count("SELECT count(*) FROM moderation_item") == 1, "one item while it is open")
            let words = try await village.platform.store.read { db in
                try db.values(
                    """
                    SELECT details FROM event WHERE kind IN ('moderation.opened', 'help.offered', 'message.sent')
                    """, as: String.self)
            }
            #expect(!words.isEmpty && !words.contains { $0.contains("suicide") || $0.contains("die") })
            let id = try await village.item(.worry)
            try await village.settle(id, .init(.noCause), as: village.ana)
            try await pair.send(Self.hard, as: village.cleo)
            #expect(
                try await village.count("SELECT count(*) FROM moderation_item") == 2, "a new one after the decision")
        }
    }

    @Test("Where nobody can write, nothing is noted", arguments: TestEngine.available)
    func closed(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await Pair(in: village)
            await #expect(throws: Problem.notFound) { try await pair.send(Self.hard, as: village.bao) }
            try await pair.end()
            await #expect(throws: Problem.conflict("conversation.closed")) {
                try await pair.send(Self.hard, as: village.cleo)
            }
            #expect(try await village.count("SELECT count(*) FROM moderation_item") == 0)
        }
    }
}
