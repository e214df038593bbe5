import Foundation
import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing

@Suite("Somebody's record is erased")
struct ErasureTests {
    /// Somebody of whom everything can be told, at the front door and after it, with words that nobody else has.
    private func told(_ village: Village) async throws -> Person.ID {
        try await village.publishConsentTexts(of: village.riverside)
        let (ana, ben) = (village.ana, village.ben)
        try await village.write(asSystemOf: village.riverside) {
            try Supporter.enroll(ben.id, Village.anyProfile, in: $0)
        }
        let program = village.riverside.program
        let referral = try await village.write(asSystemOf: village.riverside) { db in
            var person = PersonDraft(
                name: "Marigold Quill", called: "Marigold Q", birthYear: 1_961, gender: "woman", culture: "Marigold",
                area: "Marigold Row",
                channels: [ContactChannel(kind: .email, address: "marigold@example.org", mayLeaveMessage: true)])
            person.language = "en"
            var draft = ReferralDraft(program: program, who: .new(person), origin: .own, reason: "Marigold reason")
            draft.wishes.words = "Marigold wish"
            draft.wishes.area = "Marigold Row"
            return try Referral.open(draft, of: db.organization, in: db)
        }
        let marigold = referral.person
        try await village.write(as: ana) { db in
            try Referral.find(referral.id, in: db).accept(in: db)
            let text = try db.value(
                "SELECT id FROM consent_text WHERE program_id = \(program) AND purpose = 'take-part' AND language = 'en'",
                as: ConsentText.ID.self)
            guard let text else { throw Problem.notFound }
            try Consent.record(
                Consent.Answer(purpose: .takePart, granted: true, text: text), of: marigold, in: program,
                by: .paper(reason: "Marigold paper"), signedAs: "Marigold Quill", db: db)
        }
        let match = try await village.write(as: ana) {
            try Match.propose(ben.id, for: Referral.find(referral.id, in: $0), in: $0).id
        }
        try await village.write(as: ana) { try Match.find(match, in: $0).answer(.yes, for: .participant, in: $0) }
        try await village.write(as: ben) { try Match.find(match, in: $0).answer(.yes, for: .supporter, in: $0) }
        try await village.write(as: ben) { db in
            let plan = Encounter.Plan(mode: .inPerson, startsAt: db.now.adding(hours: 48), place: "Marigold Row 7")
            _ = try Encounter.plan(plan, with: ActiveMatch.find(match, in: db), in: db)
        }
        return marigold
    }

    /// Every cell of the database that holds `words`, by table.
    private func places(of words: String, _ village: Village) async throws -> [String] {
        try await village.platform.store.read { reader in
            try reader.tables().flatMap { table in
                var found: [String] = []
                try reader.rows(of: table) { row in
                    for (column, value) in zip(table.columns, row) {
                        if case .text(let text) = value, text.localizedStandardContains(words) {
                            found.append("\(table.name).\(column.name)")
                        }
                    }
                }
                return found
            }
        }
    }

    @Test("Nothing that names or describes them is left, and what ran has ended", arguments: TestEngine.available)
    func erased(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let marigold = try await told(village)
            let before = try await places(of: "marigold", village)
            for place in [
                "person.name", "contact_channel.address", "referral_wish.wishes", "consent.signed_as", "encounter.place"
            ] {
                #expect(before.contains(place), "the premise: \(place)")
            }
            let certificate = try await village.platform.erase(marigold, of: village.riverside.organization)
            #expect(try await places(of: "marigold", village) == [])
            #expect(certificate.isGenuine && certificate.isKeyDestroyed && certificate.person == marigold.text)
            #expect((certificate.rows["People"] ?? 0) >= 2)
            // Nothing is forgotten by it, and the log is whole.
            for feature in Features.all { #expect(try await village.orphans(of: feature) == [:], "\(feature.name)") }
            #expect(try await village.platform.verifyAudit(of: village.riverside.organization).isWhole)
            #expect(try await village.count("SELECT count(*) FROM referral WHERE queue IS NOT NULL") == 0)
            #expect(try await village.count("SELECT count(*) FROM match WHERE status = 'active'") == 0)
            // Pages about what stays still open.
            try await village.browsing { browser in
                let referral = try await village.platform.store.read {
                    try $0.value("SELECT id FROM referral WHERE person_id = \(marigold)", as: String.self)
                }
                let page = try await browser(village.ana).get("/referrals/\(referral ?? "")")
                #expect(page.status == .ok && !page.text.contains("Marigold"))
                #expect(try await browser(village.ben).get("/today").status == .ok)
                #expect(try await browser(village.ana).get("/board").status == .ok)
            }
        }
    }

    @Test("A certificate that was changed is not genuine")
    func genuine() async throws {
        try await withVillage(.sqlite) { village in
            let marigold = try await told(village)
            let certificate = try await village.platform.erase(marigold, of: village.riverside.organization)
            let text = String(decoding: try JSONEncoder().encode(certificate), as: UTF8.self)
            let other = text.replacing(marigold.text, with: village.cleo.id.text)
            #expect(other != text)
            #expect(!(try JSONDecoder().decode(Erasure.Certificate.self, from: Data(other.utf8))).isGenuine)
        }
    }

    @Test("Whoever has worked here, and nobody at all, cannot be erased", arguments: TestEngine.available)
    func refused(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let house = village.riverside.organization
            for neighbor in [village.ben, village.ana, village.dana] {
                await #expect(throws: Problem.conflict("erasure.staff")) {
                    try await village.platform.erase(neighbor.id, of: house)
                }
            }
            await #expect(throws: Problem.notFound) {
                try await village.platform.erase(village.cleo.id, of: village.hillside.organization)
            }
        }
    }
}
