import Foundation
import Web

/// What happens in a conversation from some message on, for one of its members: the source of an event stream.
///
/// The hub only wakes it; it reads the table, as the member it is for, at every look. So it ends, at its next look, for
/// whoever has no session or no part in the conversation any more, and it holds no connection while it waits.
///
/// It says nothing about delivery: what it hands over may sit in a buffer of a connection that is dead already. The
/// reader's browser says what has arrived.
///
/// Events: `message` (its number is the event's id; data is a ``ShownMessage``), `seen` (how far the other has got),
/// `closed` (nobody may write here any more, or for now).
struct ConversationFeed: AsyncSequence, Sendable {
    typealias Element = ServerSentEvent

    /// How often it looks without being waked, for what another process has written.
    static let safetyNet: Duration = .seconds(15)
    /// Messages of one look. Ten of the longest fit what an event stream keeps for a slow reader.
    static let batch = 10

    private let platform: Platform
    private let credential: Credential
    private let locale: String
    private let wakes: AsyncStream<Void>
    private let first: Look

    /// What one look found.
    struct Look: Sendable {
        let conversation: Conversation
        let messages: [Message]
        let zone: String
        let now: Instant
    }

    /// - Parameter after: the number of the last message the reader has; without it, the first events are those that
    ///   were never delivered to them.
    /// - Throws: ``Problem/notFound`` for a stranger, before there is a stream.
    static func open(
        _ id: Conversation.ID, after: Int?, for credential: Credential, in locale: String, on platform: Platform,
        safetyNet: Duration = Self.safetyNet
    ) async throws -> ConversationFeed {
        // Before the first look, so that nothing falls in between. The end of a session wakes its streams.
        var places: Set<Announcement> = [.conversation(id.text)]
        if case .session(let tokenHash) = credential { places.insert(.session(tokenHash: tokenHash)) }
        let wakes = platform.hub.listen(to: places, atLeastEvery: safetyNet)
        let first = try await platform.read(as: credential) { db in
            let conversation = try Conversation.find(id, in: db)
            let start = after.map { Swift.min(Swift.max($0, 0), conversation.lastSequence) }
            return try Look(conversation, after: start ?? conversation.me.marks.delivered, disclosing: true, db)
        }
        return ConversationFeed(
            platform: platform, credential: credential, locale: locale, wakes: wakes, first: first)
    }

    func makeAsyncIterator() -> Iterator { Iterator(self) }

    struct Iterator: AsyncIteratorProtocol {
        private let feed: ConversationFeed
        private var wakes: AsyncStream<Void>.Iterator
        private var look: Look
        /// Ready to be handed over, the next one last.
        private var events: [ServerSentEvent] = []
        private var last: Int
        private var hasDisclosed = false
        private var told: Conversation.Marks?
        private var toldClosed = false

        fileprivate init(_ feed: ConversationFeed) {
            self.feed = feed
            wakes = feed.wakes.makeAsyncIterator()
            look = feed.first
            last = feed.first.after
            take()
        }

        mutating func next() async throws -> ServerSentEvent? {
            while events.isEmpty {
                if last >= look.conversation.lastSequence, await wakes.next() == nil { return nil }
                let (id, last, disclosing) = (look.conversation.id, last, !hasDisclosed)
                look = try await feed.platform.read(as: feed.credential) { db in
                    try Look(Conversation.find(id, in: db), after: last, disclosing: disclosing, db)
                }
                take()
            }
            return events.popLast()
        }

        /// Turns a look into events.
        private mutating func take() {
            let conversation = look.conversation
            let words = Words(feed.platform.shelf.translations[feed.locale], zone: look.zone, now: look.now)
            var found = look.messages.map { message in
                let shown = ShownMessage(message, on: words.day(message.sentAt), in: conversation, words)
                return ServerSentEvent(id: "\(message.sequence)", event: "message", data: json(shown))
            }
            last = look.messages.last?.sequence ?? last
            hasDisclosed = hasDisclosed || !look.messages.isEmpty
            if let marks = conversation.other?.marks, told != marks {
                told = marks
                found.append(ServerSentEvent(event: "seen", data: json(Seen(marks))))
            }
            if !conversation.canWrite, !toldClosed {
                toldClosed = true
                let key = conversation.closedKey ?? "conversation.closed"
                found.append(ServerSentEvent(event: "closed", data: json(["text": words(key)])))
            }
            events = found.reversed()
        }

        private func json(_ value: some Encodable) -> String {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
        }
    }

    private struct Seen: Encodable {
        let delivered: Int
        let read: Int

        init(_ marks: Conversation.Marks) { (delivered, read) = (marks.delivered, marks.read) }
    }
}

extension ConversationFeed.Look {
    fileprivate init(_ conversation: Conversation, after: Int, disclosing: Bool, _ db: Reading) throws {
        // Whoever has left goes on reading by page, and is told nothing new.
        guard conversation.isMember else { throw Problem.notFound }
        self.conversation = conversation
        messages =
            after < conversation.lastSequence
            ? try conversation.messages(after: after, limit: ConversationFeed.batch, in: db) : []
        (zone, now) = (db.actor.timeZone, db.now)
        if disclosing, !messages.isEmpty { conversation.disclose(in: db) }
    }

    /// The message before those found.
    fileprivate var after: Int { messages.first.map { $0.sequence - 1 } ?? conversation.lastSequence }
}
