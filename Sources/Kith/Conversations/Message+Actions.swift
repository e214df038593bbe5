import Storage

extension Message {
    /// Sends a message. The same identifier from the same sender is the same message, however often it comes: it is
    /// kept once, and answered as it was the first time. So whoever got no answer can safely send it again.
    ///
    /// Three statements and the event, one for each gate, one more for the first message of a person, and four for what
    /// comes with it: many send at the same time.
    /// - Parameters:
    ///   - id: Made by the sender's browser, once for each message.
    ///   - seen: The number of the last message on the page they wrote it on; whoever answers has opened what stood
    ///     before. What came in after that page stays unread.
    /// - Throws: ``Problem/notFound`` for everybody but its members, ``Problem/invalid(_:)`` by ``body(_:mayBeEmpty:)``,
    ///   ``Problem/conflict(_:)`` with `conversation.closed`, `conversation.paused` or `conversation.left`, what a gate
    ///   says, or with `message.id-used` when the identifier came with
    ///   other words, and ``Problem/consentNeeded(_:)``.
    package static func send(
        _ draft: Draft, as id: ID, to conversation: Conversation.ID, seen: Int = 0, in db: Writing
    ) throws -> SentMessage {
        if draft.attachment != nil { try Attachment.check(id, in: conversation, db) }
        let passages = try Features.gates.map { try $0.pass(draft, id, conversation, db) }
        let helpPath = passages.lazy.compactMap(\.helpPath).first
        if passages.contains(where: \.isHeld) {
            let found = try Conversation.find(conversation, in: db)
            guard found.canWrite else { return try answerAgain(draft.body, id, conversation, db) }
            return SentMessage(sequence: nil, at: db.now, helpPath: helpPath)
        }
        let isMember: SQL =
            "EXISTS (SELECT 1 FROM conversation_member m WHERE \(try Conversation.isMine(in: db)) AND m.left_at IS NULL)"
        guard let place = try nextPlace(for: id, by: db.me, in: conversation, where: isMember, db) else {
            var sent = try answerAgain(draft.body, id, conversation, db)
            sent.helpPath = helpPath
            return sent
        }
        var sent = try write(draft, as: id, by: db.me, to: conversation, place, seen: seen, in: db)
        sent.helpPath = helpPath
        return sent
    }

    package static func send(
        _ text: String, as id: ID, to conversation: Conversation.ID, seen: Int = 0, answering answered: Int? = nil,
        noting note: String? = nil, in db: Writing
    ) throws -> SentMessage {
        try send(Draft(text, answering: answered, noting: note), as: id, to: conversation, seen: seen, in: db)
    }

    /// Sends what was held back, in the name of whoever wrote it.
    /// - Returns: nil when nobody can write there any more, or its writer no longer belongs to it.
    package static func release(
        _ draft: Draft, as id: ID, by sender: Person.ID, to conversation: Conversation.ID, in db: Writing
    ) throws -> SentMessage? {
        let isMember: SQL = """
            EXISTS (SELECT 1 FROM conversation_member m WHERE m.organization_id = c.organization_id
                AND m.conversation_id = c.id AND m.person_id = \(sender) AND m.left_at IS NULL)
            """
        guard let place = try nextPlace(for: id, by: sender, in: conversation, where: isMember, db) else { return nil }
        return try write(draft, as: id, by: sender, to: conversation, place, seen: 0, in: db)
    }

    /// Takes a message away from the page, or puts it back. Whoever calls records why.
    package static func setRemoved(
        _ isRemoved: Bool, _ id: ID, by sender: Person.ID, in conversation: Conversation.ID,
        of organization: Organization.ID, db: Writing
    ) throws {
        let at: Instant? = isRemoved ? db.now : nil
        let change = try count(conversation, of: organization, in: db)
        try db.run(
            """
            UPDATE message SET removed_at = \(at), change = \(change)
            WHERE organization_id = \(organization) AND sender_id = \(sender) AND id = \(id) AND conversation_id = \(conversation)
            """)
        db.announce(.conversation(conversation.text))
    }

