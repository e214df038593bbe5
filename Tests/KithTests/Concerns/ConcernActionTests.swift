import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing

@Suite("Concerns: raised, called out, taken in hand, closed")
struct ConcernActionTests {
    private static let later = Day("2026-04-01") ?? Day(daysSince1970: 0)

    @Test(
        "Rung after rung is called, each in its time, and around again, until somebody has it",
        arguments: TestEngine.available)
    func ladder(engine: TestEngine) async throws {
        try await withVillage(engine) { plain in
            let village = plain.carrying()
            try await village.reachStaff()
            let postbox = Postbox()
            let id = try await village.raise(.danger, "Marigold", as: village.ben)
            #expect(try await village.called(id) == ["0.1 Ana"], "in the transaction that raised it")
            await village.workOff(into: postbox)
            #expect(postbox.letters.map(\.address) == ["ana@riverside.example"])
            try await village.climb(after: 14)
            #expect(try await village.called(id).count == 1)
            try await village.climb(after: 1)
            await village.workOff(into: postbox)
            try await village.climb(after: 15)
            await village.workOff(into: postbox)
            #expect(try await village.called(id) == ["0.1 Ana", "0.2 Sam", "0.3 Ada"])
            try await village.climb(after: 15)
            #expect(try await village.called(id).last == "1.1 Ana", "never silent")
            await village.workOff(into: postbox)
            #expect(postbox.letters.count == 4)
            for letter in postbox.letters {
                let text = letter.text + letter.subject + letter.senderName
                for word in ["Marigold", "Ben", "danger", "hurt", "concern that", "Caregivers"] {
                    #expect(!text.contains(word), "nothing of what it is: \(word)")
                }
            }
            try await village.acknowledge(id, as: village.ada)
            try await village.climb(after: 60)
            #expect(try await village.called(id).count == 4, "nobody else is called")
            #expect(try await village.concern(id).acknowledgedBy == village.ada.id)
        }
    }

    @Test(
        "Mail that fails is an alert: the next rung at once, and a line for the administrator",
        arguments: TestEngine.available)
    func failing(engine: TestEngine) async throws {
        try await withVillage(engine) { plain in
            let village = plain.carrying()
            try await village.reachStaff()
            let carrier = SwitchedCarrier()
            carrier.set(down: true)
            let id = try await village.raise(as: village.ben)
            await village.worker(by: carrier).workOff()
            try await village.climb()
            #expect(try await village.called(id) == ["0.1 Ana", "0.2 Sam"], "not after fifteen minutes")
            try await village.browsing { browser async throws -> Void in
                let page = try await browser(village.ada).get("/people")
                #expect(page.text.contains("1 call for a concern reaches nobody"))
                let ladders = try await browser(village.ada).get("/ladders")
                #expect(ladders.text.contains("Ana Alvarez: Email, not taken yet"))
                #expect(!ladders.text.contains("Ben"), "an administrator who was not called reads nothing of it")
            }
            #expect(try await village.concern(id).undeliveredAt != nil)
        }
    }

