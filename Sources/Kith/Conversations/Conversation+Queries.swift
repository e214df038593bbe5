import Storage

extension Conversation {
    /// A conversation of the person asking. One statement.
    /// - Throws: ``Problem/notFound`` for everybody but its members, and those who were.
    package static func find(_ id: ID, in db: Reading) throws -> Conversation {
        guard let found = try first("AND m.conversation_id = \(id)", in: db) else { throw Problem.notFound }
        return found
    }

    /// The open conversation between the person asking and somebody else, the newest if they have several.
    package static func current(with person: Person.ID, in db: Reading) throws -> Conversation? {
        try first(
            "AND o.person_id = \(person) AND c.closed_at IS NULL ORDER BY c.created_at DESC, c.id DESC LIMIT 1", in: db)
    }

    /// How many messages wait unread for the person asking; counting stops at ``countLimit``. One statement.
    package static func unread(in db: Reading) throws -> Int {
        let organization = try db.organization
        let count = try db.value(
            """
            SELECT CAST(sum(\(unread(by: "m"))) AS BIGINT) FROM \(mine)
            WHERE m.organization_id = \(organization) AND \(isMine(in: db))
            """, as: Int?.self)
        return min((count ?? 0) ?? 0, countLimit)
    }

    /// How many messages of others wait unread for a row of `conversation_member`, given by its name in the query;
    /// 0 where an outer join found none. What is not shown to them does not count.
    static func unread(by member: SQL) -> SQL {
        let apart = MemberBlock.apart(
            """
            block.organization_id = \(member).organization_id AND block.conversation_id = \(member).conversation_id
            AND one.person_id = \(member).person_id
            """)
        return """
            (SELECT count(*) FROM (SELECT 1 FROM message x
                WHERE x.organization_id = \(member).organization_id AND x.conversation_id = \(member).conversation_id
                AND x.sequence > \(member).read_sequence AND x.sender_id <> \(member).person_id AND x.deleted_at IS NULL
                AND x.removed_at IS NULL AND x.sender_id NOT IN (\(apart))
                AND (\(member).left_sequence IS NULL OR x.sequence <= \(member).left_sequence)
                ORDER BY x.sequence LIMIT \(countLimit)) AS news)
            """
    }

    /// Counts of unread messages end here, so that a list costs the same whatever has piled up.
    package static let countLimit = 100

    /// Members `m` and their conversations `c`, to be narrowed by ``isMine(in:)``. SQLite takes a cross join in the
    /// order in which it is written; in any other it might begin with everybody's conversations.
    static let mine: SQL = "conversation_member m CROSS JOIN conversation c"

    /// Joins the other member `o` of a pair and who that is, `p`; nobody in a group.
    static let withOther: SQL = """
        LEFT JOIN conversation_member o ON c.match_id IS NOT NULL AND o.organization_id = c.organization_id
            AND o.conversation_id = c.id AND o.person_id <> m.person_id
        LEFT JOIN person p ON p.organization_id = o.organization_id AND p.id = o.person_id
        """

    /// Whether `c` is the conversation of `m` and `m` is the person asking, who must still have the role in the program
    /// that their part in it rests on. Whoever left must have something left to read.
    static func isMine(in db: Reading) throws -> SQL {
        func programs(_ roles: Role...) -> [Program.ID] {
            db.actor.roles.filter { roles.contains($0.role) }.map(\.program)
        }
        let (grounds, inGroups) = (Wall.grounds(for: .messages), Wall.grounds(for: .groupMessages))
        // Not by `reach(_:of:as:)`, so that the cross join begins with what is theirs.
        let isOwn: SQL = grounds.contains(.own) ? "m.role = \(MemberRole.participant)" : "FALSE"
        let isSupporter: SQL = grounds.contains(.supporter) ? "c.program_id IN \(list: programs(.supporter))" : "FALSE"
        let isFellow: SQL =
            inGroups.contains(.fellow)
            ? """
            CASE m.role WHEN \(MemberRole.participant) THEN c.program_id IN \(list: db.actor.roles.map(\.program))
                WHEN \(MemberRole.supporter) THEN c.program_id IN \(list: programs(.supporter))
                ELSE c.program_id IN \(list: programs(.supporter, .coordinator, .supervisor)) END
            """ : "FALSE"
        return """
            c.organization_id = m.organization_id AND c.id = m.conversation_id AND m.person_id = \(try db.me)
            AND (m.left_sequence IS NULL OR m.left_sequence >= m.joined_sequence)
            AND (c.match_id IS NOT NULL AND (\(isOwn) OR \(isSupporter)) OR c.match_id IS NULL AND \(isFellow))
            """
    }

