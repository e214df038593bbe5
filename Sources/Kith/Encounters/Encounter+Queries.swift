import Storage

extension Encounter {
    /// As whom somebody looks at a contact; they may be several at once.
    package enum Relation: Sendable, CaseIterable {
        case participant, supporter, coordinator, supervisor
    }

    /// As whom `actor` looks at this.
    package func relations(of actor: Actor) -> Set<Relation> {
        var relations: Set<Relation> = []
        if actor.person == participant { relations.insert(.participant) }
        if actor.person == supporter, actor.has(.supporter, in: program) { relations.insert(.supporter) }
        if actor.has(.coordinator, in: program) { relations.insert(.coordinator) }
        if actor.has(.supervisor, in: program) { relations.insert(.supervisor) }
        return relations
    }

    /// The same, as the rules of the wall have it.
    package func grounds(of actor: Actor) -> Set<Ground> {
        Set(
            relations(of: actor).map { relation in
                switch relation {
                case .participant: Ground.own
                case .supporter: .supporter
                case .coordinator: .coordinator
                case .supervisor: .supervisor
                }
            })
    }

    /// A contact within the reach of the person asking: one of the two who met, or a coordinator or supervisor of the
    /// program.
    package static func find(_ id: ID, in db: Reading) throws -> Encounter {
        let organization = try db.organization
        let found = try db.first(
            """
            \(everything) WHERE e.organization_id = \(organization) AND e.id = \(id) AND \(reach(db))
            """, Encounter.init(row:))
        guard let found else { throw Problem.notFound }
        db.disclose(.encounter, of: found.participant)
        return found
    }

    private static func reach(_ db: Reading) throws -> SQL {
        if db.isProgramItself { return "TRUE" }
        return try db.reach(.encounter, of: .pair("e"), as: [.own, .supporter, .coordinator, .supervisor])
    }

    /// The contacts still planned for one of these conditions.
    static func planned(where condition: SQL, of organization: Organization.ID, _ db: Reading) throws -> [Encounter] {
        try db.all(
            """
            \(everything) WHERE e.organization_id = \(organization) AND e.status = 'planned' AND \(condition)
            ORDER BY e.starts_at, e.id
            """, Encounter.init(row:))
    }

    static let everything = everything(of: "encounter")

    /// Contacts of `source`, with what is shown of them wherever one is.
    static func everything(of source: SQL) -> SQL {
        """
        SELECT e.*, coalesce(p.called, p.name) AS participant_name, coalesce(s.called, s.name) AS supporter_name,
            m.status AS match_status, w.reason AS without_note_reason, w.settled_by AS without_note_by,
            w.at AS without_note_at
        FROM \(source) AS e
        JOIN person p ON p.organization_id = e.organization_id AND p.id = e.participant_id
        JOIN person s ON s.organization_id = e.organization_id AND s.id = e.supporter_id
        JOIN match m ON m.organization_id = e.organization_id AND m.id = e.match_id
        LEFT JOIN encounter_without_note w ON w.organization_id = e.organization_id AND w.encounter_id = e.id
        """
    }
}

extension Encounter {
    /// The next contact planned with the participant asking; shown until an hour after its beginning.
    package static func next(in db: Reading) throws -> Encounter? {
        let (organization, me) = (try db.organization, try db.me)
        return try db.first(
            """
            \(everything) WHERE e.organization_id = \(organization) AND e.participant_id = \(me)
            AND e.status = 'planned' AND e.starts_at > \(db.now.adding(hours: -1))
            ORDER BY e.starts_at, e.id LIMIT 1
            """, Encounter.init(row:))
    }

    /// What the supporter asking has planned for the next seven days, and what is past and not settled yet; in order of
    /// time.
    package static func ahead(limit: Int, in db: Reading) throws -> [Encounter] {
        let (organization, me) = (try db.organization, try db.me)
        let found = try db.all(
            """
            \(everything) WHERE e.organization_id = \(organization) AND e.supporter_id = \(me)
            AND e.status = 'planned' AND e.starts_at < \(db.now.adding(days: 7))
            ORDER BY e.starts_at, e.id LIMIT \(limit)
            """, Encounter.init(row:))
        for encounter in found { db.disclose(.listed, of: encounter.participant) }
        return found
    }

    /// Whose contacts a list holds.
    package enum Scope: Sendable {
        /// Those of the person asking, as supporter or as participant.
        case mine
        /// Those of a referral, for a coordinator or supervisor of its program.
        case referral(Referral.ID)
    }

    /// Contacts in order: the settled ones, the newest first, or the planned ones, the soonest first.
    /// - Parameter after: the last of the page before.
    static func list(
        _ scope: Scope, past: Bool, after: (startsAt: Instant, id: ID)? = nil, limit: Int, in db: Reading
    ) throws -> [Encounter] {
        let found = try db.all(
            try listing(scope, past: past, after: after, limit: limit, in: db), Encounter.init(row:))
        for encounter in found { db.disclose(.listed, of: encounter.participant) }
        return found
    }

    /// What ``list(_:past:after:limit:in:)`` asks. Each side of somebody's contacts is read from its own index, as far
    /// as the page goes, and then merged: the cost depends on the page, not on the years.
    package static func listing(
        _ scope: Scope, past: Bool, after: (startsAt: Instant, id: ID)? = nil, limit: Int, in db: Reading
    ) throws -> SQL {
        let organization = try db.organization
        func reach(_ grounds: Set<Ground>) throws -> SQL { try db.reach(.encounter, of: .pair("e"), as: grounds) }
        let branches: [SQL] =
            switch scope {
            case .mine: [try reach([.own]), "\(try reach([.supporter])) AND e.participant_id <> \(try db.me)"]
            case .referral(let id): ["e.referral_id = \(id) AND \(try reach(Ground.working))"]
            }
        let status: SQL = past ? "e.status <> 'planned'" : "e.status = 'planned'"
        let further: SQL = after.map { "AND (e.starts_at, e.id) < (\($0.startsAt), \($0.id))" } ?? ""
        let order: SQL = past ? "e.starts_at DESC, e.id DESC" : "e.starts_at, e.id"
        let parts: [SQL] = branches.map { branch in
            """
            SELECT * FROM (SELECT e.* FROM encounter e WHERE e.organization_id = \(organization) AND \(branch)
                AND \(status) \(further) ORDER BY \(order) LIMIT \(limit)) AS part
            """
        }
        return """
            \(everything(of: "(\(SQL.joined(parts, separator: " UNION ALL ")))")) ORDER BY \(order) LIMIT \(limit)
            """
    }
}
