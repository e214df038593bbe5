import Kith
import KithTestSupport
import Storage
import Testing

@Suite("The conversation of a group")
struct GroupConversationTests {
    @Test("Its members read each other, under the names they have there", arguments: TestEngine.available)
    func names(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let circle = try await Circle(agreements: "We listen first.", in: village)
            try await village.agree(village.cleo)
            try await circle.add(village.cleo, called: "Skylark")
            let nora = try await circle.joining("Nora North")
            try await circle.send("Good evening", as: village.ben)
            try await circle.send("I am new here", as: village.cleo)
            try await circle.send("Welcome", as: nora)

            let conversation = try await circle.find(as: nora)
            #expect(conversation.group == .init(title: "Tuesday evenings", agreements: "We listen first."))
            #expect(conversation.other == nil && conversation.participant == nil && conversation.canWrite)
            let read = try await village.read(as: nora) { db in
                try Conversation.find(circle.id, in: db).messages(before: nil, limit: 10, in: db)
            }
            #expect(read.map(\.name) == ["Ben Boateng", "Skylark", "Nora North"])
            #expect(read.map(\.role) == [.facilitator, .participant, .participant])
            try await village.browsing { browser in
                let page = try await browser(nora).get(circle.path).text
                for expected in [
                    "<h1>Tuesday evenings</h1>", "We listen first.", "Skylark</span>", "Facilitator", "I am new here",
                    "Here you are Nora North"
                ] {
                    #expect(page.contains(expected), "\(expected)")
                }
                #expect(!page.contains("Cleo"))
                let list = try await browser(village.cleo).get("/conversations").text
                #expect(list.contains("Tuesday evenings") && list.contains("Group") && list.contains("2 new messages"))
            }
            // What one writes in a group is for all who are in it: reading it is no look at somebody's record.
            #expect(try await village.count("SELECT count(*) FROM disclosure WHERE what = 'conversation'") == 0)
        }
    }

    @Test("A page of 40 writers takes as few statements as one of two", arguments: TestEngine.available)
    func statements(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let circle = try await Circle(in: village)
            func statements() async throws -> Int {
                _ = try await village.read(as: village.ben) { try ConversationScreen(circle.id, in: $0) }
                return village.ledger.last
            }
            try await circle.send("First", as: village.ben)
            let few = try await statements()
            for number in 1...40 {
                let member = try await circle.joining("Member \(number)")
                try await circle.send("I am \(number)", as: member)
            }
            #expect(try await statements() == few)
            #expect(few <= 6)
            try await circle.send("Welcome all", as: village.ben)
            // Nothing of it grows with the number of members: that there is news shows by the conversation's own number.
            #expect(village.ledger.last <= 6)
        }
    }

    @Test(
        "One reads from when one joined until one leaves, and writes in between", arguments: TestEngine.available)
    func windows(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let circle = try await Circle(in: village)
            let nora = try await village.agreeing("Nora North")
            try await circle.send("Before", as: village.ben)
            await #expect(throws: Problem.notFound) { try await circle.bodies(as: nora) }
            try await circle.add(nora)
            #expect(try await circle.bodies(as: nora) == [])
            try await circle.send("During", as: village.ben)
            try await circle.send("Hello", as: nora)
            try await circle.remove(nora)
            try await circle.remove(nora)  // once more is no more
            try await circle.send("After", as: village.ben)
            #expect(try await circle.bodies(as: nora) == ["During", "Hello"])
            #expect(try await circle.find(as: nora).canWrite == false)
            await #expect(throws: Problem.conflict("conversation.left")) { try await circle.send("More", as: nora) }
            let line = try await village.read(as: nora) { try Conversation.lines(limit: 5, in: $0).first }
            #expect(line?.hasLeft == true && line?.unread == 1)
            try await village.browsing { browser in
                let page = try await browser(nora).get(circle.path).text
                #expect(page.contains("no longer in this group") && !page.contains("After"))
                #expect(!page.contains("<textarea") && !page.contains("/events"))
            }
            // Back again, they read from then on.
            try await circle.add(nora)
            try await circle.send("Again", as: village.ben)
            #expect(try await circle.bodies(as: nora) == ["Again"])
            try await circle.remove(nora, keepingPast: false)
            await #expect(throws: Problem.notFound) { try await circle.find(as: nora) }
            #expect(try await village.read(as: nora) { try Conversation.lines(limit: 5, in: $0).count } == 0)
            // Whoever may read all of it does.
            let mona = try await village.agreeing("Mona May")
            try await circle.add(mona, reading: .fromTheBeginning)
            #expect(try await circle.bodies(as: mona) == ["Before", "During", "Hello", "After", "Again"])
        }
    }

    @Test("Nobody but its members finds it", arguments: TestEngine.available)
    func others(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let circle = try await Circle(in: village)
            let nora = try await circle.joining("Nora North")
            try await circle.send("Among us", as: nora)
            for neighbor in village.riverside.everybody + village.hillside.everybody where neighbor.id != village.ben.id
            {
                await #expect(throws: Problem.notFound) { try await circle.find(as: neighbor) }
                await #expect(throws: Problem.notFound) { try await circle.send("Hello", as: neighbor) }
                #expect(try await village.read(as: neighbor) { try Conversation.lines(limit: 5, in: $0).count } == 0)
            }
            #expect(try await circle.bodies(as: village.ben) == ["Among us"])
            // Whose part in the program is over is out of its groups as well.
            try await village.end(.supporter, of: village.ben)
            await #expect(throws: Problem.notFound) { try await circle.find(as: village.ben) }
        }
    }

    @Test("Two in a group have two names, and none is empty or endless", arguments: TestEngine.available)
    func nicknames(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let circle = try await Circle(in: village)
            try await circle.add(village.cleo, called: "  Skylark ")
            for taken in ["Skylark", "SKYLARK", "ben boateng"] {
                await #expect(throws: Problem.conflict("conversation.name-taken")) {
                    try await circle.add(village.cyrus, called: taken)
                }
            }
            await #expect(throws: Problem.invalid("nickname", "required")) {
                try await circle.add(village.cyrus, called: "  ")
            }
            await #expect(throws: Problem.invalid("nickname", "too-long")) {
                try await circle.add(village.cyrus, called: String(repeating: "x", count: 41))
            }
            // Their own name again, and another one, without losing their place.
            try await circle.send("Hello", as: village.ben)
            try await circle.add(village.cleo, called: "Skylark")
            try await circle.add(village.cleo, called: "Wren")
            #expect(try await circle.find(as: village.cleo).me.name == "Wren")
            #expect(try await circle.bodies(as: village.cleo) == ["Hello"])
            try await circle.remove(village.cleo)
            try await circle.add(village.cyrus, called: "Wren")
        }
    }

    @Test("Without their own consent a participant reads and does not write", arguments: TestEngine.available)
    func consent(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let circle = try await Circle(in: village)
            try await circle.add(village.cleo)
            await #expect(throws: Problem.consentNeeded("take-part")) { try await circle.send("Hi", as: village.cleo) }
            try await circle.send("Hello", as: village.ben)
            #expect(try await circle.bodies(as: village.cleo) == ["Hello"])
            try await village.agree(village.cleo)
            try await circle.send("Hi", as: village.cleo)
            try await circle.close()
            await #expect(throws: Problem.conflict("conversation.closed")) {
                try await circle.send("Late", as: village.cleo)
            }
            await #expect(throws: Problem.notFound) { try await circle.add(village.cyrus) }
            #expect(try await circle.bodies(as: village.cleo) == ["Hello", "Hi"])
        }
    }

    @Test("Whoever is taken out gets nothing more, within a second", arguments: TestEngine.available)
    func streamEnds(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let circle = try await Circle(in: village)
            let (nora, mona) = (try await circle.joining("Nora North"), try await circle.joining("Mona May"))
            try await village.serving { port in
                var (hers, others) = (
                    try await EventReader("\(circle.path)/events?after=0", on: port, as: nora),
                    try await EventReader("\(circle.path)/events?after=0", on: port, as: mona)
                )
                try await circle.send("Hello", as: village.ben)
                #expect(await hers.next(1).first?.text("name") == "Ben Boateng")
                #expect(await others.next(1).first?.id == "1")
                try await circle.remove(nora)
                let removed = ContinuousClock.now
                try await circle.send("Without her", as: village.ben)
                #expect(await hers.next(1).isEmpty)
                #expect(ContinuousClock.now - removed < .seconds(1))
                #expect(await others.next(1).first?.text("body") == "Without her")
                let again = try await EventReader("\(circle.path)/events?after=0", on: port, as: nora)
                #expect(again.status == 404)
                others.close()
            }
        }
    }

    @Test("The record of a member is erased with the name they had there", arguments: TestEngine.available)
    func erased(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let circle = try await Circle(in: village)
            let nora = try await circle.joining("Nora North", called: "Skylark")
            try await circle.send("My words", as: nora)
            _ = try await village.platform.erase(nora.id, of: village.riverside.organization)
            #expect(try await circle.bodies(as: village.ben) == [nil])
            #expect(try await village.count("SELECT count(*) FROM conversation_member WHERE nickname IS NOT NULL") == 0)
        }
    }

    @Test("A copy of one's record has one's own words of groups, and not the others'", arguments: TestEngine.available)
    func copied(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let circle = try await Circle(in: village)
            let nora = try await circle.joining("Nora North")
            try await circle.send("Theirs", as: village.ben)
            try await circle.send("Mine", as: nora)
            let copy = try await village.read(as: nora) { try PersonCopy(of: nora.id, in: $0) }
            #expect(copy.letters.map(\.text) == ["Mine"])
        }
    }

    @Test("Who can see it names the group and none of its members", arguments: TestEngine.available)
    func wall(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let circle = try await Circle(in: village)
            let nora = try await circle.joining("Nora North")
            try await circle.add(village.cleo, called: "Skylark")
            let seen = try await village.read(as: nora) { try Circumstances(of: nora.id, in: $0) }
            #expect(seen.refusal(of: .groupMessages, to: village.cleo.id) == nil)
            #expect(seen.refusal(of: .groupMessages, to: village.ben.id) == nil)
            for neighbor in [village.ana, village.sam, village.ada, village.bao, village.cyrus] {
                #expect(seen.refusal(of: .groupMessages, to: neighbor.id) != nil)
            }
            try await village.browsing { browser in
                let page = try await browser(nora).get("/privacy/items/group-messages").text
                #expect(page.contains("Tuesday evenings") && page.contains("in this group together"))
                #expect(!page.contains("Cleo") && !page.contains("Skylark"))
            }
        }
    }
}
