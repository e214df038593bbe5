import Storage

extension Group {
    /// Makes a group of a kind.
    /// - Throws: ``Problem/notAllowed`` unless a coordinator of its program or the program itself asks;
    ///   ``Problem/invalid(_:)`` by field.
    package static func make(_ plan: Plan, of type: GroupType, in db: Writing) throws -> ID {
        try GroupType.checkCoordinates(type.program, db)
        try Problem.check(plan.flaws)
        if let same = try named(plan.name, in: type.program, of: type.organization, db) {
            // The same once more is a second click.
            guard same.plan == plan, same.type == type.id else { throw Problem.invalid("name", "used") }
            return same.id
        }
        try Course.check(plan.course, for: type.program, in: db)
        let id: ID = db.newID()
        try db.run(
            """
            INSERT INTO support_group (organization_id, id, program_id, type_id, name, language, setting, place, address,
                dial_in, admission, membership_rule, welcome, time_zone, state, seats, course_id, course_since, code,
                created_at, created_by)
            VALUES (\(type.organization), \(id), \(type.program), \(type.id), \(plan.name.trimmed), \(plan.language),
                \(plan.setting), \(plan.place), \(plan.address), \(plan.dialIn), \(plan.admission),
                \(plan.membershipRule), \(plan.welcome), \(plan.timeZone), \(State.planned), \(plan.seats),
                \(plan.course), \(plan.course.map { _ in db.now }), \(newCode(db)), \(db.now), \(db.actor.logName))
            """)
        db.record(Event(.groupMade, of: id.text, in: type.program))
        return id
    }

    /// Ten letters and digits that nobody confuses when reading them aloud.
    private static func newCode(_ db: Writing) -> String {
        let letters = Array("23456789abcdefghjkmnpqrstuvwxyz")
        return String(db.world.randomBytes(10).map { letters[Int($0) % letters.count] })
    }

    /// The group of a program that is called so and has not ended; two that go on are never called the same.
    private static func named(
        _ name: String, in program: Program.ID, of organization: Organization.ID, _ db: Reading
    ) throws -> Group? {
        try db.first(
            """
            \(everything(db)) WHERE g.organization_id = \(organization) AND g.program_id = \(program)
            AND g.state <> 'ended' AND g.name = \(name.trimmed)
            """
        ) { try Group(row: $0, actor: db.actor) }
    }

    /// Says anew what it is.
    package func change(to plan: Plan, in db: Writing) throws {
        try GroupType.checkCoordinates(program, db)
        try Problem.check(plan.flaws)
        guard plan != self.plan else { return }
        guard isOpen else { throw Problem.conflict("group.ended") }
        if plan.course != self.plan.course { try Course.check(plan.course, for: program, in: db) }
        if let other = try Self.named(plan.name, in: program, of: organization, db), other.id != id {
            throw Problem.invalid("name", "used")
        }
        try db.run(
            """
            UPDATE support_group SET name = \(plan.name.trimmed), language = \(plan.language),
                setting = \(plan.setting), place = \(plan.place), address = \(plan.address), dial_in = \(plan.dialIn),
                admission = \(plan.admission), membership_rule = \(plan.membershipRule), welcome = \(plan.welcome),
                time_zone = \(plan.timeZone), seats = \(plan.seats),
                course_since = CASE WHEN course_id IS NOT DISTINCT FROM CAST(\(plan.course) AS TEXT) THEN course_since
                    ELSE CAST(\(plan.course.map { _ in db.now }) AS TEXT) END,
                course_id = \(plan.course)
            WHERE organization_id = \(organization) AND id = \(id)
            """)
        db.record(event(.groupChanged))
        if plan.name.trimmed != self.plan.name { try Self.describe("g.id = \(id)", of: organization, in: db) }
        try Meeting.follow(plan, of: self, in: db)
        if plan.seats != self.plan.seats { try Seat.moveUp(in: self, seats: plan.seats, db) }
    }

    /// It has enough people, and begins.
    package func start(in db: Writing) throws {
        try GroupType.checkCoordinates(program, db)
        let changed = try db.run(
            """
            UPDATE support_group SET state = \(State.active)
            WHERE organization_id = \(organization) AND id = \(id) AND state = \(State.planned)
            """)
        guard changed > 0 else { return }
        db.record(event(.groupStarted))
        try openConversation(in: db)
    }
}

// MARK: - Who facilitates

