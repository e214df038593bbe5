import Storage

/// That somebody does not want to hear from the other one of a pair. It works both ways, at once, on every page that is
/// open, and needs no reason. The other side is told only that nobody can write.
package enum Block {
    /// The person asking blocks the writer of a message they can read. A match of the two stays as it is: its
    /// coordinator reads that it needs attention, and not why.
    /// - Throws: ``Problem/notFound`` in a group, which has ``MemberBlock``; ``Problem/conflict(_:)`` with `block.self`.
    package static func block(_ person: Person.ID, in conversation: Conversation, db: Writing) throws {
        let (organization, me) = (try db.organization, try db.me)
        guard conversation.match != nil else { throw Problem.notFound }
        guard person != me else { throw Problem.conflict("block.self") }
        let added = try db.run(
            """
            INSERT INTO person_block (organization_id, blocker_id, blocked_id, at)
            VALUES (\(organization), \(me), \(person), \(db.now))
            ON CONFLICT (organization_id, blocker_id, blocked_id) DO NOTHING
            """)
        guard added > 0 else { return }
        db.record(Event(.personBlocked, in: conversation.program))
        for shared in try shared(me, person, organization, db) { try stop(shared, in: organization, db) }
    }

    /// The person asking takes it back. Whoever blocked them in turn still does.
    /// - Throws: ``Problem/notFound`` for somebody they do not block.
    package static func unblock(_ person: Person.ID, in db: Writing) throws {
        let (organization, me) = (try db.organization, try db.me)
        let removed = try db.run(
            """
            DELETE FROM person_block WHERE organization_id = \(organization) AND blocker_id = \(me)
            AND blocked_id = \(person)
            """)
        guard removed > 0 else { throw Problem.notFound }
        db.record(Event(.personUnblocked))
        for shared in try shared(me, person, organization, db) {
            try letGo(shared.id, of: organization, in: db)
        }
    }

    /// Whether one of two people blocks the other: a condition.
    static func separates(_ one: SQL, _ other: Person.ID, in organization: Organization.ID) -> SQL {
        """
        EXISTS (SELECT 1 FROM person_block k WHERE k.organization_id = \(organization)
            AND (k.blocker_id = \(other) AND k.blocked_id = \(one) OR k.blocker_id = \(one) AND k.blocked_id = \(other)))
        """
    }

    /// Lets a conversation go on unless something else stops it.
    static func letGo(_ conversation: Conversation.ID, of organization: Organization.ID, in db: Writing) throws {
        let isStopped = try db.exists(
            """
            SELECT 1 FROM conversation_member a JOIN conversation_member b ON b.organization_id = a.organization_id
                AND b.conversation_id = a.conversation_id
            JOIN person_block k ON k.organization_id = a.organization_id AND k.blocker_id = a.person_id
                AND k.blocked_id = b.person_id
            WHERE a.organization_id = \(organization) AND a.conversation_id = \(conversation)
            UNION ALL SELECT 1 FROM moderation_restriction r WHERE r.organization_id = \(organization)
                AND r.conversation_id = \(conversation) AND r.kind = 'removed' AND r.ended_at IS NULL
            UNION ALL SELECT 1 FROM conversation c JOIN match t ON t.organization_id = c.organization_id
                AND t.id = c.match_id AND t.apart_at IS NOT NULL
            WHERE c.organization_id = \(organization) AND c.id = \(conversation)
            """)
        if !isStopped { try Conversation.setPaused(false, conversation, of: organization, in: db) }
    }

    /// A conversation that opens between two of whom one blocks the other.
    static func followConversation(_ event: Event, in db: Writing) throws {
        guard let object = event.object, let organization = db.actor.organization ?? event.organization else { return }
        let blocked = try db.first(
            """
            SELECT c.id, c.match_id, c.program_id, t.participant_id FROM conversation c
            JOIN match t ON t.organization_id = c.organization_id AND t.id = c.match_id
            JOIN person_block k ON k.organization_id = t.organization_id
                AND (k.blocker_id = t.participant_id AND k.blocked_id = t.supporter_id
                    OR k.blocker_id = t.supporter_id AND k.blocked_id = t.participant_id)
            WHERE c.organization_id = \(organization) AND c.id = \(object) LIMIT 1
            """
        ) {
            Shared(
                id: try $0["id"], match: try $0["match_id"], program: try $0["program_id"],
                participant: try $0["participant_id"])
        }
        if let blocked { try stop(blocked, in: organization, db) }
    }

    /// Two who are kept apart for the age of one of them: their coordinator reads that the match needs attention.
    static func followParting(_ event: Event, in db: Writing) throws {
        guard let (shared, _) = try shared(of: event, db) else { return }
        try ModerationItem.noteMatch(
            shared.match, about: shared.participant, in: shared.program, conversation: shared.id, db: db)
    }

    /// What kept the two apart is over.
    static func followRejoining(_ event: Event, in db: Writing) throws {
        guard let (shared, organization) = try shared(of: event, db) else { return }
        try letGo(shared.id, of: organization, in: db)
    }

    private static func shared(of event: Event, _ db: Reading) throws -> (Shared, Organization.ID)? {
        guard let match = event.object, let program = event.program, let participant = event.subject,
            let organization = event.organization ?? db.actor.organization
        else { return nil }
        let conversation = try db.value(
            "SELECT id FROM conversation WHERE organization_id = \(organization) AND match_id = \(match)",
            as: Conversation.ID.self)
        return conversation.map {
            (Shared(id: $0, match: Match.ID(match), program: program, participant: participant), organization)
        }
    }

    /// Nobody writes there for now, and its coordinator reads that the match needs attention.
    private static func stop(_ shared: Shared, in organization: Organization.ID, _ db: Writing) throws {
        try Conversation.setPaused(true, shared.id, of: organization, in: db)
        try ModerationItem.noteMatch(
            shared.match, about: shared.participant, in: shared.program, conversation: shared.id, db: db)
    }

    /// Whom the person asking blocks, the newest first.
    package static func mine(in db: Reading) throws -> [(person: Person.ID, name: String, at: Instant)] {
        try db.all(
            """
            SELECT b.blocked_id, b.at, coalesce(p.called, p.name) AS name FROM person_block b
            JOIN person p ON p.organization_id = b.organization_id AND p.id = b.blocked_id
            WHERE b.organization_id = \(db.organization) AND b.blocker_id = \(db.me) ORDER BY b.at DESC LIMIT 100
            """
        ) { (person: try $0["blocked_id"], name: try $0["name"], at: try $0["at"]) }
    }

    private struct Shared {
        let id: Conversation.ID
        let match: Match.ID
        let program: Program.ID
        let participant: Person.ID
    }

    /// The open conversations that two people have with each other alone.
    private static func shared(
        _ one: Person.ID, _ other: Person.ID, _ organization: Organization.ID, _ db: Reading
    ) throws -> [Shared] {
        try db.all(
            """
            SELECT c.id, c.match_id, c.program_id, m.participant_id FROM conversation_member a
            JOIN conversation_member b ON b.organization_id = a.organization_id AND b.conversation_id = a.conversation_id
                AND b.person_id = \(other)
            JOIN conversation c ON c.organization_id = a.organization_id AND c.id = a.conversation_id
            JOIN match m ON m.organization_id = c.organization_id AND m.id = c.match_id
            WHERE a.organization_id = \(organization) AND a.person_id = \(one) AND c.closed_at IS NULL
            """
        ) {
            Shared(
                id: try $0["id"], match: try $0["match_id"], program: try $0["program_id"],
                participant: try $0["participant_id"])
        }
    }
}
