import Foundation
import Kith
import KithTestSupport
import Storage
import Testing

@Suite("Who plans and finds contacts")
struct EncounterReachTests {
    private let held = Encounter.Held(mode: .phone, minutes: 25, functions: [.emotionalSupport])

    @Test("A coordinator enters for a supporter, and it says so", arguments: TestEngine.available)
    func proxy(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await village.pair()
            let id = try await village.plan(pair, as: village.ana)
            let encounter = try await village.encounter(id)
            #expect(encounter.supporter == village.ben.id)
            #expect(encounter.isProxyEntry)
            #expect(try await village.details(of: .encounterPlanned).allSatisfy { $0.contains("\"coordinator\"") })
            village.clock.advance(hours: 50)
            try await village.write(as: village.ben) { [held] db in try Encounter.find(id, in: db).done(held, in: db) }
            #expect(try await !village.encounter(id).isProxyEntry, "the supporter told what became of it")
        }
    }

    @Test("Nobody else plans, finds or settles it", arguments: TestEngine.available)
    func others(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await village.pair()
            let id = try await village.plan(pair)
            let strangers = [
                village.bao, village.cyrus, village.dana, village.riverside.otherCoordinator,
                village.hillside.coordinator, village.hillside.supporter, village.hillside.supervisor
            ]
            for stranger in strangers {
                await #expect(throws: Problem.notFound) { try await village.plan(pair, as: stranger) }
                await #expect(throws: Problem.notFound) {
                    try await village.read(as: stranger) { try Encounter.find(id, in: $0) }
                }
            }
            for neighbor in [village.cleo, village.sam] {
                _ = try await village.read(as: neighbor) { try Encounter.find(id, in: $0) }
                await #expect(throws: Problem.notFound) { try await village.plan(pair, as: neighbor) }
                await #expect(throws: Problem.notAllowed) {
                    try await village.write(as: neighbor) { try Encounter.find(id, in: $0).cancel(in: $0) }
                }
                await #expect(throws: Problem.notAllowed) {
                    try await village.write(as: neighbor) { [held] db in
                        try Encounter.find(id, in: db).done(held, in: db)
                    }
                }
            }
        }
    }

    @Test("Whoever looks at somebody's contacts is noted", arguments: TestEngine.available)
    func disclosures(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await village.pair()
            let (id, cleo) = (try await village.plan(pair), village.cleo.id)
            for neighbor in [village.ben, village.ana, village.sam, village.cleo] {
                _ = try await village.read(as: neighbor) { try Encounter.find(id, in: $0) }
            }
            let actors = try await village.read(as: village.ana) { db in
                try db.values(
                    """
                    SELECT DISTINCT actor FROM disclosure WHERE subject_id = \(cleo)
                    AND what = \(Disclosure.What.encounter)
                    """, as: String.self)
            }
            #expect(Set(actors) == Set([village.ben, village.ana, village.sam].map { "person:\($0.id)" }))
        }
    }

    @Test("Today and the week are those of the wall clock", arguments: TestEngine.available)
    func agenda(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await village.pair()
            // It is nine in the morning in New York; midnight is fifteen hours away.
            let today = try await village.plan(pair, in: 14)
            let tomorrow = try await village.plan(pair, in: 16)
            let later = try await village.plan(pair, in: 24 * 8)
            let ahead: @Sendable (Reading) throws -> [Encounter.ID] = {
                try Encounter.ahead(limit: 30, in: $0).map(\.id)
            }
            #expect(try await village.read(as: village.ben, ahead) == [today, tomorrow], "not \(later)")
            try await village.browsing { browser in
                let page = try await browser(village.ben).get("/today").text
                let tag = { (id: Encounter.ID) -> String in
                    let line = page.components(separatedBy: "/encounters/\(id)").last ?? ""
                    return line.components(separatedBy: "</li>").first ?? ""
                }
                #expect(tag(today).contains(#"<span class="tag good">11:00 pm</span>"#))
                #expect(tag(tomorrow).contains(#"<span class="tag">Tomorrow at 1:00 am</span>"#))
            }
            village.clock.advance(days: 1)
            let unsettled = try await village.read(as: village.ben, ahead)
            #expect(unsettled == [today, tomorrow], "what is past and open stays in sight")
            #expect(try await village.read(as: village.bao, ahead).isEmpty)
        }
    }
}
