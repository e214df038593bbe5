import Storage

extension Message {
    /// Changes what the person asking wrote. What it said before is kept, as encrypted as it was, for whoever has to
    /// look into a report.
    /// - Returns: where its writer is offered help, when the new words give cause to.
    /// - Throws: ``Problem/notFound`` for all but its sender, and once it was taken back; ``Problem/invalid(_:)`` for no word
    ///   where nothing else came with it; what is thrown where nobody can
    ///   write; and ``Problem/conflict(_:)`` with `message.edit-held` where somebody would have to read it first.
    @discardableResult
    package static func edit(
        _ sequence: Int, of conversation: Conversation.ID, to draft: Draft, in db: Writing
    ) throws -> String? {
        var draft = draft
        draft.isChange = true
        let (organization, body, note) = (try db.organization, draft.body, draft.note)
        let own = try own(sequence, of: conversation, in: db)
        guard own.message.deletedAt == nil, !own.message.isRemoved else { throw Problem.notFound }
        guard own.conversation.canWrite else { throw own.conversation.refusal }
        // Without a word it is nothing, unless something came with it.
        if body.isEmpty, own.message.attachment == nil { throw Problem.invalid("body", "required") }
        guard own.message.body != body || own.message.note != note else { return nil }
        let passages = try Features.gates.map { try $0.pass(draft, own.message.id, conversation, db) }
        guard !passages.contains(where: \.isHeld) else { throw Problem.conflict("message.edit-held") }
        let change = try count(own.conversation.id, of: organization, in: db)
        let (id, key) = (own.message.id, try db.writingKey(of: own.message.sender, in: organization))
        try db.run(
            """
            INSERT INTO message_before (organization_id, conversation_id, sequence, change, body, content_note, until)
            SELECT organization_id, conversation_id, sequence, change, body, content_note, \(db.now) FROM message
            WHERE organization_id = \(organization) AND conversation_id = \(conversation) AND sequence = \(sequence)
            """)
        try db.run(
            """
            UPDATE message SET body = \(sealed(body, of: id, with: key)),
                content_note = \(note.map { try key.seal($0, as: place(ofNote: id)) }), edited_at = \(db.now),
                change = \(change)
            WHERE organization_id = \(organization) AND conversation_id = \(conversation) AND sequence = \(sequence)
            """)
        record(.messageEdited, own, in: db)
        return passages.lazy.compactMap(\.helpPath).first
    }

    /// Takes back what the person asking wrote: its words are gone, also those it had before, and what came with them; that
    /// it was there stays.
    /// Also where nobody writes any more. Twice is once.
    /// - Throws: ``Problem/notFound`` for all but its sender.
    package static func delete(_ sequence: Int, of conversation: Conversation.ID, in db: Writing) throws {
        let organization = try db.organization
        let own = try own(sequence, of: conversation, in: db)
        guard own.message.deletedAt == nil else { return }
        let change = try count(own.conversation.id, of: organization, in: db)
        try db.run(
            """
            DELETE FROM message_before
            WHERE organization_id = \(organization) AND conversation_id = \(conversation) AND sequence = \(sequence)
            """)
        if own.message.attachment != nil { try Attachment.forget(own.message.id, of: own.message.sender, in: db) }
        try db.run(
            """
            UPDATE message SET body = NULL, content_note = NULL, deleted_at = \(db.now), change = \(change)
            WHERE organization_id = \(organization) AND conversation_id = \(conversation) AND sequence = \(sequence)
            """)
        record(.messageDeleted, own, in: db)
    }

    /// What a message said before it was changed, the oldest first, for whoever reports it.
    package func before(in conversation: Conversation.ID, _ db: Reading) throws -> [String] {
        guard editedAt != nil else { return [] }
        return try db.all(
            """
            SELECT b.body, b.content_note, \(TextKey.wrapped(of: "\(sender)", in: "b.organization_id")) AS wrapped_key
            FROM message_before b WHERE b.organization_id = \(db.organization) AND b.conversation_id = \(conversation)
            AND b.sequence = \(sequence) ORDER BY b.change LIMIT 20
            """
        ) { row in
            let (key, note): (TextKey?, String?) = (try db.key(row["wrapped_key"], of: sender), try row["content_note"])
            return Self.said(
                key?.open(try row["body"], from: Self.place(id)),
                noting: note.flatMap { key?.open($0, from: Self.place(ofNote: id)) })
        }.compactMap { $0 }
    }

    /// The words with what they speak of before them, and behind them what came with them is said to be.
    package var said: String? { Self.said(body, noting: note, describing: attachment?.description) }

    private static func said(_ body: String?, noting note: String?, describing description: String? = nil) -> String? {
        body.map { body in
            [note, body, description].compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: "\n")
        }
    }

    /// A message of the person asking, and its conversation. Two statements.
    static func own(
        _ sequence: Int, of id: Conversation.ID, in db: Reading
    ) throws -> (conversation: Conversation, message: Message) {
        let conversation = try Conversation.find(id, in: db)
        let message = try conversation.messages(after: sequence - 1, limit: 1, in: db).first
        guard let message, message.sequence == sequence, message.sender == conversation.me.person else {
            throw Problem.notFound
        }
        return (conversation, message)
    }

    /// The next number of a change in the conversation, by which open streams find it.
    static func count(
        _ conversation: Conversation.ID, of organization: Organization.ID, in db: Writing
    ) throws -> Int {
        let change = try db.value(
            """
            UPDATE conversation SET last_change = last_change + 1
            WHERE organization_id = \(organization) AND id = \(conversation) RETURNING last_change
            """, as: Int.self)
        guard let change else { throw Problem.notFound }
        return change
    }

    private static func record(
        _ kind: EventKind, _ own: (conversation: Conversation, message: Message), in db: Writing
    ) {
        let conversation = own.conversation
        db.record(
            Event(
                kind, of: conversation.id.text, about: conversation.participant, in: conversation.program,
                ["sequence": "\(own.message.sequence)"]))
        db.announce(.conversation(conversation.id.text))
    }
}

extension Conversation {
    /// Why nobody can write in it, where that is so.
    var refusal: Problem {
        if isClosed { return .conflict("conversation.closed") }
        if isPaused { return .conflict("conversation.paused") }
        return isMember ? .consentNeeded("take-part") : .conflict("conversation.left")
    }
}
