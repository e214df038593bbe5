import Storage

/// A signed-in browser. The cookie holds the secret, the database its hash.
package enum Session {
    /// What has to be known to check a password, found without saying whether the name exists.
    package struct Door: Sendable {
        package let organization: Organization.ID
        package let person: Person.ID
        package let hash: String
        /// Whether a password alone does not let them in.
        package let needsCode: Bool

        package init(organization: Organization.ID, person: Person.ID, hash: String, needsCode: Bool = false) {
            self.organization = organization
            self.person = person
            self.hash = hash
            self.needsCode = needsCode
        }
    }

    /// The account behind a sign-in name, if there is one that may sign in.
    package static func door(login: String, in db: Reading) throws -> Door? {
        try db.first(
            """
            SELECT organization_id, person_id, password, second_factor_since FROM account
            WHERE login_key = \(Account.key(login)) AND disabled_at IS NULL
            """
        ) {
            Door(
                organization: try $0["organization_id"], person: try $0["person_id"], hash: try $0["password"],
                needsCode: try $0["second_factor_since"] as Instant? != nil)
        }
    }

    /// Opens a session for somebody who has proved who they are.
    /// - Parameters:
    ///   - browser: what kind of browser, for its owner's eyes.
    ///   - isShared: whether others use the computer too.
    ///   - limits: how long it lasts, where that does not follow from their roles.
    /// - Returns: how long it lasts.
    @discardableResult
    package static func open(
        for door: Door, secret: Secret, browser: String? = nil, isShared: Bool = false, limits: Limits? = nil,
        in db: Writing
    ) throws -> Limits {
        let limits = try limits ?? Self.limits(of: door.person, in: door.organization, isShared: isShared, db: db)
        try db.run(
            """
            INSERT INTO session (token_hash, organization_id, person_id, created_at, expires_at, browser, proved_at,
                seen_at, idle_minutes, is_shared)
            VALUES (\(secret.hash), \(door.organization), \(door.person), \(db.now),
                \(db.now.adding(hours: limits.hours)), \(browser), \(db.now), \(db.now), \(limits.idleMinutes),
                \(isShared))
            """)
        var event = Event(.signedIn, about: door.person)
        event.organization = door.organization
        db.record(event)
        return limits
    }

    /// Ends every session of somebody, wherever they are signed in, but for the one that asks for it if `sparing`. What
    /// ends them is recorded by whoever asks.
    static func endAll(
        of person: Person.ID, of organization: Organization.ID, sparing tokenHash: String? = nil, in db: Writing
    ) throws {
        try end("organization_id = \(organization) AND person_id = \(person)", sparing: tokenHash, db)
        try HalfSignIn.endAll(of: person, of: organization, in: db)
    }

    /// Ends the sessions of the person asking, but for one.
    static func endOwn(except tokenHash: String?, in db: Writing) throws {
        let own: SQL = "organization_id = \(try db.organization) AND person_id = \(try db.me)"
        let ended = try end(own, sparing: tokenHash, db)
        if ended > 0 { db.record(Event(.signedOut, about: try db.me, ["sessions": "\(ended)"])) }
    }

    /// Ends the session of the person asking; the next request with its cookie is a stranger's.
    package static func end(tokenHash: String, in db: Writing) throws {
        let ended = try end("token_hash = \(tokenHash) AND person_id = \(try db.accountHolder)", sparing: nil, db)
        if ended > 0 { db.record(Event(.signedOut, about: try db.accountHolder)) }
    }

    /// Ends the session that a browser brought along to a new sign-in.
    static func end(brought secret: Secret?, in db: Writing) throws {
        guard let secret else { return }
        try end("token_hash = \(secret.hash)", sparing: nil, db)
    }

    /// Wakes what still listens in them, so that it ends too.
    @discardableResult
    private static func end(_ which: SQL, sparing tokenHash: String?, _ db: Writing) throws -> Int {
        let but: SQL = tokenHash.map { "AND token_hash <> \($0)" } ?? ""
        let ended = try db.values(
            "UPDATE session SET ended_at = \(db.now) WHERE \(which) AND ended_at IS NULL \(but) RETURNING token_hash",
            as: String.self)
        for tokenHash in ended { db.announce(.session(tokenHash: tokenHash)) }
        return ended.count
    }

    /// Whoever may do more or less than when they signed in signs in again: a cookie that somebody got hold of before
    /// is worth nothing after. Taking part oneself gives no right over others, and whoever administers the organization
    /// does not leave their desk because a program was opened.
    static func end(after event: Event, in db: Writing) throws {
        guard let person = event.subject else { return }
        let role = event.details["role"]
        if event.kind == .roleGiven, role == Role.participant.rawValue { return }
        let organization = try event.organization ?? db.organization
        if event.kind == .roleGiven, role == Role.administrator.rawValue, let program = event.program {
            let isAlready = try db.exists(
                """
                SELECT 1 FROM membership WHERE organization_id = \(organization) AND person_id = \(person)
                AND role = \(Role.administrator) AND program_id <> \(program) AND ended_at IS NULL
                """)
            if isAlready { return }
        }
        try endAll(of: person, of: organization, sparing: db.actor.session?.tokenHash, in: db)
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
        case .setup(let organization):
            guard try !reader.exists("SELECT 1 FROM organization") else { throw Problem.conflict("setup.done") }
            return .system(of: organization)
        case .link(let purpose, let organization):
            return try reader.first(
                "SELECT name, time_zone FROM organization WHERE id = \(organization)"
            ) {
                Actor(
                    kind: .link(purpose), organization: organization, roles: [], organizationName: try $0["name"],
                    timeZone: try $0["time_zone"])
            } ?? .visitor
        case .number(let person, let organization):
            return try resolveNumber(of: person, organization, in: reader)
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

    /// Whoever a text message is from, as one who receives support.
    private static func resolveNumber(
        of person: Person.ID, _ organization: Organization.ID, in reader: Reader
    ) throws -> Actor {
        let found = try reader.first(
            """
            SELECT coalesce(p.called, p.name) AS name, o.name AS organization_name, o.time_zone FROM person p
            JOIN organization o ON o.id = p.organization_id
            WHERE p.organization_id = \(organization) AND p.id = \(person)
            """
        ) {
            Actor(
                kind: .person(person), organization: organization, roles: [], name: try $0["name"],
                organizationName: try $0["organization_name"], timeZone: try $0["time_zone"])
        }
        guard var found else { throw Problem.signInNeeded }
        found.roles = try reader.values(
            """
            SELECT program_id FROM membership WHERE organization_id = \(organization) AND person_id = \(person)
            AND role = \(Role.participant) AND ended_at IS NULL ORDER BY program_id
            """, as: Program.ID.self
        ).map { ProgramRole(.participant, in: $0) }
        return found
    }

    private static func resolveSession(_ tokenHash: String, at now: Instant, in reader: Reader) throws -> Actor {
        var found: Actor?
        var lacksSecondFactor = false
        let roles: [ProgramRole?] = try reader.all(
            """
            SELECT s.organization_id, s.person_id, coalesce(p.called, p.name) AS name,
                o.name AS organization_name, o.time_zone, m.role, m.program_id,
                s.created_at, s.proved_at, s.seen_at, s.idle_minutes, s.is_shared, a.second_factor_since,
                r.second_factor
            FROM session s
            JOIN organization o ON o.id = s.organization_id
            JOIN account a ON a.organization_id = s.organization_id AND a.person_id = s.person_id
            JOIN person p ON p.organization_id = s.organization_id AND p.id = s.person_id
            LEFT JOIN membership m ON m.organization_id = s.organization_id AND m.person_id = s.person_id
                AND m.ended_at IS NULL
            LEFT JOIN sign_in_rule r ON r.organization_id = m.organization_id AND r.role = m.role
            WHERE s.token_hash = \(tokenHash) AND s.ended_at IS NULL AND s.expires_at > \(now)
                AND a.disabled_at IS NULL
            ORDER BY m.role, m.program_id
            """
        ) { row in
            if found == nil {
                found = Actor(
                    kind: .person(try row["person_id"]), organization: try row["organization_id"], roles: [],
                    name: try row["name"], organizationName: try row["organization_name"],
                    timeZone: try row["time_zone"],
                    session: SessionState(
                        tokenHash: tokenHash, provedAt: try row["proved_at"],
                        seenAt: try row["seen_at"] ?? row["created_at"], idleMinutes: try row["idle_minutes"],
                        isShared: try row["is_shared"]))
            }
            if try row["second_factor"] as Bool? == true, try row["second_factor_since"] as Instant? == nil {
                lacksSecondFactor = true
            }
            guard let role: Role = try row["role"], let program: Program.ID = try row["program_id"] else { return nil }
            return ProgramRole(role, in: program)
        }
        guard var found, found.session?.isIdle(at: now) == false else { throw Problem.signInNeeded }
        if lacksSecondFactor, let person = found.person {
            return Actor(
                kind: .enrolling(person), organization: found.organization, roles: [], name: found.name,
                organizationName: found.organizationName, timeZone: found.timeZone, session: found.session)
        }
        found.roles = roles.compactMap { $0 }
        return found
    }
}
