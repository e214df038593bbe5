import Foundation
import Synchronization
import Web

/// What happens in a conversation from some message on, for one of its members: the source of an event stream.
///
/// It looks for itself, as the member it is for, until it has everything; then the ``Room`` brings what is new, and it
/// sleeps. So it ends, at its next look, for whoever has no session or no part in the conversation any more, and it
/// holds no connection while it waits.
///
/// It says nothing about delivery: what it hands over may sit in a buffer of a connection that is dead already. The
/// reader's browser says what has arrived.
///
/// Events: `message` and `change` (the event's id says how far the reader has got; data is a ``ShownMessage``), `seen`
/// (how far the other of a pair has got), `closed` (why the reader cannot write, or that they can again).
final class ConversationFeed: EventSource {
    /// Messages of one look. Ten of the longest fit what an event stream keeps for a slow reader.
    static let batch = 10

    private let platform: Platform
    private let credential: Credential
    private let locale: String
    private let conversation: Conversation.ID
    private let state: Mutex<State>

    private enum State {
        /// What it begins with; once that is told, an idle reader keeps none of it.
        case opened(Look)
        case inRoom(RoomKey)
    }

    /// A reader's place in the room.
    private struct RoomKey: Sendable {
        let room: Room
        let key: Int
        /// Rings at the end of their session.
        let bell: Int
    }

    private init(_ first: Look, for credential: Credential, in locale: String, on platform: Platform) {
        (self.platform, self.credential, self.locale) = (platform, credential, locale)
        conversation = first.conversation.id
        state = Mutex(.opened(first))
    }

    /// Where a reader's browser says it has got to.
    struct Start: Sendable {
        var last: Int?
        var change: Int?

        /// - Parameter text: the id of an event, or nothing that is one. Without a change it is from before the first.
        init(_ text: String?) {
            let parts = text?.split(separator: ".", maxSplits: 1).map { Int($0) } ?? []
            last = parts.first ?? nil
            change = parts.count > 1 ? parts[1] : last.map { _ in 0 }
        }
    }

    /// What one look found.
    struct Look: Sendable {
        let conversation: Conversation
        let reader: ShownMessage.Reader
        let messages: [Message]
        let changed: [Message]
        /// Where it began.
        let start: Room.Position
        let organization: Organization.ID
        let zone: String
        let now: Instant
    }

    /// - Parameter start: without a last message, the first events are those that were never delivered to them; without
    ///   a change, none that was made before counts.
    /// - Throws: ``Problem/notFound`` for a stranger, before there is a stream.
    static func open(
        _ id: Conversation.ID, after start: Start, for credential: Credential, in locale: String, on platform: Platform
    ) async throws -> ConversationFeed {
        let first = try await platform.read(as: credential) { db in
            let conversation = try Conversation.find(id, in: db)
            let last = start.last.map { min(max($0, 0), conversation.lastSequence) }
            return try Look(
                conversation, after: last ?? conversation.me.marks.delivered,
                start.change.map { min(max($0, 0), conversation.lastChange) } ?? conversation.lastChange, noting: true,
                db)
        }
        return ConversationFeed(first, for: credential, in: locale, on: platform)
    }

    /// Looks until there is nothing more to find; from then on the room brings what is new.
    func step(into sink: EventSink) async -> Bool {
        let (mine, first) = begin(sink)
        guard var position = mine.room.stop(mine.key) else { return false }
        var found = first
        while true {
            if found == nil {
                let (conversation, at) = (conversation, position)
                found = try? await platform.read(as: credential) { db in
                    let conversation = try Conversation.find(conversation, in: db)
                    return try Look(conversation, after: at.last, at.change, noting: !at.isNoted, db)
                }
            }
            guard let look = found, sink.put(batch(of: look, &position)) else { return false }
            if look.isWhole, mine.room.goLive(mine.key, at: position, as: look.reader, platform.hub) { return true }
            found = nil
        }
    }

    func end() {
        guard case .inRoom(let mine) = state.withLock({ $0 }) else { return }
        platform.rooms.leave(mine.room, mine.key)
        platform.hub.forget(session, mine.bell)
    }

    private var session: Set<Announcement> {
        if case .session(let tokenHash) = credential { [.session(tokenHash: tokenHash)] } else { [] }
    }

    /// Takes a place in the room at the first step, with what `open` found.
    private func begin(_ sink: EventSink) -> (mine: RoomKey, first: Look?) {
        state.withLock { state in
            switch state {
            case .inRoom(let mine): return (mine, nil)
            case .opened(let first):
                let guest = Room.Guest(
                    reader: first.reader, locale: locale, zone: first.zone, sink: sink,
                    position: first.start)
                let bell = platform.hub.wake(at: session) { sink.nudge() }
                let (room, key) = platform.rooms.enter(conversation, of: first.organization, guest, on: platform)
                let mine = RoomKey(room: room, key: key, bell: bell)
                state = .inRoom(mine)
                return (mine, first)
            }
        }
    }

    /// What a look found that the reader does not have.
    private func batch(of look: Look, _ position: inout Room.Position) -> EventBatch {
        let conversation = look.conversation
        let words = Words(platform.shelf.translations[locale], zone: look.zone, now: look.now)
        let me = look.reader
        let before = position.change
        var batch = EventBatch(look.messages.map { .message($0, after: before, for: me, words) })
        // Where there is no more to read, nothing of what stands before is theirs.
        position.last =
            look.messages.count < Self.batch
            ? max(position.last, conversation.lastSequence) : look.messages.last?.sequence ?? position.last
        for message in look.changed { batch.add(.change(message, at: position.last, for: me, words)) }
        // What was changed of later messages comes with them.
        let isUpToDate = look.changed.count < Self.batch
        position.change = isUpToDate ? conversation.lastChange : look.changed.last?.change ?? position.change
        position.revision = conversation.revision
        position.isNoted = position.isNoted || !look.messages.isEmpty
        if let marks = conversation.other?.marks, position.marks != marks {
            position.marks = marks
            batch.add(.seen(marks))
        }
        if position.closedKey != conversation.closedKey {
            position.closedKey = conversation.closedKey
            batch.add(.closed(conversation.closedKey, words))
        }
        return batch
    }
}

extension ConversationFeed.Look {
    fileprivate init(
        _ conversation: Conversation, after last: Int, _ change: Int, noting: Bool, _ db: Reading
    ) throws {
        // Whoever has left goes on reading by page, and is told nothing new.
        guard conversation.isMember else { throw Problem.notFound }
        self.conversation = conversation
        reader = try conversation.reader(in: db)
        start = Room.Position(last: last, change: change, revision: conversation.revision)
        organization = try db.organization
        messages =
            last < conversation.lastSequence
            ? try conversation.messages(after: last, limit: ConversationFeed.batch, in: db) : []
        changed =
            change < conversation.lastChange
            ? try conversation.changes(after: change, through: last, limit: ConversationFeed.batch, in: db) : []
        (zone, now) = (db.actor.timeZone, db.now)
        if noting, !messages.isEmpty { conversation.disclose(in: db) }
    }

    /// Whether there is nothing further to read, as far as this look knows.
    fileprivate var isWhole: Bool {
        messages.count < ConversationFeed.batch && changed.count < ConversationFeed.batch
    }
}
