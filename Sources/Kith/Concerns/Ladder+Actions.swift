import Storage

extension Ladder {
    /// Why this ladder will not do, as codes by form field; empty when it will.
    package func errors(among callees: [Callee]) -> [String: String] {
        var errors: [String: String] = [:]
        if rungs.isEmpty { errors["who-1"] = "required" }
        for (index, rung) in rungs.prefix(Self.mostRungs).enumerated() {
            switch rung.who {
            case .role(let role): if !Self.callable.contains(role) { errors["who-\(index + 1)"] = "not-a-choice" }
            case .person(let person):
                if !callees.contains(where: { $0.person == person }) { errors["who-\(index + 1)"] = "not-a-choice" }
            }
        }
        return errors
    }

    /// Makes it the ladder of a program from now on; what climbs already climbs this one.
    /// - Throws: ``Problem/notAllowed`` unless an administrator of the program or the program itself asks;
    ///   ``Problem/invalid(_:)`` for `who-1` and so on.
    package func set(for program: Program.ID, in db: Writing) throws {
        guard db.actor.kind == .system || db.actor.has(.administrator, in: program) else { throw Problem.notAllowed }
        let organization = try db.organization
        let before = try StaffedLadder.of(program, in: organization, db: db)
        try Problem.check(errors(among: before.callees))
        guard before.ladder != self else { return }
        let next = drillWeeks.map { db.now.adding(days: 7 * $0) }
        let kept: SQL = drillWeeks == before.ladder.drillWeeks ? "ladder.next_drill_at" : "excluded.next_drill_at"
        try db.run(
            """
            INSERT INTO ladder (organization_id, program_id, changed_by, changed_at, drill_weeks, next_drill_at)
            VALUES (\(organization), \(program), \(db.actor.logName), \(db.now), \(drillWeeks), \(next))
            ON CONFLICT (organization_id, program_id) DO UPDATE SET changed_by = excluded.changed_by,
                changed_at = excluded.changed_at, drill_weeks = excluded.drill_weeks, next_drill_at = \(kept)
            """)
        try db.run("DELETE FROM ladder_rung WHERE organization_id = \(organization) AND program_id = \(program)")
        for (index, rung) in rungs.prefix(Self.mostRungs).enumerated() {
            var (role, person): (Role?, Person.ID?) = (nil, nil)
            switch rung.who {
            case .role(let called): role = called
            case .person(let called): person = called
            }
            try db.run(
                """
                INSERT INTO ladder_rung (organization_id, program_id, place, role, person_id, minutes, channel)
                VALUES (\(organization), \(program), \(index + 1), \(role), \(person), \(rung.minutes), \(rung.channel))
                """)
        }
        var event = Event(.ladderSet, of: program.text, in: program, ["rungs": "\(rungs.count)"])
        event.organization = organization
        db.record(event)
    }
}
