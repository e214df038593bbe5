import Media
import Storage

extension Evidence {
    static func place(ofAttachment message: Message.ID, _ item: ModerationItem.ID) -> TextPlace {
        TextPlace("moderation_attachment.content", "\(item) \(message)")
    }

    /// Keeps what came with a message that is reported, as whoever reports it sees it, under their key. The first to
    /// report it has kept it for all.
    static func keepAttachment(of message: Message, with item: ModerationItem.ID, _ key: TextKey, _ db: Writing) throws
    {
        guard let attachment = message.attachment else { return }
        let (organization, me) = (try db.organization, try db.me)
        let isKept = try db.exists(
            """
            SELECT 1 FROM moderation_attachment WHERE organization_id = \(organization) AND item_id = \(item)
            AND message_id = \(message.id)
            """)
        guard !isKept else { return }
        let opened = try Message.Attachment.open(message.id, of: message.sender, in: db)
        try db.run(
            """
            INSERT INTO moderation_attachment (organization_id, item_id, message_id, key_id, format, width, height,
                seconds, content)
            VALUES (\(organization), \(item), \(message.id), \(me), \(opened.format), \(attachment.size?.width),
                \(attachment.size?.height), \(attachment.seconds),
                \(key.seal(bytes: opened.bytes, as: place(ofAttachment: message.id, item))))
            """)
    }
}

extension ModerationItem {
    /// What came with the message that is held back, for whoever has it in hand.
    func heldAttachment(in db: Reading) throws -> Message.Attachment? {
        guard kind == .held, let message else { return nil }
        let key = try db.textKey(of: about, in: organization)
        return try db.first(
            """
            SELECT \(Message.Attachment.columns) FROM message_attachment y
            WHERE y.organization_id = \(organization) AND y.sender_id = \(about) AND y.message_id = \(message)
            """
        ) { try Message.Attachment(row: $0, of: message, with: key) } ?? nil
    }

    /// What came with a message that is held back or was reported, for whoever has it in hand.
    /// - Throws: ``Problem/notFound`` for everybody else, and once it is decided.
    package func attachment(of reported: Message.ID, in db: Reading) throws -> Message.OpenedAttachment {
        guard isOpen, try claimedBy == db.me else { throw Problem.notFound }
        if kind == .held, message == reported {
            db.disclose(.conversation, of: about)
            return try Message.Attachment.open(reported, of: about, in: db)
        }
        let found = try db.first(
            """
            SELECT y.format, y.content, y.key_id, e.writer_id,
                \(TextKey.wrapped(of: "y.key_id", in: "y.organization_id")) AS wrapped_key
            FROM moderation_attachment y
            JOIN moderation_evidence e ON e.organization_id = y.organization_id AND e.item_id = y.item_id
                AND e.message_id = y.message_id
            WHERE y.organization_id = \(organization) AND y.item_id = \(id) AND y.message_id = \(reported)
            """
        ) { row -> Message.OpenedAttachment? in
            let (key, sealed): (TextKey?, [UInt8]) = (
                try db.key(row["wrapped_key"], of: row["key_id"]), try row["content"]
            )
            guard let bytes = key?.open(bytes: sealed, from: Evidence.place(ofAttachment: reported, id)) else {
                return nil
            }
            db.disclose(.conversation, of: try row["writer_id"])
            return Message.OpenedAttachment(format: try row["format"], bytes: bytes)
        }
        guard let found, let opened = found else { throw Problem.notFound }
        return opened
    }
}
