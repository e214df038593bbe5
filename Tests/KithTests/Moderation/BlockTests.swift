import Foundation
import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing

@Suite("Blocking", .timeLimit(.minutes(35)))
struct BlockTests {
    private func block(_ village: Village, _ sequence: Int, in pair: Pair, as neighbor: Village.Neighbor) async throws {
        let id = pair.id
        try await village.write(as: neighbor) { db in
            let conversation = try Conversation.find(id, in: db)
            let sender = try conversation.message(sequence, with: 0, in: db).message.sender
            try Block.block(sender, in: conversation, db: db)
        }
    }

    @Test("It reaches a page of the other side that is open, within a second", arguments: TestEngine.available)
    func live(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await Pair(in: village)
            try await village.serving { port in
                try await pair.send("Where do you live?", as: village.ben)
                var reader = try await EventReader("\(pair.path)/events?after=1", on: port, as: village.ben)
                #expect(reader.status == 200)
                // Premise: what is written before arrives.
                try await pair.send("Why?", as: village.cleo)
                #expect(await reader.next(1).map { $0.text("body") } == ["Why?"])
                let clock = ContinuousClock()
                let start = clock.now
                try await block(village, 1, in: pair, as: village.cleo)
                let closed = await reader.first("closed") { _ in true }
                #expect(closed?.text("text") != nil && clock.now - start < .seconds(1), "\(clock.now - start)")
                for neighbor in [village.ben, village.cleo] {
                    await #expect(throws: Problem.conflict("conversation.paused")) {
                        try await pair.send("More", as: neighbor)
                    }
                }
                // And so does its end.
                let ben = village.ben.id
                try await village.write(as: village.cleo) { try Block.unblock(ben, in: $0) }
                let open = await reader.first("closed") { _ in true }
                #expect(open != nil && open?.text("text") == nil)
                try await pair.send("Sorry", as: village.ben)
                reader.close()
            }
        }
    }

    @Test(
        "Two who are matched anew while one blocks the other cannot write, and their coordinator hears",
        arguments: TestEngine.available)
    func anew(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await Pair(in: village)
            try await pair.send("Words", as: village.ben)
            try await block(village, 1, in: pair, as: village.cleo)
            try await pair.end(for: .away)
            let next = try await Pair(in: village)
            #expect(next.id != pair.id)
            await #expect(throws: Problem.conflict("conversation.paused")) {
                try await next.send("Again", as: village.ben)
            }
            let items = try await village.count(
                "SELECT count(*) FROM moderation_item WHERE kind = 'match' AND match_id = \(next.match.id)")
            #expect(items == 1)
        }
    }

    @Test(
        "Its coordinator reads that the match needs attention, not why; nobody is dropped",
        arguments: TestEngine.available)
    func attention(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await Pair(in: village)
            try await pair.send("Words", as: village.ben)
            try await block(village, 1, in: pair, as: village.cleo)
            try await block(village, 1, in: pair, as: village.cleo)
            #expect(try await village.count("SELECT count(*) FROM person_block") == 1, "twice is once")
            #expect(try await village.count("SELECT count(*) FROM match WHERE status = 'active'") == 1)
            let id = try await village.item(.match)
            try await village.browsing { browser async throws -> Void in
                let board = try await browser(village.ana).get("/board").text
                #expect(board.contains("1 report or message waits for somebody"))
                let page = try await browser(village.ana).get("/moderation/\(id)").text
                #expect(page.contains("Cleo Castro and Ben Boateng") && page.contains("/matches/\(pair.match.id)"))
                #expect(!page.localizedStandardContains("block"), "not why")
                let his = try await browser(village.ben).get(pair.path).text
                #expect(his.contains("You cannot write to each other at the moment"))
                #expect(!his.contains("class=\"composer\""))
                #expect(try await browser(village.cleo).get("/blocks").text.contains("Ben Boateng"))
                #expect(!(try await browser(village.ben).get("/blocks").text.contains("Cleo Castro")))
            }
            try await village.settle(id, .init(.looked), as: village.ana)
            #expect(try await village.orphans(of: Moderation.feature).isEmpty)
        }
    }

    @Test("Taking it back lets both write again, unless the other blocks too", arguments: TestEngine.available)
    func back(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await Pair(in: village)
            try await pair.send("His", as: village.ben)
            try await pair.send("Hers", as: village.cleo)
            try await block(village, 1, in: pair, as: village.cleo)
            try await block(village, 2, in: pair, as: village.ben)
            let (cleo, ben) = (village.cleo.id, village.ben.id)
            try await village.write(as: village.cleo) { try Block.unblock(ben, in: $0) }
            await #expect(throws: Problem.conflict("conversation.paused")) {
                try await pair.send("No", as: village.cleo)
            }
            try await village.write(as: village.ben) { try Block.unblock(cleo, in: $0) }
            try await pair.send("Yes", as: village.cleo)
            await #expect(throws: Problem.notFound) {
                try await village.write(as: village.ben) { try Block.unblock(cleo, in: $0) }
            }
        }
    }
}
