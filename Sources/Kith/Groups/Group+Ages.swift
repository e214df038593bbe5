import Storage

/// People who are under age and adults of whom nobody has made sure are never in one group. A group is for one of the
/// two, as its kind says, and every way in asks ``Group/refuses(_:on:)``: joining by a link or code, a coordinator's yes,
/// and becoming a facilitator or a cover. Who no longer fits is taken out in the transaction that shows it, or within the
/// hour where only time has passed.
extension Group {
    /// As what somebody is in a group.
    package enum Part: String, Sendable, CaseIterable, SQLConvertible, SQLDecodable {
        case member, facilitator
    }

    static let ageReactions: [(EventKind, Reaction)] = [
        (.personChanged, followAge), (.personCompleted, followAge), (.clearanceEnded, followAge)
    ]

    /// A condition on a person `p` and a kind of group `t`: they must not be that in such a group.
    static func refuses(_ part: Part, on day: Day) -> SQL {
        let isMinor = AgeBand.isMinor("p.birth_year", on: day)
        // A clearance lets nobody take part as if they were young; it lets them lead.
        let among: SQL =
            switch part {
            case .member: "NOT \(isMinor)"
            case .facilitator: "NOT \(Clearance.stands(for: "p.id", in: "p.organization_id", on: day))"
            }
        return "(CASE WHEN t.ages = \(GroupType.Ages.adults) THEN \(isMinor) ELSE \(among) END)"
    }

    /// Rows `r` of people who are that in a group that is not for their age.
    private static func misplaced(_ part: Part, on day: Day) -> SQL {
        let table: SQL = part == .member ? "group_member" : "group_facilitator"
        return """
            \(table) r JOIN support_group g ON g.organization_id = r.organization_id AND g.id = r.group_id
            JOIN group_type t ON t.organization_id = g.organization_id AND t.id = g.type_id
            JOIN person p ON p.organization_id = r.organization_id AND p.id = r.person_id
            WHERE r.ended_at IS NULL AND \(refuses(part, on: day))
            """
    }

    /// Those for whom the hourly pass comes late.
    private static func leftBehind(_ part: Part, at now: Instant) -> SQL {
        let before = now.adding(hours: -2).countedDay
        return "SELECT r.id FROM \(misplaced(part, on: now.countedDay)) AND \(refuses(part, on: before))"
    }

    /// Whether somebody's age keeps them out.
    func refuses(_ person: Person.ID, as part: Part, in db: Reading) throws -> Bool {
        try db.exists(
            """
            SELECT 1 FROM person p JOIN group_type t ON t.organization_id = p.organization_id AND t.id = \(type)
            WHERE p.organization_id = \(organization) AND p.id = \(person)
            AND \(Self.refuses(part, on: db.now.countedDay))
            """)
    }

    /// - Throws: ``Problem/conflict(_:)`` with `group.for-adults` or `group.for-young-people`.
    static func checkAge(of person: Person.ID, for group: Group, of type: GroupType, in db: Reading) throws {
        if try group.refuses(person, as: .member, in: db) {
            throw Problem.conflict("group.for-\(type.plan.ages.rawValue)")
        }
    }

    /// Takes everybody out whose age does not fit, and who asks for a place likewise.
    /// - Parameter condition: on the row `p` of `person`.
    package static func separateAges(
        where condition: SQL = "TRUE", of organization: Organization.ID, in db: Writing
    ) throws {
        func misplaced(_ part: Part) -> SQL {
            """
            \(Self.misplaced(part, on: db.now.countedDay)) AND r.organization_id = \(organization) AND \(condition)
            ORDER BY r.id
            """
        }
        let members = try db.all("SELECT r.* FROM \(misplaced(.member))", GroupMember.init(row:))
        for member in members {
            try member.end(member.isIn ? .removed : .declined, in: db)
            try note(member.person, as: .member, called: member.nickname, in: member.group, of: organization, db)
        }
        let facilitators = try db.all(
            "SELECT r.group_id, r.person_id FROM \(misplaced(.facilitator))"
        ) { (group: try $0["group_id"] as ID, person: try $0["person_id"] as Person.ID) }
        for (group, person) in facilitators {
            try load(group, of: organization, in: db).release(facilitator: person, in: db)
            try note(person, as: .facilitator, called: nil, in: group, of: organization, db)
        }
    }

    private static func note(
        _ person: Person.ID, as part: Part, called nickname: String?, in group: ID, of organization: Organization.ID,
        _ db: Writing
    ) throws {
        try db.run(
            """
            INSERT INTO group_parting (organization_id, id, group_id, person_id, part, nickname, at)
            VALUES (\(organization), \(db.newID() as GroupParting.ID), \(group), \(person), \(part), \(nickname),
                \(db.now))
            """)
        db.announce(.person(person))
    }

    private static func followAge(_ event: Event, in db: Writing) throws {
        guard let person = event.subject, let organization = event.organization ?? db.actor.organization else { return }
        try separateAges(where: "p.id = \(person)", of: organization, in: db)
    }

    static let ageOrphans: [OrphanCheck] = [
        OrphanCheck("people in groups that are not for their age, for two hours") { leftBehind(.member, at: $0) },
        OrphanCheck("facilitators of groups that are not for their age, for two hours") {
            leftBehind(.facilitator, at: $0)
        },
        OrphanCheck("people taken out of a group for their age whom nobody has looked after for two weeks") { now in
            """
            SELECT x.id FROM group_parting x
            JOIN support_group g ON g.organization_id = x.organization_id AND g.id = x.group_id
            WHERE x.settled_at IS NULL AND x.at < \(now.adding(days: -14))
            """
        }
    ]
}

extension Platform {
    /// Ends clearances whose time is over, and parts whoever must not be together since the last time: a year has
    /// ended, or a clearance. Each organization has a transaction of its own; several processes may do it at once.
    /// - Throws: the first failure, after all organizations have had their turn.
    package func separateAges() async throws {
        let organizations = try await store.read {
            try $0.values("SELECT id FROM organization ORDER BY id", as: Organization.ID.self)
        }
        try await inTurn(organizations) { organization in
            try await write(as: .system(organization), access: .anyone) { db in
                try Clearance.endLapsed(in: db)
                try Match.separateAges(of: organization, in: db)
                try Group.separateAges(of: organization, in: db)
            }
        }
    }
}
