import Storage

extension StaffedLadder {
    /// The ladder of a program. Whoever calls has established their right to it. Three statements.
    package static func of(
        _ program: Program.ID, in organization: Organization.ID, db: Reading
    ) throws -> StaffedLadder {
        let found = try all(where: "g.id = \(program)", of: organization, db: db)
        guard let ladder = found.first else { throw Problem.notFound }
        return ladder
    }

    /// The ladders of the programs that the person asking administers, by the program's name. Three statements.
    package static func administered(in db: Reading) throws -> [StaffedLadder] {
        try all(where: "g.id IN \(db.reach(.administrator))", of: db.organization, db: db)
    }

    private static func all(
        where condition: SQL, of organization: Organization.ID, db: Reading
    ) throws -> [StaffedLadder] {
        let programs = try db.all(
            """
            SELECT g.id, l.drill_weeks FROM program g
            LEFT JOIN ladder l ON l.organization_id = g.organization_id AND l.program_id = g.id
            WHERE g.organization_id = \(organization) AND \(condition) ORDER BY g.name, g.id
            """
        ) { (id: try $0["id"] as Program.ID, drillWeeks: try $0["drill_weeks"] as Int?) }
        guard !programs.isEmpty else { return [] }
        let rungs = try db.all(
            """
            SELECT program_id, role, person_id, minutes, channel FROM ladder_rung
            WHERE organization_id = \(organization) AND program_id IN \(list: programs.map(\.id))
            ORDER BY program_id, place
            """
        ) { row in
            let (role, person): (Role?, Person.ID?) = (try row["role"], try row["person_id"])
            let who = person.map(Ladder.Who.person) ?? .role(role ?? .coordinator)
            let rung = Ladder.Rung(who, minutes: try row["minutes"], by: try row["channel"])
            return (program: try row["program_id"] as Program.ID, rung: rung)
        }
        let callees = try callees(in: programs.map(\.id), of: organization, db)
        return programs.map { program in
            let own = rungs.filter { $0.program == program.id }.map(\.rung)
            return StaffedLadder(
                program: program.id,
                ladder: Ladder(own.isEmpty ? Ladder.usual.rungs : own, drillWeeks: program.drillWeeks),
                callees: callees[program.id] ?? [])
        }
    }

    /// Whoever works in a program in a role that is called, and can sign in.
    private static func callees(
        in programs: [Program.ID], of organization: Organization.ID, _ db: Reading
    ) throws -> [Program.ID: [Callee]] {
        func hasChannel(_ kind: ContactChannel.Kind) -> SQL {
            """
            (NOT p.do_not_contact AND EXISTS (SELECT 1 FROM contact_channel c
                WHERE c.organization_id = p.organization_id AND c.person_id = p.id AND c.kind = \(kind)
                AND c.may_leave_message AND c.ended_at IS NULL))
            """
        }
        let found = try db.all(
            """
            SELECT m.program_id, m.person_id, m.role, p.name, \(hasChannel(.email)) AS has_email,
                \(hasChannel(.text)) AS has_text
            FROM membership m
            JOIN person p ON p.organization_id = m.organization_id AND p.id = m.person_id
            WHERE m.organization_id = \(organization) AND m.program_id IN \(list: programs) AND m.ended_at IS NULL
                AND m.role IN \(list: Ladder.callable) AND EXISTS (SELECT 1 FROM account a
                    WHERE a.organization_id = p.organization_id AND a.person_id = p.id AND a.disabled_at IS NULL)
            ORDER BY p.name, m.person_id, m.role
            """
        ) { row in
            var channels: Set<ContactChannel.Kind> = []
            if try row["has_email"] as Bool { channels.insert(.email) }
            if try row["has_text"] as Bool { channels.insert(.text) }
            let callee = Callee(
                try row["person_id"], name: try row["name"], roles: [try row["role"]], channels: channels)
            return (program: try row["program_id"] as Program.ID, callee: callee)
        }
        return found.reduce(into: [:]) { all, next in
            var callees = all[next.program] ?? []
            if let last = callees.last, last.person == next.callee.person {
                callees.removeLast()
                callees.append(
                    Callee(
                        last.person, name: last.name, roles: last.roles.union(next.callee.roles),
                        channels: last.channels))
            } else {
                callees.append(next.callee)
            }
            all[next.program] = callees
        }
    }
}
