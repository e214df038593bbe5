import Storage

/// What whoever keeps a group does with its conversation. Whether they may is for them to ask: nothing here does.
extension Conversation {
    /// Where somebody who joins begins to read.
    package enum History: Sendable {
        case fromNow
        case fromTheBeginning
    }

    /// The longest name in a group, in Unicode scalars.
    package static let longestNickname = 40

    /// Somebody as they come into a group.
    package struct Entrant: Sendable, Equatable {
        package let person: Person.ID
        package let role: MemberRole
        /// Shown instead of their name.
        package var nickname: String?

        package init(person: Person.ID, role: MemberRole, nickname: String? = nil) {
            (self.person, self.role, self.nickname) = (person, role, nickname)
        }
    }

    /// Opens the conversation of a group. However many are in it, it takes as many statements.
    /// - Parameter people: those who are in it from the beginning, with names that tell them apart.
    package static func openGroup(
        _ group: Heading, with people: [Entrant] = [], in program: Program.ID, of organization: Organization.ID,
        db: Writing
    ) throws -> ID {
        let id: ID = db.newID()
        try db.run(
            """
            INSERT INTO conversation (organization_id, id, title, agreements, takes_attachments, program_id, last_at,
                created_at)
            VALUES (\(organization), \(id), \(group.title), \(group.agreements), \(group.takesAttachments),
                \(program), \(db.now), \(db.now))
            """)
        db.record(event(.conversationOpened, id, of: organization, in: program))
        guard !people.isEmpty else { return id }
        let rows: [SQL] = try people.map {
            "(\(organization), \(id), \($0.person), \($0.role), \(try $0.nickname.map(name)), \(db.now))"
        }
        try db.run(
            """
            INSERT INTO conversation_member (organization_id, conversation_id, person_id, role, nickname, joined_at)
            VALUES \(SQL.joined(rows))
            """)
        for entrant in people {
            var joined = event(.conversationJoined, id, of: organization, in: program)
            (joined.subject, joined.details) = (entrant.person, ["role": entrant.role.rawValue])
            db.record(joined)
            db.announce(.person(entrant.person))
        }
        return id
    }

    /// Changes what a group says of itself.
    /// - Throws: ``Problem/notFound``.
    package static func describe(_ id: ID, as group: Heading, of organization: Organization.ID, db: Writing) throws {
        let program = try db.value(
            """
            UPDATE conversation SET title = \(group.title), agreements = \(group.agreements),
                takes_attachments = \(group.takesAttachments)
            WHERE organization_id = \(organization) AND id = \(id) AND match_id IS NULL RETURNING program_id
            """, as: Program.ID.self)
        guard let program else { throw Problem.notFound }
        db.record(event(.conversationDescribed, id, of: organization, in: program))
        db.announce(.conversation(id.text))
    }

    /// Lets somebody into a group. For a member it only changes what they are and are called there. Whoever comes back
    /// reads from then on.
    /// - Parameter nickname: shown in the group instead of their name.
    /// - Throws: ``Problem/notFound`` when there is no such open group, ``Problem/invalid(_:)`` for a nickname that is empty
    ///   or longer than ``longestNickname``, ``Problem/conflict(_:)`` with `conversation.name-taken`.
    package static func add(
        _ person: Person.ID, as role: MemberRole, called nickname: String? = nil, reading history: History = .fromNow,
        to id: ID, of organization: Organization.ID, db: Writing
    ) throws {
        let nickname = try nickname.map(name)
        guard let place = try revise(id, of: organization, "AND closed_at IS NULL", db) else { throw Problem.notFound }
        if let nickname { try checkIsFree(nickname, for: person, id, organization, db) }
        let first = history == .fromNow ? place.last + 1 : 1
        try db.run(
            """
            INSERT INTO conversation_member (organization_id, conversation_id, person_id, role, nickname, joined_at,
                joined_sequence, delivered_sequence, read_sequence, revision)
            VALUES (\(organization), \(id), \(person), \(role), \(nickname), \(db.now), \(first), \(first - 1),
                \(first - 1), \(place.revision))
            ON CONFLICT (organization_id, conversation_id, person_id) DO UPDATE SET
                role = excluded.role, nickname = excluded.nickname, revision = excluded.revision,
                joined_at = CASE WHEN conversation_member.left_at IS NULL
                    THEN conversation_member.joined_at ELSE excluded.joined_at END,
                joined_sequence = CASE WHEN conversation_member.left_at IS NULL
                    THEN conversation_member.joined_sequence ELSE excluded.joined_sequence END,
                delivered_sequence = CASE WHEN conversation_member.left_at IS NULL
                    THEN conversation_member.delivered_sequence ELSE excluded.delivered_sequence END,
                read_sequence = CASE WHEN conversation_member.left_at IS NULL
                    THEN conversation_member.read_sequence ELSE excluded.read_sequence END,
                left_at = NULL, left_sequence = NULL
            """)
        var joined = event(.conversationJoined, id, of: organization, in: place.program)
        (joined.subject, joined.details) = (person, ["role": role.rawValue])
        db.record(joined)
        db.announce(.conversation(id.text))
        db.announce(.person(person))
    }

