import Kith
import KithTestSupport
import Storage
import Testing

@Suite("Lists of contacts")
struct EncounterListTests {
    /// Makes Ben somebody who is supported as well: Bao supports him.
    private func supportBen(_ village: Village) async throws -> Match.ID {
        let (program, ben, bao) = (village.riverside.program, village.ben, village.bao)
        let dana = village.dana.id
        let referral = try await village.write(as: village.dana) { db in
            let draft = ReferralDraft(
                program: program, who: .known(ben.id), origin: .referrer, referrer: dana, reason: "Nights")
            return try Referral.open(draft, of: db.organization, in: db).id
        }
        try await village.write(asSystemOf: village.riverside) { db in
            try Supporter.enroll(bao.id, Village.anyProfile, in: db)
            try Referral.load(referral, of: db.organization, in: db).accept(in: db)
        }
        try await village.agree(ben, to: [.takePart, .contactByPhone], in: program)
        let match = try await village.write(as: village.ana) { db in
            try Match.propose(bao.id, for: Referral.find(referral, in: db), in: db).id
        }
        try await village.write(as: ben) { try Match.find(match, in: $0).answer(.yes, for: .participant, in: $0) }
        try await village.write(as: bao) { try Match.find(match, in: $0).answer(.yes, for: .supporter, in: $0) }
        return match
    }

    @Test("Somebody who supports and is supported has one list, in order, in pages", arguments: TestEngine.available)
    func merged(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await village.pair()
            let own = try await supportBen(village)
            var expected: [Encounter.ID] = []
            for number in 0..<30 {
                let (match, supporter) = number.isMultiple(of: 3) ? (own, village.bao) : (pair.match, village.ben)
                village.clock.advance(hours: 2)
                let id = try await village.write(as: supporter) { db in
                    let held = Encounter.Held(mode: .phone, minutes: 10, functions: [.emotionalSupport])
                    return try Encounter.record(
                        held, at: db.now.adding(minutes: -20), with: ActiveMatch.find(match, in: db), in: db)
                }
                expected.insert(id, at: 0)
            }
            try await village.browsing { [expected] browser in
                var (path, seen): (String?, [String]) = ("/encounters", [])
                while let next = path {
                    let page = try await browser(village.ben).get(next)
                    seen += page.text.matches(of: /href="\/encounters\/([0-9a-f-]+)"/).map { String($0.1) }
                    path = page.text.firstMatch(of: /\/encounters\?after=[^"]+/).map { String($0.output) }
                }
                #expect(seen == expected.map(\.text))
            }
        }
    }

    @Test("A page of the past is read from the indexes of both sides, as far as it goes")
    func cost() async throws {
        try await withVillage(.sqlite) { village in
            let pair = try await village.pair()
            _ = try await village.meet(pair)
            let plan = try await village.read(as: village.ben) { db in
                let listing = try Encounter.listing(
                    .mine, past: true, after: (db.now, Encounter.ID("x")), limit: 26, in: db)
                return try db.all("EXPLAIN QUERY PLAN \(listing)") { try $0["detail"] as String }
            }
            let text = plan.joined(separator: "\n")
            #expect(text.contains("encounter_supporter_past") && text.contains("encounter_participant_past"), "\(text)")
            let scans = plan.filter { $0.hasPrefix("SCAN") && !$0.contains("part") && !$0.hasSuffix(" e") }
            #expect(scans.isEmpty, "\(text)")
        }
    }
}
