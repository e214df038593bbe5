import Storage

/// What was before between one person and supporters, as far as the next suggestion must know.
struct MatchHistory: Sendable, Equatable {
    /// One of the two said no, or asked for a change later: never again.
    var declined: Set<Person.ID> = []
    /// Not to be suggested for another cause: one cares for the other, or they are matched already.
    var apart: Set<Person.ID> = []
    /// Who supported this person last, so that nobody has to tell their story again.
    var previous: Person.ID?
    /// Whom they had left for somebody new, until there is one.
    private var left: Person.ID?

    init() {}

    /// One statement.
    init(of person: Person.ID, of organization: Organization.ID, in db: Reading) throws {
        self = try Self.all(of: [person], of: organization, in: db)[person] ?? Self()
    }

    /// The same for several people at once, in one statement.
    static func all(
        of people: [Person.ID], of organization: Organization.ID, in db: Reading
    ) throws -> [Person.ID: MatchHistory] {
        guard !people.isEmpty else { return [:] }
        var all: [Person.ID: MatchHistory] = [:]
        _ = try db.all(
            """
            SELECT m.participant_id AS person, m.supporter_id AS other, m.status, m.end_reason, m.proposed_at AS at,
                m.wanted_new
            FROM match m WHERE m.organization_id = \(organization) AND m.participant_id IN \(list: people)
            UNION ALL SELECT cared_for_id, caregiver_id, 'related', CAST(NULL AS TEXT), created_at, FALSE
            FROM care_relation
            WHERE organization_id = \(organization) AND cared_for_id IN \(list: people)
            UNION ALL SELECT caregiver_id, cared_for_id, 'related', CAST(NULL AS TEXT), created_at, FALSE
            FROM care_relation
            WHERE organization_id = \(organization) AND caregiver_id IN \(list: people) AND cared_for_id IS NOT NULL
            ORDER BY at
            """
        ) { row in
            try all[row["person"], default: Self()].add(
                row["other"], Match.Status(rawValue: try row["status"]), row["end_reason"],
                wantedNew: row["wanted_new"])
        }
        return all
    }

    /// - Parameters:
    ///   - status: of their match; nil where one cares for the other.
    ///   - wantedNew: whether the person asked for somebody new while this supporter was not there. They are not
    ///     suggested again before somebody else has been.
    private mutating func add(
        _ other: Person.ID, _ status: Match.Status?, _ reason: Match.EndReason?, wantedNew: Bool
    ) {
        if status == .ended || status == .active, let left, left != other {
            apart.remove(left)
            self.left = nil
        }
        switch (status, reason) {
        case (.declined, _), (.ended, .asked): declined.insert(other)
        case (.ended, _) where wantedNew:
            apart.insert(other)
            left = other
        case (.ended, _): previous = other
        case (.proposed, _), (.active, _), (nil, _): apart.insert(other)
        case (.withdrawn, _): break
        }
    }
}
