import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing

@Suite("Long conversations, and many of them")
struct ConversationPagingTests {
    @Test("Of 10,000 messages a page takes the last 40, by as few statements as of 10", arguments: TestEngine.available)
    func statements(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await Pair(in: village)
            try await pair.fill(10)
            let id = pair.id
            func statements(_ part: ConversationScreen.Part) async throws -> Int {
                _ = try await village.read(as: village.ben) { try ConversationScreen(id, part, in: $0) }
                return village.ledger.last
            }
            let few = try await statements(.newest)
            try await village.platform.store.write { writer in
                try writer.run("DELETE FROM message")
            }
            try await pair.fill(10_000)
            for part in [ConversationScreen.Part.newest, .unread, .before(5_000), .after(5_000)] {
                // What other features have to say stands on the newest page alone.
                #expect(try await statements(part) <= few)
            }
            #expect(few <= 7)
        }
    }

    @Test("What others write does not slow down what one finds", arguments: TestEngine.available)
    func flat(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await Pair(in: village)
            try await pair.send("Hello", as: village.ben)
            let (ben, id) = (village.ben.id, pair.id)
            /// The quickest of many tries: what the machine does besides hardly shows in it.
            func quickest() async throws -> Duration {
                var durations: [Duration] = []
                for _ in 1...20 {
                    let start = ContinuousClock.now
                    let found = try await village.read(as: village.cleo) { db in
                        [
                            try Conversation.unread(in: db), try Conversation.lines(limit: 10, in: db).count,
                            try Conversation.current(with: ben, in: db)?.lastSequence,
                            try Conversation.find(id, in: db).messages(before: nil, limit: 40, in: db).count
                        ]
                    }
                    #expect(found == [1, 1, 1, 1])
                    durations.append(ContinuousClock.now - start)
                }
                return durations.min() ?? .zero
            }
            let before = try await quickest()
            try await Pair(of: village.cyrus, village.bao, in: village).fill(30_000)
            // As a database does by itself within a minute; without it, it guesses how many there are.
            try await village.platform.store.write { _ = try $0.run("ANALYZE") }
            #expect(try await quickest() < before + .milliseconds(4))
        }
    }

    @Test("One walks back through all of it and meets every message once", arguments: TestEngine.available)
    func backwards(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await Pair(in: village)
            try await pair.fill(130)
            try await village.browsing { browser in
                let newest = "\(pair.path)?newest=1"
                var (path, seen): (String?, [Int]) = (newest, [])
                while let here = path {
                    let page = try await browser(village.cleo).get(here).text
                    let numbers = page.matches(of: /id="m(\d+)"/).compactMap { Int($0.output.1) }
                    #expect(numbers == numbers.sorted() && numbers.count <= 40)
                    seen = numbers + seen
                    #expect(page.contains("<textarea") == (here == newest))
                    path = page.firstMatch(of: /href="([^"]*\?before=\d+)"/).map { String($0.output.1) }
                }
                #expect(seen == Array(1...130))
                for odd in ["0", "1", "-5", "99999", "x", "9223372036854775807"] {
                    let page = try await browser(village.cleo).get("\(pair.path)?before=\(odd)")
                    #expect(page.status == .ok && page.text.contains("Word 130"), "before=\(odd)")
                }
            }
        }
    }

    @Test("What stands before the page is not taken for read", arguments: TestEngine.available)
    func notRead(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await Pair(in: village)
            try await pair.fill(100)
            try await village.browsing { browser in
                let ben = browser(village.ben)
                func marks() async throws -> Conversation.Marks { try await pair.find(as: village.ben).me.marks }
                _ = try await ben.get("\(pair.path)?newest=1")
                #expect(try await marks() == .init())
                _ = try await ben.get("\(pair.path)?before=41")
                #expect(try await marks() == .init(delivered: 40, read: 40))
                _ = try await ben.get("\(pair.path)?before=61")
                _ = try await ben.get("\(pair.path)?newest=1")
                #expect(try await marks() == .init(delivered: 100, read: 100))
            }
        }
    }

    @Test("With more unread than a page holds, one begins where one left off", arguments: TestEngine.available)
    func unreadFirst(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await Pair(in: village)
            try await pair.fill(100)
            try await village.browsing { browser in
                let ben = browser(village.ben)
                func marks() async throws -> Int { try await pair.find(as: village.ben).me.marks.read }
                func numbers(_ page: Answer) -> [Int] {
                    page.text.matches(of: /id="m(\d+)"/).compactMap { Int($0.output.1) }
                }
                let first = try await ben.get(pair.path)
                #expect(numbers(first) == Array(1...40))
                #expect(first.text.contains("You have not read these yet") && !first.text.contains("<textarea"))
                #expect(first.text.matches(of: /id="latest"/).count == 1)
                #expect(try await marks() == 40)
                let later = try #require(first.text.firstMatch(of: /href="([^"]*\?after=\d+)"/)).output.1
                #expect(numbers(try await ben.get(String(later))) == Array(41...80))
                #expect(try await marks() == 80)
                // What is left fits a page: the usual one, with the box to write in.
                let last = try await ben.get(pair.path)
                #expect(numbers(last) == Array(61...100) && last.text.contains("<textarea"))
                #expect(!last.text.contains("You have not read these yet"))
                #expect(try await marks() == 100)
                for odd in ["100", "-1", "x", "9223372036854775807"] {
                    let page = try await ben.get("\(pair.path)?after=\(odd)")
                    #expect(page.status == .ok && page.text.contains("Word 100"), "after=\(odd)")
                }
            }
        }
    }

    @Test(
        "Whoever answers has opened what they answer to, and nothing that came since", arguments: TestEngine.available)
    func answered(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await Pair(in: village)
            try await pair.fill(100)
            try await village.browsing { browser in
                let ben = browser(village.ben)
                func marks() async throws -> Conversation.Marks { try await pair.find(as: village.ben).me.marks }
                let page = try await ben.get("\(pair.path)?newest=1")
                #expect(page.text.contains(#"name="through" value="100""#))
                try await pair.send("Since then", as: village.cleo)
                #expect(try await marks() == .init())
                func answer(_ words: String, seen: Int) async throws {
                    let key = village.platform.world.newIdentifier()
                    let form = ["message": key, "body": words, "through": "\(seen)"]
                    #expect(try await ben.post("\(pair.path)/messages", form).status == .seeOther)
                }
                try await answer("My answer", seen: 100)
                #expect(try await marks() == .init(delivered: 100, read: 100))
                _ = try await ben.get(pair.path)
                #expect(try await marks() == .init(delivered: 102, read: 102))
                try await answer("And another", seen: 102)
                #expect(try await marks() == .init(delivered: 103, read: 103))
                // A page that knows less than was read takes nothing back.
                try await answer("From an old page", seen: 7)
                #expect(try await marks() == .init(delivered: 104, read: 104))
            }
        }
    }

    @Test(
        "The list says who, when and how many are new, in one statement for any number", arguments: TestEngine.available
    )
    func list(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await Pair(in: village)
            try await pair.send("Hello", as: village.cleo)
            func statements() async throws -> Int {
                _ = try await village.read(as: village.ben) { try ConversationListScreen(in: $0) }
                return village.ledger.last
            }
            let one = try await statements()
            for _ in 1...30 {
                village.clock.advance(minutes: 1)
                _ = try await village.match(village.readyReferral(), with: village.ben)
            }
            #expect(try await statements() == one)
            #expect(one <= 3)
            try await village.browsing { browser in
                let first = try await browser(village.ben).get("/conversations")
                #expect(first.text.matches(of: /Nora North/).count == 25)
                let next = try #require(first.text.firstMatch(of: /href="(\/conversations\?after=[^"]*)"/))
                let second = try await browser(village.ben).get(String(next.output.1))
                #expect(second.text.matches(of: /Nora North/).count == 5)
                #expect(second.text.contains("Cleo Castro") && second.text.contains("1 new message<"))
                #expect(second.text.contains("Last message: Today at 9:00 am"))
                _ = try await browser(village.ben).get(pair.path)
                let third = try await browser(village.ben).get(String(next.output.1))
                #expect(third.text.contains("Cleo Castro") && !third.text.contains("new message"))
                let nothing = try await browser(village.ana).get("/conversations")
                #expect(nothing.status == .ok && nothing.text.contains("Nothing here yet"))
            }
        }
    }
}
