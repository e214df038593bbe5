import Foundation
import Storage

extension NeedsCheck {
    static func place(of id: ID) -> TextPlace { TextPlace("needs_check.answers", id.text) }

    /// How many of one request are shown, the newest first.
    static let mostShown = 5
    static let mostListed = 50

    private static let everything: SQL = """
        SELECT n.*, v.version, v.policy, w.name AS writer_name, t.name AS talker_name,
            \(TextKey.wrapped(of: "n.person_id", in: "n.organization_id")) AS wrapped_key
        FROM needs_check n
        JOIN referral r ON r.organization_id = n.organization_id AND r.id = n.referral_id
        JOIN program_policy v ON v.organization_id = r.organization_id AND v.program_id = r.program_id
            AND v.version = n.policy_version
        LEFT JOIN person w ON w.organization_id = n.organization_id AND w.id = n.written_by
        LEFT JOIN person t ON t.organization_id = n.organization_id AND t.id = n.talked_by
        """

    private init(row: Row, _ db: Reading) throws {
        id = try row["id"]
        person = try row["person_id"]
        saidAt = try row["said_at"]
        writtenBy = try row["writer_name"]
        concern = try row["concern_id"]
        talkDue = try row["talk_due_at"]
        talkedAt = try row["talked_at"]
        talkedBy = try row["talker_name"]
        let sealed: String = try row["answers"]
        answers = try db.key(row["wrapped_key"], of: person)?.open(sealed, from: Self.place(of: id)).flatMap { json in
            let codes = try JSONDecoder().decode([String: String].self, from: Data(json.utf8))
            let known = codes.compactMap { code, said in Question(rawValue: code).map { ($0, said) } }
            return Dictionary(uniqueKeysWithValues: known)
        }
        consequences = try PublishedPolicy(row: row).policy.needs.consequences(of: answers ?? [:])
    }

    /// What was said for a request, and for those that go on as it, by a further condition on the rows `n` and `r`.
    private static func all(of referral: Referral, where condition: SQL, _ db: Reading) throws -> [NeedsCheck] {
        try db.all(
            """
            \(everything) WHERE n.organization_id = \(referral.organization)
            AND (r.id = \(referral.id) OR r.merged_into_id = \(referral.id)) AND \(condition)
            ORDER BY n.said_at DESC, n.id DESC LIMIT \(mostShown)
            """
        ) { try NeedsCheck(row: $0, db) }
    }

    /// For those who work on the request, whose right to it is asked again here.
    static func all(of referral: Referral, in db: Reading) throws -> [NeedsCheck] {
        let reach = try db.reach(.needsCheck, of: .referral("r"), as: Ground.working)
        let found = try all(of: referral, where: reach, db)
        for person in Set(found.map(\.person)) { db.disclose(.needsCheck, of: person) }
        return found
    }

    /// What the person of a request said last. Whoever calls has established that it is they who ask.
    static func newest(of referral: Referral, _ db: Reading) throws -> NeedsCheck? {
        try all(of: referral, where: "n.person_id = \(referral.person)", db).first
    }

    /// All that somebody ever said. Whoever calls has established their right to it.
    static func kept(of person: Person.ID, in organization: Organization.ID, _ db: Reading) throws -> [NeedsCheck] {
        try db.all(
            """
            \(everything) WHERE n.organization_id = \(organization) AND n.person_id = \(person)
            ORDER BY n.said_at DESC, n.id DESC
            """
        ) { try NeedsCheck(row: $0, db) }
    }

    /// Somebody with whom a coordinator should talk about their clinic.
    struct Owed: Sendable {
        let name: String
        let reference: String
        /// Where the request goes on.
        let referral: Referral.ID
        let due: Instant
    }

    /// A condition on the rows `n`, `r` and `o`, where the request goes on: a talk is owed by the person asking.
    private static func isOwed(in db: Reading) throws -> SQL {
        """
        \(try isCoordinated(in: db)) AND n.talk_due_at IS NOT NULL AND n.talked_at IS NULL AND o.queue IS NOT NULL
        """
    }

    private static func isCoordinated(in db: Reading) throws -> SQL {
        """
        n.organization_id = \(try db.organization)
        AND \(try db.reach(.needsCheck, of: .referral("r"), as: [.coordinator]))
        """
    }

    /// The request of a check that the person asking takes care of; nil for everybody else.
    static func whereItGoesOn(_ id: ID, in db: Reading) throws -> Referral.ID? {
        try db.value("SELECT o.id \(joined) WHERE \(isCoordinated(in: db)) AND n.id = \(id)")
    }

    private static let joined: SQL = """
        FROM needs_check n
        JOIN referral r ON r.organization_id = n.organization_id AND r.id = n.referral_id
        JOIN referral o ON o.organization_id = r.organization_id AND o.id = coalesce(r.merged_into_id, r.id)
        JOIN person p ON p.organization_id = n.organization_id AND p.id = n.person_id
        """

    /// With whom the person asking should talk, the most pressing first.
    static func owed(in db: Reading) throws -> [Owed] {
        let found = try db.all(
            """
            SELECT n.talk_due_at, n.person_id, coalesce(p.called, p.name) AS name, o.id AS goes_on, o.reference
            \(joined)
            WHERE \(isOwed(in: db)) ORDER BY n.talk_due_at, n.id LIMIT \(mostListed)
            """
        ) { row in
            (
                try row["person_id"] as Person.ID,
                Owed(
                    name: try row["name"], reference: try row["reference"], referral: try row["goes_on"],
                    due: try row["talk_due_at"])
            )
        }
        for (person, _) in found { db.disclose(.needsCheck, of: person) }
        return found.map(\.1)
    }

    /// How many wait, and how many of them too long.
    static func waiting(in db: Reading) throws -> [RaisedWork.Question] {
        let owed: SQL = "SELECT count(*) \(joined) WHERE \(try isOwed(in: db))"
        return [
            .init("needs-check.raised.waiting", "\(owed) AND n.talk_due_at >= \(db.now)"),
            .init("needs-check.raised.late", "\(owed) AND n.talk_due_at < \(db.now)")
        ]
    }
}
