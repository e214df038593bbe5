import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing

@Suite("Who finds a conversation")
struct ConversationReachTests {
    @Test("Its two members, and nobody else of the house or next door", arguments: TestEngine.available)
    func members(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await Pair(in: village)
            try await pair.send("Between us", as: village.cleo)
            let members = [village.cleo.id, village.ben.id]
            for neighbor in village.riverside.everybody + village.hillside.everybody {
                if members.contains(neighbor.id) {
                    #expect(try await pair.messages(as: neighbor).count == 1)
                    continue
                }
                await #expect(throws: Problem.notFound) { try await pair.find(as: neighbor) }
                await #expect(throws: Problem.notFound) { try await pair.send("Hello", as: neighbor) }
                await #expect(throws: Problem.notFound) { try await pair.see(1...1, reading: true, as: neighbor) }
                let lines = try await village.read(as: neighbor) { try Conversation.lines(limit: 10, in: $0).count }
                #expect(lines == 0)
            }
            #expect(try await pair.messages(as: village.cleo).count == 1)
        }
    }

    @Test("A supporter whose role has ended does not, and the participant still does", arguments: TestEngine.available)
    func formerSupporter(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await Pair(in: village)
            try await pair.send("Between us", as: village.cleo)
            _ = try await pair.find(as: village.ben)
            let (ben, riverside) = (village.ben.id, village.riverside)
            try await village.write(asSystemOf: riverside) { db in
                try Person.end(.supporter, in: riverside.program, of: ben, in: db)
            }
            try await village.signBackIn(village.ben)
            await #expect(throws: Problem.notFound) { try await pair.find(as: village.ben) }
            await #expect(throws: Problem.notFound) { try await pair.send("Hello", as: village.ben) }
            #expect(try await pair.messages(as: village.cleo).count == 1)
        }
    }

    @Test("What was read of a participant is in the access log, once a look", arguments: TestEngine.available)
    func disclosed(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await Pair(in: village)
            try await pair.send("Between us", as: village.cleo)
            try await village.browsing { browser in
                let hers = try await browser(village.cleo).get(pair.path)
                #expect(hers.status == .ok && hers.text.contains("Between us"))
                #expect(try await village.count("SELECT count(*) FROM disclosure WHERE what = 'conversation'") == 0)
                #expect(try await browser(village.ben).get(pair.path).status == .ok)
            }
            let (cleo, ben) = (village.cleo.id, "person:\(village.ben.id)")
            let logged = try await village.count(
                """
                SELECT count(*) FROM disclosure
                WHERE what = 'conversation' AND subject_id = \(cleo) AND actor = \(ben)
                """)
            #expect(logged == 1)
        }
    }

    @Test("Unread messages are the other's that one has not seen", arguments: TestEngine.available)
    func unread(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await Pair(in: village)
            _ = try await Pair(of: village.cyrus, in: village)
            func unread(_ neighbor: Village.Neighbor) async throws -> Int {
                try await village.read(as: neighbor) { try Conversation.unread(in: $0) }
            }
            village.clock.advance(minutes: 1)
            for text in ["One", "Two", "Three"] { try await pair.send(text, as: village.cleo) }
            try await pair.send("Four", as: village.ben)
            #expect(try await unread(village.ben) == 3)
            #expect(try await unread(village.cleo) == 1)
            #expect(try await unread(village.cyrus) == 0)
            try await pair.see(1...2, reading: true, as: village.ben)
            #expect(try await unread(village.ben) == 1)

            let lines = try await village.read(as: village.ben) { try Conversation.lines(limit: 10, in: $0) }
            #expect(lines.map(\.name) == ["Cleo Castro", "Cyrus Cole"])
            #expect(lines.map(\.unread) == [1, 0])
            #expect(lines.map { $0.lastAt == nil } == [false, true])
        }
    }

    @Test(
        "A conversation without its match, or a match without its conversation, is found",
        arguments: TestEngine.available)
    func orphans(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await Pair(in: village)
            func found() async throws -> [Int] {
                let now = village.clock.now
                return try await village.platform.store.read { reader in
                    try Conversation.feature.orphans.map { try reader.values($0.query(now), as: String.self).count }
                }
            }
            #expect(try await found() == [0, 0, 0])
            try await pair.end()
            #expect(try await found() == [0, 0, 0])
            _ = try await Pair(of: village.cyrus, in: village)
            try await village.platform.store.write { [id = pair.id] writer in
                try writer.run("UPDATE conversation SET closed_at = '2026-03-02T15:00:00.000Z' WHERE id <> \(id)")
            }
            #expect(try await found() == [0, 0, 1])
            try await village.platform.store.write { [id = pair.id] writer in
                try writer.run("UPDATE conversation SET closed_at = NULL WHERE id <> \(id)")
                try writer.run("UPDATE match SET apart_at = started_at WHERE status = 'active'")
            }
            #expect(try await found() == [1, 0, 0])
            try await village.platform.store.write { writer in
                try writer.run(
                    "UPDATE match SET status = 'ended', ended_at = started_at, end_reason = 'asked', apart_at = NULL")
            }
            #expect(try await found() == [0, 1, 0])
        }
    }
}
