import Storage

extension Referral {
    /// Who may take care of a program's referrals, whoever has the fewest open ones first: its coordinators; while it has
    /// none, its administrators.
    static func owners(in program: Program.ID, of organization: Organization.ID, db: Reading) throws -> [Owner] {
        try db.all(
            """
            SELECT m.person_id, p.name, (SELECT count(*) FROM (SELECT 1 FROM referral r
                WHERE r.organization_id = m.organization_id AND r.owner_id = m.person_id AND r.queue IS NOT NULL
                LIMIT 1000) AS work) AS open
            FROM membership m JOIN person p ON p.organization_id = m.organization_id AND p.id = m.person_id
            WHERE m.organization_id = \(organization) AND m.program_id = \(program) AND m.ended_at IS NULL
                AND (m.role = \(Role.coordinator) OR m.role = \(Role.administrator) AND NOT EXISTS (
                    SELECT 1 FROM membership c WHERE c.organization_id = m.organization_id
                    AND c.program_id = m.program_id AND c.role = \(Role.coordinator) AND c.ended_at IS NULL))
            ORDER BY open, m.person_id
            """
        ) { Owner(person: try $0["person_id"], name: try $0["name"], open: try $0["open"]) }
    }

    /// Somebody who may take care of referrals, and how many they have.
    struct Owner: Sendable {
        let person: Person.ID
        let name: String
        var open: Int
    }

    /// - Throws: `.conflict("program.nobody-there")` where a program has neither.
    static func newOwner(in program: Program.ID, of organization: Organization.ID, _ db: Reading) throws -> Person.ID {
        guard let owner = try owners(in: program, of: organization, db: db).first else {
            throw Problem.conflict("program.nobody-there")
        }
        return owner.person
    }

    /// Somebody else of the program takes care of it from now on.
    package func hand(to owner: Person.ID, in db: Writing) throws {
        guard isOpen else { throw Problem.conflict("referral.already-closed") }
        guard try Self.owners(in: program, of: organization, db: db).contains(where: { $0.person == owner }) else {
            throw Problem.invalid("owner", "not-a-choice")
        }
        try give(to: owner, in: db)
    }

    private func give(to owner: Person.ID, in db: Writing) throws {
        try db.run(
            """
            UPDATE referral SET owner_id = \(owner), revision = revision + 1
            WHERE organization_id = \(organization) AND id = \(id)
            """)
        db.record(event(.referralOwned, ["owner": owner.text]))
    }

    /// Whoever begins or ends to take care of a program: what its new owners should have goes to them, the latest first
    /// to whoever has the fewest.
    /// - Throws: `.conflict("program.last-owner")` where somebody would leave open referrals to nobody.
    static func followRole(_ event: Event, in db: Writing) throws {
        guard let role = event.details["role"].flatMap(Role.init(rawValue:)),
            role == .coordinator || role == .administrator, let program = event.program,
            let organization = event.organization ?? db.actor.organization
        else { return }
        var owners = try owners(in: program, of: organization, db: db)
        let stays: SQL = owners.isEmpty ? "" : "AND owner_id NOT IN \(list: owners.map(\.person))"
        let stranded = try db.all(
            """
            SELECT * FROM referral WHERE organization_id = \(organization) AND program_id = \(program)
            AND queue IS NOT NULL \(stays) ORDER BY due_at, id
            """, Referral.init(row:))
        for referral in stranded {
            guard let next = owners.indices.min(by: { owners[$0].open < owners[$1].open }) else {
                throw Problem.conflict("program.last-owner")
            }
            try referral.give(to: owners[next].person, in: db)
            owners[next].open += 1
        }
    }
}

extension Program {
    /// The programs that somebody takes care of, by name: only these take people in.
    static func staffed(of organization: Organization.ID, in db: Reading) throws -> [Program] {
        try db.all(
            """
            SELECT * FROM program g WHERE g.organization_id = \(organization) AND EXISTS (SELECT 1 FROM membership m
                WHERE m.organization_id = g.organization_id AND m.program_id = g.id AND m.ended_at IS NULL
                AND m.role IN \(list: [Role.coordinator, .administrator])) ORDER BY g.name
            """, Program.init(row:))
    }
}