    /// Whether the participant of the pair `c` agrees to take part; in a group `person`, if they are a participant. Asked with every look and every message, so that a withdrawal counts at once.
    static func isAgreed(of person: Person.ID) -> SQL {
        let member: SQL = """
            conversation_member a WHERE a.organization_id = c.organization_id AND a.conversation_id = c.id
            """
        let agrees: SQL = """
            EXISTS (SELECT 1 FROM consent k WHERE k.organization_id = a.organization_id AND k.person_id = a.person_id
                AND k.program_id = c.program_id AND k.purpose = \(Consent.Purpose.takePart) AND k.granted
                AND k.ended_at IS NULL)
            """
        let isParticipant: SQL = "a.role = \(MemberRole.participant)"
        return """
            CASE WHEN c.match_id IS NOT NULL THEN EXISTS (SELECT 1 FROM \(member) AND \(isParticipant) AND \(agrees))
                ELSE EXISTS (SELECT 1 FROM \(member) AND a.person_id = \(person)
                    AND (NOT \(isParticipant) OR \(agrees))) END
            """
    }

    private static func first(_ condition: SQL, in db: Reading) throws -> Conversation? {
        let organization = try db.organization
        let name = db.actor.name
        return try db.first(
            """
            SELECT c.id, c.program_id, c.match_id, c.title, c.agreements, c.takes_attachments, c.last_sequence, c.last_change, c.revision, c.closed_at, c.paused_at,
                \(isAgreed(of: db.me)) AS is_agreed, m.person_id, m.role, m.nickname, m.delivered_sequence, m.read_sequence,
                m.joined_sequence, m.left_sequence, m.left_at, o.person_id AS other_id, o.role AS other_role,
                o.delivered_sequence AS other_delivered, o.read_sequence AS other_read,
                coalesce(p.called, p.name) AS other_name
            FROM \(mine) \(withOther)
            WHERE m.organization_id = \(organization) AND \(isMine(in: db)) \(condition)
            """
        ) { row in
            let (other, title, nickname): (Person.ID?, String?, String?) = (
                try row["other_id"], try row["title"], try row["nickname"]
            )
            let (last, left): (Int, Int?) = (try row["last_sequence"], try row["left_sequence"])
            return Conversation(
                id: try row["id"], program: try row["program_id"], match: try row["match_id"],
                group: try title.map {
                    Heading(
                        title: $0, agreements: try row["agreements"],
                        takesAttachments: try row["takes_attachments"])
                },
                firstSequence: try row["joined_sequence"], lastSequence: left ?? last,
                lastChange: try row["last_change"], revision: try row["revision"], closedAt: try row["closed_at"],
                pausedAt: try row["paused_at"], leftAt: try row["left_at"],
                me: Member(
                    person: try row["person_id"], name: nickname ?? name, role: try row["role"],
                    marks: Marks(delivered: try row["delivered_sequence"], read: try row["read_sequence"])),
                other: try other.map {
                    Member(
                        person: $0, name: try row["other_name"], role: try row["other_role"],
                        marks: Marks(delivered: try row["other_delivered"], read: try row["other_read"]))
                },
                isAgreed: try row["is_agreed"])
        }
    }
}

extension Conversation {
    /// The last `limit` messages before the one numbered `before`, or of all, the oldest first. One statement, by key.
    package func messages(before: Int?, limit: Int, in db: Reading) throws -> [Message] {
        let further: SQL = before.map { "AND x.sequence < \($0)" } ?? ""
        return try messages(further, order: "x.sequence DESC", limit, in: db).reversed()
    }

    /// The first `limit` messages after the one numbered `after`, the oldest first. One statement, by key.
    package func messages(after: Int, limit: Int, in db: Reading) throws -> [Message] {
        try messages("AND x.sequence > \(after)", order: "x.sequence", limit, in: db)
    }

