import Storage

extension Clearance {
    /// A coordinator says that they have made sure of a supporter. A clearance that stood before ends.
    /// - Parameter day: the last day on which it holds.
    /// - Throws: ``Problem/notFound`` for somebody who supports nobody in a program that whoever asks coordinates;
    ///   ``Problem/conflict(_:)`` with `clearance.own` for oneself; ``Problem/invalid(_:)`` for `ends-on`.
    package static func give(_ check: Check, until day: Day, to person: Person.ID, in db: Writing) throws {
        try checkMayClear(person, db)
        guard person != db.actor.person else { throw Problem.conflict("clearance.own") }
        let today = db.now.countedDay
        if day <= today { throw Problem.invalid("ends-on", "not-in-future") }
        if day > today.adding(days: mostYears * 366) { throw Problem.invalid("ends-on", "clearance-too-long") }
        // The same once more is a second click.
        if let last = try standing(of: person, in: db), (last.check, last.endsOn) == (check, day) { return }
        let organization = try db.organization
        try db.run(
            """
            UPDATE minor_clearance SET ended_at = \(db.now), ended_by = \(db.actor.logName)
            WHERE organization_id = \(organization) AND person_id = \(person) AND ended_at IS NULL
            """)
        let id: ID = db.newID()
        try db.run(
            """
            INSERT INTO minor_clearance (organization_id, id, person_id, kind, ends_on, given_by, given_at)
            VALUES (\(organization), \(id), \(person), \(check), \(day), \(db.actor.logName), \(db.now))
            """)
        db.record(event(.clearanceGiven, id, person, organization, ["check": check.rawValue]))
    }

    /// A coordinator takes it back, at once. Where there is none, nothing changes.
    /// - Throws: ``Problem/notFound`` as in ``give(_:until:to:in:)``.
    package static func takeBack(from person: Person.ID, in db: Writing) throws {
        try checkMayClear(person, db)
        try end("person_id = \(person)", because: "taken-back", in: db)
    }

    /// Ends those of an organization whose last day is over.
    package static func endLapsed(in db: Writing) throws {
        try end("ends_on < \(db.now.countedDay)", because: "lapsed", in: db)
    }

    private static func end(_ condition: SQL, because cause: String, in db: Writing) throws {
        let organization = try db.organization
        let ended = try db.all(
            """
            UPDATE minor_clearance SET ended_at = \(db.now), ended_by = \(db.actor.logName)
            WHERE organization_id = \(organization) AND ended_at IS NULL AND \(condition) RETURNING id, person_id
            """
        ) { (id: try $0["id"] as ID, person: try $0["person_id"] as Person.ID) }
        for (id, person) in ended { db.record(event(.clearanceEnded, id, person, organization, ["cause": cause])) }
    }

    /// Whoever supports nobody any more is cleared anew when they come back.
    static func followRole(_ event: Event, in db: Writing) throws {
        guard event.details["role"] == Role.supporter.rawValue, let person = event.subject else { return }
        let supports = try db.exists(
            """
            SELECT 1 FROM membership WHERE organization_id = \(db.organization) AND person_id = \(person)
            AND role = \(Role.supporter) AND ended_at IS NULL
            """)
        if !supports { try end("person_id = \(person)", because: "role-ended", in: db) }
    }

    private static func checkMayClear(_ person: Person.ID, _ db: Reading) throws {
        if db.actor.kind == .system { return }
        let programs = db.actor.roles.filter { $0.role == .coordinator }.map(\.program)
        let supports = try db.exists(
            """
            SELECT 1 FROM membership WHERE organization_id = \(db.organization) AND person_id = \(person)
            AND role = \(Role.supporter) AND ended_at IS NULL AND program_id IN \(list: programs)
            """)
        guard supports else { throw Problem.notFound }
    }

    private static func event(
        _ kind: EventKind, _ id: ID, _ person: Person.ID, _ organization: Organization.ID, _ details: [String: String]
    ) -> Event {
        var event = Event(kind, of: id.text, about: person, details)
        event.organization = organization
        return event
    }
}