    @Test(
        "What the same account says again joins what is open, and never reaches whom it is about",
        arguments: TestEngine.available)
    func repeated(engine: TestEngine) async throws {
        try await withVillage(engine) { plain in
            let village = plain.carrying()
            _ = try await village.pair()
            try await village.reachStaff()
            try await village.reachByMail(village.ben, at: "ben@home.example")
            let postbox = Postbox()
            let before = try await village.platform.store.read {
                try $0.value("SELECT count(*) FROM event WHERE subject_id = \(village.ben.id)", as: Int.self)
            }
            let first = try await village.raise(about: village.ben, .boundary, "One", as: village.cleo)
            for number in 1...20 {
                let again = try await village.raise(about: village.ben, .harm, "Again \(number)", as: village.cleo)
                #expect(again == first)
            }
            #expect(try await village.called(first) == ["0.1 Ana"], "nobody is called anew")
            try await village.acknowledge(first, as: village.ana)
            await village.workOff(into: postbox)
            for number in 1...20 {
                village.clock.advance(minutes: 1)
                _ = try await village.raise(about: village.ben, .harm, "Once more \(number)", as: village.cleo)
            }
            await village.workOff(into: postbox)
            #expect(postbox.letters.count { $0.address == "ana@riverside.example" } <= 2, "nor flooded")
            #expect(!postbox.letters.contains { $0.address == "ben@home.example" })
            let page = try await village.browsing { try await $0(village.ana).get("/concerns/\(first)").text }
            #expect(page.contains("Once more 20"), "all of it is read")
            // Ben is neither told nor held back, and nothing of his record says a word of it.
            let after = try await village.platform.store.read {
                try $0.value("SELECT count(*) FROM event WHERE subject_id = \(village.ben.id)", as: Int.self)
            }
            #expect(before == after)
            try await village.browsing { browser async throws -> Void in
                let ben = browser(village.ben)
                for path in ["/today", "/concerns/new", "/conversations", "/encounters"] {
                    let page = try await ben.get(path)
                    #expect(page.status == .ok && !page.text.contains("Once more"), "\(path)")
                }
                #expect(try await ben.get("/concerns/raised/\(first)").status == .notFound)
                #expect(try await ben.get("/concerns").status == .forbidden)
            }
            // Another account's is another one.
            let other = try await village.raise(about: village.ben, .worry, as: village.sam)
            #expect(other != first)
        }
    }

