import Storage
import Web

/// One's own message, to be changed or taken back.
struct ChangeScreen: Screen {
    static let template = "conversations/change"

    /// What was typed and not kept, and why.
    struct Typed: Sendable {
        let text: String
        let note: String
        /// A key below `errors` or `problems` in the texts.
        let reason: String
    }

    let conversation: Conversation
    let message: Message
    let typed: Typed?

    /// - Throws: ``Problem/notFound`` for all but its sender, and once it was taken back.
    init(_ sequence: Int, of id: Conversation.ID, typed: Typed? = nil, in db: Reading) throws {
        (conversation, message) = try Message.own(sequence, of: id, in: db)
        guard message.deletedAt == nil, !message.isRemoved else { throw Problem.notFound }
        self.typed = typed
    }

    func title(_ words: Words) -> String { words("conversation.change.title") }

    func shown(_ words: Words) -> Value {
        let path = "/conversations/\(conversation.id)"
        return [
            "invalid": .flag(typed != nil), "backPath": .text("\(path)#m\(message.sequence)"),
            "refused": Value(typed.map { words($0.reason, ["max": "\(Message.longest)"]) }),
            "open": conversation.canWrite
                ? [
                    "path": .text("\(path)/messages/\(message.sequence)"), "longest": .number(Message.longest),
                    "text": .text(typed?.text ?? message.body ?? ""), "longestNote": .number(Message.longestNote),
                    "note": .text(typed?.note ?? message.note ?? ""),
                    "required": .flag(message.attachment == nil)
                ] : .nothing,
            "attached": Value(message.attachment?.said(words)),
            "kept": conversation.canWrite ? .nothing : Value(typed?.text ?? message.body),
            "deletionPath": .text("\(path)/messages/\(message.sequence)/deletion")
        ]
    }
}
