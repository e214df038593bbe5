import Storage

extension SupportPause {
    /// The pause that the person asking takes now.
    package static func mine(in db: Reading) throws -> SupportPause? {
        try standing(of: db.me, in: db.organization, db)
    }

    /// The pause that somebody takes now. Whoever calls has established their right to read of it.
    static func standing(
        of person: Person.ID, in organization: Organization.ID, _ db: Reading
    ) throws -> SupportPause? {
        try db.first(
            """
            SELECT * FROM support_pause WHERE organization_id = \(organization) AND person_id = \(person)
            AND ended_at IS NULL
            """, Self.init(row:))
    }

    /// Who supports somebody now, in which program.
    static func supporters(
        of person: Person.ID, in organization: Organization.ID, _ db: Reading
    ) throws -> [(supporter: Person.ID, program: Program.ID)] {
        try db.all(
            """
            SELECT supporter_id, program_id FROM match WHERE organization_id = \(organization)
            AND participant_id = \(person) AND status = 'active' ORDER BY id LIMIT 20
            """
        ) { (supporter: try $0["supporter_id"], program: try $0["program_id"]) }
    }
}
