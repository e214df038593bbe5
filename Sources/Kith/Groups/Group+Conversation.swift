import Storage

/// What the members and facilitators of a group write to each other. It opens when the group begins and closes when it
/// ends; who is in it follows from the group, and from nothing else.
extension Group {
    /// How much of what everybody agrees to stands above the conversation, in Unicode scalars.
    static let longestLine = 300

    /// What the conversation says of the group.
    static func heading(
        _ name: String, agreements: String, takesAttachments: Bool
    ) -> Conversation.Heading {
        let scalars = agreements.unicodeScalars
        let line =
            scalars.count <= longestLine
            ? agreements : String(String.UnicodeScalarView(scalars.prefix(longestLine - 1))) + "…"
        return Conversation.Heading(title: name, agreements: line, takesAttachments: takesAttachments)
    }

    /// Opens the conversation, with everybody who is in the group.
    func openConversation(in db: Writing) throws {
        let type = try GroupType.load(type, of: organization, in: db)
        let people = try db.all(
            """
            SELECT person_id, 'facilitator' AS role, NULL AS nickname FROM group_facilitator
            WHERE organization_id = \(organization) AND group_id = \(id) AND ended_at IS NULL AND NOT is_cover
            UNION ALL SELECT r.person_id, 'participant', r.nickname FROM group_member r
            WHERE r.organization_id = \(organization) AND r.group_id = \(id) AND r.joined_at IS NOT NULL
            AND r.ended_at IS NULL AND NOT EXISTS (SELECT 1 FROM group_facilitator f
                WHERE f.organization_id = r.organization_id AND f.group_id = r.group_id AND f.person_id = r.person_id
                AND f.ended_at IS NULL AND NOT f.is_cover)
            ORDER BY 2, 1
            """
        ) {
            Conversation.Entrant(
                person: try $0["person_id"], role: try $0["role"], nickname: try $0["nickname"])
        }
        let conversation = try Conversation.openGroup(
            Self.heading(
                plan.name, agreements: type.agreements.text, takesAttachments: type.plan.takesAttachments),
            with: people, in: program, of: organization, db: db)
        try db.run(
            """
            UPDATE support_group SET conversation_id = \(conversation)
            WHERE organization_id = \(organization) AND id = \(id)
            """)
    }

    /// Says anew above the conversations of groups what they are called, what everybody agrees to, and whether they take
    /// pictures.
    /// - Parameter condition: on the rows `g` of `support_group`.
    static func describe(_ condition: SQL, of organization: Organization.ID, in db: Writing) throws {
        let described = try db.all(
            """
            SELECT g.conversation_id, g.name, a.text, t.takes_attachments FROM support_group g
            JOIN group_type t ON t.organization_id = g.organization_id AND t.id = g.type_id
            JOIN group_agreements a ON a.organization_id = g.organization_id AND a.type_id = g.type_id
                AND a.version = (SELECT max(n.version) FROM group_agreements n
                    WHERE n.organization_id = a.organization_id AND n.type_id = a.type_id)
            WHERE g.organization_id = \(organization) AND g.state = 'active' AND g.conversation_id IS NOT NULL
            AND \(condition) ORDER BY g.id
            """
        ) {
            (
                conversation: try $0["conversation_id"] as Conversation.ID,
                heading: heading(
                    try $0["name"], agreements: try $0["text"], takesAttachments: try $0["takes_attachments"])
            )
        }
        for (conversation, heading) in described {
            try Conversation.describe(conversation, as: heading, of: organization, db: db)
        }
    }

