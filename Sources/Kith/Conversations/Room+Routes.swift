import Storage
import Synchronization
import Web

/// The conversations that somebody has open in this process.
package final class Rooms: Sendable {
    /// How often each stream looks for itself whether it may go on, and each room whether there is something that no
    /// wake-up told of.
    package static let usualInterval: Duration = .seconds(15)

    private let open = Mutex<[Conversation.ID: Room]>([:])
    let interval: Duration

    package init(lookingEvery interval: Duration = Rooms.usualInterval) { self.interval = interval }

    /// Lets somebody in. Whoever enters leaves with ``leave(_:_:)``.
    func enter(_ id: Conversation.ID, of organization: Organization.ID, _ guest: Room.Guest, on platform: Platform)
        -> (room: Room, key: Int)
    {
        open.withLock { open in
            let room = open[id] ?? Room(id, of: organization, every: interval)
            open[id] = room
            return (room, room.add(guest, on: platform))
        }
    }

    func leave(_ room: Room, _ key: Int) {
        open.withLock { open in
            if room.remove(key) { open[room.id] = nil }
        }
    }
}

/// All who have one conversation open in this process. One read at each wake-up serves them all, and each event is put
/// into its wire form once for all who get the same: in a group of a thousand nothing else would do.
///
/// It reads the table as the program, so it must not decide who may read. That each reader does for themselves, as the
/// person they are, before they are *live*, and again at every interval. Whenever something changes who may read, the
/// conversation's `revision` counts on; the read that finds a message finds that too, and whoever is concerned gets
/// nothing from here before they have looked for themselves.
final class Room: Sendable {
    /// How far somebody has got.
    struct Position: Sendable {
        var last: Int
        var change: Int
        /// The one under which they may read.
        var revision: Int
        /// How far the other of a pair has got, as they were told.
        var marks: Conversation.Marks?
        /// Why they cannot write, as they were told.
        var closedKey: String?
        /// Whether it is noted already that they look at what somebody else wrote.
        var isNoted = false
    }

    /// Somebody with the conversation open.
    struct Guest: Sendable {
        var reader: ShownMessage.Reader
        let locale: String
        let zone: String
        /// Where what is new for them goes; nudged, they look for themselves.
        let sink: EventSink
        var position: Position
        var isLive = false
        var lookedAt = ContinuousClock.now
    }

    /// What one read finds, for all of them.
    struct News: Sendable {
        /// What had been read before.
        let before: (last: Int, change: Int)
        let last: Int
        let change: Int
        let revision: Int
        /// Why nobody can write; nil where they can.
        let closedKey: String?
        let isPair: Bool
        let marks: [Person.ID: Conversation.Marks]
        /// Whom a new revision concerns.
        let revised: Set<Person.ID>
        let messages: [Message]
        let changed: [Message]
        let now: Instant
        /// Whether there is more to read.
        let isPart: Bool
    }

    private struct State {
        var guests: [Int: Guest] = [:]
        var lastKey = 0
        /// What has been read for all; nil before the first is live.
        var read: (last: Int, change: Int, revision: Int)?
        var task: Task<Void, Never>?
    }

    /// Messages of one read.
    static let batch = 50

    let id: Conversation.ID
    private let organization: Organization.ID
    private let interval: Duration
    private let state = Mutex(State())

    init(_ id: Conversation.ID, of organization: Organization.ID, every interval: Duration) {
        (self.id, self.organization, self.interval) = (id, organization, interval)
    }

    fileprivate func add(_ guest: Guest, on platform: Platform) -> Int {
        state.withLock { state in
            if state.task == nil { state.task = listen(on: platform) }
            state.lastKey += 1
            state.guests[state.lastKey] = guest
            return state.lastKey
        }
    }

    /// - Returns: whether nobody is left.
    fileprivate func remove(_ key: Int) -> Bool {
        state.withLock { state in
            state.guests[key] = nil
            guard state.guests.isEmpty else { return false }
            state.task?.cancel()
            state.task = nil
            return true
        }
    }

    /// From here on the room brings them what is new, unless there is something already that they have not seen.
    /// - Parameter reader: what they may read, by what they found.
    /// - Returns: whether they are live; otherwise they look once more.
    func goLive(_ key: Int, at position: Position, as reader: ShownMessage.Reader, _ hub: Hub) -> Bool {
        let (isLive, isFirst) = state.withLock { state in
            let known = state.read
            let read = known ?? (position.last, position.change, position.revision)
            guard position.last >= read.last, position.change >= read.change, position.revision >= read.revision else {
                return (false, false)
            }
            state.read = read
            state.guests[key]?.position = position
            state.guests[key]?.reader = reader
            state.guests[key]?.isLive = true
            state.guests[key]?.lookedAt = .now
            return (true, known == nil)
        }
        // What came in after the first looked and before the room began to listen woke nobody.
        if isFirst { hub.publish([.conversation(id.text)]) }
        return isLive
    }

    /// Takes somebody out of what the room brings.
    /// - Returns: how far they have got.
    func stop(_ key: Int) -> Position? {
        state.withLock { state in
            state.guests[key]?.isLive = false
            return state.guests[key]?.position
        }
    }

