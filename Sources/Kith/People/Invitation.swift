import Storage

/// A way in, once: for somebody who was added and has no account yet, or for somebody who cannot get in any more.
/// Whoever makes it never learns the password that is chosen with it.
package struct Invitation: Sendable {
    /// How long an invitation holds, in days.
    package static let days = 14

    package let organization: Organization.ID
    package let person: Person.ID
    /// Whom it is for.
    package let name: String
    /// The sign-in name of an account that is there already, which then only gets a new password.
    package let login: String?

    init(row: Row) throws {
        organization = try row["organization_id"]
        person = try row["person_id"]
        name = try row["name"]
        login = try row["login"]
    }

    /// Whether this way in was made already: the page that makes it was sent twice.
    static func isMade(_ secret: Secret, in db: Reading) throws -> Bool {
        let organization = try db.organization
        return try db.exists(
            "SELECT 1 FROM invitation WHERE token_hash = \(secret.hash) AND organization_id = \(organization)")
    }

    /// Invites somebody who has no account yet. Earlier invitations end.
    /// - Throws: ``Problem/conflict(_:)`` when there is an account: a second one would end in “taken”.
    package static func send(
        to person: Person.ID, of organization: Organization.ID, secret: Secret, in db: Writing
    ) throws {
        guard try !hasAccount(person, of: organization, in: db) else {
            throw Problem.conflict("invitation.has-account")
        }
        try keep(secret, for: person, of: organization, in: db)
        var event = Event(.invited, about: person)
        event.organization = organization
        db.record(event)
    }

    /// A new way in for one of the staff or by the program itself: to a first account, or to a new password.
    /// The old password works until the new one is chosen.
    /// - Throws: ``Problem/conflict(_:)`` when they have no role left, or one that is not the administrator's to see.
    package static func renew(for person: Person.ID, secret: Secret, in db: Writing) throws {
        let organization = try db.organization
        let programs = try Person.roles(of: person, in: db).map(\.program)
        guard !programs.isEmpty else { throw Problem.conflict("person.no-role") }
        if db.actor.kind != .system {
            // Whoever holds the way in can come in as this person, so it must open nothing the maker may not see.
            guard programs.allSatisfy({ db.actor.has(.administrator, in: $0) }) else {
                throw Problem.conflict("person.elsewhere")
            }
        }
        try keep(secret, for: person, of: organization, in: db)
        let isThere = try hasAccount(person, of: organization, in: db)
        db.record(Event(.invited, about: person, ["for": isThere ? "password" : "account"]))
    }

    /// The invitation behind a token, while it is open.
    /// - Throws: ``Problem/notFound``.
    package static func open(_ tokenHash: String, in db: Reading) throws -> Invitation {
        let found = try db.first(
            """
            SELECT i.organization_id, i.person_id, p.name, a.login FROM invitation i
            JOIN person p ON p.organization_id = i.organization_id AND p.id = i.person_id
            LEFT JOIN account a ON a.organization_id = i.organization_id AND a.person_id = i.person_id
            WHERE i.token_hash = \(tokenHash) AND i.accepted_at IS NULL AND i.expires_at > \(db.now)
            """, Invitation.init(row:))
        guard let found else { throw Problem.notFound }
        return found
    }

    /// Opens the account, or gives the one that is there its new password. An invitation works once.
    /// - Parameter login: the sign-in name of a new account; one that is there keeps its own.
    package static func accept(
        _ tokenHash: String, login: String, passwordHash: String, isLong: Bool = true, in db: Writing
    ) throws -> Session.Door {
        let invitation = try open(tokenHash, in: db)
        let (person, organization) = (invitation.person, invitation.organization)
        try db.run("UPDATE invitation SET accepted_at = \(db.now) WHERE token_hash = \(tokenHash)")
        if invitation.login == nil {
            try Account.open(for: person, of: organization, login: login, passwordHash: passwordHash, in: db)
        } else {
            try Account.renew(for: person, of: organization, passwordHash: passwordHash, isLong: isLong, in: db)
        }
        var event = Event(.invitationAccepted, about: person)
        event.organization = organization
        db.record(event)
        // Whoever has a second factor needs it here too: a way in replaces a password, and nothing else.
        let needsCode = try db.exists(
            """
            SELECT 1 FROM account WHERE organization_id = \(organization) AND person_id = \(person)
            AND second_factor_since IS NOT NULL
            """)
        return Session.Door(organization: organization, person: person, hash: passwordHash, needsCode: needsCode)
    }

    /// Ends what was sent and not used.
    static func endAll(of person: Person.ID, of organization: Organization.ID, in db: Writing) throws {
        try db.run(
            """
            UPDATE invitation SET expires_at = \(db.now) WHERE organization_id = \(organization)
            AND person_id = \(person) AND accepted_at IS NULL AND expires_at > \(db.now)
            """)
    }

    private static func hasAccount(
        _ person: Person.ID, of organization: Organization.ID, in db: Reading
    ) throws -> Bool {
        try db.exists("SELECT 1 FROM account WHERE organization_id = \(organization) AND person_id = \(person)")
    }

    private static func keep(
        _ secret: Secret, for person: Person.ID, of organization: Organization.ID, in db: Writing
    ) throws {
        try endAll(of: person, of: organization, in: db)
        try db.run(
            """
            INSERT INTO invitation (token_hash, organization_id, person_id, invited_by, created_at, expires_at)
            VALUES (\(secret.hash), \(organization), \(person), \(db.actor.logName), \(db.now),
                \(db.now.adding(days: days)))
            """)
    }
}
