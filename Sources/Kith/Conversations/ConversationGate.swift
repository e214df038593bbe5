import Screening
import Storage

/// What a feature that comes later has to say about writing in conversations.
package struct ConversationGate: Sendable {
    /// What becomes of a message.
    package struct Passage: Sendable, Equatable {
        /// Somebody reads it first. Whoever says so has kept it, and sends it on later with
        /// ``Message/release(_:as:by:to:in:)``.
        package var isHeld: Bool
        /// Where its writer is offered help, when their words give cause to.
        package var helpPath: String?

        package init(isHeld: Bool = false, helpPath: String? = nil) {
            (self.isHeld, self.helpPath) = (isHeld, helpPath)
        }
    }

    /// A line on the page of a conversation, for one of those who write in it.
    package struct Posted: Sendable {
        package let text: @Sendable (Words) -> String
        /// What they wrote and nobody else sees so far.
        package var words: String?
        /// Where it leads, and the key of what the link says.
        package var link: (path: String, key: String)?
        /// Whether nothing can be written until that is done.
        package var stopsWriting: Bool

        package init(
            words: String? = nil, link: (path: String, key: String)? = nil, stopsWriting: Bool = false,
            _ text: @escaping @Sendable (Words) -> String
        ) {
            (self.text, self.words, self.link, self.stopsWriting) = (text, words, link, stopsWriting)
        }
    }

    /// Asked about each message before it is written, in its transaction, also about one that comes again, and about one
    /// that nobody may write: who may, is found out afterwards. Throws a ``Problem`` to refuse it.
    package let pass: @Sendable (Message.Draft, Message.ID, Conversation.ID, Writing) throws -> Passage
    /// What stands on the page of a conversation for the person asking.
    package let posted: @Sendable (Conversation, Reading) throws -> [Posted]

    package init(
        pass: @escaping @Sendable (Message.Draft, Message.ID, Conversation.ID, Writing) throws -> Passage,
        posted: @escaping @Sendable (Conversation, Reading) throws -> [Posted]
    ) {
        (self.pass, self.posted) = (pass, posted)
    }
}

extension Message {
    /// Words on their way. The rules read them before the transaction begins: a store that waits for one waits for all.
    package struct Draft: Sendable {
        package let body: String
        /// The number of the message that they answer; left out when there is none that their writer can read.
        package let answered: Int?
        /// What they speak of, where that is to be read before they are opened.
        package let note: String?
        /// What comes with them.
        package let attachment: NewAttachment?
        /// The words of them that give cause to offer their writer help.
        package let worry: String?
        /// What in them leads out of Kith.
        package let contactDetails: ContactDetails
        /// Whether they take the place of what was sent already. Such words are not kept to be sent later: whoever would
        /// hold them refuses them.
        package var isChange = false

        /// - Parameter mayBeEmpty: whether something came with them before.
        /// - Throws: ``Problem/invalid(_:)`` by ``Message/body(_:mayBeEmpty:)`` and for a note that is too long.
        package init(
            _ text: String, answering answered: Int? = nil, noting note: String? = nil,
            with attachment: NewAttachment? = nil, mayBeEmpty: Bool = false
        ) throws(Problem) {
            body = try Message.body(text, mayBeEmpty: mayBeEmpty || attachment != nil)
            self.attachment = attachment
            self.answered = answered
            let noted = try Message.note(note)
            self.note = noted
            let all = [body, noted, attachment?.description].compactMap { $0 }
            contactDetails = ContactDetails(in: all.joined(separator: "\n"))
            worry = all.lazy.compactMap(Self.worry).first
        }

        /// Words that somebody has read: no rule asks about them once more.
        init(read body: String, answering answered: Int?, noting note: String?) {
            (self.body, self.answered, self.note, attachment) = (body, answered, note, nil)
            (worry, contactDetails) = (nil, ContactDetails(in: ""))
        }

        static func worry(in text: String) -> String? {
            // `kith serve` does not begin without its rules.
            guard case .success(let rules) = RuleBook.shared, case .worry(let found) = rules.verdict(of: text) else {
                return nil
            }
            return String(text[found.range])
        }
    }
}
