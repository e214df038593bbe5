import Storage

extension SupportPause {
    /// The person asking takes a pause. Nobody asks why, and their supporters keep their place.
    /// - Throws: ``Problem/invalid(_:)`` for `returns-on`: `not-in-future`, `too-far-ahead`; ``Problem/conflict(_:)`` with
    ///   `support-pause.not-supported` where nobody supports them.
    package static func begin(returnsOn day: Day? = nil, in db: Writing) throws {
        try begin(for: db.me, returnsOn: day, in: db)
    }

    /// The same for somebody who told a coordinator so. Whoever calls has established their right to it.
    static func begin(for person: Person.ID, returnsOn day: Day?, in db: Writing) throws {
        let organization = try db.organization
        if let day, day <= db.today { throw Problem.invalid("returns-on", "not-in-future") }
        if let day, day > db.today.adding(days: mostDays) { throw Problem.invalid("returns-on", "too-far-ahead") }
        let isSupported = try db.exists(
            """
            SELECT 1 FROM match m WHERE m.organization_id = \(organization) AND m.participant_id = \(person)
            AND m.status = 'active'
            """)
        guard isSupported else { throw Problem.conflict("support-pause.not-supported") }
        let open = try standing(of: person, in: organization, db)
        // The same pause once more is a second click.
        if let open, open.returnsOn == day { return }
        let id: ID
        if let open {
            id = open.id
            try db.run(
                """
                UPDATE support_pause SET returns_on = \(day) WHERE organization_id = \(organization) AND id = \(id)
                """)
        } else {
            id = db.newID()
            try db.run(
                """
                INSERT INTO support_pause (organization_id, id, person_id, since, returns_on)
                VALUES (\(organization), \(id), \(person), \(db.now), \(day))
                """)
        }
        db.record(Event(.supportPauseBegan, of: id.text, about: person))
        try announce(for: person, of: organization, in: db)
    }

    /// The person asking is back. A second time changes nothing.
    package static func end(in db: Writing) throws { try end(for: db.me, in: db) }

    /// Whoever calls has established that the person said so.
    static func end(for person: Person.ID, in db: Writing) throws {
        guard let pause = try standing(of: person, in: db.organization, db) else { return }
        try pause.end("own", of: db.organization, in: db)
    }

    /// Ends what has come to its day of return everywhere on earth, and what nobody is left to keep a place for.
    package static func keep(of organization: Organization.ID, in db: Writing) throws {
        let over = try db.all(
            """
            SELECT z.*, EXISTS (SELECT 1 FROM referral r WHERE r.organization_id = z.organization_id
                AND r.person_id = z.person_id AND r.queue IS NOT NULL) AS goes_on
            FROM support_pause z WHERE z.organization_id = \(organization) AND z.ended_at IS NULL
            AND (z.returns_on <= \(db.now.adding(hours: -12).countedDay)
                OR NOT EXISTS (SELECT 1 FROM referral r WHERE r.organization_id = z.organization_id
                    AND r.person_id = z.person_id AND r.queue IS NOT NULL))
            ORDER BY z.id LIMIT 500
            """
        ) { (pause: try SupportPause(row: $0), goesOn: try $0["goes_on"] as Bool) }
        for (pause, goesOn) in over { try pause.end(goesOn ? "day" : "over", of: organization, in: db) }
    }

    private func end(_ cause: String, of organization: Organization.ID, in db: Writing) throws {
        let ended = try db.run(
            """
            UPDATE support_pause SET ended_at = \(db.now)
            WHERE organization_id = \(organization) AND id = \(id) AND ended_at IS NULL
            """)
        guard ended > 0 else { return }
        var event = Event(.supportPauseEnded, of: id.text, about: person, ["cause": cause])
        event.organization = organization
        db.record(event)
        try Self.announce(for: person, of: organization, in: db)
    }

    private static func announce(for person: Person.ID, of organization: Organization.ID, in db: Writing) throws {
        db.announce(.person(person))
        for (supporter, _) in try supporters(of: person, in: organization, db) { db.announce(.person(supporter)) }
    }
}

extension Platform {
    /// Brings back whoever said when they would be. Each organization has a transaction of its own; several processes may
    /// do it at once.
    /// - Throws: the first failure, after all organizations have had their turn.
    package func keepPauses() async throws {
        let organizations = try await store.read {
            try $0.values("SELECT id FROM organization ORDER BY id", as: Organization.ID.self)
        }
        try await inTurn(organizations) { organization in
            try await write(as: .system(organization), access: .anyone) { db in
                try SupportPause.keep(of: organization, in: db)
            }
        }
    }
}