extension Group {
    /// Makes somebody a facilitator of the group and of all its coming meetings, or one who covers where needed.
    /// - Parameter isTrained: whether whoever asks says that they have learned what the kind of group asks for.
    /// - Throws: ``Problem/invalid(_:)`` for `person` and `trained`.
    package func add(
        facilitator person: Person.ID, isCover: Bool = false, isTrained: Bool, in db: Writing
    ) throws {
        try GroupType.checkCoordinates(program, db)
        guard isOpen else { throw Problem.conflict("group.ended") }
        let needs = try GroupType.load(type, of: organization, in: db).plan.facilitators
        if needs.training != nil, !isTrained { throw Problem.invalid("trained", "required") }
        guard try facilitatorCandidates(needs, in: db).contains(where: { $0.person == person }) else {
            throw Problem.invalid("person", "not-a-choice")
        }
        guard try !isCalled(like: person, in: db) else { throw Problem.invalid("person", "name-in-group") }
        try end(facilitator: person, unless: isCover, in: db)
        let added = try db.run(
            """
            INSERT INTO group_facilitator (organization_id, id, group_id, person_id, is_cover, since, added_by)
            VALUES (\(organization), \(db.newID() as ID), \(id), \(person), \(isCover), \(db.now), \(db.actor.logName))
            ON CONFLICT (organization_id, group_id, person_id) WHERE ended_at IS NULL DO NOTHING
            """)
        guard added > 0 else { return }
        if !isCover {
            try db.run(
                """
                INSERT INTO meeting_facilitator (organization_id, meeting_id, person_id, is_cover)
                SELECT m.organization_id, m.id, \(person), FALSE FROM meeting m
                WHERE m.organization_id = \(organization) AND m.group_id = \(id) AND m.starts_at > \(db.now)
                AND m.state IN ('planned', 'moved')
                ON CONFLICT (organization_id, meeting_id, person_id) DO UPDATE SET is_cover = FALSE
                """)
        }
        var event = event(.facilitatorAdded, ["as": isCover ? "cover" : "facilitator"])
        event.subject = person
        db.record(event)
        try converse(person, in: db)
    }

    /// Whether a member goes by the name of whoever is to facilitate, so that others would take one for the other.
    private func isCalled(like person: Person.ID, in db: Reading) throws -> Bool {
        let names = try db.all(
            "SELECT name, called FROM person WHERE organization_id = \(organization) AND id = \(person)"
        ) { [try $0["name"] as String?, try $0["called"] as String?] }
        let keys = names.flatMap { $0 }.compactMap { $0 }.map(GroupMember.key)
        guard !keys.isEmpty else { return false }
        return try db.exists(
            """
            SELECT 1 FROM group_member WHERE organization_id = \(organization) AND group_id = \(id)
            AND person_id <> \(person) AND nickname_key IN \(list: keys) AND ended_at IS NULL
            """)
    }

    /// Somebody no longer facilitates it, nor any meeting that lies ahead.
    package func end(facilitator person: Person.ID, in db: Writing) throws {
        try GroupType.checkCoordinates(program, db)
        try release(facilitator: person, in: db)
    }

    /// The same, for whoever has established their right to it.
    func release(facilitator person: Person.ID, in db: Writing) throws {
        try end(facilitator: person, unless: nil, in: db)
    }

    /// - Parameter asCover: left alone where they are that already.
    private func end(facilitator person: Person.ID, unless asCover: Bool?, in db: Writing) throws {
        let kept: SQL = asCover.map { "AND is_cover <> \($0)" } ?? ""
        let ended = try db.run(
            """
            UPDATE group_facilitator SET ended_at = \(db.now)
            WHERE organization_id = \(organization) AND group_id = \(id) AND person_id = \(person)
            AND ended_at IS NULL \(kept)
            """)
        guard ended > 0 else { return }
        try Meeting.release(person, from: "group_id = \(id)", of: organization, in: db)
        var event = event(.facilitatorEnded)
        event.subject = person
        db.record(event)
        try converse(person, in: db)
    }

    /// Who may be made a facilitator: those with the role in the program whose age fits, and what they have lived
    /// through where that is asked for, confirmed by name.
    package func facilitatorCandidates(
        _ needs: GroupType.Facilitators, in db: Reading
    ) throws -> [(person: Person.ID, name: String)] {
        let lived: SQL =
            needs.topic.map {
                """
                AND EXISTS (SELECT 1 FROM supporter_topic t WHERE t.organization_id = m.organization_id
                    AND t.person_id = m.person_id AND t.topic = \($0) AND t.stance = 'lived' AND t.attested_by IS NOT NULL)
                """
            } ?? ""
        return try db.all(
            """
            SELECT m.person_id, p.name FROM membership m
            JOIN person p ON p.organization_id = m.organization_id AND p.id = m.person_id
            JOIN group_type t ON t.organization_id = m.organization_id AND t.id = \(type)
            WHERE m.organization_id = \(organization) AND m.program_id = \(program) AND m.role = \(needs.role)
            AND m.ended_at IS NULL \(lived) AND NOT \(Self.refuses(.facilitator, on: db.now.countedDay))
            ORDER BY p.name, p.id LIMIT 500
            """
        ) { (person: try $0["person_id"], name: try $0["name"]) }
    }
}