    /// Messages up to the one numbered `through` that were changed after the change numbered `after`, in the order of
    /// their changes. One statement.
    func changes(after: Int, through: Int, limit: Int, in db: Reading) throws -> [Message] {
        try Self.messages(
            of: id, "AND x.change > \(after) AND x.sequence BETWEEN \(firstSequence) AND \(through)", order: "x.change",
            limit, in: db)
    }

    /// The same of any conversation, for all who have it open: who may read it is for each of them to ask.
    static func changed(in id: ID, after: Int, through: Int, limit: Int, _ db: Reading) throws -> [Message] {
        try messages(
            of: id, "AND x.change > \(after) AND x.sequence <= \(through)", order: "x.change", limit, in: db)
    }

    /// The first messages after the one numbered `after`, likewise.
    static func written(in id: ID, after: Int, limit: Int, _ db: Reading) throws -> [Message] {
        try messages(of: id, "AND x.sequence > \(after)", order: "x.sequence", limit, in: db)
    }

    /// Notes that somebody looks at what the participant of a pair wrote. A live stream notes it once: what arrives while
    /// they sit in front of it belongs to the same look. In a group people write for all who are in it.
    package func disclose(in db: Reading) {
        if let participant { db.disclose(.conversation, of: participant) }
    }

    private func messages(_ further: SQL, order: SQL, _ limit: Int, in db: Reading) throws -> [Message] {
        try Self.messages(
            of: id, "\(further) AND x.sequence BETWEEN \(firstSequence) AND \(lastSequence)", order: order, limit,
            in: db)
    }

    /// One statement, and one more where something is answered: by key, whatever the planner knows of the table.
    private static func messages(
        of id: ID, _ further: SQL, order: SQL, _ limit: Int, in db: Reading
    ) throws -> [Message] {
        let organization = try db.organization
        var keys = Message.Keys()
        func read(_ further: SQL) throws -> [Message] {
            try db.all(
                """
                SELECT \(Message.columns) FROM \(Message.written)
                WHERE x.organization_id = \(organization) AND x.conversation_id = \(id) \(further)
                """
            ) { try Message(row: $0, &keys, in: db) }
        }
        var messages = try read("\(further) ORDER BY \(order) LIMIT \(limit)")
        let answered = Set(messages.compactMap(\.answered))
        guard !answered.isEmpty else { return messages }
        let quoted = try read("AND x.sequence IN \(list: answered.sorted())")
        let quotes = Dictionary(uniqueKeysWithValues: quoted.map { ($0.sequence, Message.Quote($0)) })
        for index in messages.indices { messages[index].quote = messages[index].answered.flatMap { quotes[$0] } }
        return messages
    }
}

extension Conversation {
    /// The last messages of each conversation of a pair that somebody had in a program, for whoever has their record
    /// open. What is said in groups belongs to others as well, and is not in it.
    package static func opened(
        of person: Person.ID, in program: Program.ID, limit: Int, db: Reading
    ) throws -> [(with: String, messages: [Message])] {
        let organization = try db.organization
        let record = Wall.Record(person: "a.person_id", program: "c.program_id")
        let found = try db.all(
            """
            SELECT c.id, coalesce(p.called, p.name) AS name FROM conversation_member a
            JOIN conversation c ON c.organization_id = a.organization_id AND c.id = a.conversation_id
                AND c.match_id IS NOT NULL
            JOIN conversation_member o ON o.organization_id = c.organization_id AND o.conversation_id = c.id
                AND o.person_id <> a.person_id
            JOIN person p ON p.organization_id = o.organization_id AND p.id = o.person_id
            WHERE a.organization_id = \(organization) AND a.person_id = \(person)
                AND a.role = \(MemberRole.participant) AND c.program_id = \(program)
                AND \(db.reach(.messages, of: record, as: [.opened]))
            ORDER BY c.last_at DESC, c.id LIMIT 10
            """
        ) { (id: try $0["id"] as ID, name: try $0["name"] as String) }
        return try found.map { conversation in
            let messages = try messages(of: conversation.id, "", order: "x.sequence DESC", limit, in: db)
            return (conversation.name, messages.reversed())
        }
    }
}
