import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing

@Suite("Drills")
struct DrillTests {
    @Test(
        "With nothing that carries, and with nobody there, it still reaches a named person or the failure screen",
        arguments: TestEngine.available)
    func drillInTheDark(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let program = village.riverside.program
            let id = try await village.write(as: village.ada) { try Drill.start(in: program, db: $0) }
            #expect(try await village.called(id) == ["0.1 Ana", "0.2 Sam", "0.3 Ada"], "all at once")
            try await village.browsing { browser async throws -> Void in
                for (neighbor, first) in [(village.ana, "/board"), (village.sam, "/team"), (village.ada, "/people")] {
                    let page = try await browser(neighbor).get(first)
                    #expect(page.text.contains("1 drill waits for somebody"), "\(neighbor.name)")
                }
                let page = try await browser(village.ana).get("/concerns/\(id)")
                #expect(page.text.contains("This is a drill. Nothing has happened."))
                let failing = try await browser(village.ada).get("/ladders")
                #expect(
                    failing.text.contains("Calls that reach nobody")
                        && failing.text.contains("Ana Alvarez: in Kith only"))
            }
            try await village.climb(after: 4)
            try await village.acknowledge(id, as: village.sam)
            let drill = try await village.read(as: village.ada) {
                try Drill.latest(of: program, in: $0.organization, db: $0).first
            }
            #expect(drill?.outcome == .answered && drill?.answeredBy == "Sam Sato")
            #expect(drill?.answeredAt?.minutes(since: drill?.startedAt ?? village.clock.now) == 4)
            // Without a named person there is the failure screen.
            try await village.end(.coordinator, of: village.ana)
            try await village.end(.supervisor, of: village.sam)
            let alone = try await village.raise(as: village.ada)
            #expect(try await village.called(alone) == [], "whoever raised it is the only one there")
            try await village.browsing { browser async throws -> Void in
                #expect(try await browser(village.ada).get("/ladders").text.contains("Nobody is there to call."))
                let own = try await browser(village.ada).get("/concerns/raised/\(alone)")
                #expect(own.text.contains("nobody is here to call"))
            }
            try await village.give(.coordinator, to: village.ana)
            try await village.climb(after: 5)
            #expect(try await village.called(alone) == ["0.1 Ana"])
        }
    }

    @Test("A drill that nobody answers ends and says so", arguments: TestEngine.available)
    func unanswered(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let program = village.riverside.program
            let id = try await village.write(as: village.ada) { try Drill.start(in: program, db: $0) }
            for _ in 0..<8 { try await village.climb(after: 16) }
            #expect(try await village.state(id) == "closed")
            #expect(try await village.called(id).count == 6, "twice around")
            try await village.browsing { browser async throws -> Void in
                let page = try await browser(village.ada).get("/programs/\(program)/ladder")
                #expect(page.text.contains("Nobody"))
                #expect(try await browser(village.ada).get("/people").text.contains("reaches nobody"))
            }
        }
    }

    @Test("Drills come on their schedule, and one jump of the clock makes one of them", arguments: TestEngine.available)
    func schedule(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let program = village.riverside.program
            var ladder = Ladder.usual
            ladder.drillWeeks = 4
            try await village.write(as: village.ada) { [ladder] in try ladder.set(for: program, in: $0) }
            try await village.climb(after: 27 * 24 * 60)
            let drills = "SELECT count(*) FROM concern WHERE is_drill" as SQL
            #expect(try await village.platform.store.read { try $0.value(drills, as: Int.self) } == 0)
            try await village.climb(after: 24 * 60)
            try await village.climb()
            #expect(try await village.platform.store.read { try $0.value(drills, as: Int.self) } == 1)
            for _ in 0..<5 { try await village.climb(after: 20) }
            try await village.climb(after: 400 * 24 * 60)
            try await village.climb()
            #expect(try await village.platform.store.read { try $0.value(drills, as: Int.self) } == 2)
        }
    }
}
