import Storage

extension Conversation {
    package static let feature = Feature(
        name: "Conversations", migrations: migrations, routes: routes,
        events: [
            .conversationOpened, .conversationClosed, .conversationJoined, .conversationLeft, .conversationDescribed,
            .messageSent, .messagesSeen, .messageEdited, .messageDeleted, .draftKept
        ],
        reactions: [
            (.matchStarted, openForMatch),
            (.matchEnded, closeForMatch),
            (.matchParted, pauseForMatch),
            (.signedOut, wakeStreams),
            (.roleEnded, wakeStreams)
        ],
        orphans: [
            OrphanCheck("conversations of two who are kept apart in which they can write") { _ in
                """
                SELECT c.id FROM conversation c
                JOIN match m ON m.organization_id = c.organization_id AND m.id = c.match_id
                WHERE c.closed_at IS NULL AND c.paused_at IS NULL AND m.status = 'active' AND m.apart_at IS NOT NULL
                """
            },
            OrphanCheck("open conversations whose match is not active") { _ in
                """
                SELECT c.id FROM conversation c
                JOIN match m ON m.organization_id = c.organization_id AND m.id = c.match_id
                WHERE c.closed_at IS NULL AND m.status <> 'active'
                """
            },
            OrphanCheck("active matches without an open conversation") { _ in
                """
                SELECT m.id FROM match m
                LEFT JOIN conversation c ON c.organization_id = m.organization_id AND c.match_id = m.id
                    AND c.closed_at IS NULL
                WHERE m.status = 'active' AND c.id IS NULL
                """
            }
        ],
        erasures: [
            { house, person, _ in
                "DELETE FROM member_block WHERE organization_id = \(house) AND \(person) IN (blocker_id, blocked_id)"
            },
            { house, person, _ in
                "DELETE FROM message_attachment WHERE organization_id = \(house) AND sender_id = \(person)"
            },
            { house, person, _ in
                "DELETE FROM conversation_draft WHERE organization_id = \(house) AND person_id = \(person)"
            },
            { house, person, _ in
                """
                UPDATE conversation_member SET nickname = NULL
                WHERE organization_id = \(house) AND person_id = \(person) AND nickname IS NOT NULL
                """
            }
        ])

    private static func openForMatch(_ event: Event, _ db: Writing) throws {
        try open(for: try match(of: event), of: try organization(of: event, db), in: db)
    }

    private static func closeForMatch(_ event: Event, _ db: Writing) throws {
        try close(for: try match(of: event), of: try organization(of: event, db), in: db)
    }

    /// Nobody writes while the two are kept apart. What lets them write again asks whether anything else stops them.
    private static func pauseForMatch(_ event: Event, _ db: Writing) throws {
        let organization = try organization(of: event, db)
        let conversation = try db.value(
            """
            SELECT id FROM conversation WHERE organization_id = \(organization) AND match_id = \(match(of: event))
            """, as: ID.self)
        if let conversation { try setPaused(true, conversation, of: organization, in: db) }
    }

    /// Whoever has left should not go on reading for as long as a stream stands still.
    private static func wakeStreams(_ event: Event, _ db: Writing) throws {
        guard let person = event.subject else { return }
        try wakeStreams(of: person, in: try organization(of: event, db), db)
    }

    private static func match(of event: Event) throws -> Match.ID {
        guard let object = event.object else { throw Fault("an event of a match does not say which") }
        return Match.ID(object)
    }

    private static func organization(of event: Event, _ db: Writing) throws -> Organization.ID {
        guard let organization = db.actor.organization ?? event.organization else {
            throw Fault("an event needs an organization: \(event.kind.rawValue)")
        }
        return organization
    }
}
