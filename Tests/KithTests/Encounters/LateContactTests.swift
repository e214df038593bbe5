import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing

@Suite("Late contacts are somebody's work")
struct LateContactTests {
    @Test(
        "One that nobody told about is the supporter's, then on the coordinator's board",
        arguments: TestEngine.available)
    func untold(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await village.pair()
            let id = try await village.plan(pair, in: 1)
            village.clock.advance(hours: 1 + 72)
            try await village.browsing { (browser) async throws in
                #expect(try await browser(village.ben).get("/today").text.contains("/encounters/\(id)"))
                #expect(!(try await browser(village.ana).get("/board").text.contains("/encounters/late")))
            }
            village.clock.advance(minutes: 1)
            try await village.browsing { browser in
                #expect(try await browser(village.ben).get("/today").text.contains("/encounters/\(id)"))
                let board = try await browser(village.ana).get("/board")
                #expect(board.text.contains("1 call or visit is late"))
                let page = try await browser(village.ana).get("/encounters/late")
                #expect(page.status == .ok)
                #expect(village.ledger.last <= 4)
                #expect(page.text.contains("/encounters/\(id)") && page.text.contains("Nobody has said how it went"))
                for stranger in [village.riverside.otherCoordinator, village.hillside.coordinator] {
                    #expect(!(try await browser(stranger).get("/board").text.contains("is late")))
                    #expect(!(try await browser(stranger).get("/encounters/late").text.contains("\(id)")))
                }
            }
            #expect(try await village.orphans(of: Encounter.feature).isEmpty, "late is not forgotten")
            try await village.write(as: village.ana) { try Encounter.find(id, in: $0).noAnswer(in: $0) }
            try await village.browsing { (browser) async throws in
                #expect(!(try await browser(village.ana).get("/board").text.contains("/encounters/late")))
                #expect(try await browser(village.ana).get("/encounters/late").text.contains("Nothing is late."))
            }
        }
    }

    @Test(
        "An unfinished note stays in sight, however old, and is raised after two weeks", arguments: TestEngine.available
    )
    func unfinished(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let id = try await village.offeredNote()
            let link = "/encounters/\(id)"
            try await village.browsing { (browser) async throws in
                let today = try await browser(village.ben).get("/today").text
                #expect(today.contains(link) && today.contains("waits for their answer"), "it is theirs to answer")
                #expect(try await browser(village.cleo).get("/home").text.contains(link))
            }
            village.clock.advance(days: 8)
            try await village.browsing { (browser) async throws in
                #expect(
                    try await browser(village.ben).get("/today").text.contains(link), "perhaps they cannot be asked")
                #expect(!(try await browser(village.ana).get("/encounters/late").text.contains(link)))
            }
            village.clock.advance(days: 100)
            try await village.browsing { (browser) async throws in
                #expect(try await browser(village.ben).get("/today").text.contains(link))
                #expect(try await browser(village.ana).get("/encounters/late").text.contains(link))
            }
            #expect(try await village.orphans(of: Encounter.feature).isEmpty)
            try await village.answer(id, .declined, revision: 2)
            try await village.browsing { (browser) async throws in
                #expect(!(try await browser(village.ben).get("/today").text.contains(link)))
                #expect(!(try await browser(village.ana).get("/encounters/late").text.contains(link)))
            }
        }
    }

    @Test("What has no owner, no time or no end is found", arguments: TestEngine.available)
    func planted(engine: TestEngine) async throws {
        let faults: [(String, SQL)] = [
            ("no time by which", "UPDATE encounter SET due_at = NULL WHERE status = 'done'"),
            (
                "nobody there",
                "UPDATE membership SET ended_at = '2026-03-01' WHERE role IN ('supporter', 'coordinator')"
            ),
            ("nobody can finish", "UPDATE membership SET ended_at = '2026-03-01' WHERE role = 'supporter'"),
            ("nobody can finish", "UPDATE consent SET ended_at = given_at, ended_by = 'x' WHERE purpose = 'take-part'"),
            ("have parted", "UPDATE match SET status = 'ended', ended_at = started_at, end_reason = 'asked'"),
            (
                "said no to calls",
                "UPDATE consent SET ended_at = given_at, ended_by = 'x' WHERE purpose = 'contact-phone'"
            )
        ]
        for (name, fault) in faults {
            try await withVillage(engine) { village in
                let pair = try await village.pair()
                _ = try await village.meet(pair)
                _ = try await village.plan(pair)
                let checks = Encounter.feature.orphans
                @Sendable func found() async throws -> [String] {
                    try await village.write(asSystemOf: village.riverside) { db in
                        try checks.filter { try db.exists($0.query(db.now)) }.map(\.name)
                    }
                }
                #expect(try await found().isEmpty)
                try await village.write(asSystemOf: village.riverside) { db in
                    try db.run(fault)
                    db.record(Event(.consentTextPublished))
                }
                #expect(try await found().contains { $0.contains(name) }, "\(name)")
            }
        }
    }
}
