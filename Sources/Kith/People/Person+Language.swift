import Storage

/// The language of pages and the language of a person. A page is in the one that its reader's browser was told to use;
/// who has an account brings theirs along to a browser that was told nothing.
extension Person {
    /// What somebody is down for where nobody asked them; see ``PersonDraft``.
    private static let unasked = "en"

    /// The language a person was put down for, without its region; nil for English, because that may mean that nobody
    /// asked, and then their browser knows better.
    static func knownLanguage(of person: ID, in organization: Organization.ID, db: Reading) throws -> String? {
        let known = try db.value(
            "SELECT language FROM person WHERE organization_id = \(organization) AND id = \(person)", as: String.self)
        guard let known, known != unasked else { return nil }
        return String(known.prefix { $0 != "-" })
    }

    /// The person asking chose to read pages in `locale`. Where nobody had asked for their language it becomes theirs, so
    /// that mails come in it too. Whoever is down for another keeps it: to read English now and then is no reason to be
    /// written to, or matched, in English.
    static func read(in locale: String, db: Writing) throws {
        guard locale != unasked else { return }
        let me = try db.me
        let changed = try db.run(
            """
            UPDATE person SET language = \(locale)
            WHERE organization_id = \(db.organization) AND id = \(me) AND language = \(unasked)
            """)
        guard changed > 0 else { return }
        db.record(Event(.personChanged, of: me.text, about: me))
    }
}
