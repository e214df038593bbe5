import Kith
import KithTestSupport
import Storage
import Testing

@Suite("What supporters bring")
struct SupporterActionTests {
    private let full = Supporter.Profile(
        introduction: "I cared for my father.", limit: 2, formats: [.phone, .inPerson], areas: ["North", "East"],
        languages: ["es", "en"],
        hours: [WeekHours(weekday: 1, from: 9, to: 12), WeekHours(weekday: 4, from: 18, to: 20)],
        statements: [
            Supporter.Statement("sleep", .lived, shownTo: .anyone),
            Supporter.Statement("grief", .notTaken, shownTo: .nobody)
        ])

    @Test("A profile comes back as it was given", arguments: TestEngine.available)
    func roundTrip(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.enroll(village.ben, full)
            let found = try await village.read(as: village.ben) { try Supporter.mine(in: $0) }
            let supporter = try #require(found)
            #expect(supporter.profile.introduction == full.introduction)
            #expect(supporter.profile.languages.sorted() == ["en", "es"])
            #expect(supporter.profile.formats == full.formats)
            #expect(supporter.profile.areas == full.areas)
            #expect(supporter.profile.hours == full.hours)
            #expect(Set(supporter.profile.statements.map(\.topic)) == ["sleep", "grief"])
            #expect(supporter.load == 0)
        }
    }

    @Test("Loading everybody takes the same few statements, however many there are", arguments: TestEngine.available)
    func statements(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let program = village.riverside.program
            func count() async throws -> (found: Int, statements: Int) {
                try await village.read(as: village.ana) { db in
                    let before = db.statements
                    let all = try Supporter.all(of: [program], in: db)
                    return (all.count, db.statements - before)
                }
            }
            try await village.enroll(village.ben, full)
            let few = try await count()
            for number in 0..<20 { _ = try await village.addSupporter("Supporter \(number)", full) }
            let many = try await count()
            #expect(few.found == 1)
            #expect(many.found == 21)
            #expect(many.statements == few.statements)
            #expect(many.statements <= 6)
        }
    }

    @Test("A coordinator cannot add somebody next door, or without the role", arguments: TestEngine.available)
    func enrollment(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let (hira, cleo, ben) = (village.hillside.supporter.id, village.cleo.id, village.ben.id)
            try await village.write(as: village.ana) { try Supporter.enroll(ben, .usual(), in: $0) }
            for stranger in [hira, cleo] {
                await #expect(throws: Problem.notFound) {
                    try await village.write(as: village.ana) { try Supporter.enroll(stranger, .usual(), in: $0) }
                }
            }
            await #expect(throws: Problem.conflict("supporter.known-already")) {
                try await village.write(as: village.ana) { try Supporter.enroll(ben, .usual(), in: $0) }
            }
        }
    }

    @Test("A pause ends on the day of return, or when they say so", arguments: TestEngine.available)
    func pause(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.enroll(village.ben)
            func pause() async throws -> Supporter.Pause? {
                try await village.read(as: village.ben) { try Supporter.mine(in: $0)?.pause }
            }
            let back = try #require(Day("2026-03-09"))
            try await village.write(as: village.ben) { try Supporter.pause(returnsOn: back, in: $0) }
            #expect(try await pause()?.returnsOn == back)
            try await village.pass(days: 6)
            #expect(try await pause() != nil)
            try await village.pass(days: 1)
            #expect(try await pause() == nil)
            try await village.write(as: village.ben) { try Supporter.pause(in: $0) }
            #expect(try await pause() != nil)
            try await village.write(as: village.ben) { try Supporter.resume(in: $0) }
            #expect(try await pause() == nil)
        }
    }

    @Test("A pause has no place for a reason", arguments: TestEngine.available)
    func pauseWithoutReason(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.enroll(village.ben)
            try await village.write(as: village.ben) { try Supporter.pause(in: $0) }
            let columns = try await village.write(asSystemOf: village.riverside) { db in
                let named: SQL =
                    engine == .sqlite
                    ? "SELECT name FROM pragma_table_info('supporter_pause')"
                    : """
                    SELECT column_name AS name FROM information_schema.columns
                    WHERE table_schema = current_schema() AND table_name = 'supporter_pause'
                    """
                return try db.values(named, as: String.self).sorted()
            }
            #expect(columns == ["ended_at", "id", "organization_id", "person_id", "returns_on", "since"])
            let page = try await village.browsing { try await $0(village.ben).get("/profile").text }
            #expect(page.contains("action=\"/profile/resume\""))
            #expect(!page.lowercased().contains("reason"))
        }
    }

    @Test("A return before tomorrow is not a pause", arguments: TestEngine.available)
    func pauseInThePast(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.enroll(village.ben)
            let today = Day("2026-03-02")
            await #expect(throws: Problem.invalid("returns-on", "not-in-future")) {
                try await village.write(as: village.ben) { try Supporter.pause(returnsOn: today, in: $0) }
            }
        }
    }

    @Test("A limit cannot go below the people supported now", arguments: TestEngine.available)
    func limit(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.enroll(village.ben)
            for name in ["Nora North", "Nils Nord"] {
                let referral = try await village.readyReferral(named: name)
                _ = try await village.propose(village.ben.id, for: referral)
            }
            try await village.write(as: village.ben) { try Supporter.keepOwn(.usual(limit: 2), in: $0) }
            await #expect(throws: Problem.invalid("limit", "below-load")) {
                try await village.write(as: village.ben) { try Supporter.keepOwn(.usual(limit: 1), in: $0) }
            }
            #expect(try await village.orphans() == [])
        }
    }

    @Test("What was confirmed stays confirmed until it says something else", arguments: TestEngine.available)
    func attestation(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let ben = village.ben.id
            try await village.enroll(village.ben, full)
            func attestedBy() async throws -> String? {
                try await village.read(as: village.ana) { db in
                    try Supporter.find(ben, in: db).profile.statements.first { $0.topic == "sleep" }?.attestedBy
                }
            }
            try await village.write(as: village.ana) { try Supporter.attest("sleep", of: ben, in: $0) }
            #expect(try await attestedBy() == "Ana Alvarez")
            var changed = full
            changed.introduction = "New words."
            let (kept, turned) = (changed, Supporter.Statement("sleep", .notTaken, shownTo: .nobody))
            try await village.write(as: village.ben) { try Supporter.keepOwn(kept, in: $0) }
            #expect(try await attestedBy() == "Ana Alvarez")
            changed.statements[0] = turned
            let other = changed
            try await village.write(as: village.ben) { try Supporter.keepOwn(other, in: $0) }
            #expect(try await attestedBy() == nil)
            await #expect(throws: Problem.notFound) {
                try await village.write(as: village.ana) { try Supporter.attest("sleep", of: ben, in: $0) }
            }
        }
    }
}
