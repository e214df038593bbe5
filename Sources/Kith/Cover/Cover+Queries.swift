import Storage

extension Cover {
    /// One's own, or one of a program that the person asking coordinates.
    package static func find(_ id: ID, in db: Reading) throws -> Cover {
        let found = try db.first(
            """
            SELECT x.* FROM cover x WHERE x.organization_id = \(db.organization) AND x.id = \(id)
            AND \(db.reach(.match, of: .pair("x"), as: [.own, .coordinator]))
            """, Cover.init(row:))
        guard let found else { throw Problem.notFound }
        db.disclose(.matching, of: found.participant)
        return found
    }

    /// By its identifier alone, for actions that have established their right to it.
    package static func load(_ id: ID, of organization: Organization.ID, in db: Reading) throws -> Cover {
        let found = try db.first(
            "SELECT * FROM cover WHERE organization_id = \(organization) AND id = \(id)", Cover.init(row:))
        guard let found else { throw Problem.notFound }
        return found
    }

    /// The open one of a match.
    package static func open(for match: Match.ID, of organization: Organization.ID, in db: Reading) throws -> Cover? {
        try db.first(
            """
            SELECT * FROM cover WHERE organization_id = \(organization) AND match_id = \(match) AND ended_at IS NULL
            """, Cover.init(row:))
    }

    /// How many covers wait for somebody's decision, and how many wait too long, counted to a limit: one statement.
    static func raised(for role: Role, in db: Reading) throws -> [(key: String, count: Int)] {
        let open: SQL = """
            SELECT 1 FROM cover x WHERE x.organization_id = \(try db.organization)
            AND \(try db.reach(.match, of: .pair("x"), as: [role == .coordinator ? .coordinator : .supervisor]))
            AND x.ended_at IS NULL AND x.cause <> 'left'
            """
        let found = try db.first(
            """
            SELECT (SELECT count(*) FROM (\(open) AND x.due_at < \(db.now) LIMIT 100) AS late) AS late,
                (SELECT count(*) FROM (\(open) AND x.due_at >= \(db.now)
                    AND (x.choice IS NULL OR x.choice <> 'wait') AND NOT EXISTS (SELECT 1 FROM match s
                        WHERE s.organization_id = x.organization_id AND s.stands_in_for = x.match_id
                        AND s.status IN ('proposed', 'active')) LIMIT 100) AS waiting) AS waiting
            """
        ) { (late: try $0["late"] as Int, waiting: try $0["waiting"] as Int) }
        guard let found else { return [] }
        let late = (key: "cover.raised-late", count: found.late)
        return role == .coordinator ? [late, (key: "cover.raised", count: found.waiting)] : [late]
    }
}
