import Storage

/// One message of a conversation.
package struct Message: Named {
    package let id: ID
    /// Its number in the conversation, from 1 without gaps: what orders messages. Clocks do not.
    package let sequence: Int
    package let sender: Person.ID
    /// nil when it can no longer be read: the record of its sender was erased, or the stored text is damaged.
    package let body: String?
    package let sentAt: Instant

    /// - Parameter key: the one of the sender.
    init(row: Row, key: (Person.ID) -> TextKey?) throws {
        id = try row["id"]
        sequence = try row["sequence"]
        sender = try row["sender_id"]
        body = key(sender)?.open(try row["body"], from: Self.place(id))
        sentAt = try row["sent_at"]
    }

    /// The words of a message as they are stored.
    /// - Parameter key: the one of its sender.
    package static func sealed(_ body: String, of id: ID, with key: TextKey) throws -> String {
        try key.seal(body, as: place(id))
    }

    /// Where its words are kept.
    static func place(_ id: ID) -> TextPlace { TextPlace("message.body", id.text) }

    /// The longest message, in Unicode scalars.
    package static let longest = 4_000

    /// What is kept of what somebody typed: without white space at both ends.
    /// - Throws: ``Problem/invalid(_:)`` for nothing at all and for more than ``longest``.
    package static func body(_ text: String) throws(Problem) -> String {
        let body = text.trimmed
        guard !body.isEmpty else { throw .invalid("body", "required") }
        guard body.unicodeScalars.count <= longest else { throw .invalid("body", "too-long") }
        return body
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
