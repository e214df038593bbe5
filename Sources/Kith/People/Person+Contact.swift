import Storage

/// Nobody contacts somebody whose row says `do_not_contact`, on any channel. Two can say so, each for themselves: whoever
/// looks after their safety, and the person. Nor is anybody contacted of whom somebody said that they died.
extension Person {
    /// Stops or allows every outgoing contact, for somebody's safety: by staff, or by whoever referred them. What the
    /// person asked for themselves stands either way.
    package static func setDoNotContact(_ flag: Bool, for person: ID, in db: Writing) throws {
        let effect: SQL = flag ? "TRUE" : "(contact_stopped_at IS NOT NULL OR silent_since IS NOT NULL)"
        try db.run(
            """
            UPDATE person SET contact_prohibited = \(flag), do_not_contact = \(effect)
            WHERE organization_id = \(db.organization) AND id = \(person)
            """)
        db.record(Event(.doNotContactSet, of: person.text, about: person, ["set": flag ? "yes" : "no"]))
    }

    /// The person asking wants nobody to contact them. It counts from this moment on.
    package static func stopContact(in db: Writing) throws {
        let me = try db.me
        let changed = try db.run(
            """
            UPDATE person SET contact_stopped_at = \(db.now), do_not_contact = TRUE
            WHERE organization_id = \(db.organization) AND id = \(me) AND contact_stopped_at IS NULL
            """)
        guard changed > 0 else { return }
        db.record(Event(.doNotContactSet, of: me.text, about: me, ["set": "yes", "by": "own"]))
    }

    /// The person asking may be contacted again, as far as nobody else stopped it.
    package static func allowContact(in db: Writing) throws {
        let me = try db.me
        let changed = try db.run(
            """
            UPDATE person SET contact_stopped_at = NULL,
                do_not_contact = (contact_prohibited OR silent_since IS NOT NULL)
            WHERE organization_id = \(db.organization) AND id = \(me) AND contact_stopped_at IS NOT NULL
            """)
        guard changed > 0 else { return }
        db.record(Event(.doNotContactSet, of: me.text, about: me, ["set": "no", "by": "own"]))
    }

    /// Keeps the language somebody likes to be written and spoken to in. What a form showed and nobody changed is not said.
    /// Whoever calls has established their right to it, and records it.
    package static func speak(_ language: String, _ person: ID, of organization: Organization.ID, in db: Writing) throws
    {
        try db.run(
            """
            UPDATE person SET language = \(language), language_said_at = \(db.now)
            WHERE organization_id = \(organization) AND id = \(person) AND language <> \(language)
            """)
    }

    /// Takes the ways to reach somebody in place of those before. One that is no longer among them ends. Whoever calls
    /// has established their right to it, and records it.
    package static func keep(
        _ channels: [ContactChannel], of person: ID, in organization: Organization.ID, db: Writing
    ) throws {
        let before = try channelsInUse(of: person, in: organization, db)
        for (id, channel) in before where !channels.contains(channel) {
            try db.run(
                """
                UPDATE contact_channel SET ended_at = \(db.now) WHERE organization_id = \(organization) AND id = \(id)
                """)
        }
        for channel in channels where !before.contains(where: { $0.channel == channel }) {
            try add(channel, to: person, of: organization, in: db)
        }
    }
}

extension PersonDraft {
    /// Whether nobody said that they must not be contacted.
    package var mayBeContacted: Bool { !doNotContact && !hasStoppedContact }
}
