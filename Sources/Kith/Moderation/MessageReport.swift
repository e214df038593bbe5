import Storage

/// That somebody says a message is not all right. What was written is kept as they saw it, under their key.
package struct MessageReport: Named {
    package enum Reason: String, Sendable, CaseIterable, SQLConvertible, SQLDecodable {
        case danger
        case threat
        case sexual
        case insult
        case money
        case contact
        case somethingElse = "something-else"

        /// Within how many hours somebody should decide.
        package var hours: Int {
            switch self {
            case .danger: 1
            case .threat, .sexual: 4
            case .insult, .money, .contact, .somethingElse: 24
            }
        }
    }

    package let id: ID
    package let item: ModerationItem.ID
    package let at: Instant
    package let reason: Reason

    init(row: Row) throws {
        id = try row["id"]
        item = try row["item_id"]
        at = try row["at"]
        reason = try row["reason"]
    }

    static func place(_ id: ID) -> TextPlace { TextPlace("moderation_report.words", id.text) }

    /// The person asking reports a message that somebody else wrote, in a conversation of theirs. It is kept with its
    /// neighbors as they stand now. What is open about the same writer takes it in, so however many reports come, one
    /// person decides once; and nothing of it reaches whoever wrote the message. The same message again changes nothing.
    /// - Throws: ``Problem/notFound``; ``Problem/conflict(_:)`` with `report.own`.
    @discardableResult
    package static func make(
        of sequence: Int, in conversation: Conversation.ID, _ reason: Reason, words: String = "", db: Writing
    ) throws -> ID {
        let (organization, me) = (try db.organization, try db.me)
        let found = try Conversation.find(conversation, in: db)
        let (message, around) = try found.message(sequence, with: Moderation.neighbors, in: db)
        guard message.sender != me else { throw Problem.conflict("report.own") }
        let earlier = try db.value(
            """
            SELECT id FROM moderation_report WHERE organization_id = \(organization) AND reporter_id = \(me)
            AND message_id = \(message.id)
            """, as: ID.self)
        if let earlier { return earlier }
        let due = db.now.adding(hours: reason.hours)
        let item = try ModerationItem.open(
            .report, about: message.sender, in: found.program, conversation: conversation, due: due, db: db)
        let key = try db.writingKey(of: me, in: organization)
        let id = try keep(message.id.text, reason, words, with: item, in: found.program, key, db)
        for kept in around {
            let isReported = kept.id == message.id
            let said = (isReported ? try kept.before(in: conversation, db) : []) + [kept.said].compactMap { $0 }
            let copy =
                try said.isEmpty
                ? nil : key.seal(said.joined(separator: "\n\n"), as: Evidence.place(item, kept.id))
            try db.run(
                """
                INSERT INTO moderation_evidence (organization_id, item_id, message_id, sequence, conversation_id,
                    writer_id, key_id, sent_at, is_reported, words)
                VALUES (\(organization), \(item), \(kept.id), \(kept.sequence), \(conversation), \(kept.sender), \(me),
                    \(kept.sentAt), \(isReported), \(copy))
                ON CONFLICT (organization_id, item_id, message_id) DO UPDATE SET
                    words = CASE WHEN excluded.is_reported AND NOT moderation_evidence.is_reported
                        THEN excluded.words ELSE moderation_evidence.words END,
                    key_id = CASE WHEN excluded.is_reported AND NOT moderation_evidence.is_reported
                        THEN excluded.key_id ELSE moderation_evidence.key_id END,
                    is_reported = moderation_evidence.is_reported OR excluded.is_reported
                """)
        }
        if message.attachment != nil { try Evidence.keepAttachment(of: message, with: item, key, db) }
        return id
    }

    /// Something that stands in no conversation, as the person asking reads it.
    struct Piece: Sendable {
        let id: String
        let writer: Person.ID
        let program: Program.ID
        let words: String
        let shownAt: Instant
    }

    /// The same for a piece.
    static func make(of piece: Piece, _ reason: Reason, words: String, db: Writing) throws -> ID {
        let (organization, me) = (try db.organization, try db.me)
        guard piece.writer != me else { throw Problem.conflict("report.own") }
        let earlier = try db.value(
            """
            SELECT id FROM moderation_report WHERE organization_id = \(organization) AND reporter_id = \(me)
            AND message_id = \(piece.id)
            """, as: ID.self)
        if let earlier { return earlier }
        let item = try ModerationItem.open(
            .report, about: piece.writer, in: piece.program, conversation: nil, message: Message.ID(piece.id),
            due: db.now.adding(hours: reason.hours), db: db)
        let key = try db.writingKey(of: me, in: organization)
        let id = try keep(piece.id, reason, words, with: item, in: piece.program, key, db)
        let copy = try key.seal(piece.words, as: Evidence.place(item, Message.ID(piece.id)))
        try db.run(
            """
            INSERT INTO moderation_evidence (organization_id, item_id, message_id, sequence, conversation_id, writer_id,
                key_id, sent_at, is_reported, words)
            VALUES (\(organization), \(item), \(piece.id), 1, \(piece.id), \(piece.writer), \(me), \(piece.shownAt),
                \(true), \(copy))
            ON CONFLICT (organization_id, item_id, message_id) DO NOTHING
            """)
        return id
    }

    private static func keep(
        _ reported: String, _ reason: Reason, _ words: String, with item: ModerationItem.ID, in program: Program.ID,
        _ key: TextKey, _ db: Writing
    ) throws -> ID {
        let id: ID = db.newID()
        let sealed = try words.isEmpty ? nil : key.seal(words, as: place(id))
        try db.run(
            """
            INSERT INTO moderation_report (organization_id, id, item_id, reporter_id, message_id, at, reason, words)
            VALUES (\(db.organization), \(id), \(item), \(db.me), \(reported), \(db.now), \(reason), \(sealed))
            """)
        // Nobody waits for a queue with this.
        if reason == .danger { _ = try Concern.raise(.init(in: program, kind: .danger, once: id.text), in: db) }
        db.record(Event(.messageReported, of: item.text, in: program, ["reason": reason.rawValue]))
        return id
    }
}

/// A message as it stood when it was reported.
struct Evidence: Sendable {
    let person: Person.ID
    let writer: String
    let message: Message.ID
    let isReported: Bool
    /// nil when it can no longer be read.
    let words: String?
    /// What came with it, where it was reported; its description stands among the words.
    let attachment: Message.Attachment?
    let sentAt: Instant

    static func place(_ item: ModerationItem.ID, _ message: Message.ID) -> TextPlace {
        TextPlace("moderation_evidence.words", "\(item) \(message)")
    }
}

extension Conversation {
    /// One message with those around it, as the person asking reads them.
    /// - Throws: ``Problem/notFound`` when there is none with this number.
    package func message(
        _ sequence: Int, with neighbors: Int, in db: Reading
    ) throws -> (message: Message, around: [Message]) {
        let around = try messages(after: max(sequence - neighbors - 1, 0), limit: 2 * neighbors + 1, in: db)
            .filter { $0.sequence <= sequence + neighbors }
        guard let message = around.first(where: { $0.sequence == sequence }) else { throw Problem.notFound }
        return (message, around)
    }
}
