import Storage

extension GroupMember {
    /// What somebody says when they join.
    package struct Application: Sendable, Equatable {
        package var nickname: String
        /// The version of the agreements that they read and accepted.
        package var agreements: Int
        /// What they want to say to whoever says yes to a place in a closed group.
        package var words: String?

        package init(nickname: String, agreements: Int, words: String? = nil) {
            (self.nickname, self.agreements, self.words) = (nickname, agreements, words)
        }
    }

    /// Joins an open group, or asks for a place in a closed one. Asking twice is asking once. Whom a coordinator has
    /// taken out asks, also in an open one.
    /// - Parameter group: found by its code, which whoever joins must have.
    /// - Throws: ``Problem/conflict(_:)`` with `group.not-in-program` for whoever does not take part in its program, and
    ///   with `group.full`, `group.for-adults`, `group.for-young-people`; ``Problem/consentNeeded(_:)`` for `take-part`;
    ///   ``Problem/invalid(_:)`` for `nickname` and `agreements`.
    package static func join(_ group: Group, _ application: Application, in db: Writing) throws -> ID {
        let (organization, me) = (try db.organization, try db.me)
        // A code opens nothing next door.
        guard group.organization == organization else { throw Problem.notFound }
        if let mine = try mine(in: group.id, db: db) { return mine.id }
        guard group.isOpen else { throw Problem.conflict("group.ended") }
        guard db.actor.has(.participant, in: group.program) else { throw Problem.conflict("group.not-in-program") }
        guard try Consent.stands(.takePart, for: me, in: group.program, of: organization, db: db) else {
            throw Problem.consentNeeded(Consent.Purpose.takePart.rawValue)
        }
        let type = try GroupType.load(group.type, of: organization, in: db)
        try Group.checkAge(of: me, for: group, of: type, in: db)
        var errors = try nicknameErrors(application.nickname, in: group, db)
        if application.agreements != type.agreements.version { errors["agreements"] = "agreements-needed" }
        try Problem.check(errors)
        let isOpen = try !mustAsk(for: group, of: type, db: db)
        if isOpen, try count(of: group, in: db) >= type.plan.mostMembers { throw Problem.conflict("group.full") }
        let id: ID = db.newID()
        let nickname = application.nickname.trimmed
        let words = application.words?.trimmed ?? ""
        let sealed =
            words.isEmpty
            ? nil
            : try db.writingKey(of: me, in: organization).seal(words, as: TextPlace("group_member.words", id.text))
        try db.run(
            """
            INSERT INTO group_member (organization_id, id, group_id, person_id, nickname, nickname_key, words, agreements,
                agreed_at, asked_at, joined_at, admitted_by)
            VALUES (\(organization), \(id), \(group.id), \(me), \(nickname), \(key(nickname)), \(sealed),
                \(application.agreements), \(db.now), \(db.now), \(isOpen ? db.now : nil),
                \(isOpen ? db.actor.logName : nil))
            """)
        db.record(event(isOpen ? .memberJoined : .placeAsked, of: id, me, in: group))
        if isOpen { try group.converse(me, in: db) }
        return id
    }

    /// Whether a coordinator says yes before the person asking is in a group. Among young people always: anybody can
    /// say that they are young, so somebody makes sure.
    static func mustAsk(for group: Group, of type: GroupType, db: Reading) throws -> Bool {
        if group.plan.admission == .closed || type.plan.ages == .youngPeople { return true }
        let last = try db.value(
            """
            SELECT ending FROM group_member WHERE organization_id = \(group.organization) AND group_id = \(group.id)
            AND person_id = \(db.me) AND joined_at IS NOT NULL AND ended_at IS NOT NULL
            ORDER BY ended_at DESC, id DESC LIMIT 1
            """, as: Ending.self)
        return last == .removed
    }

    /// A coordinator says yes to somebody's place.
    /// - Throws: ``Problem/conflict(_:)`` with `group.full`, and with `group.age-of-other` where it is not for their
    ///   age.
    package func admit(in db: Writing) throws {
        let group = try Group.find(group, as: [.coordinator], in: db)
        if joinedAt != nil { return }
        if try group.refuses(person, as: .member, in: db) { throw Problem.conflict("group.age-of-other") }
        let type = try GroupType.load(group.type, of: organization, in: db)
        guard try Self.count(of: group, in: db) < type.plan.mostMembers else { throw Problem.conflict("group.full") }
        let changed = try db.run(
            """
            UPDATE group_member SET joined_at = \(db.now), admitted_by = \(db.actor.logName)
            WHERE organization_id = \(organization) AND id = \(id) AND joined_at IS NULL AND ended_at IS NULL
            """)
        guard changed > 0 else { throw Problem.conflict("group.member-ended") }
        db.record(Self.event(.memberJoined, of: id, person, in: group))
        try group.converse(person, in: db)
        db.announce(.person(person))
    }

