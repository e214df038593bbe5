import Storage

/// A sign-in name and a password for one person.
package enum Account {
    /// Sign-in names are compared without regard to case and surrounding space.
    package static func key(_ login: String) -> String {
        login.trimmed.lowercased()
    }

    /// Opens an account for somebody who has none.
    /// - Throws: ``Problem/invalid(_:)`` when the name is taken; nobody learns by whom.
    package static func open(
        for person: Person.ID, of organization: Organization.ID, login: String, passwordHash: String, in db: Writing
    ) throws {
        do {
            try db.run(
                """
                INSERT INTO account (organization_id, person_id, login, login_key, password, password_set_at)
                VALUES (\(organization), \(person), \(login.trimmed), \(key(login)), \(passwordHash), \(db.now))
                """)
        } catch let error as StoreError where error.kind == .unique {
            throw Problem.invalid("login", "taken")
        }
        var event = Event(.accountOpened, about: person)
        event.organization = organization
        db.record(event)
    }

    /// Takes the password somebody chose anew. Whoever was signed in with the old one is not any more.
    /// - Parameters:
    ///   - old: the hash it replaces, when it has to be that one.
    ///   - isLong: whether it is long enough to stand alone.
    /// - Throws: ``Problem/stale`` when the password was changed meanwhile.
    static func renew(
        for person: Person.ID, of organization: Organization.ID, replacing old: String? = nil, passwordHash: String,
        isLong: Bool, in db: Writing
    ) throws {
        let same: SQL = old.map { "AND password = \($0)" } ?? ""
        let changed = try db.run(
            """
            UPDATE account SET password = \(passwordHash), password_is_long = \(isLong), password_set_at = \(db.now),
                disabled_at = NULL
            WHERE organization_id = \(organization) AND person_id = \(person) \(same)
            """)
        guard changed > 0 || old == nil else { throw Problem.stale }
        try Session.endAll(of: person, of: organization, in: db)
        var event = Event(.passwordChanged, about: person)
        event.organization = organization
        db.record(event)
    }

    /// The sign-in name of the person asking.
    static func ownLogin(in db: Reading) throws -> String {
        let (organization, me) = (try db.organization, try db.accountHolder)
        let found = try db.value(
            "SELECT login FROM account WHERE organization_id = \(organization) AND person_id = \(me)", as: String.self)
        guard let found else { throw Problem.notFound }
        return found
    }
}

extension StringProtocol {
    /// Without white space at both ends.
    package var trimmed: String {
        var text = Substring(self)
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
