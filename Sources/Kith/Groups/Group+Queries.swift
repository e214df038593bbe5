import Storage

extension Group {
    /// Groups, each with what the person asking has to do with it. The row is `g`.
    static func everything(_ db: Reading) throws -> SQL {
        let me = db.actor.person ?? Person.ID("")
        return """
            SELECT g.*, EXISTS (SELECT 1 FROM group_member m WHERE m.organization_id = g.organization_id
                    AND m.group_id = g.id AND m.person_id = \(me) AND m.joined_at IS NOT NULL AND m.ended_at IS NULL)
                    AS is_member,
                (SELECT f.is_cover FROM group_facilitator f WHERE f.organization_id = g.organization_id
                    AND f.group_id = g.id AND f.person_id = \(me) AND f.ended_at IS NULL) AS is_cover
            FROM support_group g
            """
    }

    /// A condition on the row `g` of `support_group`: the person asking stands in one of these relations to it now.
    package static func reach(_ relations: Set<Relation>, in db: Reading) throws -> SQL {
        if db.isProgramItself { return "TRUE" }
        let (organization, me) = (try db.organization, try db.me)
        var ways: [SQL] = []
        if relations.contains(.member) {
            ways.append(
                """
                g.id IN (SELECT r.group_id FROM group_member r WHERE r.organization_id = \(organization)
                    AND r.person_id = \(me) AND r.joined_at IS NOT NULL AND r.ended_at IS NULL)
                """)
        }
        let covers = relations.intersection([.facilitator, .cover]).map { $0 == .cover }
        if !covers.isEmpty {
            ways.append(
                """
                g.id IN (SELECT r.group_id FROM group_facilitator r WHERE r.organization_id = \(organization)
                    AND r.person_id = \(me) AND r.ended_at IS NULL AND r.is_cover IN \(list: covers))
                """)
        }
        var roles: [Role] = []
        if relations.contains(.coordinator) { roles.append(.coordinator) }
        if relations.contains(.supervisor) { roles.append(.supervisor) }
        if !roles.isEmpty { ways.append("g.program_id IN \(try db.reach(roles))") }
        return ways.isEmpty ? "FALSE" : "(\(SQL.joined(ways, separator: " OR ")))"
    }

    /// A group to which the person asking stands in one of these relations.
    /// - Throws: ``Problem/notFound`` for everybody else, and for whoever has left.
    package static func find(_ id: ID, as relations: Set<Relation> = Set(Relation.allCases), in db: Reading) throws
        -> Group
    {
        let found = try db.first(
            """
            \(everything(db)) WHERE g.organization_id = \(db.organization) AND g.id = \(id) AND \(reach(relations, in: db))
            """
        ) { try Group(row: $0, actor: db.actor) }
        guard let found else { throw Problem.notFound }
        return found
    }

    /// The groups that go on to which the person asking stands in one of these relations, by name.
    package static func all(
        as relations: Set<Relation>, limit: Int = 100, in db: Reading
    ) throws -> [Group] {
        return try db.all(
            """
            \(everything(db)) WHERE g.organization_id = \(db.organization) AND \(reach(relations, in: db))
            AND g.state <> 'ended' ORDER BY g.name, g.id LIMIT \(limit)
            """
        ) { try Group(row: $0, actor: db.actor) }
    }

    /// A group that has not ended, by the code that people join with. Whoever has the code may know that it is there.
    package static func find(code: String, in db: Reading) throws -> Group {
        let key = code.lowercased().filter { $0.isLetter || $0.isNumber }
        let found = try db.first(
            "\(everything(db)) WHERE g.code = \(key) AND g.state <> 'ended'"
        ) { try Group(row: $0, actor: db.actor) }
        guard let found else { throw Problem.notFound }
        return found
    }

    /// The open groups of an organization, for anybody: by language and name.
    package static func open(of organization: Organization.ID, in db: Reading) throws -> [Group] {
        try db.all(
            """
            \(everything(db)) WHERE g.organization_id = \(organization) AND g.admission = 'open' AND g.state <> 'ended'
            ORDER BY g.language, g.name, g.id LIMIT 200
            """
        ) { try Group(row: $0, actor: db.actor) }
    }

    /// One by its identifier alone, for what has established its right to it.
    static func load(_ id: ID, of organization: Organization.ID, in db: Reading) throws -> Group {
        let found = try db.first(
            "\(everything(db)) WHERE g.organization_id = \(organization) AND g.id = \(id)"
        ) { try Group(row: $0, actor: db.actor) }
        guard let found else { throw Problem.notFound }
        return found
    }
}

extension Group {
    /// Somebody who facilitates a group or covers for those who do.
    package struct Facilitator: Sendable, Equatable {
        package let person: Person.ID
        package let name: String
        package let isCover: Bool
    }

    /// Who facilitates it now, covers last. Whoever calls has established their right to it.
    package func facilitators(in db: Reading) throws -> [Facilitator] {
        try db.all(
            """
            SELECT f.person_id, f.is_cover, p.name FROM group_facilitator f
            JOIN person p ON p.organization_id = f.organization_id AND p.id = f.person_id
            WHERE f.organization_id = \(organization) AND f.group_id = \(id) AND f.ended_at IS NULL
            ORDER BY f.is_cover, p.name, p.id
            """
        ) { Facilitator(person: try $0["person_id"], name: try $0["name"], isCover: try $0["is_cover"]) }
    }
}
