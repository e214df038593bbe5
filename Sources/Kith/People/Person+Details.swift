import Storage

extension Person {
    /// What is known of somebody, as it was told: two statements. Whoever calls has established their right to it.
    package static func details(of person: ID, in organization: Organization.ID, db: Reading) throws -> PersonDraft {
        let found = try db.first(
            """
            SELECT name, called, language, birth_year, gender, culture, area, contact_prohibited, contact_stopped_at
            FROM person WHERE organization_id = \(organization) AND id = \(person)
            """
        ) { row in
            var details = PersonDraft(
                name: try row["name"], called: try row["called"], language: try row["language"],
                birthYear: try row["birth_year"], gender: try row["gender"], culture: try row["culture"],
                area: try row["area"], doNotContact: try row["contact_prohibited"])
            details.hasStoppedContact = (try row["contact_stopped_at"] as Instant?) != nil
            return details
        }
        guard var details = found else { throw Problem.notFound }
        details.channels = try channelsInUse(of: person, in: organization, db).map(\.channel)
        return details
    }

    static func channelsInUse(
        of person: ID, in organization: Organization.ID, _ db: Reading
    ) throws -> [(id: ContactChannel.ID, channel: ContactChannel)] {
        try db.all(
            """
            SELECT id, kind, address, may_leave_message, hours FROM contact_channel
            WHERE organization_id = \(organization) AND person_id = \(person) AND ended_at IS NULL ORDER BY place
            """
        ) { (id: try $0["id"], channel: try ContactChannel(row: $0)) }
    }

    /// Writes down what is known of somebody, in place of what was written before. A way to reach them that is no longer
    /// among the `channels` ends. Whoever calls has established their right to it.
    package static func change(
        _ person: ID, to details: PersonDraft, of organization: Organization.ID, in db: Writing
    ) throws {
        let before = try self.details(of: person, in: organization, db: db)
        if before.doNotContact != details.doNotContact {
            try setDoNotContact(details.doNotContact, for: person, in: db)
        }
        try db.run(
            """
            UPDATE person SET name = \(details.name), called = \(details.called), language = \(details.language),
                language_said_at = CASE WHEN language = \(details.language) THEN language_said_at
                    ELSE CAST(\(db.now) AS TEXT) END,
                birth_year = \(details.birthYear), gender = \(details.gender), culture = \(details.culture),
                area = \(details.area)
            WHERE organization_id = \(organization) AND id = \(person)
            """)
        try keep(details.channels, of: person, in: organization, db: db)
        db.record(changed(person, of: organization))
    }

    private static func changed(_ person: ID, of organization: Organization.ID) -> Event {
        var event = Event(.personChanged, of: person.text, about: person)
        event.organization = organization
        return event
    }
}

// MARK: - What counts in matching

extension Person {
    /// What people may tell about themselves so that it can count in matching. Nobody needs to say any of it.
    package struct About: Sendable, Equatable {
        package var birthYear: Int?
        package var gender: String?
        package var culture: String?

        package init(birthYear: Int? = nil, gender: String? = nil, culture: String? = nil) {
            self.birthYear = birthYear
            self.gender = gender
            self.culture = culture
        }
    }

    /// What the person asking has told about themselves.
    package static func aboutMe(in db: Reading) throws -> About {
        let (organization, me) = (try db.organization, try db.me)
        let found = try db.first(
            """
            SELECT birth_year, gender, culture FROM person WHERE organization_id = \(organization) AND id = \(me)
            """
        ) { About(birthYear: try $0["birth_year"], gender: try $0["gender"], culture: try $0["culture"]) }
        return found ?? About()
    }

    /// The person asking tells about themselves, in place of what was told before.
    /// - Throws: ``Problem/invalid(_:)`` for `birth-year` where they count as under age and would no longer: their
    ///   coordinator puts it right, or anybody could talk themselves out of what protects them.
    package static func tell(_ about: About, in db: Writing) throws {
        let before = try aboutMe(in: db)
        guard before != about else { return }
        func isMinor(_ about: About) -> Bool {
            AgeBand(birthYear: about.birthYear, in: db.now.countedDay.parts.year) == .minor
        }
        if isMinor(before), !isMinor(about) { throw Problem.invalid("birth-year", "not-by-yourself") }
        let (organization, me) = (try db.organization, try db.me)
        try db.run(
            """
            UPDATE person SET birth_year = \(about.birthYear), gender = \(about.gender), culture = \(about.culture)
            WHERE organization_id = \(organization) AND id = \(me)
            """)
        db.record(changed(me, of: organization))
    }
}

extension PersonDraft {
    /// What of it counts in matching.
    package var about: Person.About {
        get { Person.About(birthYear: birthYear, gender: gender, culture: culture) }
        set { (birthYear, gender, culture) = (newValue.birthYear, newValue.gender, newValue.culture) }
    }
}
