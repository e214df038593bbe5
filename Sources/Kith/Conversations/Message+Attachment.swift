import Media
import Storage

extension Message {
    /// A picture or a voice note that came with a message. What is in it is read only by whoever opens it.
    package struct Attachment: Sendable, Equatable {
        package let format: CleanFile.Format
        /// Of a picture, in pixels.
        package let size: CleanFile.Size?
        /// Of a voice note.
        package let seconds: Int?
        /// What its sender says it is, for whoever cannot see or hear it.
        package let description: String?

        package var kind: CleanFile.Kind { format.kind }

        /// What it is, in words: as its sender says, or else only of what kind.
        func said(_ words: Words) -> String {
            description.map { words("attachment.\(kind.rawValue).described", ["what": $0]) }
                ?? words("attachment.\(kind.rawValue)")
        }
    }

    /// One on its way.
    package struct NewAttachment: Sendable {
        package let file: CleanFile
        package let description: String?

        /// - Throws: ``Problem/invalid(_:)`` for a description that is too long.
        package init(_ file: CleanFile, description: String? = nil) throws(Problem) {
            let text = description?.trimmed ?? ""
            guard text.unicodeScalars.count <= Message.Attachment.longestDescription else {
                throw .invalid("description", "too-long")
            }
            (self.file, self.description) = (file, text.isEmpty ? nil : text)
        }
    }

    /// One as somebody opens it.
    package struct OpenedAttachment: Sendable {
        package let format: CleanFile.Format
        package let bytes: [UInt8]
    }
}

extension Message.Attachment {
    /// In Unicode scalars.
    package static let longestDescription = 300
    /// How many one person may send in a day, so that nobody fills the disk.
    package static let mostPerDay = 60

    /// What is read of it with a message `x`: all but what is in it.
    static let columns: SQL = """
        y.format AS attachment_format, y.width AS attachment_width, y.height AS attachment_height,
        y.seconds AS attachment_seconds, y.description AS attachment_description
        """

    /// Joins the one `y` of a message `x`.
    static let joined: SQL = """
        LEFT JOIN message_attachment y ON y.organization_id = x.organization_id AND y.sender_id = x.sender_id
            AND y.message_id = x.id
        """

    /// Reads ``columns``; nil where there is none.
    /// - Parameter key: of its sender.
    init?(row: Row, of message: Message.ID, with key: TextKey?) throws {
        guard let format: CleanFile.Format = try row["attachment_format"] else { return nil }
        self.format = format
        let (width, height): (Int?, Int?) = (try row["attachment_width"], try row["attachment_height"])
        size = if let width, let height { CleanFile.Size(width: width, height: height) } else { nil }
        seconds = try row["attachment_seconds"]
        let sealed: String? = try row["attachment_description"]
        description = sealed.flatMap { key?.open($0, from: Self.place(ofDescription: message)) }
    }

    static func place(_ message: Message.ID) -> TextPlace { TextPlace("message_attachment.content", message.text) }

    static func place(ofDescription message: Message.ID) -> TextPlace {
        TextPlace("message_attachment.description", message.text)
    }

    /// Whether one may be sent here now by the person asking, asked before anything of the message is kept. One that came
    /// before may come again.
    /// - Throws: ``Problem/conflict(_:)`` with `attachment.not-here` or `attachment.enough`.
    static func check(_ message: Message.ID, in conversation: Conversation.ID, _ db: Reading) throws {
        let (organization, me) = (try db.organization, try db.me)
        let found = try db.first(
            """
            SELECT c.takes_attachments, (SELECT count(*) FROM message_attachment y
                WHERE y.organization_id = c.organization_id AND y.sender_id = \(me) AND y.message_id <> \(message)
                AND y.kept_at > \(db.now.adding(days: -1))) AS sent
            FROM conversation_member m
            JOIN conversation c ON c.organization_id = m.organization_id AND c.id = m.conversation_id
            WHERE m.organization_id = \(organization) AND m.conversation_id = \(conversation) AND m.person_id = \(me)
            """
        ) { (isTaken: try $0["takes_attachments"] as Bool, sent: try $0["sent"] as Int) }
        // Whoever is no member hears that there is nothing.
        guard let found else { return }
        guard found.isTaken else { throw Problem.conflict("attachment.not-here") }
        guard found.sent < mostPerDay else { throw Problem.conflict("attachment.enough") }
    }

    /// Keeps one of the person asking, encrypted under their key. Whoever calls keeps the message, or what is held of it.
    static func keep(
        _ attachment: Message.NewAttachment, of message: Message.ID, in conversation: Conversation.ID, _ db: Writing
    ) throws {
        let (organization, me) = (try db.organization, try db.me)
        let key = try db.writingKey(of: me, in: organization)
        let (file, place) = (attachment.file, place(ofDescription: message))
        try db.run(
            """
            INSERT INTO message_attachment (organization_id, sender_id, message_id, conversation_id, format, width,
                height, seconds, description, kept_at, content)
            VALUES (\(organization), \(me), \(message), \(conversation), \(file.format), \(file.size?.width),
                \(file.size?.height), \(file.seconds), \(attachment.description.map { try key.seal($0, as: place) }),
                \(db.now), \(key.seal(bytes: file.bytes, as: Self.place(message))))
            ON CONFLICT (organization_id, sender_id, message_id) DO NOTHING
            """)
    }

    /// Forgets the one of a message, if it has one.
    static func forget(_ message: Message.ID, of sender: Person.ID, in db: Writing) throws {
        try db.run(
            """
            DELETE FROM message_attachment WHERE organization_id = \(db.organization) AND sender_id = \(sender)
            AND message_id = \(message)
            """)
    }

    /// The one of a message, as it was sent. Who may open it is for whoever calls to ask.
    /// - Throws: ``Problem/notFound`` when there is none, or it can no longer be read.
    package static func open(
        _ message: Message.ID, of sender: Person.ID, in db: Reading
    ) throws -> Message.OpenedAttachment {
        let found = try db.first(
            """
            SELECT y.format, y.content, \(TextKey.wrapped(of: "y.sender_id", in: "y.organization_id")) AS wrapped_key
            FROM message_attachment y WHERE y.organization_id = \(db.organization) AND y.sender_id = \(sender)
            AND y.message_id = \(message)
            """
        ) { row -> Message.OpenedAttachment? in
            let (key, sealed): (TextKey?, [UInt8]) = (try db.key(row["wrapped_key"], of: sender), try row["content"])
            guard let bytes = key?.open(bytes: sealed, from: place(message)) else { return nil }
            return Message.OpenedAttachment(format: try row["format"], bytes: bytes)
        }
        guard let found, let opened = found else { throw Problem.notFound }
        return opened
    }
}

extension Conversation {
    /// What came with a message, for whoever may read that message now.
    /// - Throws: ``Problem/notFound`` for everybody else, and once it was taken back or away.
    package func attachment(of sequence: Int, in db: Reading) throws -> Message.OpenedAttachment {
        let message = try messages(after: sequence - 1, limit: 1, in: db).first
        guard let message, message.sequence == sequence, message.attachment != nil,
            try !apart(in: db).contains(message.sender)
        else { throw Problem.notFound }
        disclose(in: db)
        return try Message.Attachment.open(message.id, of: message.sender, in: db)
    }
}

extension CleanFile.Format: SQLConvertible, SQLDecodable {}