    private static func write(
        _ draft: Draft, as id: ID, by me: Person.ID, to conversation: Conversation.ID, _ place: Place, seen: Int,
        in db: Writing
    ) throws -> SentMessage {
        let organization = try db.organization
        let key = try place.key ?? db.writingKey(of: me, in: organization)
        do {
            try db.run(
                """
                INSERT INTO message (organization_id, conversation_id, sequence, id, sender_id, body, content_note,
                    answers, sent_at)
                VALUES (\(organization), \(conversation), \(place.sequence), \(id), \(me),
                    \(sealed(draft.body, of: id, with: key)),
                    \(draft.note.map { try key.seal($0, as: Self.place(ofNote: id)) }),
                    \(readable(draft.answered, in: conversation, of: organization, by: me)), \(db.now))
                """)
        } catch let error as StoreError where error.kind == .unique {
            // Another process was faster with the same identifier, in another conversation.
            throw Problem.conflict("message.id-used")
        }
        if let attachment = draft.attachment { try Attachment.keep(attachment, of: id, in: conversation, db) }
        // One's own words need not arrive first; marks that stand right before them go on.
        let before = place.sequence - 1
        let opened = seen >= before ? place.sequence : seen
        try db.run(
            """
            UPDATE conversation_member SET
                delivered_sequence = CASE WHEN delivered_sequence = \(before) THEN \(place.sequence)
                    WHEN delivered_sequence < \(opened) THEN \(opened) ELSE delivered_sequence END,
                read_sequence = CASE WHEN read_sequence = \(before) THEN \(place.sequence)
                    WHEN read_sequence < \(opened) THEN \(opened) ELSE read_sequence END
            WHERE organization_id = \(organization) AND conversation_id = \(conversation) AND person_id = \(me)
            AND (delivered_sequence = \(before) OR read_sequence < \(opened))
            """)
        let details = ["sequence": "\(place.sequence)"]
        db.record(Event(.messageSent, of: conversation.text, about: place.participant, in: place.program, details))
        db.announce(.conversation(conversation.text))
        if let recipient = place.recipient { db.announce(.person(recipient)) }
        return SentMessage(sequence: place.sequence, at: db.now)
    }

    /// The number of a message, if somebody can read it; null otherwise.
    private static func readable(
        _ sequence: Int?, in conversation: Conversation.ID, of organization: Organization.ID, by member: Person.ID
    ) -> SQL {
        guard let sequence else { return "NULL" }
        return """
            (SELECT a.sequence FROM message a
                JOIN conversation_member f ON f.organization_id = a.organization_id
                    AND f.conversation_id = a.conversation_id AND f.person_id = \(member)
                    AND a.sequence >= f.joined_sequence
                WHERE a.organization_id = \(organization) AND a.conversation_id = \(conversation)
                    AND a.sequence = \(sequence))
            """
    }

    private struct Place {
        let sequence: Int
        let program: Program.ID
        /// Of a pair, and who of the two is written to; in a group, that it has news shows by its number alone.
        let participant: Person.ID?
        let recipient: Person.ID?
        /// Of its sender; nil when they have written nothing so far.
        let key: TextKey?
    }

    /// Counts the conversation on, if its sender may write in it and has not sent this message before.
    private static func nextPlace(
        for id: ID, by me: Person.ID, in conversation: Conversation.ID, where isMember: SQL, _ db: Writing
    ) throws -> Place? {
        let organization = try db.organization
        let here: SQL =
            "conversation_member WHERE organization_id = \(organization) AND conversation_id = \(conversation)"
        return try db.first(
            """
            UPDATE conversation AS c SET last_sequence = last_sequence + 1, last_at = \(db.now)
            WHERE organization_id = \(organization) AND id = \(conversation) AND closed_at IS NULL
            AND paused_at IS NULL AND \(isMember)
            AND \(Conversation.isAgreed(of: me))
            AND NOT EXISTS (SELECT 1 FROM message x
                WHERE x.organization_id = \(organization) AND x.sender_id = \(me) AND x.id = \(id))
            RETURNING last_sequence, program_id,
                CASE WHEN match_id IS NOT NULL THEN
                    (SELECT person_id FROM \(here) AND role = \(Conversation.MemberRole.participant) LIMIT 1)
                    END AS participant,
                CASE WHEN match_id IS NOT NULL THEN
                    (SELECT person_id FROM \(here) AND person_id <> \(me) LIMIT 1) END AS recipient,
                \(TextKey.wrapped(of: "\(me)", in: "\(organization)")) AS wrapped_key
            """
        ) {
            Place(
                sequence: try $0["last_sequence"], program: try $0["program_id"], participant: try $0["participant"],
                recipient: try $0["recipient"], key: try db.key($0["wrapped_key"], of: me))
        }
    }

    /// Finds out why a message was not taken; if that is because it was taken before, says so once more.
    private static func answerAgain(
        _ body: String, _ id: ID, _ conversation: Conversation.ID, _ db: Writing
    ) throws -> SentMessage {
        let found = try Conversation.find(conversation, in: db)
        let earlier = try db.first(
            """
            SELECT sequence, sent_at, conversation_id = \(conversation) AS is_here, body,
                deleted_at IS NULL AND edited_at IS NULL AS is_there,
                \(TextKey.wrapped(of: "message.sender_id", in: "message.organization_id")) AS wrapped_key FROM message
            WHERE organization_id = \(db.organization) AND sender_id = \(found.me.person) AND id = \(id)
            """
        ) { row in
            let (sealed, key): (String?, TextKey?) = (
                try row["body"], try db.key(row["wrapped_key"], of: found.me.person)
            )
            // What was taken back or changed since was sent all the same.
            let isSame = try !(row["is_there"] as Bool) || sealed.flatMap { key?.open($0, from: place(id)) } == body
            return (try row["is_here"] && isSame, SentMessage(sequence: try row["sequence"], at: try row["sent_at"]))
        }
        switch earlier {
        case (true, let sent)?: return sent
        case (false, _)?: throw Problem.conflict("message.id-used")
        case nil: throw found.refusal
        }
    }
}
