import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing

@Suite("The conversation's page")
struct ConversationRouteTests {
    @Test("It shows who wrote what and when, and where urgent help is", arguments: TestEngine.available)
    func page(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await Pair(in: village)
            try await pair.send("Good morning", as: village.cleo)
            try await village.platform.store.write { writer in
                try writer.run("UPDATE message SET sent_at = '2026-03-01T14:00:00.000Z'")
            }
            try await pair.send("شكرا", as: village.ben)
            try await village.browsing { browser in
                let page = try await browser(village.cleo).get(pair.path)
                #expect(page.status == .ok)
                for expected in [
                    "Messages with Ben Boateng", "Good morning", "شكرا", "Cleo Castro</span>", "Ben Boateng</span>",
                    "Peer supporter", "Participant", "Sunday, March 1", "Monday, March 2", "9:00 am",
                    #"role="log" aria-live="polite""#, #"class="words" dir="auto""#, #"href="/urgent-help""#,
                    "not watched around the clock", #"class="message mine""#, #"class="message theirs""#
                ] {
                    #expect(page.text.contains(expected), "\(expected)")
                }
                #expect(page.text.matches(of: /<title>[^<]*Ben/).isEmpty)
                #expect(page.text.matches(of: /<h1>/).count == 1)
            }
        }
    }

    @Test("Everything works without scripts, and a form sent twice is one message", arguments: TestEngine.available)
    func form(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await Pair(in: village)
            try await village.browsing { browser in
                let cleo = browser(village.cleo)
                let key = try #require(hiddenKey(try await cleo.get(pair.path)))
                for _ in 1...2 {
                    let answer = try await cleo.post("\(pair.path)/messages", ["message": key, "body": "Hello Ben"])
                    #expect(answer.status == .seeOther)
                    #expect(answer.location == "\(pair.path)#latest")
                }
                let page = try await cleo.get(pair.path)
                #expect(page.text.matches(of: /Hello Ben/).count == 1)
                #expect(hiddenKey(page) != key)
            }
        }
    }

    @Test("Under my last message stands what became of it", arguments: TestEngine.available)
    func delivery(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await Pair(in: village)
            try await pair.send("First", as: village.cleo)
            try await pair.send("Second", as: village.cleo)
            try await village.browsing { browser in
                func state() async throws -> [Substring] {
                    try await browser(village.cleo).get(pair.path).text
                        .matches(of: /<p class="hint" data-state>([^<]*)</).map(\.output.1)
                }
                #expect(try await state() == ["Sent"])
                let prefetch = try #require(HTTPField.Name("Sec-Purpose"))
                _ = try await browser(village.ben).get(pair.path, headers: [prefetch: "prefetch"])
                #expect(try await state() == ["Sent"])
                try await pair.see(1...2, reading: false, as: village.ben)
                #expect(try await state() == ["Delivered"])
                _ = try await browser(village.ben).get(pair.path)
                #expect(try await state() == ["Read"])
            }
        }
    }

    @Test("A script gets the number and the moment, and codes when it fails", arguments: TestEngine.available)
    func json(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await Pair(in: village)
            try await village.browsing { browser in
                let (cleo, path) = (browser(village.cleo), "\(pair.path)/messages")
                let key = village.platform.world.newIdentifier()
                let json: HTTPFields = [.accept: "application/json"]
                for _ in 1...2 {
                    let answer = try await cleo.post(path, ["message": key, "body": "Hello"], headers: json)
                    #expect(answer.status == .ok)
                    #expect(answer.text.contains(#""sequence":1"#))
                    #expect(answer.text.contains(#""sentAt":"2026-03-02T14:00:00.000Z""#))
                    #expect(answer.text.contains(#""time":"9:00 am""#))
                }
                let other = try await cleo.post(path, ["message": key, "body": "Other"], headers: json)
                #expect(other.status == .conflict && other.text.contains(#""code":"message.id-used""#))
                let empty = try await cleo.post(path, ["message": key, "body": " "], headers: json)
                #expect(empty.status == .unprocessableContent)
                let none = try await cleo.post(path, ["body": "Hello"], headers: json)
                #expect(none.status == .unprocessableContent)
                let nobody = try await browser(nil).post(path, ["message": key, "body": "Hello"], headers: json)
                #expect(nobody.status == .unauthorized)
                #expect(try await village.count("SELECT count(*) FROM message") == 1)

                for (seen, marks) in [("no", Conversation.Marks(delivered: 1)), ("yes", .init(delivered: 1, read: 1))] {
                    let told = try await browser(village.ben).post(
                        "\(pair.path)/reading", ["from": "1", "through": "1", "seen": seen])
                    #expect(told.status == .noContent)
                    #expect(try await pair.find(as: village.ben).me.marks == marks)
                }
            }
        }
    }

    @Test("Words that were not sent come back, with the reason", arguments: TestEngine.available)
    func kept(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await Pair(in: village)
            try await village.browsing { browser in
                let (cleo, path) = (browser(village.cleo), "\(pair.path)/messages")
                let key = village.platform.world.newIdentifier()
                let long = String(repeating: "long ", count: 801)
                let tooLong = try await cleo.post(path, ["message": key, "body": long])
                #expect(tooLong.status == .unprocessableContent)
                #expect(tooLong.text.contains("at most 4000 characters") && tooLong.text.contains(long))
                #expect(tooLong.text.contains("<title>Error:"))

                #expect(try await cleo.post(path, ["message": key, "body": "First words"]).status == .seeOther)
                let changed = try await cleo.post(path, ["message": key, "body": "Changed words"])
                #expect(changed.status == .conflict)
                #expect(changed.text.contains("First words") && changed.text.contains(">Changed words</textarea>"))
                #expect(hiddenKey(changed) != key)

                try await pair.end()
                let next = village.platform.world.newIdentifier()
                let closed = try await cleo.post(path, ["message": next, "body": "Too late"])
                #expect(closed.status == .conflict)
                #expect(closed.text.matches(of: /has ended/).count == 1 && closed.text.contains("Too late"))
                #expect(!closed.text.contains("<textarea"))
            }
        }
    }

    @Test("Without consent, each of the two is told in words that fit them", arguments: TestEngine.available)
    func notAgreed(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await Pair(in: village)
            try await village.browsing { browser in
                func send(as neighbor: Village.Neighbor) async throws -> Answer {
                    let form = ["message": village.platform.world.newIdentifier(), "body": "My words"]
                    return try await browser(neighbor).post("\(pair.path)/messages", form)
                }
                #expect(try await send(as: village.cleo).status == .seeOther)
                try await village.platform.store.write { writer in
                    try writer.run("UPDATE consent SET ended_at = '2026-03-02T14:00:00.000Z', ended_by = 'nobody'")
                }
                let hers = try await send(as: village.cleo)
                #expect(hers.status == .forbidden && hers.text.contains("My words"))
                #expect(hers.text.matches(of: /You have not agreed to take part/).count == 1)
                #expect(!hers.text.contains("This person") && !hers.text.contains("ask them"))
                let his = try await send(as: village.ben)
                #expect(his.text.matches(of: /This person has not agreed to take part/).count == 1)
                #expect(!his.text.contains("You have not agreed"))
            }
        }
    }

    @Test("What people write is text, whatever it looks like", arguments: TestEngine.available)
    func escaped(engine: TestEngine) async throws {
        let words = #"<script>alert("1")</script><img src=x onerror=alert(2)> {{title}} </textarea> & 'so on'"#
        try await withVillage(engine) { village in
            let pair = try await Pair(in: village)
            try await pair.send(words, as: village.cleo)
            try await village.browsing { browser in
                let page = try await browser(village.ben).get(pair.path)
                #expect(page.text.contains("&lt;script&gt;alert(&#34;1&#34;)&lt;/script&gt;&lt;img src=x"))
                #expect(!page.text.contains("<script>") && !page.text.contains("<img src=x"))
                #expect(page.text.contains("{{title}}"))
                let twice = try await browser(village.ben).post(
                    "\(pair.path)/messages", ["message": "none", "body": words])
                #expect(twice.status == .unprocessableContent)
                #expect(twice.text.matches(of: /<\/textarea>/).count == 1)
            }
        }
    }

    @Test("For anybody else there is nothing, and a stranger is asked to sign in", arguments: TestEngine.available)
    func others(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await Pair(in: village)
            try await village.browsing { browser in
                #expect(try await browser(village.ben).get(pair.path).status == .ok)
                let others = [
                    village.ana, village.sam, village.ada, village.dana, village.bao, village.cyrus,
                    village.hillside.supporter, village.hillside.participant, village.hillside.coordinator
                ]
                for neighbor in others {
                    let (visitor, form) = (browser(neighbor), ["message": pair.id.text, "body": "Hello"])
                    #expect(try await visitor.get(pair.path).status == .notFound)
                    #expect(try await visitor.get("\(pair.path)/events").status == .notFound)
                    #expect(try await visitor.post("\(pair.path)/messages", form).status == .notFound)
                    let marks = ["from": "1", "through": "1"]
                    #expect(try await visitor.post("\(pair.path)/reading", marks).status == .notFound)
                }
                let stranger = try await browser(nil).get(pair.path)
                #expect(stranger.status == .seeOther)
                #expect(stranger.location?.hasPrefix("/sign-in?next=") == true)
                #expect(try await village.count("SELECT count(*) FROM message") == 0)
            }
        }
    }
}

/// The identifier that the page's form gives the next message.
func hiddenKey(_ page: Answer) -> String? {
    page.text.firstMatch(of: /name="message" value="([0-9a-f-]{36})"/).map { String($0.output.1) }
}
