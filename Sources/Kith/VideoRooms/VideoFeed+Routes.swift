import Foundation
import Web

/// What happens in a room, for one of those who are in it or at its door: the source of an event stream.
///
/// It looks for itself, as the person it is for, at every wake-up, and every five seconds besides. What ends somebody's
/// session, part in the group or place wakes it, so it ends within a second; what time alone ends, or a wake-up that was
/// lost, it finds within five.
///
/// Events: `room` (who is there, whenever that changes), `servers` (what the browser needs to reach the others, once it
/// may), `signal` (what another browser says; the event's id says how far the reader has got), `mute`, and at the end
/// `over` (why).
struct VideoFeed: Sendable {
    static let interval: Duration = .seconds(5)

    private let platform: Platform
    private let credential: Credential
    private let meeting: Meeting.ID
    private let stay: VideoStay.ID
    private let first: Look
    private let start: Int

    /// What one look found.
    fileprivate struct Look: Sendable {
        let room: VideoRoom
        let mine: VideoStay
        let people: [VideoStay]
        let signals: [VideoSignal]
        let isOpen: Bool
        let now: Instant

        init(
            _ meeting: Meeting.ID, _ stay: VideoStay.ID, after sequence: Int, noted: Set<VideoStay.ID>, _ db: Reading
        ) throws {
            room = try VideoRoom.find(meeting, in: db)
            mine = try room.mine(stay, in: db)
            isOpen = room.hours(at: db.now) == .open
            now = db.now
            // Whoever waits sees nobody.
            let isIn = mine.isIn && isOpen
            people = isIn ? try room.people(in: db) : []
            signals = isIn ? try VideoSignal.all(to: mine, after: sequence, in: room, db) : []
            guard room.leads else { return }
            for person in people where !noted.contains(person.id) { db.disclose(.listed, of: person.person) }
        }
    }

    /// - Parameter sequence: of the last signal that the reader has.
    /// - Throws: ``Problem/notFound`` for whoever has no place there, before there is a stream.
    static func open(
        _ meeting: Meeting.ID, _ stay: VideoStay.ID, after sequence: Int, for credential: Credential,
        on platform: Platform
    ) async throws -> VideoFeed {
        let first = try await platform.read(as: credential) { db in
            try Look(meeting, stay, after: sequence, noted: [], db)
        }
        return VideoFeed(
            platform: platform, credential: credential, meeting: meeting, stay: stay, first: first, start: sequence)
    }

    /// Puts everything into `sink`, until the task is cancelled or there is nothing more for this reader.
    func run(into sink: EventSink) async {
        var places: Set<Announcement> = [.room(meeting.text), .room(stay.text)]
        if case .session(let tokenHash) = credential { places.insert(.session(tokenHash: tokenHash)) }
        var wakes = platform.hub.listen(to: places, atLeastEvery: Self.interval).makeAsyncIterator()
        var (look, sequence, noted, shown) = (first, start, Set<VideoStay.ID>(), "")
        var knowsServers = false
        while true {
            if let reason = look.over {
                sink.put(EventBatch([.over(reason)]))
                if !look.isOpen { try? await platform.close(meeting, of: look.room.meeting.organization) }
                return
            }
            var batch = EventBatch()
            if look.mine.isIn, !knowsServers {
                batch.add(ServerSentEvent(event: "servers", data: json(look.servers(platform.world.video))))
                knowsServers = true
            }
            let room = look.shown
            if room != shown { batch.add(ServerSentEvent(event: "room", data: room)) }
            shown = room
            for signal in look.signals { batch.add(.signal(signal)) }
            sequence = look.signals.last?.sequence ?? sequence
            noted.formUnion(look.people.map(\.id))
            guard sink.put(batch), await wakes.next() != nil else { return }
            do {
                look = try await platform.read(as: credential) { [sequence, noted] db in
                    try Look(meeting, stay, after: sequence, noted: noted, db)
                }
            } catch is Problem {
                sink.put(EventBatch([.over(.removed)]))
                return
            } catch {
                // The browser comes again.
                return
            }
        }
    }
}

extension VideoFeed.Look {
    /// Why there is nothing more for its reader; nil while there is.
    fileprivate var over: VideoStay.Ending? {
        mine.ending ?? (!isOpen ? .ended : mine.ifStill(at: now) == nil ? .lost : nil)
    }

    /// Who is there, as the reader's page shows it.
    fileprivate var shown: String {
        func list(_ people: [VideoStay]) -> [ShownRoom.Person] {
            people.map { ShownRoom.Person(id: $0.id.text, name: $0.name, leads: $0.leads) }
        }
        return json(
            ShownRoom(
                isIn: mine.isIn, people: list(people.filter { $0.isIn }),
                // Those at the door are for whoever lets them in.
                waiting: room.leads ? list(people.filter { $0.enteredAt == nil }) : [], letsIn: room.letsIn))
    }

    /// What the browser needs to reach the others.
    fileprivate func servers(_ video: VideoServers) -> ShownServers {
        var servers = video.finders.isEmpty ? [] : [ShownServers.Server(urls: video.finders)]
        if let relay = video.relay {
            let until = room.closesAt.adding(minutes: VideoRoom.minutesAround)
            let (username, credential) = relay.credentials(for: mine.id.text, until: until)
            servers.append(.init(urls: relay.addresses, username: username, credential: credential))
        }
        return ShownServers(iceServers: servers, iceTransportPolicy: room.relay.isOn ? "relay" : "all")
    }
}

private struct ShownRoom: Encodable {
    struct Person: Encodable {
        let id: String
        let name: String
        let leads: Bool
    }

    let isIn: Bool
    let people: [Person]
    let waiting: [Person]
    let letsIn: Bool
}

/// An `RTCConfiguration`.
private struct ShownServers: Encodable {
    struct Server: Encodable {
        let urls: [String]
        var username: String?
        var credential: String?
    }

    let iceServers: [Server]
    let iceTransportPolicy: String
}

extension ServerSentEvent {
    fileprivate static func signal(_ signal: VideoSignal) -> ServerSentEvent {
        ServerSentEvent(
            id: "\(signal.sequence)", event: signal.text == nil ? "mute" : "signal",
            data: json(["from": signal.sender.text, "text": signal.text]))
    }

    fileprivate static func over(_ reason: VideoStay.Ending) -> ServerSentEvent {
        ServerSentEvent(event: "over", data: json(["reason": reason.rawValue]))
    }
}

private func json(_ value: some Encodable) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
}