    /// Ends somebody's part in a group: nothing that is written later reaches them. Does nothing when they have none.
    /// - Parameter keepingPast: whether they can go on reading what came before.
    package static func remove(
        _ person: Person.ID, keepingPast: Bool = true, from id: ID, of organization: Organization.ID, db: Writing
    ) throws {
        let isMember = try db.exists(
            """
            SELECT 1 FROM conversation_member WHERE organization_id = \(organization) AND conversation_id = \(id)
            AND person_id = \(person) AND left_at IS NULL
            """)
        guard isMember, let place = try revise(id, of: organization, "", db) else { return }
        let last: SQL =
            keepingPast
            ? "CASE WHEN joined_sequence > \(place.last) THEN joined_sequence - 1 ELSE \(place.last) END"
            : "joined_sequence - 1"
        try db.run(
            """
            UPDATE conversation_member SET left_at = \(db.now), left_sequence = \(last), revision = \(place.revision)
            WHERE organization_id = \(organization) AND conversation_id = \(id) AND person_id = \(person)
            """)
        var left = event(.conversationLeft, id, of: organization, in: place.program)
        left.subject = person
        db.record(left)
        db.announce(.conversation(id.text))
        db.announce(.person(person))
    }

    /// Closes the conversation of a group for writing. Its members can go on reading it.
    package static func close(_ id: ID, of organization: Organization.ID, db: Writing) throws {
        let program = try db.value(
            """
            UPDATE conversation SET closed_at = \(db.now)
            WHERE organization_id = \(organization) AND id = \(id) AND match_id IS NULL AND closed_at IS NULL
            RETURNING program_id
            """, as: Program.ID.self)
        guard let program else { return }
        db.record(event(.conversationClosed, id, of: organization, in: program))
        db.announce(.conversation(id.text))
    }

    /// Has members of a group look again at what they may read, on every page of theirs that is open.
    package static func haveLook(
        _ people: [Person.ID], in id: ID, of organization: Organization.ID, db: Writing
    ) throws {
        guard let place = try revise(id, of: organization, "", db) else { return }
        try db.run(
            """
            UPDATE conversation_member SET revision = \(place.revision)
            WHERE organization_id = \(organization) AND conversation_id = \(id) AND person_id IN \(list: people)
            """)
        db.announce(.conversation(id.text))
    }

    /// What is kept of a name that somebody chose for a group.
    private static func name(_ text: String) throws(Problem) -> String {
        let name = text.trimmed
        guard !name.isEmpty else { throw .invalid("nickname", "required") }
        guard name.unicodeScalars.count <= longestNickname else { throw .invalid("nickname", "too-long") }
        return name
    }

    /// Nobody takes a name under which another is known there.
    private static func checkIsFree(
        _ nickname: String, for person: Person.ID, _ id: ID, _ organization: Organization.ID, _ db: Writing
    ) throws {
        let isTaken = try db.exists(
            """
            SELECT 1 FROM conversation_member m
            JOIN person p ON p.organization_id = m.organization_id AND p.id = m.person_id
            WHERE m.organization_id = \(organization) AND m.conversation_id = \(id) AND m.left_at IS NULL
            AND m.person_id <> \(person) AND lower(coalesce(m.nickname, p.called, p.name)) = lower(\(nickname))
            """)
        if isTaken { throw Problem.conflict("conversation.name-taken") }
    }

    /// Counts on who may read it, so that open streams look again.
    private static func revise(
        _ id: ID, of organization: Organization.ID, _ condition: SQL, _ db: Writing
    ) throws -> (revision: Int, last: Int, program: Program.ID)? {
        try db.first(
            """
            UPDATE conversation SET revision = revision + 1
            WHERE organization_id = \(organization) AND id = \(id) AND match_id IS NULL \(condition)
            RETURNING revision, last_sequence, program_id
            """
        ) { (try $0["revision"], try $0["last_sequence"], try $0["program_id"]) }
    }

    private static func event(
        _ kind: EventKind, _ id: ID, of organization: Organization.ID, in program: Program.ID
    ) -> Event {
        var event = Event(kind, of: id.text, in: program)
        event.organization = organization
        return event
    }
}
