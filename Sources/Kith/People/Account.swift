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

    /// What is wrong with a new password; empty when it will do. Length is the only rule: no required kinds of
    /// characters, no expiry (NIST SP 800-63B-4).
    package static func objections(to password: String, login: String) -> String? {
        if password.count < Password.shortest { return "too-short" }
        if password.utf8.count > Password.longest * 4 || password.count > Password.longest { return "too-long" }
        if Set(password).count < 4 || password.lowercased().contains(key(login)) && key(login).count > 3 {
            return "too-easy"
        }
        return nil
    }
}

/// A way in for somebody who was added and has no account yet.
package enum Invitation {
    /// How long an invitation holds, in days.
    package static let days = 14

    package static func send(
        to person: Person.ID, of organization: Organization.ID, secret: Secret, in db: Writing
    ) throws {
        try db.run(
            """
            INSERT INTO invitation (token_hash, organization_id, person_id, invited_by, created_at, expires_at)
            VALUES (\(secret.hash), \(organization), \(person), \(db.actor.logName), \(db.now),
                \(db.now.adding(days: days)))
            """)
        var event = Event(.invited, about: person)
        event.organization = organization
        db.record(event)
    }

    /// Whom an open invitation is for.
    package static func open(_ tokenHash: String, in db: Reading) throws -> (Organization.ID, Person.ID, String) {
        let found = try db.first(
            """
            SELECT i.organization_id, i.person_id, p.name FROM invitation i
            JOIN person p ON p.organization_id = i.organization_id AND p.id = i.person_id
            WHERE i.token_hash = \(tokenHash) AND i.accepted_at IS NULL AND i.expires_at > \(db.now)
            """
        ) { (try $0["organization_id"] as Organization.ID, try $0["person_id"] as Person.ID, try $0["name"] as String) }
        guard let found else { throw Problem.notFound }
        return found
    }

    /// Opens the account. An invitation works once.
    package static func accept(
        _ tokenHash: String, login: String, passwordHash: String, in db: Writing
    ) throws -> Session.Door {
        let (organization, person, _) = try open(tokenHash, in: db)
        try db.run("UPDATE invitation SET accepted_at = \(db.now) WHERE token_hash = \(tokenHash)")
        try Account.open(for: person, of: organization, login: login, passwordHash: passwordHash, in: db)
        var event = Event(.invitationAccepted, about: person)
        event.organization = organization
        db.record(event)
        return Session.Door(organization: organization, person: person, hash: passwordHash)
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
