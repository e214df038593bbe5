import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing

@Suite("Somebody who is supported takes a pause")
struct SupportPauseTests {
    private func day(_ village: Village, in days: Int) async throws -> Day {
        try await village.read(as: village.cleo) { LocalClock(zone: $0.actor.timeZone).day(of: $0.now) }
            .adding(days: days)
    }

    @Test(
        "What lies in it is called off, the place stays, the supporter is told, and nobody reads why",
        arguments: TestEngine.available)
    func begins(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let village = village.carrying()
            let pair = try await village.pair()
            try await village.reachByMail(village.ben, at: "ben@home.example")
            let (soon, later) = (
                try await village.plan(pair, in: 3 * 24), try await village.plan(pair, in: 20 * 24)
            )
            let postbox = Postbox()
            village.clock.advance(minutes: 5)
            await village.workOff(into: postbox)
            let before = postbox.letters.count
            let back = try await day(village, in: 10)
            try await village.write(as: village.cleo) { try SupportPause.begin(returnsOn: back, in: $0) }
            // A second click.
            try await village.write(as: village.cleo) { try SupportPause.begin(returnsOn: back, in: $0) }
            #expect(try await village.count("SELECT count(*) FROM support_pause") == 1)
            #expect(try await village.encounter(soon).status == .cancelled)
            #expect(try await village.encounter(later).status == .planned, "they are back by then")
            let active = try await village.count(
                "SELECT count(*) FROM match WHERE id = \(pair.match) AND status = 'active'")
            #expect(active == 1)
            village.clock.advance(minutes: 5)
            await village.workOff(into: postbox)
            let told = postbox.letters.dropFirst(before)
            #expect(!told.isEmpty && told.allSatisfy { $0.address == "ben@home.example" })
            #expect(told.allSatisfy { !$0.text.contains("pause") && !$0.text.contains(village.cleo.name) })
            try await village.browsing { browser in
                let today = try await browser(village.ben).get("/today")
                #expect(today.text.contains("Pause until"))
                let match = try await browser(village.ben).get("/matches/\(pair.match)")
                #expect(match.text.contains("Their place is kept."))
                let referral = try await browser(village.ana).get("/referrals/\(pair.referral)")
                #expect(referral.text.contains("Pause until"))
                let home = try await browser(village.cleo).get("/home")
                #expect(home.text.contains("I am back"))
            }
        }
    }

    @Test("Nothing is planned for its time, by nobody", arguments: TestEngine.available)
    func planning(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await village.pair()
            let back = try await day(village, in: 10)
            try await village.write(as: village.cleo) { try SupportPause.begin(returnsOn: back, in: $0) }
            for neighbor in [village.ben, village.ana] {
                await #expect(throws: Problem.invalid("date", "in-their-pause")) {
                    try await village.plan(pair, in: 3 * 24, as: neighbor)
                }
            }
            let after = try await village.plan(pair, in: 11 * 24)
            #expect(try await village.encounter(after).status == .planned)
            // With no day at all, nothing can be planned.
            try await village.write(as: village.cleo) { try SupportPause.begin(in: $0) }
            #expect(try await village.encounter(after).status == .cancelled)
            await #expect(throws: Problem.invalid("date", "in-their-pause")) {
                try await village.plan(pair, in: 100 * 24)
            }
            try await village.write(as: village.cleo) { try SupportPause.end(in: $0) }
            try await village.write(as: village.cleo) { try SupportPause.end(in: $0) }
            #expect(try await village.details(of: .supportPauseEnded).count == 1)
            try await village.plan(pair, in: 3 * 24)
        }
    }

    @Test("Only somebody who is supported pauses, and only for a time ahead", arguments: TestEngine.available)
    func refused(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            await #expect(throws: Problem.conflict("support-pause.not-supported")) {
                try await village.write(as: village.cleo) { try SupportPause.begin(in: $0) }
            }
            _ = try await village.pair()
            for (days, code) in [(0, "not-in-future"), (-1, "not-in-future"), (366, "too-far-ahead")] {
                let day = try await day(village, in: days)
                await #expect(throws: Problem.invalid("returns-on", code)) {
                    try await village.write(as: village.cleo) { try SupportPause.begin(returnsOn: day, in: $0) }
                }
            }
            #expect(try await village.count("SELECT count(*) FROM support_pause") == 0)
        }
    }

    @Test("It ends by itself on its day, and with the request", arguments: TestEngine.available)
    func ends(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await village.pair()
            let back = try await day(village, in: 3)
            try await village.write(as: village.cleo) { try SupportPause.begin(returnsOn: back, in: $0) }
            village.clock.advance(hours: 24)
            try await village.platform.keepPauses()
            #expect(try await village.details(of: .supportPauseEnded).isEmpty)
            village.clock.advance(hours: 3 * 24)
            try await village.platform.keepPauses()
            let first = try await village.details(of: .supportPauseEnded)
            #expect(first.count == 1 && first.allSatisfy { $0.contains("day") })
            #expect(try await village.orphans(of: SupportPause.feature).isEmpty)

            try await village.write(as: village.cleo) { try SupportPause.begin(in: $0) }
            village.clock.advance(hours: 1)
            try await village.write(as: village.ana) { db in
                try Referral.find(pair.referral, in: db).close(as: "support-completed", word: nil, in: db)
            }
            try await village.platform.keepPauses()
            let both = try await village.details(of: .supportPauseEnded)
            #expect(both.count == 2 && both.last?.contains("over") == true, "\(both)")
        }
    }

    @Test("Nobody misses a supporter while they take a pause themselves", arguments: TestEngine.available)
    func silence(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await village.pair()
            try await village.write(as: village.cleo) { try SupportPause.begin(in: $0) }
            village.clock.advance(hours: 24 * (Cover.silentDays + 2))
            try await village.platform.keepCovers()
            #expect(try await village.count("SELECT count(*) FROM cover") == 0)
            try await village.write(as: village.cleo) { try SupportPause.end(in: $0) }
            try await village.platform.keepCovers()
            // The same silence counts once they are back: the first word is still owed.
            #expect(try await village.count("SELECT count(*) FROM cover WHERE match_id = \(pair.match)") == 1)
        }
    }

    @Test("They take it along, and it is gone with them", arguments: TestEngine.available)
    func copied(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            _ = try await village.pair()
            try await village.write(as: village.cleo) { try SupportPause.begin(in: $0) }
            let copy = try await village.read(as: village.cleo) { try PersonCopy(of: $0.me, in: $0) }
            #expect(copy.further.first { $0.name == "pauses" }?.lines.count == 1)
        }
    }
}