    /// A coordinator says no to a place, or ends somebody's part.
    package func refuse(in db: Writing) throws {
        _ = try Group.find(group, as: [.coordinator], in: db)
        try end(joinedAt == nil ? .declined : .removed, in: db)
    }

    /// Leaves, or takes back that one asked. From the next request on nothing of the group is found.
    package func leave(in db: Writing) throws {
        guard person == db.actor.person else { throw Problem.notFound }
        try end(joinedAt == nil ? .withdrawn : .left, in: db)
    }

    /// Ends it and frees the seats in what lies ahead. Whoever calls has established their right to it.
    func end(_ ending: Ending, in db: Writing) throws {
        let ended = try db.run(
            """
            UPDATE group_member SET ended_at = \(db.now), ending = \(ending), words = NULL
            WHERE organization_id = \(organization) AND id = \(id) AND ended_at IS NULL
            """)
        guard ended > 0 else { return }
        let group = try Group.load(group, of: organization, in: db)
        var event = Self.event(.memberEnded, of: id, person, in: group)
        event.details["ending"] = ending.rawValue
        db.record(event)
        try Seat.freeAll(of: person, in: group, db)
        try group.converse(person, in: db)
        db.announce(.person(person))
    }

    /// Accepts the agreements as they are now.
    /// - Throws: ``Problem/invalid(_:)`` for `agreements` where it was another version that was read.
    package func accept(_ version: Int, in db: Writing) throws {
        guard person == db.actor.person else { throw Problem.notFound }
        let group = try Group.load(group, of: organization, in: db)
        guard version == (try GroupType.load(group.type, of: organization, in: db).agreements.version) else {
            throw Problem.invalid("agreements", "agreements-needed")
        }
        guard version != agreements else { return }
        try db.run(
            """
            UPDATE group_member SET agreements = \(version), agreed_at = \(db.now)
            WHERE organization_id = \(organization) AND id = \(id) AND ended_at IS NULL
            """)
        var event = Self.event(.agreementsAccepted, of: id, person, in: group)
        event.details["version"] = "\(version)"
        db.record(event)
    }

    /// Sets one's nickname and reminder anew.
    /// - Throws: ``Problem/invalid(_:)`` for `nickname` and `reminder`.
    package func change(nickname: String, reminder: Int?, in db: Writing) throws {
        guard person == db.actor.person else { throw Problem.notFound }
        let group = try Group.load(group, of: organization, in: db)
        var errors = try Self.nicknameErrors(nickname, in: group, besides: id, db)
        if let reminder, !Self.reminders.contains(reminder) { errors["reminder"] = "not-a-choice" }
        try Problem.check(errors)
        guard nickname.trimmed != self.nickname || reminder != reminderMinutes else { return }
        try db.run(
            """
            UPDATE group_member SET nickname = \(nickname.trimmed), nickname_key = \(Self.key(nickname)),
                reminder_minutes = \(reminder)
            WHERE organization_id = \(organization) AND id = \(id) AND ended_at IS NULL
            """)
        db.record(Self.event(.memberChanged, of: id, person, in: group))
        if reminder != reminderMinutes { try Meeting.skipReminders(of: self, in: db) }
        try group.converse(person, in: db)
    }

    /// Two of one group are never called the same, and nobody goes by the name of whoever facilitates it.
    private static func nicknameErrors(
        _ nickname: String, in group: Group, besides own: ID? = nil, _ db: Reading
    ) throws -> [String: String] {
        let key = key(nickname)
        if key.isEmpty { return ["nickname": "required"] }
        if nickname.trimmed.unicodeScalars.count > longestNickname { return ["nickname": "too-long"] }
        let isTaken = try db.exists(
            """
            SELECT 1 FROM group_member WHERE organization_id = \(group.organization) AND group_id = \(group.id)
            AND nickname_key = \(key) AND ended_at IS NULL AND id <> \(own ?? ID(""))
            """)
        let facilitators = try db.all(
            """
            SELECT p.name, p.called FROM group_facilitator f
            JOIN person p ON p.organization_id = f.organization_id AND p.id = f.person_id
            WHERE f.organization_id = \(group.organization) AND f.group_id = \(group.id) AND f.ended_at IS NULL
            """
        ) { [try $0["name"] as String, (try $0["called"] as String?) ?? ""] }
        let isTheirs = facilitators.contains { $0.contains { Self.key($0) == key } }
        return isTaken || isTheirs ? ["nickname": "used"] : [:]
    }

    private static func event(_ kind: EventKind, of id: ID, _ person: Person.ID, in group: Group) -> Event {
        Event(kind, of: id.text, about: person, in: group.program)
    }
}
