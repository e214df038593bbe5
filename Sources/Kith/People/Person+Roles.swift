import Storage

extension Person {
    /// What somebody may do at the moment, and where.
    package static func roles(of person: ID, in db: Reading) throws -> [ProgramRole] {
        try db.all(
            """
            SELECT role, program_id FROM membership
            WHERE organization_id = \(db.organization) AND person_id = \(person) AND ended_at IS NULL
            ORDER BY program_id, role
            """
        ) { ProgramRole(try $0["role"], in: try $0["program_id"]) }
    }

    /// Gives somebody who is here already a further role among the staff.
    /// - Throws: ``Problem/notAllowed`` unless an administrator of the program or the program itself asks;
    ///   ``Problem/conflict(_:)`` when they have it.
    package static func appoint(_ person: ID, as role: Role, in program: Program.ID, db: Writing) throws {
        try checkRuns(program, db)
        guard role != .participant else { throw Problem.invalid("role", "not-a-choice") }
        let organization = try db.organization
        guard try db.exists("SELECT 1 FROM person WHERE organization_id = \(organization) AND id = \(person)") else {
            throw Problem.notFound
        }
        guard try !roles(of: person, in: db).contains(ProgramRole(role, in: program)) else {
            throw Problem.conflict("person.has-role")
        }
        try give(role, in: program, to: person, of: organization, in: db)
    }

    /// Ends a role, from the next statement on. What the person did in it stays; what they had in hand is for whoever
    /// reacts to ``EventKind/roleEnded``, and such a reaction may refuse.
    /// - Throws: ``Problem/notAllowed`` unless an administrator of the program or the program itself asks;
    ///   ``Problem/conflict(_:)`` when the program would be without an administrator.
    package static func end(_ role: Role, in program: Program.ID, of person: ID, in db: Writing) throws {
        try checkRuns(program, db)
        try endUnasked(role, in: program, of: person, db)
    }

    /// The same, where it follows from what somebody else may do.
    static func endUnasked(_ role: Role, in program: Program.ID, of person: ID, _ db: Writing) throws {
        let changed = try db.run(
            """
            UPDATE membership SET ended_at = \(db.now)
            WHERE organization_id = \(db.organization) AND person_id = \(person) AND program_id = \(program)
            AND role = \(role) AND ended_at IS NULL
            """)
        guard changed > 0 else { throw Problem.notFound }
        if role == .administrator {
            let isLooked = try db.exists(
                """
                SELECT 1 FROM membership WHERE organization_id = \(db.organization) AND program_id = \(program)
                AND role = \(Role.administrator) AND ended_at IS NULL
                """)
            guard isLooked else { throw Problem.conflict("program.last-administrator") }
        }
        let event = Event(.roleEnded, about: person, in: program, ["role": role.rawValue])
        db.record(event)
        try Session.end(after: event, in: db)
    }

    /// Ends somebody's access: their roles, their sessions and every way in that was not used yet. An administrator
    /// ends what people do as staff of the programs they run; the program itself ends everything. When nothing is left
    /// that they may do, their sign-in name no longer works; a new way in makes it work again.
    package static func endAccess(of person: ID, in db: Writing) throws {
        let organization = try db.organization
        let all = try roles(of: person, in: db)
        let ending =
            db.actor.kind == .system
            ? all : all.filter { $0.role != .participant && db.actor.has(.administrator, in: $0.program) }
        guard !ending.isEmpty else { throw Problem.notFound }
        for role in ending { try end(role.role, in: role.program, of: person, in: db) }
        let isOut = ending.count == all.count
        if isOut {
            try shutOut(person, of: organization, in: db)
        } else {
            try Session.endAll(of: person, of: organization, in: db)
        }
        db.record(Event(.accessEnded, about: person, ["account": isOut ? "disabled" : "kept"]))
    }

    /// Ends their sessions and every way in, used or not.
    static func shutOut(_ person: ID, of organization: Organization.ID, in db: Writing) throws {
        try Session.endAll(of: person, of: organization, in: db)
        try Invitation.endAll(of: person, of: organization, in: db)
        try db.run(
            """
            UPDATE account SET disabled_at = \(db.now)
            WHERE organization_id = \(organization) AND person_id = \(person) AND disabled_at IS NULL
            """)
    }

    private static func checkRuns(_ program: Program.ID, _ db: Writing) throws {
        guard db.actor.kind == .system || db.actor.has(.administrator, in: program) else { throw Problem.notAllowed }
        _ = try Program.find(program, in: db)
    }

    /// Whoever administers the organization administers what is opened in it, or nobody could.
    static func administer(_ event: Event, in db: Writing) throws {
        guard let program = event.program else { return }
        let organization = try db.organization
        let administrators = try db.values(
            """
            SELECT DISTINCT person_id FROM membership WHERE organization_id = \(organization)
            AND role = \(Role.administrator) AND ended_at IS NULL ORDER BY person_id
            """, as: ID.self)
        for person in administrators {
            try give(.administrator, in: program, to: person, of: organization, in: db)
        }
    }
}
