import Storage

/// A signed-in browser. The cookie holds the secret, the database its hash.
package enum Session {
    /// How long a session lasts at most, in hours.
    package static let hours = 12

    /// What has to be known to check a password, found without saying whether the name exists.
    package struct Door: Sendable {
        package let organization: Organization.ID
        package let person: Person.ID
        package let hash: String

        package init(organization: Organization.ID, person: Person.ID, hash: String) {
            self.organization = organization
            self.person = person
            self.hash = hash
        }
    }

    /// The account behind a sign-in name, if there is one that may sign in.
    package static func door(login: String, in db: Reading) throws -> Door? {
        try db.first(
            """
            SELECT organization_id, person_id, password FROM account
            WHERE login_key = \(Account.key(login)) AND disabled_at IS NULL
            """
        ) { Door(organization: try $0["organization_id"], person: try $0["person_id"], hash: try $0["password"]) }
    }

    /// Opens a session for somebody whose password was right.
    /// - Parameter browser: what kind of browser, for its owner's eyes.
    package static func open(for door: Door, secret: Secret, browser: String? = nil, in db: Writing) throws {
        try db.run(
            """
            INSERT INTO session (token_hash, organization_id, person_id, created_at, expires_at, browser)
            VALUES (\(secret.hash), \(door.organization), \(door.person), \(db.now),
                \(db.now.adding(hours: hours)), \(browser))
            """)
        var event = Event(.signedIn, about: door.person)
        event.organization = door.organization
        db.record(event)
    }

    /// Ends every session of somebody, wherever they are signed in. What ends them is recorded by whoever asks for it.
    static func endAll(of person: Person.ID, of organization: Organization.ID, in db: Writing) throws {
        try db.run(
            """
            UPDATE session SET ended_at = \(db.now)
            WHERE organization_id = \(organization) AND person_id = \(person) AND ended_at IS NULL
            """)
    }

    /// Ends the sessions of the person asking, but for one.
    static func endOwn(except tokenHash: String?, in db: Writing) throws {
        let but: SQL = tokenHash.map { "AND token_hash <> \($0)" } ?? ""
        let ended = try db.run(
            """
            UPDATE session SET ended_at = \(db.now)
            WHERE organization_id = \(db.organization) AND person_id = \(db.me) AND ended_at IS NULL \(but)
            """)
        if ended > 0 { db.record(Event(.signedOut, about: try db.me, ["sessions": "\(ended)"])) }
    }

    /// Ends the session of the person asking; the next request with its cookie is a stranger's.
    package static func end(tokenHash: String, in db: Writing) throws {
        let ended = try db.run(
            """
            UPDATE session SET ended_at = \(db.now)
            WHERE token_hash = \(tokenHash) AND person_id = \(db.me) AND ended_at IS NULL
            """)
        if ended > 0 { db.record(Event(.signedOut, about: try db.me)) }
    }
}

extension Actor {
    /// Finds out who presents `credential`, at this moment, in this transaction. One statement.
    static func resolve(_ credential: Credential, at now: Instant, in reader: Reader) throws -> Actor {
        switch credential {
        case .nobody:
            return .visitor
        case .system(let organization):
            return .system(of: organization)
        case .link(let purpose, let organization):
            return try reader.first(
                "SELECT name, time_zone FROM organization WHERE id = \(organization)"
            ) {
                Actor(
                    kind: .link(purpose), organization: organization, roles: [], organizationName: try $0["name"],
                    timeZone: try $0["time_zone"])
            } ?? .visitor
        case .partner(let tokenHash):
            let partner = try reader.first(
                "SELECT id, organization_id, name FROM partner WHERE token_hash = \(tokenHash) AND ended_at IS NULL"
            ) {
                Actor(
                    kind: .partner(try $0["id"]), organization: try $0["organization_id"], roles: [],
                    name: try $0["name"])
            }
            guard let partner else { throw Problem.signInNeeded }
            return partner
        case .session(let tokenHash):
            return try resolveSession(tokenHash, at: now, in: reader)
        }
    }

    private static func resolveSession(_ tokenHash: String, at now: Instant, in reader: Reader) throws -> Actor {
        var found: Actor?
        let roles: [ProgramRole?] = try reader.all(
            """
            SELECT s.organization_id, s.person_id, coalesce(p.called, p.name) AS name,
                o.name AS organization_name, o.time_zone, m.role, m.program_id
            FROM session s
            JOIN organization o ON o.id = s.organization_id
            JOIN account a ON a.organization_id = s.organization_id AND a.person_id = s.person_id
            JOIN person p ON p.organization_id = s.organization_id AND p.id = s.person_id
            LEFT JOIN membership m ON m.organization_id = s.organization_id AND m.person_id = s.person_id
                AND m.ended_at IS NULL
            WHERE s.token_hash = \(tokenHash) AND s.ended_at IS NULL AND s.expires_at > \(now)
                AND a.disabled_at IS NULL
            ORDER BY m.role, m.program_id
            """
        ) { row in
            if found == nil {
                found = Actor(
                    kind: .person(try row["person_id"]), organization: try row["organization_id"], roles: [],
                    name: try row["name"], organizationName: try row["organization_name"],
                    timeZone: try row["time_zone"])
            }
            guard let role: Role = try row["role"], let program: Program.ID = try row["program_id"] else { return nil }
            return ProgramRole(role, in: program)
        }
        guard var found else { throw Problem.signInNeeded }
        found.roles = roles.compactMap { $0 }
        return found
    }
}
