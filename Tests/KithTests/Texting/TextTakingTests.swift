import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing

@Suite("Text messages that people send")
struct TextTakingTests {
    private struct Crash: Error {}
    private static let number = "+15550100134"

    @Test("What the gateway delivers twice is done once", arguments: TestEngine.available)
    func twice(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let town = TextTown(village)
            for _ in 0..<3 { try await town.text("HELP", from: Self.number, id: "one") }
            #expect(await town.letters().count == 1)
            try await town.text("HELP", from: Self.number, id: "two")
            #expect(await town.letters().count == 2)
            for _ in 0..<2 { try await town.text("CALL", from: Self.number, id: "three") }
            #expect(try await [town.count("referrals"), town.count("received")] == [1, 3])
        }
    }

    @Test(
        "Killed at any statement, nothing is half done, and the gateway's next try does it",
        arguments: TestEngine.available, ["STOP", "CALL", "I want to die"])
    func killed(engine: TestEngine, words: String) async throws {
        try await withVillage(engine) { village in
            var town = TextTown(village)
            var (crashes, isDone) = (0, false)
            for at in 1...200 where !isDone {
                town.village.platform.beforeStatement = { if $0 == at { throw Crash() } }
                let before = try await (
                    town.count("received"), town.count("replies"), town.count("stops"), town.count("referrals"),
                    town.count("events")
                )
                do {
                    try await town.text(words, from: Self.number, id: "one")
                    isDone = true
                } catch is Crash {
                    crashes += 1
                    let after = try await (
                        town.count("received"), town.count("replies"), town.count("stops"), town.count("referrals"),
                        town.count("events")
                    )
                    #expect(before == after, "statement \(at)")
                }
            }
            #expect(isDone && crashes > 3)
            town.village.platform.beforeStatement = nil
            #expect(try await [town.count("received"), town.count("replies")] == [1, 1])
            #expect(await town.letters().filter { $0.address == Self.number }.count == 1)
        }
    }

    @Test(
        "Two robots do not answer each other forever; short codes and words get nothing",
        arguments: TestEngine.available)
    func robots(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let town = TextTown(village)
            for round in 0..<40 { try await town.text(round.isMultiple(of: 2) ? "STOP" : "START", from: Self.number) }
            #expect(await town.letters().count <= 10)
            for _ in 0..<40 { try await town.text("Thank you for your message", from: Self.number) }
            #expect(await town.letters().count <= 10)
            // What it asked for counts all the same.
            try await town.text("STOP", from: Self.number)
            #expect(try await town.count("stops") == 1)
            try await town.text("STOP", from: "741741")
            await #expect(throws: (any Error).self) { try await town.text("STOP", from: "BANK") }
            #expect(await town.letters().count <= 10)
            village.clock.advance(days: 1)
            try await town.text("START", from: Self.number)
            #expect(await town.answer()?.contains("again") == true)
        }
    }

    @Test(
        "Whoever is unknown and asks to be called stands on the board; whoever is known is called by whose they are",
        arguments: TestEngine.available)
    func calls(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let town = TextTown(village)
            for word in ["PEER", "Apoyo", "اتصل بي"] { try await town.text(word, from: Self.number) }
            #expect(try await town.count("referrals") == 1, "asking again is not another request")
            #expect(await town.letters().count == 3)
            try await town.village.browsing { browser async throws -> Void in
                let board = try await browser(village.ana).get("/board")
                #expect(board.text.contains("Somebody who sent a text"))
            }
            let story = try await village.play(in: village.riverside)
            try await town.give(village.cleo, "555 010 0188")
            let due = try await village.read(as: village.ana) { try Referral.find(story.referral, in: $0).due }
            try await town.text("call me", from: "+15550100188")
            let sooner = try await village.read(as: village.ana) { try Referral.find(story.referral, in: $0).due }
            #expect(try #require(sooner) <= #require(due))
            let asked = try await village.platform.store.read {
                try $0.values("SELECT subject_id FROM event WHERE kind = 'referral.call-asked'", as: Person.ID.self)
            }
            #expect(asked.contains(village.cleo.id))
            try await town.village.browsing { browser async throws -> Void in
                let page = try await browser(village.ana).get("/referrals/\(story.referral)")
                #expect(page.text.contains("Asked by text message to be called"))
            }
            #expect(try await town.count("referrals") == 2)
        }
    }

    @Test("Where several people have a number, nobody's answer is taken for another's", arguments: TestEngine.available)
    func shared(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let town = TextTown(village)
            try await town.give(village.cleo, Self.number)
            try await town.give(village.cyrus, "555-010-0134")
            try await town.text("YES", from: Self.number)
            #expect(await town.answer()?.contains("Several people have this number") == true)
            try await town.text("STOP", from: Self.number)
            let stopped = try await village.platform.store.read {
                try $0.values("SELECT subject_id FROM event WHERE kind = 'texts.stopped'", as: Person.ID.self)
            }
            #expect(Set(stopped) == [village.cleo.id, village.cyrus.id])
        }
    }

    @Test(
        "Words of danger bring people, whoever wrote them, and the numbers that help at once",
        arguments: TestEngine.available)
    func danger(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let town = TextTown(village)
            _ = try await village.play(in: village.riverside)
            try await town.give(village.cleo, "555 010 0188")
            for (number, count) in [("+15550100188", 1), (Self.number, 2)] {
                try await town.text("I want to die", from: number)
                let answer = try #require(await town.answer())
                #expect(
                    answer.contains("911") && answer.contains("988") && answer.contains("asked somebody to call you"))
                #expect(try await town.count("concerns") == count)
            }
            let concerns = try await village.read(as: village.sam) { db in
                try db.all("SELECT about_id, due_at FROM concern ORDER BY id") {
                    (about: try $0["about_id"] as Person.ID?, due: try $0["due_at"] as Instant?)
                }
            }
            #expect(concerns.first?.about == village.cleo.id && concerns.allSatisfy { $0.due != nil })
            // Somebody who wants no more texts and is in danger: both count.
            try await town.text("stop", from: "+15550100188")
            try await town.text("I want to die", from: "+15550100188")
            let reports = try await village.platform.store.read {
                try $0.value("SELECT count(*) FROM concern_report") ?? 0
            }
            #expect(reports == 3)
        }
    }

    @Test("No word of a message and no number stays, but in what was asked for", arguments: TestEngine.available)
    func kept(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let town = TextTown(village)
            try await town.text("my tulips are blue", from: Self.number)
            #expect(await town.letters().count == 1)
            let rows = try await village.platform.store.read { db in
                try db.values("SELECT id || number FROM text_received", as: String.self)
                    + db.values("SELECT coalesce(number, '') || coalesce(body, '') FROM text_reply", as: String.self)
                    + db.values(
                        "SELECT CAST(details AS TEXT) FROM event WHERE kind = 'texts.received'", as: String.self)
            }
            #expect(rows.count == 3)
            for row in rows { #expect(!row.contains("5550100134") && !row.contains("tulips"), "\(row)") }
        }
    }
}
