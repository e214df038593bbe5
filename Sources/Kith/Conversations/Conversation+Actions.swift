import Storage

extension Conversation {
    /// Opens the conversation of a match; there is one for each, so a second call changes nothing.
    /// - Throws: ``Problem/notFound`` when there is no such match.
    @discardableResult
    package static func open(for match: Match.ID, of organization: Organization.ID, in db: Writing) throws -> ID {
        let found = try db.first(
            """
            SELECT m.participant_id, m.supporter_id, m.program_id, c.id AS conversation_id FROM match m
            LEFT JOIN conversation c ON c.organization_id = m.organization_id AND c.match_id = m.id
            WHERE m.organization_id = \(organization) AND m.id = \(match)
            """
        ) {
            (
                participant: try $0["participant_id"] as Person.ID, supporter: try $0["supporter_id"] as Person.ID,
                program: try $0["program_id"] as Program.ID, conversation: try $0["conversation_id"] as ID?
            )
        }
        guard let found else { throw Problem.notFound }
        if let conversation = found.conversation { return conversation }
        let id: ID = db.newID()
        try db.run(
            """
            INSERT INTO conversation (organization_id, id, match_id, takes_attachments, program_id, last_at, created_at)
            VALUES (\(organization), \(id), \(match), TRUE, \(found.program), \(db.now), \(db.now))
            """)
        try db.run(
            """
            INSERT INTO conversation_member (organization_id, conversation_id, person_id, role, joined_at)
            VALUES (\(organization), \(id), \(found.participant), \(MemberRole.participant), \(db.now)),
                (\(organization), \(id), \(found.supporter), \(MemberRole.supporter), \(db.now))
            """)
        var event = Event(.conversationOpened, of: id.text, about: found.participant, in: found.program)
        event.organization = organization
        db.record(event)
        for person in [found.participant, found.supporter] { db.announce(.person(person)) }
        return id
    }

    /// Closes the conversation of a match for writing. Both can go on reading it.
    package static func close(for match: Match.ID, of organization: Organization.ID, in db: Writing) throws {
        let closed = try db.first(
            """
            UPDATE conversation SET closed_at = \(db.now)
            WHERE organization_id = \(organization) AND match_id = \(match) AND closed_at IS NULL
            RETURNING id, program_id, (SELECT p.person_id FROM conversation_member p
                WHERE p.organization_id = \(organization) AND p.conversation_id = conversation.id
                AND p.role = \(MemberRole.participant)) AS participant_id
            """
        ) { row -> Event in
            var event = Event(
                .conversationClosed, of: try row["id"], about: try row["participant_id"], in: try row["program_id"])
            event.organization = organization
            return event
        }
        guard let closed, let id = closed.object else { return }
        db.record(closed)
        db.announce(.conversation(id))
    }

    /// Stops or lets go on what both write, also on pages that are open. Whoever calls records why.
    /// - Returns: whether that is new.
    @discardableResult
    package static func setPaused(
        _ isPaused: Bool, _ id: ID, of organization: Organization.ID, in db: Writing
    ) throws -> Bool {
        let at: Instant? = isPaused ? db.now : nil
        let changed = try db.run(
            """
            UPDATE conversation SET paused_at = \(at)
            WHERE organization_id = \(organization) AND id = \(id) AND (paused_at IS NULL) = \(isPaused)
            """)
        guard changed > 0 else { return false }
        db.announce(.conversation(id.text))
        return true
    }

    /// Notes that the messages of `range` have arrived at the person asking, and were seen by them if `reading`. Writes
    /// only what changes.
    package func see(_ range: ClosedRange<Int>, reading: Bool, in db: Writing) throws {
        guard lastSequence >= 1, range.lowerBound <= lastSequence else { return }
        let marks = me.marks.after(range.clamped(to: 1...lastSequence), reading: reading)
        guard marks != me.marks else { return }
        try db.run(
            """
            UPDATE conversation_member SET delivered_sequence = \(marks.delivered), read_sequence = \(marks.read)
            WHERE organization_id = \(db.organization) AND conversation_id = \(id) AND person_id = \(me.person)
            """)
        let details = ["delivered": "\(marks.delivered)", "read": "\(marks.read)"]
        db.record(Event(.messagesSeen, of: id.text, about: participant, in: program, details))
        // In a group nobody is shown how far others have got: a thousand who read would wake a thousand each.
        if other != nil { db.announce(.conversation(id.text)) }
    }

    /// Makes every live stream of somebody's conversations look again who it is for, in every process: the one that next
    /// reads one of them finds that its revision has counted on, whether or not it is told.
    static func wakeStreams(of person: Person.ID, in organization: Organization.ID, _ db: Writing) throws {
        let conversations = try db.values(
            """
            UPDATE conversation SET revision = revision + 1 WHERE organization_id = \(organization)
            AND id IN (SELECT m.conversation_id FROM conversation_member m
                WHERE m.organization_id = \(organization) AND m.person_id = \(person) AND m.left_at IS NULL)
            RETURNING id
            """, as: ID.self)
        guard !conversations.isEmpty else { return }
        try db.run(
            """
            UPDATE conversation_member SET revision = (SELECT c.revision FROM conversation c
                WHERE c.organization_id = conversation_member.organization_id
                AND c.id = conversation_member.conversation_id)
            WHERE organization_id = \(organization) AND person_id = \(person) AND left_at IS NULL
            """)
        for conversation in conversations { db.announce(.conversation(conversation.text)) }
    }
}
