import Storage

extension Match {
    /// A match of one's own, on either side, or of a program one coordinates.
    package static func find(_ id: ID, in db: Reading) throws -> Match {
        let found = try matches("AND id = \(id)", in: db).first
        guard let found else { throw Problem.notFound }
        return found
    }

    /// The active matches of a supporter, the longest first. For the supporter, and for staff of their programs.
    package static func active(of supporter: Person.ID, in db: Reading) throws -> [Match] {
        try matches("AND supporter_id = \(supporter) AND status = \(Status.active) ORDER BY started_at, id", in: db)
    }

    /// Proposals that wait for a supporter's answer, the oldest first. For the supporter, and for staff.
    package static func proposed(to supporter: Person.ID, in db: Reading) throws -> [Match] {
        try matches(
            """
            AND supporter_id = \(supporter) AND status = \(Status.proposed)
            AND NOT EXISTS (SELECT 1 FROM match_answer a WHERE a.organization_id = match.organization_id
                AND a.match_id = match.id AND a.side = \(Side.supporter))
            ORDER BY proposed_at, id
            """, in: db)
    }

    /// What is proposed to a participant or active, the latest first; one for each program at most. For the
    /// participant, and for staff.
    package static func current(for participant: Person.ID, in db: Reading) throws -> [Match] {
        try matches(
            """
            AND participant_id = \(participant) AND status IN (\(Status.proposed), \(Status.active))
            ORDER BY proposed_at DESC, id DESC
            """, in: db)
    }

    /// The open match of a referral, if it has one; not of whoever stands in. Whoever calls has found the referral by their own reach.
    package static func forReferral(_ referral: Referral, in db: Reading) throws -> Match? {
        try open(of: referral.id, in: referral.organization, db: db)
    }

    /// Within the reach of the person asking. What is shown of the participant is noted, and to the participant what
    /// is shown of the supporter.
    private static func matches(_ condition: SQL, in db: Reading) throws -> [Match] {
        let (organization, me) = (try db.organization, try db.me)
        let found = try db.all(
            """
            SELECT * FROM match WHERE organization_id = \(organization)
            AND \(db.reach(.match, of: .pair("match"), as: [.own, .supporter, .coordinator, .supervisor]))
            \(condition)
            """, Match.init(row:))
        for match in found {
            db.disclose(.matching, of: match.participant)
            if match.participant == me { db.disclose(.matching, of: match.supporter) }
        }
        return found
    }

    static func open(of referral: Referral.ID, in organization: Organization.ID, db: Reading) throws -> Match? {
        try db.first(
            """
            SELECT * FROM match WHERE organization_id = \(organization) AND referral_id = \(referral)
            AND status IN ('proposed', 'active') AND stands_in_for IS NULL
            """, Match.init(row:))
    }

    /// A match by its identifier alone, for actions that have established their right to it.
    package static func load(_ id: ID, of organization: Organization.ID, in db: Reading) throws -> Match {
        let found = try db.first(
            "SELECT * FROM match WHERE organization_id = \(organization) AND id = \(id)", Match.init(row:))
        guard let found else { throw Problem.notFound }
        return found
    }
}
