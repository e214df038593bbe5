import Foundation
import HTTPTypes
import Kith
import KithTestSupport
import Media
import Storage
import Testing

@Suite("Blocking in a group", .timeLimit(.minutes(35)))
struct MemberBlockTests {
    private func block(_ sequence: Int, in circle: Circle, as neighbor: Village.Neighbor) async throws {
        try await circle.village.write(as: neighbor) { db in
            let conversation = try Conversation.find(circle.id, in: db)
            let message = try conversation.message(sequence, with: 0, in: db).message
            try MemberBlock.make(of: message, in: conversation, db: db)
        }
    }

    /// Ben leads; Skylark is Cleo, Moth is Nora.
    private func circle(in village: Village) async throws -> (circle: Circle, nora: Village.Neighbor) {
        let circle = try await Circle(in: village)
        try await village.agree(village.cleo)
        try await circle.add(village.cleo, called: "Skylark")
        return (circle, try await circle.joining("Nora North", called: "Moth"))
    }

    private let notShown = "This message is not shown to you."

    @Test(
        "Within a second neither reads the other on a page that is open, and all others do",
        arguments: TestEngine.available)
    func live(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let (circle, nora) = try await circle(in: village)
            let omar = try await circle.joining("Omar Ortiz")
            try await village.serving { port in
                try await circle.send("Where do you live?", as: nora)
                var readers: [EventReader] = []
                for neighbor in [village.cleo, nora, omar, village.ben] {
                    readers.append(try await EventReader("\(circle.path)/events?after=1", on: port, as: neighbor))
                }
                // Premise: what is written before arrives.
                try await circle.send("Why?", as: village.cleo)
                for index in readers.indices {
                    #expect(await readers[index].next(1).map { $0.text("body") } == ["Why?"])
                }
                try await block(1, in: circle, as: village.cleo)
                let (clock, text) = (ContinuousClock(), notShown)
                let start = clock.now
                try await circle.send("Which street?", as: nora)
                try await circle.send("Good evening", as: village.cleo)
                let read: [[String?]] = [
                    [text, "Good evening"], ["Which street?", text], ["Which street?", "Good evening"],
                    ["Which street?", "Good evening"]
                ]
                for (index, expected) in read.enumerated() {
                    let events = await readers[index].next(2)
                    #expect(events.map { $0.text("body") } == expected, "\(index)")
                    let names = events.map { $0.text("name") }
                    #expect(names.contains("Somebody") == expected.contains(text), "\(index): \(names)")
                    #expect(events.map { $0.number("sequence") } == [3, 4], "numbers have no gaps")
                }
                #expect(clock.now - start < .seconds(1), "\(clock.now - start)")
                // Not even where another answers it, and what is changed later is not shown either.
                try await village.write(as: omar) { db in
                    let id: Message.ID = db.newID()
                    _ = try Message.send("Please ask in private", as: id, to: circle.id, answering: 3, in: db)
                }
                for (index, expected) in [nil, "Which street?", "Which street?", "Which street?"].enumerated() {
                    let data = await readers[index].next(1).first?.data ?? ""
                    #expect(
                        data.contains("Please ask in private") && data.contains("Which street?") == (expected != nil))
                }
                for reader in readers { reader.close() }
            }
        }
    }

    @Test(
        "Pages, search and the page to report show nothing of it; taking it back does", arguments: TestEngine.available)
    func pages(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let (circle, nora) = try await circle(in: village)
            try await circle.send("Purple heron", as: nora)
            try await circle.send("Quiet rain", as: village.cleo)
            func shows(_ words: String, to neighbor: Village.Neighbor) async throws -> [Bool] {
                try await village.browsing { browser async throws -> [Bool] in
                    let report = "\(circle.path)/messages/\(words == "Purple heron" ? 1 : 2)/report"
                    return [
                        try await browser(neighbor).get(circle.path).text.contains(words),
                        try await browser(neighbor).post(
                            "\(circle.path)/search", ["words": String(words.suffix(4))]
                        ).text.contains(words),
                        try await browser(neighbor).get(report).text.contains(words)
                    ]
                }
            }
            #expect(try await shows("Purple heron", to: village.cleo) == [true, true, true], "before")
            #expect(try await shows("Quiet rain", to: nora) == [true, true, true], "before")
            try await village.browsing { browser in
                let page = try await browser(village.cleo).get("\(circle.path)/messages/1/report").text
                #expect(page.contains("Block Moth") && page.contains("Whoever leads the group sees you both"))
                let blocked = try await browser(village.cleo).post("\(circle.path)/messages/1/block", [:])
                #expect(blocked.status == .seeOther)
                let list = try await browser(village.cleo).get("/blocks").text
                // By the name that the group knows, and no other.
                #expect(list.contains("Moth, in Tuesday evenings") && !list.contains("Nora"))
                #expect(!list.contains(nora.id.text))
                #expect(!(try await browser(nora).get("/blocks").text.contains("Skylark")))
            }
            #expect(try await shows("Purple heron", to: village.cleo) == [false, false, false])
            #expect(try await shows("Quiet rain", to: nora) == [false, false, false])
            #expect(try await shows("Purple heron", to: village.ben) == [true, true, true], "who leads reads everybody")
            let id = try #require(try await village.read(as: village.cleo) { try MemberBlock.mine(in: $0) }.first).id
            await #expect(throws: Problem.notFound, "it is not theirs") {
                try await village.write(as: nora) { try MemberBlock.end(id, in: $0) }
            }
            try await village.write(as: village.cleo) { try MemberBlock.end(id, in: $0) }
            #expect(try await shows("Purple heron", to: village.cleo) == [true, true, true], "after")
            #expect(try await shows("Quiet rain", to: nora) == [true, true, true], "after")
        }
    }

    @Test("Neither gets what came with the other's messages", arguments: TestEngine.available)
    func attachments(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let (circle, nora) = try await circle(in: village)
            let id = Message.ID(village.platform.world.newIdentifier())
            let house = village.riverside.organization
            try await village.write(asSystemOf: village.riverside) { db in
                db.record(Event(.groupTypeChanged))
                try db.run(
                    """
                    UPDATE conversation SET takes_attachments = TRUE
                    WHERE organization_id = \(house) AND id = \(circle.id)
                    """)
            }
            try await village.send(try CleanFile(SentFile.picture()), "Look", in: circle.id, as: nora, id: id)
            try await village.browsing { browser in
                let path = "\(circle.path)/messages/1/attachment"
                #expect(try await browser(village.cleo).get(path).status == .ok, "before")
                try await block(1, in: circle, as: village.cleo)
                #expect(try await browser(village.cleo).get(path).status == .notFound)
                #expect(!(try await browser(village.cleo).get(circle.path).text.contains("/attachment\"")))
                #expect(try await browser(village.ben).get(path).status == .ok, "who leads")
            }
        }
    }

    @Test(
        "Nobody is kept from whoever leads the group, and it counts in that group alone",
        arguments: TestEngine.available)
    func bounds(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let (circle, nora) = try await circle(in: village)
            let other = try await Circle("Sunday walks", in: village)
            try await other.add(village.cleo)
            try await other.add(nora)
            for place in [circle, other] {
                try await place.send("Welcome", as: village.ben)
                try await place.send("Thank you", as: nora)
            }
            await #expect(throws: Problem.conflict("block.leader")) { try await block(1, in: circle, as: nora) }
            await #expect(throws: Problem.conflict("block.leading")) {
                try await block(2, in: circle, as: village.ben)
            }
            await #expect(throws: Problem.conflict("block.self")) { try await block(2, in: circle, as: nora) }
            for _ in 1...2 { try await block(2, in: circle, as: village.cleo) }
            #expect(try await village.count("SELECT count(*) FROM member_block") == 1, "twice is once")
            func apart(in circle: Circle, for neighbor: Village.Neighbor) async throws -> Bool {
                try await village.browsing { browser async throws -> Bool in
                    try await browser(neighbor).get(circle.path).text.contains(notShown)
                }
            }
            #expect(try await apart(in: circle, for: village.cleo))
            #expect(try await !apart(in: other, for: village.cleo))
            // What is not shown is no news.
            func unread() async throws -> Int {
                try await village.read(as: village.cleo) { try Conversation.unread(in: $0) }
            }
            let before = try await unread()
            try await circle.send("Still here", as: nora)
            #expect(try await unread() == before)
            try await circle.send("Good night", as: village.ben)
            #expect(try await unread() == before + 1)
            // Whoever leads from now on is read by everybody.
            try await circle.add(nora, as: .facilitator, called: "Moth")
            #expect(try await unread() == before + 2, "with what she had written meanwhile")
            #expect(try await !apart(in: circle, for: village.cleo))
        }
    }
}