    @Test("Sent twice, it is raised once", arguments: TestEngine.available)
    func once(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let once = village.platform.world.newIdentifier()
            let first = try await village.raise(as: village.ben, once: once)
            try await village.acknowledge(first, as: village.ana)
            #expect(try await village.raise(as: village.ben, once: once) == first)
            #expect(try await village.raise(as: village.ben) != first, "without a name it may be something else")
        }
    }

    @Test(
        "Closing needs an outcome, a day to look again and an offer to the supporter", arguments: TestEngine.available)
    func closing(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            _ = try await village.pair()
            let id = try await village.raise(about: village.cleo, .worry, "Sad", as: village.ben)
            func close(_ closing: Concern.Closing, as neighbor: Village.Neighbor) async throws {
                try await village.write(as: neighbor) { try Concern.find(id, in: $0).close(closing, in: $0) }
            }
            let good = Concern.Closing(.settled, words: "We spoke", followUp: Self.later, debrief: village.ben.id)
            await #expect(throws: Problem.conflict("concern.not-yours")) { try await close(good, as: village.ana) }
            try await village.acknowledge(id, as: village.ana)
            await #expect(throws: Problem.conflict("concern.not-yours")) { try await close(good, as: village.sam) }
            let none = Concern.Closing(.settled, followUp: Self.later, debrief: nil)
            await #expect(throws: Problem.invalid("debrief", "not-a-choice")) { try await close(none, as: village.ana) }
            let today = Concern.Closing(.settled, followUp: Day("2026-03-02") ?? Self.later, debrief: village.ben.id)
            await #expect(throws: Problem.invalid("follow-up", "not-in-future")) {
                try await close(today, as: village.ana)
            }
            let drilled = Concern.Closing(.answered, followUp: Self.later, debrief: village.ben.id)
            await #expect(throws: Problem.invalid("outcome", "not-a-choice")) {
                try await close(drilled, as: village.ana)
            }
            try await close(good, as: village.ana)
            // The supporter is asked, and the day comes back to whoever closed it.
            try await village.browsing { browser async throws -> Void in
                let ben = browser(village.ben)
                #expect(try await ben.get("/today").text.contains("Would you like to talk it over?"))
                #expect(try await ben.post("/concerns/\(id)/debrief/answer", ["answer": "yes"]).location == "/today")
                #expect(try await !ben.get("/today").text.contains("Would you like to talk it over?"))
                let ana = browser(village.ana)
                #expect(try await ana.get("/board").text.contains("1 concern needs you again"))
                #expect(try await ana.get("/concerns").text.contains("would like to talk about it"))
                #expect(try await ana.post("/concerns/\(id)/debrief").status == .seeOther)
                #expect(try await !ana.get("/board").text.contains("needs you again"))
                village.clock.advance(days: 40)
                #expect(try await ana.get("/board").text.contains("1 concern needs you again"))
                #expect(try await !browser(village.sam).get("/team").text.contains("needs you again"), "not Sam's")
                #expect(try await ana.post("/concerns/\(id)/follow-up").status == .seeOther)
                #expect(try await !ana.get("/board").text.contains("needs you again"))
            }
        }
    }

    @Test(
        "Handed over, it climbs until the other one has it; left behind, it climbs anew",
        arguments: TestEngine.available)
    func handedOver(engine: TestEngine) async throws {
        try await withVillage(engine) { plain in
            let village = plain.carrying()
            try await village.reachStaff()
            let id = try await village.raise(as: village.ben)
            try await village.acknowledge(id, as: village.ana)
            let sam = village.sam.id
            try await village.write(as: village.ana) { try Concern.find(id, in: $0).handOver(to: sam, in: $0) }
            #expect(try await village.called(id) == ["0.1 Ana", "1.0 Sam"])
            try await village.climb(after: 15)
            #expect(try await village.called(id).last == "1.1 Ana", "Sam did not answer")
            try await village.acknowledge(id, as: village.sam)
            try await village.give(.coordinator, to: village.bao)
            try await village.end(.supervisor, of: village.sam)
            #expect(try await village.state(id) == "escalating")
            #expect(try await village.called(id).suffix(2) == ["2.1 Ana", "2.1 Bao"])
            #expect(try await village.orphans(of: Concern.feature) == [:])
            try await village.acknowledge(id, as: village.bao)
            let ana = village.ana.id
            try await village.write(as: village.ana) { try Concern.find(id, in: $0).handOver(to: ana, in: $0) }
            #expect(try await village.concern(id, as: village.ana).acknowledgedBy == ana, "Bao is away")
            let ben = village.ben.id
            await #expect(throws: Problem.invalid("person", "not-a-choice")) {
                try await village.write(as: village.ana) { try Concern.find(id, in: $0).handOver(to: ben, in: $0) }
            }
        }
    }

    @Test(
        "kith check finds a concern that nobody climbs, and one in the hands of somebody who left",
        arguments: TestEngine.available)
    func orphans(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let id = try await village.raise(as: village.ben)
            #expect(try await village.orphans(of: Concern.feature) == [:])
            village.clock.advance(hours: 1)
            #expect(try await village.orphans(of: Concern.feature).count == 1, "the program does not run")
            try await village.climb()
            #expect(try await village.orphans(of: Concern.feature) == [:])
            try await village.acknowledge(id, as: village.sam)
            try await village.platform.store.write { writer in
                try writer.run(
                    "UPDATE membership SET ended_at = '2026-03-02T14:00:00.000Z' WHERE person_id = \(village.sam.id)")
            }
            #expect(try await village.orphans(of: Concern.feature).count == 1)
        }
    }

    @Test("Two processes at one ladder call each person once", arguments: TestEngine.available)
    func together(engine: TestEngine) async throws {
        try await withVillage(engine) { plain in
            let village = plain.carrying()
            try await village.reachStaff()
            var ids: [Concern.ID] = []
            for neighbor in [village.ben, village.cleo, village.bao] {
                ids.append(try await village.raise(as: neighbor))
            }
            village.clock.advance(minutes: 15)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 { group.addTask { try await village.platform.escalate() } }
                try await group.waitForAll()
            }
            for id in ids { #expect(try await village.called(id) == ["0.1 Ana", "0.2 Sam"]) }
        }
    }
}
