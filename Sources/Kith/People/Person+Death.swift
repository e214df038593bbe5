import Storage

extension Person {
    /// Somebody said that this person died: from this moment on nothing goes out to them, on any channel. Whoever calls
    /// has established their right to it.
    package static func silence(_ person: ID, of organization: Organization.ID, in db: Writing) throws {
        let changed = try db.run(
            """
            UPDATE person SET silent_since = \(db.now), do_not_contact = TRUE
            WHERE organization_id = \(organization) AND id = \(person) AND silent_since IS NULL
            """)
        if changed > 0 { db.record(Event(.personSilenced, about: person)) }
    }

    /// Somebody of the staff made sure that they died. They take part in nothing any more, and nobody comes in by their
    /// name. What else they did here as staff, an administrator ends.
    package static func endWithDeath(_ person: ID, on day: Day?, of organization: Organization.ID, in db: Writing)
        throws
    {
        try silence(person, of: organization, in: db)
        try db.run(
            """
            UPDATE person SET died_on = \(day)
            WHERE organization_id = \(organization) AND id = \(person) AND silent_since IS NOT NULL
            """)
        for role in try roles(of: person, in: db) where [.participant, .supporter].contains(role.role) {
            try endUnasked(role.role, in: role.program, of: person, db)
        }
        try shutOut(person, of: organization, in: db)
    }

    /// It was a mistake: they may be contacted again, as far as nobody else stopped it, and sign in again. What ended
    /// with them is begun anew by those who work with them.
    package static func endSilence(of person: ID, of organization: Organization.ID, in db: Writing) throws {
        let changed = try db.run(
            """
            UPDATE person SET silent_since = NULL, died_on = NULL,
                do_not_contact = (contact_prohibited OR contact_stopped_at IS NOT NULL)
            WHERE organization_id = \(organization) AND id = \(person) AND silent_since IS NOT NULL
            """)
        guard changed > 0 else { return }
        try db.run(
            """
            UPDATE account SET disabled_at = NULL WHERE organization_id = \(organization) AND person_id = \(person)
            """)
        db.record(Event(.personUnsilenced, about: person))
    }
}

extension EventKind {
    /// Somebody said that a person died: nothing goes out to them any more.
    package static let personSilenced = EventKind("person.silenced")
    /// That was a mistake.
    package static let personUnsilenced = EventKind("person.unsilenced")
}
