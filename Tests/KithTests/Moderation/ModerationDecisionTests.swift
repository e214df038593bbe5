import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing

@Suite("Who decides, and what comes of it")
struct ModerationDecisionTests {
    /// Ben wrote something, Cleo reported it, and Sam has it in hand.
    private func claimed(_ pair: Pair) async throws -> ModerationItem.ID {
        let village = pair.village
        let sent = try await pair.send("Words", as: village.ben)
        let id = try await village.report(sent.sequence ?? 0, in: pair.id, as: village.cleo)
        try await village.claim(id, as: village.sam)
        return id
    }

    @Test("Of many at once, one has it, and one decision is made", arguments: TestEngine.available)
    func race(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await Pair(in: village)
            for round in 1...8 {
                let sent = try await pair.send("Round \(round)", as: village.ben)
                let id = try await village.report(sent.sequence ?? 0, in: pair.id, as: village.cleo)
                func run(_ work: @escaping @Sendable (Village.Neighbor, Int) async throws -> Void) async -> [Int] {
                    await withTaskGroup(of: Int?.self) { group in
                        for index in 0..<12 {
                            let neighbor = index % 2 == 0 ? village.ana : village.sam
                            group.addTask {
                                do { try await work(neighbor, index) } catch { return nil }
                                return index % 2
                            }
                        }
                        return await group.reduce(into: []) { if let side = $1 { $0.append(side) } }
                    }
                }
                let owners = await run { neighbor, _ in try await village.claim(id, as: neighbor) }
                #expect(!owners.isEmpty && Set(owners).count == 1, "one side only: \(owners)")
                let owner = try await village.item(id).claimedBy
                #expect(owner == (owners.first == 0 ? village.ana.id : village.sam.id))
                let decided = await run { neighbor, index in
                    try await village.decide(id, .init(index % 4 < 2 ? .nothing : .word, words: "Words"), as: neighbor)
                }
                #expect(decided.count == 1, "\(decided)")
                let events = try await village.count(
                    "SELECT count(*) FROM event WHERE kind = 'moderation.decided' AND object_id = \(id)")
                #expect(events == 1)
            }
        }
    }

    @Test("Having to wait, slow mode and being taken out do what they say, and end", arguments: TestEngine.available)
    func effects(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await Pair(in: village)
            try await village.publishRules(accepting: [village.ben, village.cleo])
            try await village.decide(try await claimed(pair), .init(.wait, rule: 1, days: 3), as: village.sam)
            await #expect(throws: Problem.conflict("moderation.wait")) { try await pair.send("No", as: village.ben) }
            try await pair.send("She can", as: village.cleo)
            try await village.browsing { browser async throws -> Void in
                let page = try await browser(village.ben).get(pair.path).text
                #expect(page.contains("You can write again: Thursday, March 5") && !page.contains("class=\"composer\""))
            }
            village.clock.advance(days: 3)
            try await pair.send("Again", as: village.ben)

            village.clock.advance(minutes: 10)
            try await village.decide(try await claimed(pair), .init(.slowMode, rule: 1, days: 1), as: village.sam)
            await #expect(throws: Problem.conflict("moderation.slow-mode")) {
                try await pair.send("Soon", as: village.ben)
            }
            try await village.browsing { browser async throws -> Void in
                let form = ["body": "My typed words", "message": "0195cf1e-0000-7000-8000-000000000009"]
                let late = try await browser(village.ben).post("\(pair.path)/messages", form)
                #expect(late.status == .conflict && late.text.contains("My typed words"))
                #expect(late.text.contains("There are five minutes between your messages now."))
                let json = try await browser(village.ben).post(
                    "\(pair.path)/messages", form, headers: [.accept: "application/json"])
                #expect(json.status == .conflict && json.text.contains("five minutes"))
            }
            village.clock.advance(minutes: 5)
            try await pair.send("Later", as: village.ben)
            village.clock.advance(days: 1)
            for _ in 1...2 { try await pair.send("Fast again", as: village.ben) }

            let out = try await claimed(pair)
            try await village.decide(out, .init(.removed, rule: 1), as: village.sam)
            for neighbor in [village.ben, village.cleo] {
                await #expect(throws: Problem.conflict("conversation.paused")) {
                    try await pair.send("No", as: neighbor)
                }
            }
            _ = try await village.item(.match)
            try await village.appeal(out, as: village.ben)
            try await village.claim(out, as: village.ana)
            try await village.write(as: village.ana) { try ModerationItem.find(out, in: $0).settle(.takenBack, in: $0) }
            try await pair.send("Back", as: village.ben)
            await #expect(throws: Problem.conflict("moderation.no-appeal")) {
                try await village.appeal(out, as: village.ben)
            }
        }
    }

    @Test(
        "A decision that is told cites a rule, or says why; nobody appeals late, or for somebody else",
        arguments: TestEngine.available)
    func told(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await Pair(in: village)
            let first = try await claimed(pair)
            await #expect(throws: Problem.self, "no rules, no words") {
                try await village.decide(first, .init(.word), as: village.sam)
            }
            await #expect(throws: Problem.conflict("moderation.not-yours")) {
                try await village.decide(first, .init(.nothing), as: village.ana)
            }
            await #expect(throws: Problem.self, "not of this kind") {
                try await village.decide(first, .init(.released), as: village.sam)
            }
            try await village.decide(first, .init(.word, words: "Please be gentle."), as: village.sam)
            await #expect(throws: Problem.notFound) { try await village.appeal(first, as: village.cleo) }
            village.clock.advance(days: 14)
            await #expect(throws: Problem.conflict("moderation.no-appeal")) {
                try await village.appeal(first, as: village.ben)
            }
            let second = try await claimed(pair)
            try await village.decide(second, .init(.nothing), as: village.sam)
            await #expect(throws: Problem.notFound, "what is not told cannot be found") {
                try await village.appeal(second, as: village.ben)
            }
        }
    }

    @Test(
        "It changes hands, and comes back when whoever had it leaves; late is on first pages",
        arguments: TestEngine.available)
    func hands(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await Pair(in: village)
            let id = try await claimed(pair)
            let (ana, dana) = (village.ana.id, village.dana.id)
            await #expect(throws: Problem.self) {
                try await village.write(as: village.sam) {
                    try ModerationItem.find(id, in: $0).handOver(to: dana, in: $0)
                }
            }
            try await village.write(as: village.sam) { try ModerationItem.find(id, in: $0).handOver(to: ana, in: $0) }
            #expect(try await village.item(id).claimedBy == ana)
            try await village.end(.coordinator, of: village.ana)
            #expect(try await village.item(id).claimedBy == nil)
            #expect(try await village.orphans(of: Moderation.feature).isEmpty)
            village.clock.advance(hours: 25)
            try await village.browsing { browser async throws -> Void in
                #expect(try await browser(village.sam).get("/team").text.contains("1 report or message is late"))
            }
            village.clock.advance(hours: 48)
            #expect(try await village.orphans(of: Moderation.feature).count == 1)
        }
    }
}
