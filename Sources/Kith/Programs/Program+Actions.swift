import Storage

extension Organization {
    /// Opens an organization. Only the program itself does that: set-up, demonstration, tests.
    package static func open(
        named name: String, slug: String, timeZone: String, locale: String = "en", in db: Writing
    ) throws -> ID {
        guard case .system = db.actor.kind else { throw Problem.notAllowed }
        let id = try db.organization
        try db.run(
            """
            INSERT INTO organization (id, name, slug, time_zone, locale, created_at)
            VALUES (\(id), \(name), \(slug), \(timeZone), \(locale), \(db.now))
            """)
        db.record(Event(.organizationOpened, of: id.text))
        return id
    }

    /// The organization behind a public address.
    package static func find(slug: String, in db: Reading) throws -> Organization {
        guard let found = try db.first("SELECT * FROM organization WHERE slug = \(slug)", Organization.init(row:))
        else {
            throw Problem.notFound
        }
        return found
    }

    /// The organization of the person asking.
    package static func current(in db: Reading) throws -> Organization {
        let id = try db.organization
        guard let found = try db.first("SELECT * FROM organization WHERE id = \(id)", Organization.init(row:)) else {
            throw Problem.notFound
        }
        return found
    }

    /// Adds a site.
    /// - Throws: ``Problem/notAllowed`` unless an administrator or the program itself asks; ``Problem/invalid(_:)``
    ///   for a name that is empty or taken.
    package static func addSite(named name: String, in db: Writing) throws -> Site.ID {
        try checkAdministers(db)
        let name = try freeName(name, besides: sites(in: db).map(\.name))
        let id: Site.ID = db.newID()
        try db.run("INSERT INTO site (organization_id, id, name) VALUES (\(db.organization), \(id), \(name))")
        db.record(Event(.siteOpened, of: id.text))
        return id
    }

    /// The sites of the organization of the person asking, by name.
    package static func sites(in db: Reading) throws -> [Site] {
        try db.all("SELECT id, name FROM site WHERE organization_id = \(db.organization) ORDER BY name") {
            Site(id: try $0["id"], name: try $0["name"])
        }
    }

    fileprivate static func checkAdministers(_ db: Reading) throws {
        guard db.actor.kind == .system || db.actor.has(.administrator) else { throw Problem.notAllowed }
    }

    /// A name that people can tell from the others.
    fileprivate static func freeName(_ name: String, besides names: [String]) throws -> String {
        let name = name.trimmed
        guard !name.isEmpty else { throw Problem.invalid("name", "required") }
        guard !names.contains(where: { $0.lowercased() == name.lowercased() }) else {
            throw Problem.invalid("name", "used")
        }
        return name
    }

    /// Adds an organization that sends people. `secret` is its bearer token, kept only as a hash.
    package static func addPartner(
        named name: String, sendingTo program: Program.ID, token secret: Secret?, in db: Writing
    ) throws -> Partner.ID {
        let id: Partner.ID = db.newID()
        try db.run(
            """
            INSERT INTO partner (organization_id, id, name, program_id, token_hash, created_at)
            VALUES (\(db.organization), \(id), \(name), \(program), \(secret?.hash), \(db.now))
            """)
        db.record(Event(.partnerAdded, of: id.text, in: program))
        return id
    }
}

extension Program {
    /// Opens a program with its first policy and its topics.
    /// - Throws: ``Problem/notAllowed`` unless an administrator or the program itself asks; ``Problem/invalid(_:)``
    ///   for a name that is empty or taken.
    package static func open(
        named name: String, summary: String, at site: Site.ID? = nil, policy: Policy, topics: [Topic], in db: Writing
    ) throws -> ID {
        try Organization.checkAdministers(db)
        let name = try Organization.freeName(name, besides: all(of: db.organization, in: db).map(\.name))
        let id: ID = db.newID()
        try db.run(
            """
            INSERT INTO program (organization_id, id, site_id, name, summary, created_at)
            VALUES (\(db.organization), \(id), \(site), \(name), \(summary), \(db.now))
            """)
        db.record(Event(.programOpened, of: id.text, in: id))
        for topic in topics {
            try db.run(
                """
                INSERT INTO topic (organization_id, program_id, code, name)
                VALUES (\(db.organization), \(id), \(topic.code), \(topic.name))
                """)
        }
        try publish(policy, for: id, in: db)
        return id
    }

    /// Publishes the next version of a program's policy. What was judged before keeps its version.
    /// - Throws: ``Problem/notAllowed`` unless an administrator or the program itself asks; ``Problem/invalid(_:)``
    ///   when the policy cannot work, see ``Policy/flaws``.
    @discardableResult
    package static func publish(_ policy: Policy, for program: ID, in db: Writing) throws -> Int {
        try Organization.checkAdministers(db)
        _ = try find(program, in: db)
        guard policy.flaws.isEmpty else { throw Problem.invalid("policy", "not-a-policy") }
        let last = try db.value(
            "SELECT CAST(max(version) AS BIGINT) FROM program_policy WHERE program_id = \(program)", as: Int?.self)
        let version = ((last ?? nil) ?? 0) + 1
        try db.run(
            """
            INSERT INTO program_policy (organization_id, program_id, version, policy, published_by, published_at)
            VALUES (\(db.organization), \(program), \(version), \(policy.json), \(db.actor.logName), \(db.now))
            """)
        db.record(Event(.policyPublished, of: program.text, in: program, ["version": "\(version)"]))
        return version
    }

    /// A program of the organization of the person asking.
    package static func find(_ id: ID, in db: Reading) throws -> Program {
        let organization = try db.organization
        let found = try db.first(
            "SELECT * FROM program WHERE organization_id = \(organization) AND id = \(id)", Program.init(row:))
        guard let found else { throw Problem.notFound }
        return found
    }

    /// Every program of an organization, by name.
    package static func all(of organization: Organization.ID, in db: Reading) throws -> [Program] {
        try db.all("SELECT * FROM program WHERE organization_id = \(organization) ORDER BY name", Program.init(row:))
    }

    /// Some programs of the organization of the person asking, by name.
    /// - Parameter programs: the right side of `IN`.
    static func named(_ programs: SQL, in db: Reading) throws -> [(id: ID, name: String)] {
        try db.all(
            """
            SELECT id, name FROM program WHERE organization_id = \(db.organization) AND id IN \(programs)
            ORDER BY name, id
            """
        ) { (try $0["id"], try $0["name"]) }
    }

    /// The topics of a program, by name.
    package static func topics(of program: ID, in db: Reading) throws -> [Topic] {
        let organization = try db.organization
        return try db.all(
            """
            SELECT code, name FROM topic WHERE organization_id = \(organization) AND program_id = \(program)
            ORDER BY name
            """
        ) { Topic(code: try $0["code"], name: try $0["name"]) }
    }
}