    /// Reads and delivers at every wake-up, until the task is cancelled.
    private func listen(on platform: Platform) -> Task<Void, Never> {
        let wakes = platform.hub.listen(to: [.conversation(id.text)], atLeastEvery: interval)
        return Task { [self] in
            for await _ in wakes {
                while !Task.isCancelled, await look(on: platform) {}
            }
        }
    }

    /// - Returns: whether to look again at once.
    private func look(on platform: Platform) async -> Bool {
        checkOn()
        await pause()
        guard let read = state.withLock({ $0.read }) else { return false }
        let (id, organization) = (id, organization)
        let news = try? await platform.read(as: .system(organization), access: .anyone) { db in
            try News(of: id, after: read, in: db)
        }
        guard let news else { return false }
        deliver(news, on: platform)
        return news.isPart
    }

    /// Whoever has not looked for a while does so now.
    private func checkOn() {
        let late = ContinuousClock.now - interval
        state.withLock { state in
            for (key, guest) in state.guests where guest.isLive && guest.lookedAt <= late {
                state.guests[key]?.isLive = false
                guest.sink.nudge()
            }
        }
    }

    /// Waits a moment while most of them, as far as a few of them tell, have much on its way to them. What is new waits
    /// better in the table than in a thousand buffers that overflow. Few who are slow keep nobody waiting.
    private func pause() async {
        for _ in 0..<10 {
            let some = state.withLock { $0.guests.values.prefix(20).map { $0.isLive && $0.sink.isLoaded } }
            guard some.count(where: { $0 }) * 2 > some.count else { return }
            try? await Task.sleep(for: .milliseconds(5))
        }
    }

    private func deliver(_ news: News, on platform: Platform) {
        state.withLock { state in
            var frames = RoomFrames(news, on: platform)
            state.read = (news.last, news.change, news.revision)
            // In place: a copy of a thousand guests for each message would be felt.
            var place = state.guests.values.startIndex
            while place != state.guests.values.endIndex {
                state.guests.values[place].take(news, &frames)
                state.guests.values.formIndex(after: &place)
            }
        }
    }
}

extension Room.Guest {
    /// Gets what is new, or looks for themselves where only they can say whether it is for them.
    fileprivate mutating func take(_ news: Room.News, _ frames: inout RoomFrames) {
        guard isLive else { return }
        let mustNote = news.isPair && !position.isNoted && !news.messages.isEmpty
        if news.revised.contains(reader.person) || mustNote {
            isLive = false
            sink.nudge()
            return
        }
        var next = position
        let isOpen = sink.put(frames.batch(for: self, &next))
        position = next
        // Who fell behind or has left finds out when they look.
        if !isOpen { sink.nudge() }
    }
}

extension Room.News {
    /// Why nobody can write, whoever they are.
    static let closedKeys: Set = ["conversation.closed", "conversation.paused"]

    fileprivate init(
        of id: Conversation.ID, after read: (last: Int, change: Int, revision: Int), in db: Reading
    ) throws {
        let organization = try db.organization
        let found = try db.first(
            """
            SELECT last_sequence, last_change, revision, closed_at, paused_at, match_id FROM conversation
            WHERE organization_id = \(organization) AND id = \(id)
            """
        ) { row in
            let (closedAt, pausedAt, match): (Instant?, Instant?, Match.ID?) = (
                try row["closed_at"], try row["paused_at"], try row["match_id"]
            )
            return (
                last: try row["last_sequence"] as Int, change: try row["last_change"] as Int,
                revision: try row["revision"] as Int,
                closedKey: closedAt.map { _ in "conversation.closed" }
                    ?? pausedAt.map { _ in "conversation.paused" }, isPair: match != nil
            )
        }
        guard let found else { throw Problem.notFound }
        messages =
            found.last > read.last
            ? try Conversation.written(in: id, after: read.last, limit: Room.batch, db) : []
        changed =
            found.change > read.change
            ? try Conversation.changed(in: id, after: read.change, through: read.last, limit: Room.batch, db) : []
        revised =
            found.revision > read.revision
            ? Set(
                try db.values(
                    """
                    SELECT person_id FROM conversation_member
                    WHERE organization_id = \(organization) AND conversation_id = \(id) AND revision > \(read.revision)
                    """, as: Person.ID.self)) : []
        let members =
            !found.isPair
            ? []
            : try db.all(
                """
                SELECT person_id, delivered_sequence, read_sequence FROM conversation_member
                WHERE organization_id = \(organization) AND conversation_id = \(id)
                """
            ) {
                (
                    try $0["person_id"] as Person.ID,
                    Conversation.Marks(delivered: try $0["delivered_sequence"], read: try $0["read_sequence"])
                )
            }
        marks = Dictionary(members) { first, _ in first }
        before = (read.last, read.change)
        closedKey = found.closedKey
        (isPair, revision, now) = (found.isPair, found.revision, db.now)
        let isWhole = (messages.count < Room.batch, changed.count < Room.batch)
        last = messages.last?.sequence ?? read.last
        // A change of what comes with a later part is in it already.
        change = isWhole.1 ? found.change : changed.last?.change ?? found.change
        isPart = last < found.last || !isWhole.1
    }
}
