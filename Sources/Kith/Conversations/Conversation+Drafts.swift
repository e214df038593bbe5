import Storage

/// What somebody has begun to write and not sent, so that it is there again on another day or another device.
extension Conversation {
    /// Keeps words of the person asking that are not sent yet, in place of those kept before; nothing forgets them.
    /// - Throws: ``Problem/invalid(_:)`` for more than a message may have.
    package func keepDraft(_ text: String, in db: Writing) throws {
        guard text.unicodeScalars.count <= Message.longest else { throw Problem.invalid("body", "too-long") }
        let (organization, me) = (try db.organization, me.person)
        guard !text.trimmed.isEmpty else { return try dropDraft(in: db) }
        guard try draft(in: db) != text else { return }
        let sealed = try db.writingKey(of: me, in: organization).seal(text, as: place)
        try db.run(
            """
            INSERT INTO conversation_draft (organization_id, conversation_id, person_id, body, kept_at)
            VALUES (\(organization), \(id), \(me), \(sealed), \(db.now))
            ON CONFLICT (organization_id, conversation_id, person_id)
                DO UPDATE SET body = excluded.body, kept_at = excluded.kept_at
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
    package func draft(in db: Reading) throws -> String? {
        let kept = try db.first(
            """
            SELECT d.body, \(TextKey.wrapped(of: "d.person_id", in: "d.organization_id")) AS wrapped_key
            FROM conversation_draft d
            WHERE d.organization_id = \(db.organization) AND d.conversation_id = \(id) AND d.person_id = \(me.person)
            """
        ) { (sealed: try $0["body"] as String, key: try db.key($0["wrapped_key"], of: me.person)) }
        return kept.flatMap { $0.key?.open($0.sealed, from: place) }
    }

    private var place: TextPlace { TextPlace("conversation_draft.body", "\(id) \(me.person)") }
}
