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

    /// How many covers wait for somebody's decision, how many wait too long, and where somebody stands in and nobody has
    /// looked for too long, counted to a limit: one statement.
    static func raised(for role: Role, in db: Reading) throws -> [RaisedWork.Question] {
        let open: SQL = """
            SELECT 1 FROM cover x WHERE x.organization_id = \(try db.organization)
            AND \(try db.reach(.match, of: .pair("x"), as: [role == .coordinator ? .coordinator : .supervisor]))
            AND x.ended_at IS NULL AND x.cause <> 'left'
            """
        let standsIn: SQL = """
            EXISTS (SELECT 1 FROM match s WHERE s.organization_id = x.organization_id
                AND s.stands_in_for = x.match_id AND s.status = 'active')
            """
        let late: SQL = "\(open) AND x.due_at < \(db.now)"
        let all: [RaisedWork.Question] = [
            .init("cover.raised-late", "SELECT count(*) FROM (\(late) AND NOT \(standsIn) LIMIT 100) AS late"),
            .init(
                "cover.raised",
                """
                SELECT count(*) FROM (\(open) AND x.due_at >= \(db.now)
                    AND (x.choice IS NULL OR x.choice <> 'wait') AND NOT EXISTS (SELECT 1 FROM match s
                        WHERE s.organization_id = x.organization_id AND s.stands_in_for = x.match_id
                        AND s.status IN ('proposed', 'active')) LIMIT 100) AS waiting
                """),
            .init("cover.raised-look", "SELECT count(*) FROM (\(late) AND \(standsIn) LIMIT 100) AS looking")
        ]
        return all.filter { role == .coordinator || $0.key != "cover.raised" }
    }
}
