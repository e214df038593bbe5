import Storage

/// What somebody has begun to write and not sent, so that it is there again on another day or another device.
extension Conversation {
    package struct Unfinished: Sendable, Equatable {
        package let body: String
        /// What it speaks of, as far as that is written.
        package let note: String?

        package init(body: String, note: String? = nil) { (self.body, self.note) = (body, note) }
    }

    /// Keeps words of the person asking that are not sent yet, in place of those kept before; nothing forgets them.
    /// - Throws: ``Problem/invalid(_:)`` for more than a message may have.
    package func keepDraft(_ text: String, noting note: String? = nil, in db: Writing) throws {
        guard text.unicodeScalars.count <= Message.longest else { throw Problem.invalid("body", "too-long") }
        let (organization, me) = (try db.organization, me.person)
        let unfinished = Unfinished(body: text, note: try Message.note(note))
        guard !text.trimmed.isEmpty || unfinished.note != nil else { return try dropDraft(in: db) }
        guard try draft(in: db) != unfinished else { return }
        let key = try db.writingKey(of: me, in: organization)
        try db.run(
            """
            INSERT INTO conversation_draft (organization_id, conversation_id, person_id, body, content_note, kept_at)
            VALUES (\(organization), \(id), \(me), \(key.seal(text, as: place("conversation_draft.body"))),
                \(unfinished.note.map { try key.seal($0, as: place("conversation_draft.content_note")) }), \(db.now))
            ON CONFLICT (organization_id, conversation_id, person_id)
                DO UPDATE SET body = excluded.body, content_note = excluded.content_note, kept_at = excluded.kept_at
            """)
        db.record(Event(.draftKept, of: id.text, in: program))
    }

    /// Forgets what the person asking had not sent.
    package func dropDraft(in db: Writing) throws {
        let dropped = try db.run(
            """
            DELETE FROM conversation_draft
            WHERE organization_id = \(db.organization) AND conversation_id = \(id) AND person_id = \(me.person)
            """)
        if dropped > 0 { db.record(Event(.draftKept, of: id.text, in: program)) }
    }

    /// What the person asking had not sent; nil when there is nothing. One statement.
    package func draft(in db: Reading) throws -> Unfinished? {
        try db.first(
            """
            SELECT d.body, d.content_note, \(TextKey.wrapped(of: "d.person_id", in: "d.organization_id")) AS wrapped_key
            FROM conversation_draft d
            WHERE d.organization_id = \(db.organization) AND d.conversation_id = \(id) AND d.person_id = \(me.person)
            """
        ) { row in
            let key = try db.key(row["wrapped_key"], of: me.person)
            let (body, note): (String, String?) = (try row["body"], try row["content_note"])
            return key?.open(body, from: place("conversation_draft.body")).map { body in
                Unfinished(
                    body: body, note: note.flatMap { key?.open($0, from: place("conversation_draft.content_note")) })
            }
        } ?? nil
    }

    private func place(_ column: StaticString) -> TextPlace {
        TextPlace(column, "\(id) \(me.person)")
    }
}
