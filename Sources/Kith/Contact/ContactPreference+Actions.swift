import Storage

extension ContactPreference {
    /// A preference with who set it.
    struct Kept: Sendable {
        let preference: ContactPreference
        /// When somebody else set it for the person.
        let byStaffAt: Instant?
        /// nil until somebody set it.
        let setAt: Instant?
    }

    static func kept(for person: Person.ID, of organization: Organization.ID, in db: Reading) throws -> Kept {
        let found = try db.first(
            """
            SELECT o.time_zone AS house_zone, c.way, c.time_zone, c.hours_from, c.hours_until, c.unwanted,
                c.set_by, c.set_at
            FROM organization o LEFT JOIN contact_preference c ON c.organization_id = o.id AND c.person_id = \(person)
            WHERE o.id = \(organization)
            """
        ) { row in
            let (setBy, setAt): (String?, Instant?) = (try row["set_by"], try row["set_at"])
            let isOwn = setBy == "person:\(person)"
            return Kept(preference: try ContactPreference(row: row), byStaffAt: isOwn ? nil : setAt, setAt: setAt)
        }
        guard let found else { throw Problem.notFound }
        return found
    }

    /// Writes down how somebody likes to be reached, with who said so. Whoever calls has established their right to it.
    package func set(for person: Person.ID, of organization: Organization.ID, in db: Writing) throws {
        // Whoever holds the link in what was sent to somebody speaks for them.
        let isOwn = db.actor.person == person || db.actor.kind == .link(.stop)
        let setBy = isOwn ? "person:\(person)" : db.actor.logName
        try db.run(
            """
            INSERT INTO contact_preference (organization_id, person_id, way, time_zone, hours_from, hours_until,
                unwanted, set_by, set_at)
            VALUES (\(organization), \(person), \(way), \(timeZone), \(hours.from), \(hours.until),
                \(unwanted.map(\.rawValue).sorted().joined(separator: " ")), \(setBy), \(db.now))
            ON CONFLICT (organization_id, person_id) DO UPDATE SET way = excluded.way, time_zone = excluded.time_zone,
                hours_from = excluded.hours_from, hours_until = excluded.hours_until,
                unwanted = excluded.unwanted, set_by = excluded.set_by, set_at = excluded.set_at
            """)
        var event = Event(
            .contactPreferenceSet, of: person.text, about: person, ["by": isOwn ? "own" : "staff"])
        event.organization = organization
        db.record(event)
    }
}

extension ContactPreference {
    /// Kith writes to somebody no more by itself, whatever they chose before. The rest stays as it is.
    package static func stopNotices(for person: Person.ID, of organization: Organization.ID, in db: Writing) throws {
        var preference = try kept(for: person, of: organization, in: db).preference
        guard preference.way != Way.none else { return }
        preference.way = Way.none
        try preference.set(for: person, of: organization, in: db)
    }
}
