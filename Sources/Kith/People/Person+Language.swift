import Storage

/// The language of pages and the language of a person. A page is in the one that its reader's browser was told to use;
/// who has an account brings theirs along to a browser that was told nothing.
extension Person {
    /// What somebody is down for where nobody asked them; see ``PersonDraft``.
    static let unasked = "en"

    /// The language a person is down for, without its region; nil for English that nobody said, because then their browser
    /// knows better.
    static func knownLanguage(of person: ID, in organization: Organization.ID, db: Reading) throws -> String? {
        let known = try db.value(
            """
            SELECT language FROM person WHERE organization_id = \(organization) AND id = \(person)
            AND (language <> \(unasked) OR language_said_at IS NOT NULL)
            """, as: String.self)
        return known.map { String($0.prefix { $0 != "-" }) }
    }

    /// The person asking chose to read pages in `locale`. Where nobody has said their language it becomes theirs, so that
    /// mails come in it too, until they choose another. Whoever has said theirs keeps it: to read English now and then is no
    /// reason to be written to in English.
    static func read(in locale: String, db: Writing) throws {
        let me = try db.me
        let changed = try db.run(
            """
            UPDATE person SET language = \(locale)
            WHERE organization_id = \(db.organization) AND id = \(me) AND language_said_at IS NULL
            AND language <> \(locale)
            """)
        guard changed > 0 else { return }
        db.record(Event(.personChanged, of: me.text, about: me))
    }
}
