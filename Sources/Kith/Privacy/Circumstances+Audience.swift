import Storage

extension Circumstances {
    /// The programs to which somebody told something that is shown, with everybody who reads it there. Whoever calls has
    /// established their right to know it. Two statements.
    static func audiences(
        of person: Person.ID, in organization: Organization.ID, _ db: Reading
    ) throws -> [Audience] {
        let programs = try db.all(
            """
            SELECT s.program_id, g.name, min(s.shown_at) AS since FROM member_story s
            JOIN program g ON g.organization_id = s.organization_id AND g.id = s.program_id
            WHERE s.organization_id = \(organization) AND s.writer_id = \(person) AND s.state = 'shown'
            GROUP BY s.program_id, g.name ORDER BY s.program_id
            """
        ) { row in
            (
                id: try row["program_id"] as Program.ID, name: try row["name"] as String,
                since: try row["since"] as Instant
            )
        }
        guard !programs.isEmpty else { return [] }
        let readers = try db.all(
            """
            SELECT DISTINCT m.program_id, m.person_id FROM membership m WHERE m.organization_id = \(organization)
            AND m.program_id IN \(list: programs.map(\.id)) AND m.role IN \(list: Ground.neighborly)
            AND m.ended_at IS NULL AND NOT \(Block.separates("m.person_id", person, in: organization))
            LIMIT 20000
            """
        ) { (program: try $0["program_id"] as Program.ID, person: try $0["person_id"] as Person.ID) }
        return programs.map { program in
            Audience(
                program: program.id, name: program.name, since: program.since,
                members: Set(readers.filter { $0.program == program.id }.map(\.person)))
        }
    }
}
