import Storage

/// What was before between one person and supporters, as far as the next suggestion must know.
struct MatchHistory: Sendable, Equatable {
    /// One of the two said no, or asked for a change later: never again.
    var declined: Set<Person.ID> = []
    /// Not to be suggested for another cause: one cares for the other, or they are matched already.
    var apart: Set<Person.ID> = []
    /// Who supported this person last, so that nobody has to tell their story again.
    var previous: Person.ID?

    init() {}

    /// One statement.
    init(of person: Person.ID, of organization: Organization.ID, in db: Reading) throws {
        _ = try db.all(
            """
            SELECT supporter_id AS other, status, end_reason, proposed_at AS at FROM match
            WHERE organization_id = \(organization) AND participant_id = \(person)
            UNION ALL SELECT caregiver_id, 'related', CAST(NULL AS TEXT), created_at FROM care_relation
            WHERE organization_id = \(organization) AND cared_for_id = \(person)
            UNION ALL SELECT cared_for_id, 'related', CAST(NULL AS TEXT), created_at FROM care_relation
            WHERE organization_id = \(organization) AND caregiver_id = \(person) AND cared_for_id IS NOT NULL
            ORDER BY at
            """
        ) { try note($0) }
    }

    mutating func note(_ row: Row) throws {
        let other: Person.ID = try row["other"]
        let reason: Match.EndReason? = try row["end_reason"]
        switch (Match.Status(rawValue: try row["status"]), reason) {
        case (.declined, _), (.ended, .asked): declined.insert(other)
        case (.ended, _): previous = other
        case (.proposed, _), (.active, _), (nil, _): apart.insert(other)
        case (.withdrawn, _): break
        }
    }
}
