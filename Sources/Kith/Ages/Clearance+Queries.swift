import Storage

extension Clearance {
    private static let named: SQL = """
        SELECT k.*, g.name AS given_by_name, e.name AS ended_by_name FROM minor_clearance k
        LEFT JOIN person g ON g.organization_id = k.organization_id AND k.given_by = 'person:' || g.id
        LEFT JOIN person e ON e.organization_id = k.organization_id AND k.ended_by = 'person:' || e.id
        """

    /// What was ever said of somebody, the latest first. Whoever calls has established their right to it.
    package static func all(of person: Person.ID, in organization: Organization.ID, db: Reading) throws -> [Clearance] {
        try db.all(
            """
            \(named) WHERE k.organization_id = \(organization) AND k.person_id = \(person)
            ORDER BY k.given_at DESC, k.id DESC LIMIT 100
            """, Clearance.init(row:))
    }

    /// The one that stands at this moment. Whoever calls has established their right to it.
    package static func standing(of person: Person.ID, in db: Reading) throws -> Clearance? {
        try db.first(
            """
            \(named) WHERE k.organization_id = \(db.organization) AND k.person_id = \(person) AND k.ended_at IS NULL
            AND k.ends_on >= \(db.now.countedDay)
            """, Clearance.init(row:))
    }

    /// Whether somebody may be with people who are under age, on a day: a condition.
    package static func stands(for person: SQL, in organization: SQL, on day: Day) -> SQL {
        """
        EXISTS (SELECT 1 FROM minor_clearance k WHERE k.organization_id = \(organization) AND k.person_id = \(person)
            AND k.ended_at IS NULL AND k.ends_on >= \(day))
        """
    }
}
