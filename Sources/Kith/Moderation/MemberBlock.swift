import Storage

/// That a member of a group does not want to read another one there, nor to be read by them. It works both ways, at once,
/// on every page that is open, and needs no reason; neither is told who it was.
///
/// It counts in that group alone: in another place it would tell who somebody with a nickname is. Whoever leads the
/// group reads everybody and is read by everybody, or nobody would be there to help.
package struct MemberBlock: Named {
    package let id: ID
    /// The title of the group.
    package let group: String
    /// The one who is blocked, as the group knows them.
    package let name: String
    package let at: Instant

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

    /// Whom the person asking blocks in groups, the newest first.
    package static func mine(in db: Reading) throws -> [MemberBlock] {
        try db.all(
            """
            SELECT b.id, b.at, c.title, coalesce(m.nickname, p.called, p.name) AS name FROM member_block b
            JOIN conversation c ON c.organization_id = b.organization_id AND c.id = b.conversation_id
            JOIN conversation_member m ON m.organization_id = b.organization_id
                AND m.conversation_id = b.conversation_id AND m.person_id = b.blocked_id
            JOIN person p ON p.organization_id = b.organization_id AND p.id = b.blocked_id
            WHERE b.organization_id = \(db.organization) AND b.blocker_id = \(db.me) ORDER BY b.at DESC LIMIT 100
            """
        ) { MemberBlock(id: try $0["id"], group: try $0["title"], name: try $0["name"], at: try $0["at"]) }
    }
}

extension Conversation {
    /// Those whose words the person asking does not read here, nor they theirs. Nobody in a pair, which a block stops.
    func apart(in db: Reading) throws -> Set<Person.ID> {
        guard match == nil, me.role != .facilitator else { return [] }
        let (organization, me) = (try db.organization, me.person)
        let others: SQL = """
            member_block b JOIN conversation_member o ON o.organization_id = b.organization_id
                AND o.conversation_id = b.conversation_id AND o.role <> \(MemberRole.facilitator)
            """
        let here: SQL = "b.organization_id = \(organization) AND b.conversation_id = \(id)"
        return Set(
            try db.values(
                """
                SELECT o.person_id FROM \(others) AND o.person_id = b.blocked_id WHERE \(here) AND b.blocker_id = \(me)
                UNION SELECT o.person_id FROM \(others) AND o.person_id = b.blocker_id
                    WHERE \(here) AND b.blocked_id = \(me)
                """, as: Person.ID.self))
    }
}
