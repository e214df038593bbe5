import Storage

extension Person {
    /// Adds somebody to the organization of whoever asks, without any role yet.
    package static func add(_ draft: PersonDraft, to organization: Organization.ID, in db: Writing) throws -> ID {
        let id: ID = db.newID()
        try db.run(
            """
            INSERT INTO person (organization_id, id, name, called, language, language_said_at, birth_year, gender, culture,
                area, do_not_contact, contact_prohibited, created_at)
            VALUES (\(organization), \(id), \(draft.name), \(draft.called), \(draft.language),
                \(draft.language == Person.unasked ? nil : db.now), \(draft.birthYear),
                \(draft.gender), \(draft.culture), \(draft.area), \(draft.doNotContact), \(draft.doNotContact),
                \(db.now))
            """)
        for channel in draft.channels { try add(channel, to: id, of: organization, in: db) }
        var event = Event(.personAdded, of: id.text, about: id)
        event.organization = organization
        db.record(event)
        return id
    }

    /// Fills in what is not known yet of somebody of whom so far only a name was. What they or staff have said since
    /// then stays.
    package static func complete(
        _ person: ID, with draft: PersonDraft, of organization: Organization.ID, in db: Writing
    ) throws {
        // Whoever has an account chooses their language themselves.
        let takesLanguage: SQL =
            draft.language == unasked
            ? "FALSE"
            : """
            (language_said_at IS NULL AND NOT EXISTS (SELECT 1 FROM account a
                WHERE a.organization_id = person.organization_id AND a.person_id = person.id))
            """
        try db.run(
            """
            UPDATE person SET called = coalesce(called, \(draft.called)),
                birth_year = coalesce(birth_year, \(draft.birthYear)), gender = coalesce(gender, \(draft.gender)),
                culture = coalesce(culture, \(draft.culture)), area = coalesce(area, \(draft.area)),
                language = CASE WHEN \(takesLanguage) THEN \(draft.language) ELSE language END,
                language_said_at = CASE WHEN \(takesLanguage) THEN \(db.now) ELSE language_said_at END
            WHERE organization_id = \(organization) AND id = \(person)
            """)
        let isReachable = try db.exists(
            """
            SELECT 1 FROM contact_channel WHERE organization_id = \(organization) AND person_id = \(person)
            AND ended_at IS NULL
            """)
        if !isReachable {
            for channel in draft.channels { try add(channel, to: person, of: organization, in: db) }
        }
        var event = Event(.personCompleted, of: person.text, about: person)
        event.organization = organization
        db.record(event)
    }

    static func add(
        _ channel: ContactChannel, to person: ID, of organization: Organization.ID, in db: Writing
    ) throws {
        let id: ContactChannel.ID = db.newID()
        try db.run(
            """
            INSERT INTO contact_channel (organization_id, id, person_id, kind, address, digits, may_leave_message,
                hours, place, created_at)
            VALUES (\(organization), \(id), \(person), \(channel.kind), \(channel.address), \(channel.digits),
                \(channel.mayLeaveMessage), \(channel.hours),
                (SELECT coalesce(max(place), 0) + 1 FROM contact_channel
                    WHERE organization_id = \(organization) AND person_id = \(person)), \(db.now))
            """)
    }

    /// Gives a role in a program; giving it again after it ended begins it anew.
    package static func give(
        _ role: Role, in program: Program.ID, to person: ID, of organization: Organization.ID, in db: Writing
    ) throws {
        let changed = try db.run(
            """
            INSERT INTO membership (organization_id, person_id, program_id, role, since)
            VALUES (\(organization), \(person), \(program), \(role), \(db.now))
            ON CONFLICT (organization_id, person_id, program_id, role)
            DO UPDATE SET since = excluded.since, ended_at = NULL WHERE membership.ended_at IS NOT NULL
            """)
        guard changed > 0 else { return }
        var event = Event(.roleGiven, about: person, in: program, ["role": role.rawValue])
        event.organization = organization
        db.record(event)
        try Session.end(after: event, in: db)
    }
}

extension Person {
    /// The channels still in use, the best first, without the ones that ended.
    package static func channels(of person: ID, in db: Reading) throws -> [ContactChannel] {
        let organization = try db.organization
        return try db.all(
            """
            SELECT kind, address, may_leave_message, hours FROM contact_channel
            WHERE organization_id = \(organization) AND person_id = \(person) AND ended_at IS NULL ORDER BY place
            """, ContactChannel.init(row:))
    }
}

extension Reading {
    /// Somebody of the organization by name; for pages that show whom a record names already.
    func name(of person: Person.ID?) throws -> String? {
        guard let person else { return nil }
        return try value(
            """
            SELECT coalesce(called, name) FROM person WHERE organization_id = \(organization) AND id = \(person)
            """)
    }
}
