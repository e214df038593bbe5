import Storage

extension Conversation {
    /// A conversation of the person asking. One statement.
    /// - Throws: ``Problem/notFound`` for everybody but its two members.
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
            SELECT count(*) FROM (SELECT 1 FROM \(mine) CROSS JOIN message x
                WHERE m.organization_id = \(organization) AND \(isMine(in: db))
                AND x.organization_id = m.organization_id AND x.conversation_id = m.conversation_id
                AND x.sequence > m.read_sequence AND x.sender_id <> m.person_id LIMIT \(countLimit)) AS unread
            """, as: Int.self)
        return count ?? 0
    }

    /// How many messages of the other wait unread for a row of `conversation_member`, given by its name in the query;
    /// 0 where an outer join found none.
    static func unread(by member: SQL) -> SQL {
        """
        (SELECT count(*) FROM (SELECT 1 FROM message x
            WHERE x.organization_id = \(member).organization_id AND x.conversation_id = \(member).conversation_id
            AND x.sequence > \(member).read_sequence AND x.sender_id <> \(member).person_id
            LIMIT \(countLimit)) AS news)
        """
    }

    /// Counts of unread messages end here, so that a list costs the same whatever has piled up.
    package static let countLimit = 100

    /// Members `m` and their conversations `c`, to be narrowed by ``isMine(in:)``. SQLite takes a cross join in the
    /// order in which it is written; in any other it might begin with everybody's conversations.
    static let mine: SQL = "conversation_member m CROSS JOIN conversation c"

    /// The other member `o` of `c`, and who that is.
    static let others: SQL = "conversation_member o CROSS JOIN person p"

    /// Whether `c` is the conversation of `m` and `m` is the person asking, who must still be a supporter of the program
    /// if that is what they are in it.
    static func isMine(in db: Reading) throws -> SQL {
        let programs = db.actor.roles.filter { $0.role == .supporter }.map(\.program)
        let grounds = Wall.grounds(for: .messages)
        // Not by `reach(_:of:as:)`, so that the cross join begins with what is theirs.
        let isOwn: SQL = grounds.contains(.own) ? "m.role = \(Role.participant)" : "FALSE"
        let isSupporter: SQL = grounds.contains(.supporter) ? "c.program_id IN \(list: programs)" : "FALSE"
        return """
            c.organization_id = m.organization_id AND c.id = m.conversation_id AND m.person_id = \(try db.me)
            AND (\(isOwn) OR \(isSupporter))
            """
    }

    /// Whether `o` is the other member of the conversation of `m`, and `p` who that is.
    static let isOther: SQL = """
        o.organization_id = m.organization_id AND o.conversation_id = m.conversation_id AND o.person_id <> m.person_id
        AND p.organization_id = o.organization_id AND p.id = o.person_id
        """

    /// Whether the participant of the conversation `c` agrees to take part. Asked with every look and every message,
    /// so that a withdrawal counts at once.
    static var isAgreed: SQL {
        """
        EXISTS (SELECT 1 FROM conversation_member a
            JOIN consent k ON k.organization_id = a.organization_id AND k.person_id = a.person_id
                AND k.program_id = c.program_id AND k.purpose = \(Consent.Purpose.takePart) AND k.granted
                AND k.ended_at IS NULL
            WHERE a.organization_id = c.organization_id AND a.conversation_id = c.id AND a.role = \(Role.participant))
        """
    }

    private static func first(_ condition: SQL, in db: Reading) throws -> Conversation? {
        let organization = try db.organization
        let name = db.actor.name
        return try db.first(
            """
            SELECT c.id, c.program_id, c.match_id, c.last_sequence, c.closed_at, c.paused_at, \(isAgreed) AS is_agreed,
                m.person_id, m.role, m.delivered_sequence, m.read_sequence, o.person_id AS other_id,
                o.role AS other_role, o.delivered_sequence AS other_delivered, o.read_sequence AS other_read,
                coalesce(p.called, p.name) AS other_name,
                \(TextKey.wrapped(of: "m.person_id", in: "m.organization_id")) AS my_key,
                \(TextKey.wrapped(of: "o.person_id", in: "o.organization_id")) AS other_key
            FROM \(mine) CROSS JOIN \(others)
            WHERE m.organization_id = \(organization) AND \(isMine(in: db)) AND \(isOther) \(condition)
            """
        ) { row in
            let (mine, others): (Person.ID, Person.ID) = (try row["person_id"], try row["other_id"])
            return Conversation(
                id: try row["id"], program: try row["program_id"], match: try row["match_id"],
                lastSequence: try row["last_sequence"], closedAt: try row["closed_at"],
                pausedAt: try row["paused_at"],
                me: Member(
                    person: mine, name: name, role: try row["role"],
                    marks: Marks(delivered: try row["delivered_sequence"], read: try row["read_sequence"]),
                    key: try db.key(row["my_key"], of: mine)),
                other: Member(
                    person: others, name: try row["other_name"], role: try row["other_role"],
                    marks: Marks(delivered: try row["other_delivered"], read: try row["other_read"]),
                    key: try db.key(row["other_key"], of: others)),
                isAgreed: try row["is_agreed"])
        }
    }
}

extension Conversation {
    /// The last `limit` messages before the one numbered `before`, or of all, the oldest first. One statement, by key.
    package func messages(before: Int?, limit: Int, in db: Reading) throws -> [Message] {
        let further: SQL = before.map { "AND sequence < \($0)" } ?? ""
        return try messages(further, order: "DESC", limit, in: db).reversed()
    }

    /// The first `limit` messages after the one numbered `after`, the oldest first. One statement, by key.
    package func messages(after: Int, limit: Int, in db: Reading) throws -> [Message] {
        try messages("AND sequence > \(after)", order: "ASC", limit, in: db)
    }

    /// Notes that somebody looks at what the participant wrote. A live stream notes it once: what arrives while they
    /// sit in front of it belongs to the same look.
    package func disclose(in db: Reading) { db.disclose(.conversation, of: participant) }

    private func messages(_ further: SQL, order: SQL, _ limit: Int, in db: Reading) throws -> [Message] {
        try Self.messages(of: id, further, order: order, limit, in: db) { $0 == me.person ? me.key : other.key }
    }

    private static func messages(
        of id: ID, _ further: SQL, order: SQL, _ limit: Int, in db: Reading, _ key: (Person.ID) -> TextKey?
    ) throws -> [Message] {
        let organization = try db.organization
        return try db.all(
            """
            SELECT id, sequence, sender_id, body, sent_at FROM message
            WHERE organization_id = \(organization) AND conversation_id = \(id) \(further)
            ORDER BY sequence \(order) LIMIT \(limit)
            """
        ) { try Message(row: $0, key: key) }
    }
}

extension Conversation {
    /// The last messages of each conversation somebody had in a program, for whoever has their record open.
    package static func opened(
        of person: Person.ID, in program: Program.ID, limit: Int, db: Reading
    ) throws -> [(with: String, messages: [Message])] {
        let organization = try db.organization
        let record = Wall.Record(person: "a.person_id", program: "c.program_id")
        let found = try db.all(
            """
            SELECT c.id, coalesce(p.called, p.name) AS name, o.person_id AS other_id,
                \(TextKey.wrapped(of: "a.person_id", in: "a.organization_id")) AS own_key,
                \(TextKey.wrapped(of: "o.person_id", in: "o.organization_id")) AS other_key
            FROM conversation_member a
            JOIN conversation c ON c.organization_id = a.organization_id AND c.id = a.conversation_id
            JOIN conversation_member o ON o.organization_id = c.organization_id AND o.conversation_id = c.id
                AND o.person_id <> a.person_id
            JOIN person p ON p.organization_id = o.organization_id AND p.id = o.person_id
            WHERE a.organization_id = \(organization) AND a.person_id = \(person)
                AND a.role = \(Role.participant) AND c.program_id = \(program)
                AND \(db.reach(.messages, of: record, as: [.opened]))
            ORDER BY c.last_at DESC, c.id LIMIT 10
            """
        ) { row in
            let other: Person.ID = try row["other_id"]
            let keys = (try db.key(row["own_key"], of: person), try db.key(row["other_key"], of: other))
            return (id: try row["id"] as ID, name: try row["name"] as String, keys: keys)
        }
        return try found.map { conversation in
            let messages = try messages(of: conversation.id, "", order: "DESC", limit, in: db) {
                $0 == person ? conversation.keys.0 : conversation.keys.1
            }
            return (conversation.name, messages.reversed())
        }
    }
}
