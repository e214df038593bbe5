import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing

@Suite("YES, NO and CANCEL by text message")
struct TextAnswerTests {
    private static let number = "+15550100134"

    /// Cleo, who is to meet Ben tomorrow and gets text messages.
    private func plan(
        in hours: Int = 20, _ town: TextTown, with story: Story? = nil
    ) async throws -> (story: Story, visit: Encounter.ID) {
        let village = town.village
        let story = if let story { story } else { try await village.play(in: village.riverside) }
        if try await town.count("referrals") == 1 { try await town.give(village.cleo, Self.number) }
        let match = story.match
        let visit = try await village.write(as: village.ben) { db in
            let plan = Encounter.Plan(mode: .inPerson, startsAt: db.now.adding(hours: hours), place: "Library")
            return try Encounter.plan(plan, with: ActiveMatch.find(match, in: db), in: db)
        }
        return (story, visit)
    }

    private func ask(_ town: TextTown) async throws -> [String] {
        let before = await town.letters(after: 300).count
        try await town.village.platform.askAboutContacts()
        return await town.letters().dropFirst(before).map(\.text)
    }

    private func page(_ visit: Encounter.ID, _ town: TextTown, as neighbor: Village.Neighbor) async throws -> String {
        try await town.village.browsing { try await $0(neighbor).get("/encounters/\(visit)").text }
    }

    @Test(
        "A question goes out, the answer comes in, and the supporter's page shows it", arguments: TestEngine.available)
    func yes(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let town = TextTown(village)
            let (_, visit) = try await plan(town)
            let asked = try await ask(town)
            #expect(asked.count == 1 && asked.allSatisfy { $0.contains("YES") && $0.contains("CANCEL") })
            for name in ["Ben", "Boateng", "Library", "Cleo", "Caregivers"] {
                #expect(asked.allSatisfy { !$0.contains(name) })
            }
            #expect(try await ask(town).isEmpty, "once")
            #expect(try await !page(visit, town, as: village.ben).contains("suits them"), "premise")
            try await town.text("Yes!", from: Self.number)
            #expect(await town.answer()?.contains("written down") == true)
            for reader in [village.ben, village.ana] {
                #expect(try await page(visit, town, as: reader).contains("suits them"))
            }
            // Afterwards they are asked whether it took place, and nobody's word is changed by theirs.
            village.clock.advance(hours: 24)
            let after = try await ask(town)
            #expect(after.count == 1 && after.allSatisfy { !$0.contains("CANCEL") })
            try await town.text("نعم", from: Self.number)
            #expect(try await page(visit, town, as: village.ben).contains("they say"))
            let status = try await village.read(as: village.ben) { try Encounter.find(visit, in: $0).status }
            #expect(status == .planned)
        }
    }

    @Test(
        "CANCEL calls off what was asked about, as often as it is sent; without a question it is STOP",
        arguments: TestEngine.available)
    func cancel(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let town = TextTown(village)
            let (story, visit) = try await plan(town)
            #expect(try await ask(town).count == 1)
            for _ in 0..<2 {
                try await town.text("CANCELAR", from: Self.number)
                #expect(await town.answer()?.contains("called off") == true)
            }
            #expect(try await town.count("stops") == 0)
            let found = try await village.read(as: village.ben) { try Encounter.find(visit, in: $0) }
            #expect(found.status == .cancelled && found.settledBy == "person:\(village.cleo.id)")
            // A question that was not asked in the last days is none.
            let (_, later) = try await plan(in: 23, town, with: story)
            village.clock.advance(days: 4)
            try await town.text("cancel", from: Self.number)
            #expect(try await town.count("stops") == 1)
            #expect(try await village.read(as: village.ben) { try Encounter.find(later, in: $0).status } == .planned)
        }
    }

    @Test(
        "Nobody answers from a number that several have, nor is anybody asked who wants no texts",
        arguments: TestEngine.available)
    func others(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let town = TextTown(village)
            let (_, visit) = try await plan(town)
            #expect(try await ask(town).count == 1)
            try await town.give(village.bao, Self.number)
            for word in ["YES", "NO"] {
                try await town.text(word, from: Self.number)
                #expect(await town.answer()?.contains("Several people") == true)
            }
            try await town.text("CANCEL", from: Self.number)
            #expect(try await village.read(as: village.ben) { try Encounter.find(visit, in: $0).status } == .planned)
            #expect(try await town.count("stops") == 1, "to a carrier it is STOP")
            village.clock.advance(hours: 24)
            #expect(try await ask(town).isEmpty, "stopped")
        }
    }

    @Test("One question at a time, so that a yes is to that one", arguments: TestEngine.available)
    func alone(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let town = TextTown(village)
            let (story, first) = try await plan(in: 18, town)
            let (_, second) = try await plan(in: 22, town, with: story)
            #expect(try await ask(town).count == 1)
            #expect(try await ask(town).isEmpty)
            try await town.text("no", from: Self.number)
            #expect(try await page(first, town, as: village.ben).contains("does not suit them"))
            #expect(try await ask(town).count == 1)
            try await town.text("yes", from: Self.number)
            #expect(try await page(second, town, as: village.ben).contains("It suits them"))
            #expect(try await page(first, town, as: village.ben).contains("does not suit them"))
        }
    }

    @Test("What was moved is not asked about as it was, and is asked about anew", arguments: TestEngine.available)
    func moved(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let town = TextTown(village)
            let (_, visit) = try await plan(town)
            _ = await town.letters(after: 300)
            try await town.village.platform.askAboutContacts()
            try await town.village.write(as: village.ben) { db in
                let plan = Encounter.Plan(mode: .inPerson, startsAt: db.now.adding(hours: 70), place: "Library")
                try Encounter.find(visit, in: db).reschedule(to: plan, in: db)
            }
            let letters = await town.letters()
            #expect(!letters.contains { $0.text.contains("CANCEL") })
            try await town.text("YES", from: Self.number)
            #expect(await town.answer()?.contains("nothing that waits") == true)
            village.clock.advance(hours: 60)
            #expect(try await ask(town).count == 1)
        }
    }
}
