import Storage

/// A concern that is practice: it climbs the same ladder by the same rule, is marked as a drill wherever it stands, and
/// is over when somebody acknowledges it. How long that took is what it is for.
package struct Drill: Sendable {
    package let id: Concern.ID
    package let startedAt: Instant
    /// nil while it runs.
    package let outcome: Concern.Outcome?
    /// Who acknowledged.
    package let answeredBy: String?
    package let answeredAt: Instant?
    /// The rung that was reached, and how often the ladder had been around by then.
    package let rung: Int
    package let round: Int
    package let isUndelivered: Bool

    /// How many are shown.
    static let mostShown = 12

    /// Starts one now; one that runs goes on instead.
    /// - Throws: ``Problem/notAllowed`` unless an administrator of the program or the program itself asks.
    @discardableResult
    package static func start(in program: Program.ID, db: Writing) throws -> Concern.ID {
        guard db.actor.kind == .system || db.actor.has(.administrator, in: program) else { throw Problem.notAllowed }
        let organization = try db.organization
        let running = try db.value(
            """
            SELECT id FROM concern WHERE organization_id = \(organization) AND program_id = \(program) AND is_drill
            AND state = 'escalating' LIMIT 1
            """, as: Concern.ID.self)
        if let running { return running }
        return try Concern.begin(.drill, in: program, of: organization, db: db).id
    }

    /// Starts the one that is planned for now, and plans the next.
    static func startDue(in program: Program.ID, db: Writing) throws {
        let weeks = try db.value(
            """
            SELECT drill_weeks FROM ladder WHERE organization_id = \(db.organization) AND program_id = \(program)
            AND next_drill_at <= \(db.now)
            """, as: Int.self)
        guard let weeks else { return }
        try db.run(
            """
            UPDATE ladder SET next_drill_at = \(db.now.adding(days: 7 * weeks))
            WHERE organization_id = \(db.organization) AND program_id = \(program)
            """)
        try start(in: program, db: db)
    }

    /// The newest of a program. Whoever calls has established their right to see them.
    package static func latest(of program: Program.ID, in organization: Organization.ID, db: Reading) throws -> [Drill]
    {
        try db.all(
            """
            SELECT c.id, c.raised_at, c.outcome, c.acknowledged_at, c.rung, c.round, c.undelivered_at, p.name
            FROM concern c
            LEFT JOIN person p ON p.organization_id = c.organization_id AND p.id = c.acknowledged_by
            WHERE c.organization_id = \(organization) AND c.program_id = \(program) AND c.is_drill
            ORDER BY c.raised_at DESC, c.id DESC LIMIT \(mostShown)
            """
        ) { row in
            let undelivered: Instant? = try row["undelivered_at"]
            return Drill(
                id: try row["id"], startedAt: try row["raised_at"], outcome: try row["outcome"],
                answeredBy: try row["name"], answeredAt: try row["acknowledged_at"], rung: try row["rung"],
                round: try row["round"], isUndelivered: undelivered != nil)
        }
    }
}
