import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing

@Suite("Clearances")
struct ClearanceTests {
    private func standing(of person: Person.ID, _ village: Village) async throws -> Clearance? {
        try await village.read(as: village.ana) { try Clearance.standing(of: person, in: $0) }
    }

    @Test("It stands up to its last day, and ends when it is taken back or renewed", arguments: TestEngine.available)
    func life(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.clear(village.ben.id, for: 10)
            let first = try #require(try await standing(of: village.ben.id, village))
            #expect(first.givenBy == "Ana Alvarez" && first.check == .criminalRecord)
            try await village.clear(village.ben.id, for: 10)
            #expect(try await standing(of: village.ben.id, village)?.id == first.id, "a second click")
            village.clock.advance(days: 10)
            #expect(try await standing(of: village.ben.id, village) != nil, "the last day")
            village.clock.advance(days: 1)
            #expect(try await standing(of: village.ben.id, village) == nil)
            try await village.platform.separateAges()
            try await village.clear(village.ben.id)
            try await village.takeBackClearance(of: village.ben.id)
            try await village.takeBackClearance(of: village.ben.id)
            let all = try await village.read(as: village.ana) { [ben = village.ben.id] db in
                try Clearance.all(of: ben, in: db.organization, db: db)
            }
            #expect(all.count == 2 && all.allSatisfy { $0.endedAt != nil })
            #expect(all.map(\.endedBy) == ["Ana Alvarez", nil], "the program ends what lapses")
        }
    }

    @Test(
        "Only a coordinator of a program they support in gives it, and nobody to themselves",
        arguments: TestEngine.available)
    func whose(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            func give(as neighbor: Village.Neighbor, to person: Person.ID, days: Int = 300) async throws {
                try await village.write(as: neighbor) { db in
                    try Clearance.give(.registers, until: db.now.countedDay.adding(days: days), to: person, in: db)
                }
            }
            try await give(as: village.ana, to: village.ben.id)
            for stranger in [
                village.hillside.coordinator, village.riverside.otherCoordinator, village.sam, village.ben, village.cleo
            ] {
                await #expect(throws: Problem.notFound) { try await give(as: stranger, to: village.ben.id) }
                await #expect(throws: Problem.notFound) {
                    try await village.write(as: stranger) { [ben = village.ben.id] in
                        try Clearance.takeBack(from: ben, in: $0)
                    }
                }
            }
            await #expect(throws: Problem.notFound) { try await give(as: village.ana, to: village.cleo.id) }
            try await village.give(.supporter, to: village.ana)
            await #expect(throws: Problem.conflict("clearance.own")) {
                try await give(as: village.ana, to: village.ana.id)
            }
            for (days, code) in [(0, "not-in-future"), (-3, "not-in-future"), (1_900, "clearance-too-long")] {
                await #expect(throws: Problem.invalid("ends-on", code)) {
                    try await give(as: village.ana, to: village.ben.id, days: days)
                }
            }
        }
    }

    @Test("Whoever supports nobody any more is cleared anew when they come back", arguments: TestEngine.available)
    func role(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.clear(village.ben.id)
            try await village.end(.supporter, of: village.ben)
            #expect(try await standing(of: village.ben.id, village) == nil)
            #expect(try await village.orphans().isEmpty)
        }
    }

    @Test(
        "The supporter's page records it, says by whom and until when, and keeps what was typed",
        arguments: TestEngine.available)
    func page(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.enroll(village.ben)
            let path = "/supporters/\(village.ben.id)"
            try await village.browsing { browser in
                let ana = browser(village.ana)
                #expect(try await ana.get(path).text.contains("There is no clearance now"))
                let wrong = try await ana.post("\(path)/clearance", ["check": "staff-office", "ends-on": "2020-01-01"])
                #expect(wrong.status == .unprocessableContent)
                #expect(wrong.text.contains("Please choose a day after today") && wrong.text.contains("2020-01-01"))
                let right = try await ana.post("\(path)/clearance", ["check": "staff-office", "ends-on": "2027-03-01"])
                #expect(right.status == .seeOther)
                let page = try await ana.get(path).text
                #expect(page.contains("May be with people under 18 until Monday, March 1"))
                #expect(page.contains("Recorded by Ana Alvarez"))
                #expect(try await browser(village.ben).get("/profile").text.contains("You may be with people under 18"))
                let copy = try await village.read(as: village.ben) { [ben = village.ben.id] in
                    try PersonCopy(of: ben, in: $0)
                }
                #expect(copy.clearances.count == 1)
                _ = try await ana.post("\(path)/clearance/ending", [:])
                #expect(try await ana.get(path).text.contains("Ended by Ana Alvarez"))
            }
        }
    }
}
