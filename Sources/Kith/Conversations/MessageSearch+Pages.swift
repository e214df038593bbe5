import Foundation
import Storage
import Web

/// Words looked for in one's own conversation. The database cannot: it holds no word that it could read. So a stretch of
/// messages is opened and read through, the newest first, and the page says how far it came and goes on from there.
struct MessageSearchScreen: Screen {
    static let template = "conversations/search"
    /// How many messages one page reads through.
    static let stretch = 1_000
    /// How many of them a page shows.
    static let shownAtMost = 50
    /// The longest words to look for, in characters.
    static let longest = 100

    let conversation: Conversation
    let words: String
    let found: [Message]
    /// From where it goes on; nil at the beginning of the conversation.
    let next: Int?
    /// How far back it looked.
    let since: Instant?

    init(_ id: Conversation.ID, for words: String = "", before: Int? = nil, in db: Reading) throws {
        let conversation = try Conversation.find(id, in: db)
        self.conversation = conversation
        self.words = words.trimmed
        guard !self.words.isEmpty else {
            (found, next, since) = ([], nil, nil)
            return
        }
        let read = try conversation.messages(before: before, limit: Self.stretch, in: db)
        let (asked, apart) = (self.words, try conversation.apart(in: db))
        let all = read.reversed().filter { !apart.contains($0.sender) }.filter { message in
            [message.body, message.attachment?.description].contains { $0?.localizedStandardContains(asked) == true }
        }
        found = Array(all.prefix(Self.shownAtMost))
        let end = all.count > Self.shownAtMost ? found.last : read.first
        next = end.flatMap { $0.sequence > conversation.firstSequence ? $0.sequence : nil }
        since = end?.sentAt
        if !found.isEmpty { conversation.disclose(in: db) }
    }

    func title(_ words: Words) -> String { words("conversation.search") }

    func shown(_ words: Words) -> Value {
        let path = "/conversations/\(conversation.id)"
        return [
            "backPath": .text("\(path)#latest"), "path": .text("\(path)/search"), "words": .text(self.words),
            "longest": .number(Self.longest),
            "found": .list(
                found.map { message in
                    [
                        "name": .text(message.name), "when": .text(words.dayAndTime(message.sentAt)),
                        "body": .text(
                            message.note.map { words("conversation.speaks-of", ["what": $0]) }
                                ?? [message.body, message.attachment?.said(words)].compactMap { $0 }
                                .filter { !$0.isEmpty }.joined(separator: "\n")),
                        "path": .text("\(path)?after=\(message.sequence - 1)#m\(message.sequence)")
                    ]
                }),
            "none": .flag(found.isEmpty && !self.words.isEmpty),
            "since": Value(since.map { words("conversation.search.since", ["when": words.dayAndTime($0)]) }),
            "next": next.map { ["before": .number($0)] } ?? .nothing
        ]
    }
}
