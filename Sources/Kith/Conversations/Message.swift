import Storage

/// One message of a conversation.
package struct Message: Named {
    package let id: ID
    /// Its number in the conversation, from 1 without gaps: what orders messages. Clocks do not.
    package let sequence: Int
    package let sender: Person.ID
    /// As the conversation knows its sender.
    package let name: String
    package let role: Conversation.MemberRole
    /// nil when it can no longer be read: the record of its sender was erased, the stored text is damaged, or it was
    /// taken back or away.
    package let body: String?
    /// What it speaks of, where its sender asked that it be opened before it is read.
    package let note: String?
    /// A picture or a voice note that came with it; its words may then be none.
    package let attachment: Attachment?
    /// The number of the message that it answers.
    let answered: Int?
    /// What is told of that message, where it was asked for.
    package var quote: Quote?
    package let sentAt: Instant
    /// When its sender last changed it.
    package let editedAt: Instant?
    /// The number of its last change in the conversation; 0 when it is as it was sent.
    let change: Int
    /// When its sender took it back.
    package let deletedAt: Instant?
    /// Whether somebody who looks after the house rules took it away.
    package let isRemoved: Bool

    /// The key of what stands in place of words that nobody reads.
    package var goneKey: String { Self.goneKey(isRemoved, isDeleted: deletedAt != nil) }

    static func goneKey(_ isRemoved: Bool, isDeleted: Bool) -> String {
        isRemoved ? "conversation.removed" : isDeleted ? "conversation.deleted" : "text.unreadable"
    }

    /// What is told of a message where another answers it.
    package struct Quote: Sendable {
        package let sequence: Int
        let sender: Person.ID
        package let name: String
        /// nil when it can no longer be read.
        package let body: String?
        package let note: String?
        package let attachment: Attachment?
        package let isDeleted: Bool
        /// Whether somebody who looks after the house rules took it away.
        package let isRemoved: Bool
    }

    /// Reads a row of ``columns``.
    /// - Parameter owner: who reads their own words though they were taken away from others.
    init(row: Row, _ keys: inout Keys, owner: Person.ID? = nil, in db: Reading) throws {
        id = try row["id"]
        sequence = try row["sequence"]
        sender = try row["sender_id"]
        name = try row["sender_name"]
        role = try row["sender_role"]
        isRemoved = (try row["removed_at"] as Instant?) != nil
        sentAt = try row["sent_at"]
        deletedAt = try row["deleted_at"]
        change = try row["change"]
        let (sealed, wrapped): (String?, String?) = (try row["body"], try row["sender_key"])
        let (key, id) = (try keys.key(wrapped, of: sender, in: db), id)
        let note: String? = try row["content_note"]
        let isHidden = isRemoved && owner != sender
        body = isHidden ? nil : sealed.flatMap { key?.open($0, from: Self.place(id)) }
        self.note = isHidden ? nil : note.flatMap { key?.open($0, from: Self.place(ofNote: id)) }
        attachment = try isHidden ? nil : Attachment(row: row, of: id, with: key)
        editedAt = try row["edited_at"]
        answered = try row["answers"]
    }

    /// What is read of messages, and who wrote them: one statement for any number of writers.
    static let columns: SQL = """
        x.id, x.sequence, x.sender_id, x.body, x.content_note, x.sent_at, x.change, x.edited_at, x.deleted_at,
        x.removed_at, x.answers, coalesce(s.nickname, n.called, n.name) AS sender_name, s.role AS sender_role,
        \(Attachment.columns),
        \(TextKey.wrapped(of: "x.sender_id", in: "x.organization_id")) AS sender_key
        """

    /// Messages `x`, each with the member `s` who wrote it, who that is, `n`, and what came with it, `y`.
    static let written: SQL = """
        message x
        JOIN conversation_member s ON s.organization_id = x.organization_id AND s.conversation_id = x.conversation_id
            AND s.person_id = x.sender_id
        JOIN person n ON n.organization_id = s.organization_id AND n.id = s.person_id
        \(Attachment.joined)
        """

    /// The keys of those who wrote, each unwrapped once.
    struct Keys {
        private var known: [Person.ID: TextKey?] = [:]

        mutating func key(_ wrapped: String?, of person: Person.ID, in db: Reading) throws -> TextKey? {
            if let key = known[person] { return key }
            let key = try db.key(wrapped, of: person)
            known[person] = .some(key)
            return key
        }
    }

    /// The words of a message as they are stored.
    /// - Parameter key: the one of its sender.
    package static func sealed(_ body: String, of id: ID, with key: TextKey) throws -> String {
        try key.seal(body, as: place(id))
    }

    /// Where its words are kept.
    static func place(_ id: ID) -> TextPlace { TextPlace("message.body", id.text) }

    /// Where what it speaks of is kept.
    static func place(ofNote id: ID) -> TextPlace { TextPlace("message.content_note", id.text) }

    /// The longest note of what a message speaks of, in Unicode scalars.
    package static let longestNote = 80

    /// What is kept of such a note; nil for nothing.
    /// - Throws: ``Problem/invalid(_:)`` for more than ``longestNote``.
    static func note(_ text: String?) throws(Problem) -> String? {
        guard let note = text?.trimmed, !note.isEmpty else { return nil }
        guard note.unicodeScalars.count <= longestNote else { throw .invalid("note", "too-long") }
        return note
    }

    /// The longest message, in Unicode scalars.
    package static let longest = 4_000

    /// What is kept of what somebody typed: without white space at both ends.
    /// - Parameter mayBeEmpty: whether something else came with it.
    /// - Throws: ``Problem/invalid(_:)`` for nothing at all and for more than ``longest``.
    package static func body(_ text: String, mayBeEmpty: Bool = false) throws(Problem) -> String {
        let body = text.trimmed
        guard mayBeEmpty || !body.isEmpty else { throw .invalid("body", "required") }
        guard body.unicodeScalars.count <= longest else { throw .invalid("body", "too-long") }
        return body
    }
}

