import Foundation
import Storage

extension Referral {
    /// Writes down what the person wishes for in a supporter, in place of what was written before.
    /// - Throws: ``Problem/conflict(_:)`` with `referral.already-closed`; ``Problem/invalid(_:)`` for `topics` that the
    ///   program does not have.
    package func keep(_ wishes: Wishes, in db: Writing) throws {
        guard isOpen else { throw Problem.conflict("referral.already-closed") }
        let topics = Set(try Program.topics(of: program, in: db).map(\.code))
        guard topics.isSuperset(of: wishes.topics) else { throw Problem.invalid("topics", "not-a-choice") }
        let key = try db.writingKey(of: person, in: organization)
        try db.run(
            """
            INSERT INTO referral_wish (organization_id, referral_id, wishes)
            VALUES (\(organization), \(id), \(wishes.json(of: id, with: key)))
            ON CONFLICT (organization_id, referral_id) DO UPDATE SET wishes = excluded.wishes
            """)
        db.record(event(.wishesTold))
    }
}

extension EventKind {
    /// Somebody said what they wish for in a supporter.
    package static let wishesTold = EventKind("referral.wishes-told")
}

extension Wishes {
    /// As stored: the person's own words sealed, the rest as codes that a query can look into.
    func json(of referral: Referral.ID, with key: TextKey) throws -> String {
        var kept = self
        kept.words = try words.map { try key.seal($0, as: Referral.place(of: referral, "wishes")) }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(kept), as: UTF8.self)
    }

    /// - Parameters:
    ///   - json: as stored; nil where nothing was asked.
    ///   - key: the one of the person; without it their own words stay away.
    init(stored json: String?, of referral: Referral.ID, with key: TextKey?) throws {
        guard let json else {
            self.init()
            return
        }
        self = try JSONDecoder().decode(Wishes.self, from: Data(json.utf8))
        words = words.flatMap { key?.open($0, from: Referral.place(of: referral, "wishes")) }
    }
}
