import Kith
import KithInterop
import KithTestSupport
import Storage
import Testing

@Suite("Nothing of somebody is overlooked when their record is erased")
struct ErasureCoverageTests {
    /// Tables that name somebody and are not touched: what is left in them is a number that leads to nobody, or a text
    /// that opens no more.
    private static let kept = [
        "concern_call": "whoever was called works here, and is not erased",
        "group_facilitator": "whoever facilitates works here, and is not erased",
        "facilitator_hours": "whoever facilitates works here, and is not erased",
        "erasure_wish": "that they asked, and when, by number",
        "library_page": "whoever writes pages works here, and is not erased",
        "ladder_rung": "whoever is called works here, and is not erased",
        "match_weights": "whoever approves weights works here, and is not erased",
        "meeting_facilitator": "whoever facilitates works here, and is not erased",
        "meeting_run": "the note is a text under the key of who wrote it, who works here",
        "incident": "names roles and nobody; written by staff, and whoever has worked here is not erased",
        "incident_told": "whoever has worked here is not erased",
        "membership": "that somebody took part, by number; ended by the erasure",
        "message": "texts under the key that is destroyed",
        "moderation_attachment": "a file under the key of who reported it; it goes with the evidence",
        "moderation_restriction": "that somebody had to wait, by number",
        "note": "texts under the key that is destroyed",
        "note_addendum": "texts under the key that is destroyed",
        "person_key": "where the key is destroyed",
        "record_opening": "the reason is a text under the key that is destroyed; who opened it, and when, is the log's",
        "referral": "the reason is a text under the key that is destroyed; times and codes are counted",
        "supporter": "whoever has worked here is not erased"
    ]

    /// Every column that refers to a person, by table.
    private func references(_ village: Village) async throws -> [String: [String]] {
        let pairs = try await village.platform.store.read { db in
            try db.all(
                """
                SELECT t.name AS place, f."from" AS part FROM sqlite_master t JOIN pragma_foreign_key_list(t.name) f
                WHERE t.type = 'table' AND f."table" = 'person' AND f."from" <> 'organization_id' ORDER BY 1, 2
                """
            ) { (try $0["place"] as String, try $0["part"] as String) }
        }
        return Dictionary(grouping: pairs, by: \.0).mapValues { $0.map(\.1) }
    }

    /// What no erasure touches and no reason is given for.
    private func overlooked(_ features: [Feature], _ village: Village) async throws -> [String] {
        let (house, somebody, now) = (Organization.ID("o"), Person.ID("p"), village.clock.now)
        let touched = features.flatMap(\.erasures).flatMap { step in
            let words = step(house, somebody, now).text.split(whereSeparator: \.isWhitespace)
            return zip(words, words.dropFirst()).filter { ["FROM", "UPDATE"].contains($0.0) }.map { String($0.1) }
        }
        return try await Set(references(village).keys).subtracting(touched).subtracting(Self.kept.keys).sorted()
    }

    @Test("Each table that names a person is emptied of them, or said why not")
    func everyTable() async throws {
        let features = Features.all + [Interop.feature]
        try await withVillage(.sqlite, features: features) { village in
            let tables = Set(try await references(village).keys)
            #expect(tables.count > 20)
            let left = try await overlooked(features, village)
            #expect(left == [])
            #expect(tables.isSuperset(of: Self.kept.keys), "no reason is left over")
        }
    }

    @Test("A table that nobody thought of is found")
    func planted() async throws {
        let forgetful = Feature(
            name: "Forgetful",
            migrations: [
                Migration(
                    "forgetful",
                    """
                    CREATE TABLE diary (organization_id TEXT NOT NULL, id TEXT NOT NULL, writer_id TEXT NOT NULL,
                        PRIMARY KEY (organization_id, id),
                        FOREIGN KEY (organization_id, writer_id) REFERENCES person (organization_id, id))
                    """)
            ])
        try await withVillage(.sqlite, features: Features.all + [Interop.feature, forgetful]) { village in
            let left = try await overlooked(Features.all + [Interop.feature, forgetful], village)
            #expect(left == ["diary"])
        }
    }
}