extension Message.Quote {
    init(_ message: Message) {
        (sequence, sender, name) = (message.sequence, message.sender, message.name)
        (body, note, attachment) = (message.body, message.note, message.attachment)
        (isDeleted, isRemoved) = (message.deletedAt != nil, message.isRemoved)
    }
}

extension Message {
    /// What somebody may take with them: all that was written in their conversations as a participant of a pair, and their
    /// own words in groups. Whoever calls has established their right to it. One statement.
    package static func copied(
        of person: Person.ID, _ organization: Organization.ID, _ db: Reading
    ) throws -> [Message] {
        var keys = Keys()
        return try db.all(
            """
            SELECT \(columns) FROM \(written) \(areCopied(for: person, organization))
            ORDER BY x.sent_at, x.conversation_id, x.sequence
            """
        ) { try Message(row: $0, &keys, owner: person, in: db) }
    }

    /// What came with one of them. Two statements.
    /// - Throws: ``Problem/notFound`` for anything else.
    package static func copiedAttachment(
        of message: ID, by sender: Person.ID, for person: Person.ID, _ organization: Organization.ID, _ db: Reading
    ) throws -> OpenedAttachment {
        let isTheirs = try db.exists(
            """
            SELECT 1 FROM \(written) \(areCopied(for: person, organization))
            AND x.sender_id = \(sender) AND x.id = \(message)
            AND (x.removed_at IS NULL OR x.sender_id = m.person_id)
            """)
        guard isTheirs else { throw Problem.notFound }
        return try Attachment.open(message, of: sender, in: db)
    }

    private static func areCopied(for person: Person.ID, _ organization: Organization.ID) -> SQL {
        """
        JOIN conversation_member m ON m.organization_id = x.organization_id AND m.conversation_id = x.conversation_id
        JOIN conversation c ON c.organization_id = m.organization_id AND c.id = m.conversation_id
        WHERE m.organization_id = \(organization) AND m.person_id = \(person) AND x.deleted_at IS NULL
            AND (c.match_id IS NOT NULL AND m.role = \(Conversation.MemberRole.participant)
                OR c.match_id IS NULL AND x.sender_id = m.person_id)
        """
    }
}

/// What the sender of a message is told: where it stands and since when.
package struct SentMessage: Sendable, Equatable {
    /// nil while somebody reads it first.
    package let sequence: Int?
    package let at: Instant
    /// Where its writer is offered help, when their words give cause to.
    package var helpPath: String?

    package init(sequence: Int?, at: Instant, helpPath: String? = nil) {
        (self.sequence, self.at, self.helpPath) = (sequence, at, helpPath)
    }
}
