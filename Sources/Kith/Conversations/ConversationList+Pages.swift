import Storage
import Web

/// Everybody the person asking writes with, one by one and in groups.
package struct ConversationListScreen: Screen {
    package static let template = "conversations/index"
    /// How many conversations a page has.
    package static let pageSize = 25

    let lines: [Conversation.Line]
    let next: Conversation.Line?

    package init(after: (at: Instant, id: Conversation.ID)? = nil, in db: Reading) throws {
        let found = try Conversation.lines(after: after, limit: Self.pageSize + 1, in: db)
        lines = Array(found.prefix(Self.pageSize))
        next = found.count > Self.pageSize ? lines.last : nil
    }

    package func title(_ words: Words) -> String { words("conversations.title") }

    package func shown(_ words: Words) -> Value {
        [
            "invalid": false, "lines": .list(lines.map { shown($0, words) }), "empty": .flag(lines.isEmpty),
            "nextPath": next.map { .text("/conversations?after=\($0.orderedAt)_\($0.id)") } ?? .nothing
        ]
    }

    private func shown(_ line: Conversation.Line, _ words: Words) -> Value {
        let last = line.lastAt.map { words("conversations.last", ["when": words.dayAndTime($0)]) }
        return [
            "path": .text("/conversations/\(line.id)#latest"), "name": .text(line.name),
            "role": .text(words(line.role.map { "roles.\($0.rawValue)" } ?? "conversations.group")),
            "closed": .flag(line.isClosed), "left": .flag(line.hasLeft && !line.isClosed),
            "last": .text(last ?? words("conversations.none-yet")),
            "unread": Conversation.shown(unread: line.unread, words)
        ]
    }
}

extension Conversation {
    /// How many messages are new, in words; nothing when none is.
    static func shown(unread: Int, _ words: Words) -> Value {
        switch unread {
        case 0: .nothing
        case countLimit...: .text(words("conversations.many-unread", ["count": "\(countLimit - 1)"]))
        default: .text(words("conversations.unread", count: unread))
        }
    }
}
