import Storage

extension MemberBlock {
    /// The person asking blocks the writer of a message in a group. A second time changes nothing.
    /// - Throws: ``Problem/conflict(_:)`` with `block.self`, `block.leading` when the person asking leads the group,
    ///   `block.leader` when the other one does.
    package static func make(of writer: Message, in conversation: Conversation, db: Writing) throws {
        let (organization, me) = (try db.organization, try db.me)
        guard conversation.match == nil, conversation.isMember else { throw Problem.notFound }
        guard writer.sender != me else { throw Problem.conflict("block.self") }
        guard conversation.me.role != .facilitator else { throw Problem.conflict("block.leading") }
        guard writer.role != .facilitator else { throw Problem.conflict("block.leader") }
        let id: ID = db.newID()
        let added = try db.run(
            """
            INSERT INTO member_block (organization_id, id, conversation_id, blocker_id, blocked_id, at)
            VALUES (\(organization), \(id), \(conversation.id), \(me), \(writer.sender), \(db.now))
            ON CONFLICT (organization_id, conversation_id, blocker_id, blocked_id) DO NOTHING
            """)
        guard added > 0 else { return }
        db.record(Event(.personBlocked, in: conversation.program))
        try Conversation.haveLook([me, writer.sender], in: conversation.id, of: organization, db: db)
    }

    /// The person asking takes it back. Whoever blocked them in turn still does.
    /// - Throws: ``Problem/notFound`` for one that is not theirs.
    package static func end(_ id: ID, in db: Writing) throws {
        let (organization, me) = (try db.organization, try db.me)
        let ended = try db.first(
            """
            DELETE FROM member_block WHERE organization_id = \(organization) AND id = \(id) AND blocker_id = \(me)
            RETURNING conversation_id, blocked_id
            """
        ) { (conversation: try $0["conversation_id"] as Conversation.ID, person: try $0["blocked_id"] as Person.ID) }
        guard let ended else { throw Problem.notFound }
        db.record(Event(.personUnblocked))
        try Conversation.haveLook([me, ended.person], in: ended.conversation, of: organization, db: db)
    }
}
