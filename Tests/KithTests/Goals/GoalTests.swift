import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing

@Suite("What people want to work on, in small steps")
struct GoalTests {
    @Test(
        "It is read by its writer, and by a supporter they chose while the two are in touch",
        arguments: TestEngine.available)
    func readers(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await Pair(in: village)
            try await village.goal("Marisol and the night bus")
            let (shared, match) = ("/matches/\(pair.match.id)/goals", pair.match.id)
            @Sendable func share(_ isShared: Bool, as neighbor: Village.Neighbor? = nil) async throws {
                try await village.write(as: neighbor ?? village.cleo) {
                    try GoalList.share(isShared, by: match, in: $0)
                }
            }
            try await village.browsing { browser in
                func reads(_ neighbor: Village.Neighbor) async throws -> Bool {
                    let answer = try await browser(neighbor).get(shared)
                    return answer.status == .ok && answer.text.contains("Marisol")
                }
                #expect(try await browser(village.cleo).get("/goals").text.contains("Marisol"))
                #expect(try await browser(village.cleo).get("/home").text.contains("No phone after nine"))
                #expect(try await !reads(village.ben), "nobody was chosen")
                try await share(true)
                try await share(true)
                #expect(try await reads(village.ben))
                #expect(try await browser(village.ben).get("/today").text.contains(shared))
                for other in [village.bao, village.ana, village.sam, village.ada, village.cleo] {
                    #expect(try await !reads(other), "\(other.name)")
                }
                let opening = try await village.open(pair.referral.id, as: village.sam)
                let record = try await browser(village.sam).get("/openings/\(opening)")
                #expect(record.status == .ok && !record.text.contains("Marisol"), "nor whoever opened the record")
                #expect(try await browser(village.cleo).get("/privacy/looks").text.contains("What you want to work on"))
                try await share(false)
                #expect(try await !reads(village.ben), "they were chosen no longer")
                for other in [village.ben, village.ana, village.cyrus] {
                    await #expect(throws: Problem.notFound) { try await share(true, as: other) }
                }
                try await share(true)
                try await pair.end()
                #expect(try await !reads(village.ben), "the two are no longer in touch")
                await #expect(throws: Problem.conflict("goal.over")) { try await share(true) }
            }
        }
    }

    @Test("What is left of a list that was emptied is nobody else's", arguments: TestEngine.available)
    func emptied(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await Pair(in: village)
            let match = pair.match.id
            await #expect(throws: Problem.conflict("goal.none")) {
                try await village.write(as: village.cleo) { try GoalList.share(true, by: match, in: $0) }
            }
            let goal = try await village.goal().goal
            try await village.write(as: village.cleo) { try GoalList.share(true, by: match, in: $0) }
            try await village.browsing { browser in
                let cleo = browser(village.cleo)
                #expect(try await cleo.post("/goals/deletion", ["goal": goal.text]).status == .seeOther)
                #expect(try await cleo.post("/goals/deletion", ["goal": goal.text]).status == .seeOther, "twice")
                try await village.goal("Something new")
                #expect(try await browser(village.ben).get("/matches/\(match)/goals").status == .notFound)
            }
            #expect(try await village.count("SELECT count(*) FROM goal_step") == 1)
        }
    }

    @Test("Nobody reaches the goals and steps of somebody else", arguments: TestEngine.available)
    func others(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let (goal, step) = try await village.goal("Mine alone")
            try await village.browsing { browser in
                for neighbor in [village.cyrus, village.ben, village.ana, village.hillside.participant] {
                    let other = browser(neighbor)
                    for path in [
                        "/goals/\(goal)", "/goals/\(goal)/steps/new", "/steps/\(step)", "/steps/\(step)/reminder"
                    ] {
                        #expect(try await other.get(path).status == .notFound, "\(neighbor.name) \(path)")
                    }
                    let words = ["words": "Theirs"]
                    for (path, form) in [
                        ("/goals/\(goal)", words), ("/goals/\(goal)/steps", words), ("/steps/\(step)", words),
                        ("/goals/\(goal)/state", ["state": "aside"]), ("/steps/\(step)/done", ["done": "yes"]),
                        ("/steps/\(step)/reminder/ending", [:])
                    ] {
                        #expect(try await other.post(path, form).status == .notFound, "\(neighbor.name) \(path)")
                    }
                    // Naming somebody else's takes nothing of it, nor puts anything in its place.
                    _ = try await other.post("/goals/deletion", ["goal": goal.text])
                    _ = try await other.post("/steps/deletion", ["step": step.text])
                    _ = try await other.post("/goals", ["words": "Theirs", "once": goal.text])
                }
                let mine = browser(village.cleo)
                #expect(try await mine.get("/goals/\(goal)").text.contains("Mine alone"), "under a key of their own")
                #expect(try await mine.get("/steps/\(step)").text.contains("No phone after nine"))
            }
            let list = try await village.read(as: village.cleo) { try GoalList.mine(in: $0) }
            #expect(list.goals.map(\.words) == ["Mine alone"])
            #expect(list.goals.first?.steps.map(\.words) == ["No phone after nine"])
            let theirs = try await village.read(as: village.cyrus) { try GoalList.mine(in: $0) }
            #expect(theirs.goals.map(\.words) == ["Theirs"], "it became one of their own")
        }
    }

    @Test("The words are sealed, in the person's copy, and gone when they are erased", arguments: TestEngine.available)
    func kept(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await Pair(in: village)
            _ = try await village.ownWords(sharedBy: pair.match.id)
            let rows = try await village.platform.store.read {
                try $0.values(
                    """
                    SELECT words FROM goal UNION ALL SELECT words FROM goal_step
                    UNION ALL SELECT words FROM goal_strengths
                    """, as: String.self)
            }
            #expect(rows.count == 5)
            for word in ["Sleep", "phone", "sister", "gate"] { #expect(!rows.joined().contains(word)) }
            let copy = try await village.read(as: village.cleo) { try PersonCopy(of: $0.me, in: $0) }
            #expect(copy.goals.strengths?.words == "My sister")
            #expect(copy.goals.goals.flatMap(\.steps).map(\.words) == ["No phone after nine", "To the gate"])
            try await village.browsing { browser in
                let text = try await browser(village.cleo).get("/privacy/copy").text
                for word in ["My sister", "Sleep through the night", "To the gate", "10:00 am"] {
                    #expect(text.contains(word), "\(word)")
                }
            }
            try await village.write(asSystemOf: village.riverside) { db in
                for erasure in Goal.feature.erasures {
                    try db.run(erasure(db.organization, village.cleo.id, db.now))
                }
                db.record(Event(.goalDeleted, about: village.cleo.id))
            }
            for table in ["goal", "goal_step", "goal_strengths", "goal_share"] as [SQL] {
                #expect(try await village.count("SELECT count(*) FROM \(table)") == 0)
            }
        }
    }

    @Test("There is a limit, said plainly, and the same form twice counts once", arguments: TestEngine.available)
    func limits(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let goal = try await village.goal().goal
            try await village.write(as: village.cleo) { db in
                for number in 2...Goal.most { try Goal.add("Goal \(number)", as: db.newID(), in: db) }
                for number in 2...Goal.Step.most {
                    try Goal.Step.add("Step \(number)", as: db.newID(), to: goal, in: db)
                }
                try Goal.add("Again", as: goal, in: db)
            }
            try await village.browsing { browser in
                let cleo = browser(village.cleo)
                let more = try await cleo.post("/goals", ["words": "One more"])
                #expect(more.status == .conflict && more.text.contains("You have 20 of these."))
                let step = try await cleo.post("/goals/\(goal)/steps", ["words": "One more"])
                #expect(step.status == .conflict && step.text.contains("This has 30 small steps."))
                #expect(try await !cleo.get("/goals").text.contains("/goals/new"))
                #expect(try await cleo.post("/goals", ["words": ""]).status == .unprocessableContent)
            }
            #expect(try await village.count("SELECT count(*) FROM goal") == Goal.most)
            #expect(try await village.count("SELECT count(*) FROM goal_step") == Goal.Step.most)
        }
    }

    @Test("A step is ticked and not, a goal set aside, reached and taken up again", arguments: TestEngine.available)
    func ticking(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let (goal, step) = try await village.goal()
            try await village.browsing { browser in
                let cleo = browser(village.cleo)
                #expect(try await cleo.post("/steps/\(step)/done", ["done": "yes"]).location == "/goals")
                #expect(try await cleo.get("/goals").text.contains("Steps I have taken"))
                #expect(try await !cleo.get("/home").text.contains("No phone after nine"))
                _ = try await cleo.post("/steps/\(step)/done", ["done": "no"])
                #expect(try await cleo.get("/home").text.contains("No phone after nine"))
                for state in ["aside", "reached", "open"] {
                    _ = try await cleo.post("/goals/\(goal)/state", ["state": state])
                    let isShown = try await cleo.get("/home").text.contains("No phone after nine")
                    #expect(isShown == (state == "open"), "\(state)")
                }
            }
        }
    }

    @Test("A save that came too late shows both", arguments: TestEngine.available)
    func late(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let goal = try await village.goal().goal
            try await village.browsing { browser in
                let cleo = browser(village.cleo)
                let page = try await cleo.get("/goals/\(goal)").text
                let edition = String(try #require(page.firstMatch(of: /name="edition" value="(\w+)"/)?.1))
                _ = try await cleo.post("/goals/\(goal)", ["edition": edition, "words": "Rest at noon"])
                let late = try await cleo.post("/goals/\(goal)", ["edition": edition, "words": "Sing more"])
                #expect(late.status == .unprocessableContent)
                #expect(late.text.contains("Rest at noon") && late.text.contains("Sing more"))
            }
        }
    }
}
