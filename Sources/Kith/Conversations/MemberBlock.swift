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

extension MemberBlock {
    /// Selects those whose words a member `one` does not read, by what is known of `block` and `one`. Nobody is kept from
    /// whoever leads the group, or they from anybody.
    static func apart(_ condition: SQL) -> SQL {
        let leads = Conversation.MemberRole.facilitator
        return """
            SELECT other.person_id FROM member_block block
            JOIN conversation_member one ON one.organization_id = block.organization_id
                AND one.conversation_id = block.conversation_id AND one.role <> \(leads)
                AND one.person_id IN (block.blocker_id, block.blocked_id)
            JOIN conversation_member other ON other.organization_id = block.organization_id
                AND other.conversation_id = block.conversation_id AND other.role <> \(leads) AND other.person_id =
                    CASE WHEN block.blocker_id = one.person_id THEN block.blocked_id ELSE block.blocker_id END
            WHERE \(condition)
            """
    }
}

extension Conversation {
    /// Those whose words the person asking does not read here, nor they theirs. Nobody in a pair, which a block stops.
    func apart(in db: Reading) throws -> Set<Person.ID> {
        guard match == nil, me.role != .facilitator else { return [] }
        let here: SQL = "block.organization_id = \(try db.organization) AND block.conversation_id = \(id)"
        return Set(
            try db.values(MemberBlock.apart("\(here) AND one.person_id = \(me.person)"), as: Person.ID.self))
    }
}