    /// Makes somebody's part in the conversation what it is in the group at this moment: whoever facilitates is in it
    /// under their own name, a member under their nickname, and nobody else. Whoever leaves finds nothing of it. Once the
    /// group has ended nothing changes any more: whoever was in it then can go on reading.
    func converse(_ person: Person.ID, in db: Writing) throws {
        let found = try db.first(
            """
            SELECT g.conversation_id, EXISTS (SELECT 1 FROM group_facilitator f
                    WHERE f.organization_id = g.organization_id AND f.group_id = g.id AND f.person_id = \(person)
                    AND f.ended_at IS NULL AND NOT f.is_cover) AS leads,
                (SELECT r.nickname FROM group_member r WHERE r.organization_id = g.organization_id
                    AND r.group_id = g.id AND r.person_id = \(person) AND r.joined_at IS NOT NULL
                    AND r.ended_at IS NULL) AS nickname,
                m.role, m.nickname AS called
            FROM support_group g LEFT JOIN conversation_member m ON m.organization_id = g.organization_id
                AND m.conversation_id = g.conversation_id AND m.person_id = \(person) AND m.left_at IS NULL
            WHERE g.organization_id = \(organization) AND g.id = \(id) AND g.state = 'active'
            AND g.conversation_id IS NOT NULL
            """
        ) { row -> (Conversation.ID, wanted: Conversation.Entrant?, known: Conversation.Entrant?) in
            let (leads, nickname): (Bool, String?) = (try row["leads"], try row["nickname"])
            let called: String? = try row["called"]
            let wanted: Conversation.MemberRole? = leads ? .facilitator : nickname.map { _ in .participant }
            return (
                try row["conversation_id"],
                wanted.map { Conversation.Entrant(person: person, role: $0, nickname: leads ? nil : nickname) },
                (try row["role"] as Conversation.MemberRole?).map {
                    Conversation.Entrant(person: person, role: $0, nickname: called)
                }
            )
        }
        guard let (conversation, wanted, known) = found, wanted != known else { return }
        if let wanted {
            try Conversation.add(
                person, as: wanted.role, called: wanted.nickname, to: conversation, of: organization, db: db)
        } else {
            try Conversation.remove(person, keepingPast: false, from: conversation, of: organization, db: db)
        }
    }

    static let conversationOrphans = [
        OrphanCheck("groups that go on without an open conversation") { _ in
            """
            SELECT g.id FROM support_group g WHERE g.state = 'active' AND NOT EXISTS (SELECT 1 FROM conversation c
                WHERE c.organization_id = g.organization_id AND c.id = g.conversation_id AND c.closed_at IS NULL)
            """
        },
        OrphanCheck("groups that other people are in than are in their conversation") { _ in
            """
            SELECT g.id FROM support_group g WHERE g.state = 'active' AND g.conversation_id IS NOT NULL
            AND (EXISTS (SELECT 1 FROM conversation_member m WHERE m.organization_id = g.organization_id
                    AND m.conversation_id = g.conversation_id AND m.left_at IS NULL
                    AND NOT EXISTS (SELECT 1 FROM group_facilitator f WHERE f.organization_id = g.organization_id
                        AND f.group_id = g.id AND f.person_id = m.person_id AND f.ended_at IS NULL AND NOT f.is_cover
                        AND m.role = 'facilitator' AND m.nickname IS NULL)
                    AND NOT EXISTS (SELECT 1 FROM group_member r WHERE r.organization_id = g.organization_id
                        AND r.group_id = g.id AND r.person_id = m.person_id AND r.joined_at IS NOT NULL
                        AND r.ended_at IS NULL AND m.role = 'participant' AND m.nickname = r.nickname))
                OR EXISTS (SELECT 1 FROM group_facilitator f WHERE f.organization_id = g.organization_id
                    AND f.group_id = g.id AND f.ended_at IS NULL AND NOT f.is_cover
                    AND NOT EXISTS (SELECT 1 FROM conversation_member m WHERE m.organization_id = g.organization_id
                        AND m.conversation_id = g.conversation_id AND m.person_id = f.person_id
                        AND m.left_at IS NULL AND m.role = 'facilitator'))
                OR EXISTS (SELECT 1 FROM group_member r WHERE r.organization_id = g.organization_id
                    AND r.group_id = g.id AND r.joined_at IS NOT NULL AND r.ended_at IS NULL
                    AND NOT EXISTS (SELECT 1 FROM conversation_member m WHERE m.organization_id = g.organization_id
                        AND m.conversation_id = g.conversation_id AND m.person_id = r.person_id
                        AND m.left_at IS NULL)))
            """
        }
    ]
}
