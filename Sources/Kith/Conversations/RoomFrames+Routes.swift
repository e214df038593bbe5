import Foundation
import Storage
import Web

/// What is new in a conversation, in its wire form: once for each language, and once more for whoever wrote it.
struct RoomFrames {
    private struct Key: Hashable {
        let locale: String
        let zone: String
        /// The writer it is meant for, if it is.
        let writer: Person.ID?
        /// From where its readers may read, if something of it is older.
        let first: Int?
        /// Those of the writers whose words they do not read.
        let apart: Set<Person.ID>
    }

    private let news: Room.News
    private let platform: Platform
    private let writers: Set<Person.ID>
    /// With those of what is answered.
    private let heard: Set<Person.ID>
    private let oldest: Int?
    private var made: [Key: EventBatch] = [:]

    init(_ news: Room.News, on platform: Platform) {
        self.news = news
        self.platform = platform
        let all = news.messages + news.changed
        writers = Set(all.map(\.sender))
        heard = writers.union(all.compactMap { $0.quote?.sender })
        oldest = all.flatMap { [$0.sequence, $0.quote?.sequence].compactMap { $0 } }.min()
    }

    /// What is new for somebody who is at `position`, which moves on.
    mutating func batch(for guest: Room.Guest, _ position: inout Room.Position) -> EventBatch {
        var batch = messages(for: guest, after: position)
        position.last = max(position.last, news.last)
        position.change = max(position.change, news.change)
        position.revision = max(position.revision, news.revision)
        if let marks = news.marks.first(where: { $0.key != guest.reader.person })?.value, marks != position.marks {
            position.marks = marks
            batch.add(.seen(marks))
        }
        // What keeps one of them alone from writing they find out by themselves.
        let isOwn = position.closedKey.map { !Room.News.closedKeys.contains($0) } ?? false
        if position.closedKey != news.closedKey, !isOwn || news.closedKey != nil {
            position.closedKey = news.closedKey
            let words = Words(platform.shelf.translations[guest.locale], zone: guest.zone, now: news.now)
            batch.add(.closed(news.closedKey, words))
        }
        return batch
    }

    private mutating func messages(for guest: Room.Guest, after position: Room.Position) -> EventBatch {
        let isAhead =
            news.messages.first.map { $0.sequence <= position.last } ?? false
            || news.changed.first.map { $0.change <= position.change } ?? false
        // They looked for themselves while this was read.
        if isAhead { return make(for: guest, after: position) }
        let reader = guest.reader
        let key = Key(
            locale: guest.locale, zone: guest.zone, writer: writers.contains(reader.person) ? reader.person : nil,
            first: oldest.flatMap { $0 < reader.first ? reader.first : nil },
            apart: reader.apart.isEmpty ? [] : reader.apart.intersection(heard))
        if let known = made[key] { return known }
        let batch = make(
            for: guest, after: Room.Position(last: news.before.last, change: news.before.change, revision: 0))
        made[key] = batch
        return batch
    }

    private func make(for guest: Room.Guest, after position: Room.Position) -> EventBatch {
        let (reader, change) = (guest.reader, news.before.change)
        let words = Words(platform.shelf.translations[guest.locale], zone: guest.zone, now: news.now)
        let isNew: (Message) -> Bool = { $0.sequence > position.last }
        let fresh = news.messages.filter(isNew).map { ServerSentEvent.message($0, after: change, for: reader, words) }
        let changed = (news.messages + news.changed).filter {
            $0.sequence >= reader.first && !isNew($0) && $0.change > position.change
        }
        return EventBatch(fresh + changed.map { .change($0, at: news.last, for: reader, words) })
    }
}

extension ServerSentEvent {
    /// A new message. Its id says up to where its reader has messages and changes: `12`, or `12.3` after three changes.
    static func message(
        _ message: Message, after change: Int, for reader: ShownMessage.Reader, _ words: Words
    ) -> ServerSentEvent {
        ServerSentEvent(id: id(message.sequence, change), event: "message", data: shown(message, to: reader, words))
    }

    /// A message that was changed or taken back.
    static func change(
        _ message: Message, at last: Int, for reader: ShownMessage.Reader, _ words: Words
    ) -> ServerSentEvent {
        ServerSentEvent(id: id(last, message.change), event: "change", data: shown(message, to: reader, words))
    }

    private static func id(_ sequence: Int, _ change: Int) -> String {
        change == 0 ? "\(sequence)" : "\(sequence).\(change)"
    }

    private static func shown(_ message: Message, to reader: ShownMessage.Reader, _ words: Words) -> String {
        json(ShownMessage(message, on: words.day(message.sentAt), to: reader, words))
    }

    /// How far the other of a pair has got.
    static func seen(_ marks: Conversation.Marks) -> ServerSentEvent {
        ServerSentEvent(event: "seen", data: json(["delivered": marks.delivered, "read": marks.read]))
    }

    /// Its reader cannot write, or can again.
    /// - Parameter key: of the sentence that says why not.
    static func closed(_ key: String?, _ words: Words) -> ServerSentEvent {
        ServerSentEvent(event: "closed", data: json(key.map { ["text": words($0)] } ?? [:]))
    }

    private static func json(_ value: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }
}
