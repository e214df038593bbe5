import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing

@Suite("A talk after something heavy")
struct TalkTests {
    private func owed(by neighbor: Village.Neighbor, in village: Village) async throws -> [Person.ID] {
        try await village.read(as: neighbor) { try Talk.owed(in: $0).map(\.supporter) }
    }

    private func ask(_ village: Village, as neighbor: Village.Neighbor) async throws {
        let program = village.riverside.program
        try await village.write(as: neighbor) { db in
            try Breather.take(in: db)
            try Talk.ask(in: program, db: db)
        }
    }

    @Test("Only the supervisor of the program owes it, until they have talked", arguments: TestEngine.available)
    func reach(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.write(as: village.ben) { try Breather.take(in: $0) }
            #expect(try await owed(by: village.sam, in: village).isEmpty, "a tap alone is nobody's to see")
            try await ask(village, as: village.ben)
            try await ask(village, as: village.ben)
            #expect(try await owed(by: village.sam, in: village) == [village.ben.id], "asked twice is asked once")
            for neighbor in [
                village.ana, village.riverside.otherCoordinator, village.ada, village.dana, village.bao, village.cleo,
                village.hillside.supervisor, village.hillside.coordinator
            ] {
                #expect(try await owed(by: neighbor, in: village).isEmpty, "\(neighbor.name)")
            }
            try await village.browsing { browser async throws -> Void in
                #expect(try await browser(village.sam).get("/team").text.contains("would like to talk with you"))
                let page = try await browser(village.sam).get("/talks").text
                #expect(page.contains("Ben"))
                let path = try #require(page.firstMatch(of: /\/talks\/[0-9a-f-]+\/holding/)?.output)
                #expect(try await browser(village.ana).post("\(path)").status == .forbidden)
                #expect(try await browser(village.hillside.supervisor).post("\(path)").status == .notFound)
                #expect(try await browser(village.sam).post("\(path)").status == .seeOther)
                #expect(try await !browser(village.sam).get("/team").text.contains("to talk with you"))
            }
            let left = try await village.read(as: village.ana) { try $0.exists("SELECT 1 FROM talk") }
            #expect(!left, "who asked for how many is kept nowhere")
        }
    }

    @Test("It is late after two days, and its supporter can take it back", arguments: TestEngine.available)
    func clock(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await ask(village, as: village.ben)
            try await village.pass(days: 3)
            try await village.browsing { browser async throws -> Void in
                #expect(try await browser(village.sam).get("/team").text.contains("waited more than two days"))
                #expect(try await browser(village.ben).get("/breather").text.contains("Two days are over"))
                #expect(try await browser(village.ben).post("/breather/talk/ending").status == .seeOther)
                #expect(try await !browser(village.sam).get("/team").text.contains("to talk with you"))
            }
        }
    }

    @Test(
        "Where nobody supervises it cannot be asked for; one who supervises themselves asks somebody else",
        arguments: TestEngine.available)
    func nobody(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.give(.supporter, to: village.sam)
            #expect(try await village.read(as: village.sam) { try Talk.choices(in: $0) }.isEmpty)
            await #expect(throws: Problem.invalid("program", "not-a-choice")) {
                try await ask(village, as: village.sam)
            }
            let choices = try await village.read(as: village.ben) { try Talk.choices(in: $0) }
            #expect(choices.map(\.supervisors) == [["Sam Sato"]])
            let other = village.riverside.otherProgram
            await #expect(throws: Problem.invalid("program", "not-a-choice")) {
                try await village.write(as: village.ben) { try Talk.ask(in: other, db: $0) }
            }
        }
    }

    @Test("It ends with the role, and goes with whoever is erased", arguments: TestEngine.available)
    func ends(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await ask(village, as: village.ben)
            try await ask(village, as: village.bao)
            let (program, ben, bao) = (village.riverside.program, village.ben.id, village.bao.id)
            #expect(try await village.orphans(of: Talk.feature).isEmpty)
            try await village.write(asSystemOf: village.riverside) { db in
                try Person.end(.supporter, in: program, of: ben, in: db)
            }
            #expect(try await owed(by: village.sam, in: village) == [bao])
            let sam = village.sam.id
            try await village.write(asSystemOf: village.riverside) { db in
                try Person.end(.supervisor, in: program, of: sam, in: db)
            }
            #expect(try await village.orphans(of: Talk.feature).count == 1)
            try await village.write(asSystemOf: village.riverside) { db in
                for feature in [Breather.feature, Talk.feature] {
                    for erase in feature.erasures { try db.run(erase(db.organization, bao, db.now)) }
                }
                db.record(Event(.roomChanged))
            }
            let left = try await village.read(as: village.ana) { db in
                try db.values(
                    "SELECT supporter_id FROM talk UNION ALL SELECT person_id FROM breather", as: Person.ID.self)
            }
            #expect(left == [ben], "only Ben's breather, which ends by itself")
        }
    }

    @Test("One's own copy tells of it, a copy that the house makes does not", arguments: TestEngine.available)
    func copy(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await ask(village, as: village.ben)
            let ben = village.ben.id
            let own = try await village.read(as: village.ben) { try PersonCopy(of: ben, in: $0).further }
            #expect(own.first { $0.name == "breather" }?.lines.count == 2)
            let made = try await village.write(asSystemOf: village.riverside) {
                try PersonCopy(of: ben, in: $0).further
            }
            #expect(made.first { $0.name == "breather" }?.lines.isEmpty == true)
        }
    }

    @Test("The tap, the talk and the way back, page by page", arguments: TestEngine.available)
    func pages(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await village.pair()
            let contact = try await village.meet(pair)
            try await village.browsing { browser async throws -> Void in
                let ben = browser(village.ben)
                let contactPage = try await ben.get("/encounters/\(contact)").text
                #expect(contactPage.contains("That was heavy"))
                #expect(try await !browser(village.ana).get("/encounters/\(contact)").text.contains("heavy"))
                #expect(try await !browser(village.cleo).get("/encounters/\(contact)").text.contains("heavy"))
                #expect(try await ben.get("/today").text.contains(">That was heavy"))
                #expect(try await ben.post("/breather").location == "/breather")
                let page = try await ben.get("/breather").text
                #expect(page.contains("I would like a talk with Sam Sato") && page.contains("No talk, thank you"))
                let today = try await ben.get("/today").text
                #expect(today.contains("Nobody new is suggested to you until Monday, March 16"))
                #expect(!today.contains(">That was heavy"), "on the same day it would change nothing")
                #expect(try await ben.post("/breather/no-talk").location == "/today")
                #expect(try await !ben.get("/today").text.contains("Would you like to talk with somebody?"))
                #expect(try await ben.post("/breather/ending").location == "/breather")
                #expect(try await !ben.get("/today").text.contains("Nobody new is suggested"))
                #expect(try await ben.post("/breather/talk", ["program": "nonsense"]).status.code == 422)
            }
        }
    }
}
