import Storage

/// Two people who said yes to each other and have not ended it, as far as contacts need to know.
package struct ActiveMatch: Sendable {
    package let id: Match.ID
    package let organization: Organization.ID
    package let program: Program.ID
    package let referral: Referral.ID
    package let supporter: Person.ID
    package let participant: Person.ID
    package let participantName: String
    /// Whether the two are kept apart for now, for the age of one of them.
    package let isApart: Bool

    init(row: Row) throws {
        id = try row["id"]
        organization = try row["organization_id"]
        program = try row["program_id"]
        referral = try row["referral_id"]
        supporter = try row["supporter_id"]
        participant = try row["participant_id"]
        participantName = try row["participant_name"]
        isApart = try row["is_apart"]
    }

    /// An active match of the supporter asking, or one in a program that the person asking coordinates.
    package static func find(_ id: Match.ID, in db: Reading) throws -> ActiveMatch {
        guard let found = try first(id, db) else { throw Problem.notFound }
        db.disclose(.listed, of: found.participant)
        return found
    }

    static func first(_ id: Match.ID, _ db: Reading) throws -> ActiveMatch? {
        try first(where: "m.id = \(id)", db)
    }

    /// The active match of a referral, if there is one within the same reach; of two, that of whoever stands in.
    static func first(of referral: Referral.ID, _ db: Reading) throws -> ActiveMatch? {
        try first(where: "m.referral_id = \(referral)", db)
    }

    private static func first(where condition: SQL, _ db: Reading) throws -> ActiveMatch? {
        let organization = try db.organization
        return try db.first(
            """
            SELECT m.id, m.organization_id, m.program_id, m.referral_id, m.supporter_id, m.participant_id,
                coalesce(p.called, p.name) AS participant_name, m.apart_at IS NOT NULL AS is_apart
            FROM match m JOIN person p ON p.organization_id = m.organization_id AND p.id = m.participant_id
            WHERE m.organization_id = \(organization) AND \(condition) AND m.status = 'active'
            AND \(reach(db)) ORDER BY CASE WHEN m.stands_in_for IS NULL THEN 1 ELSE 0 END
            """, ActiveMatch.init(row:))
    }

    private static func reach(_ db: Reading) throws -> SQL {
        if db.isProgramItself { return "TRUE" }
        return try db.reach(.encounter, of: .pair("m"), as: [.supporter, .coordinator])
    }
}
