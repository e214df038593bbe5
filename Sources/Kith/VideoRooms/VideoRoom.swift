import Storage

/// The room of a group's meeting: up to eight people see and hear each other, browser to browser. Nothing of what they
/// say or show passes through Kith; it only helps them find each other, and decides who may come in.
package struct VideoRoom: Sendable {
    /// More would be too much for a phone: each browser sends to every other one.
    package static let places = 8
    /// So long before its meeting it opens, and so long after it closes by itself.
    package static let minutesAround = 15
    /// How often a browser says that it is still there.
    static let pulseSeconds = 15
    /// After how long without a word somebody counts as gone.
    static let patienceSeconds = 60
    /// How long what browsers say to each other is kept for one that was cut off for a moment.
    static let signalSeconds = 120

    package let meeting: Meeting
    package let group: Group
    /// Whether the person asking runs the meeting: they come in by themselves, let others in, and end it.
    package let leads: Bool
    /// Where seats are limited, whether the person asking has one.
    package let isSeated: Bool
    /// Whether nobody has to wait at the door.
    package let letsIn: Bool
    package let hasEnded: Bool
    package let relay: RelayRule
    /// What the room's signals are sealed with, wrapped; nil before anybody came, and once it has ended.
    let key: String?

    /// Whether people can be in it.
    package enum Hours: Sendable, Equatable {
        case early(Instant)
        case open
        case over
    }

    package func hours(at now: Instant) -> Hours {
        guard meeting.isComing || meeting.state == .running, meeting.meetsInKith(in: group) else { return .over }
        let opens = meeting.startsAt.adding(minutes: -Self.minutesAround)
        if now >= closesAt { return .over }
        return now >= opens || meeting.state == .running ? .open : .early(opens)
    }

    /// When it closes, whoever is still there.
    package var closesAt: Instant { meeting.endsAt.adding(minutes: Self.minutesAround) }
}

/// Whether somebody's browser may be reached through the relay only, so that nobody learns its address.
package struct RelayRule: Sendable, Equatable {
    package var house = false
    package var group = false
    package var person = false
    /// Whether there is a relay at all.
    package var isThere = false

    package var isOn: Bool { house || group || person }
    /// It is asked for and cannot be had: better no room than an address given away.
    package var isMissing: Bool { isOn && !isThere }
}

/// Somebody at the door of a room, or in it: from when they come until they leave.
package struct VideoStay: Named {
    package enum Ending: String, Sendable, SQLConvertible, SQLDecodable {
        case left
        /// Somebody who runs the meeting, or that they are no longer in the group.
        case removed
        /// They came again, in another window.
        case elsewhere
        /// Nothing was heard of their browser any more.
        case lost
        /// The meeting ended for all.
        case ended
    }

    package let id: ID
    package let person: Person.ID
    /// What they go by: their nickname in the group, or the name of whoever leads.
    package let name: String
    package let leads: Bool
    package let enteredAt: Instant?
    /// When their browser was heard last.
    package let seenAt: Instant
    package let leftAt: Instant?
    package let ending: Ending?

    package var isIn: Bool { enteredAt != nil && leftAt == nil }

    /// nil when nothing was heard of their browser for too long.
    func ifStill(at now: Instant) -> VideoStay? {
        seenAt > now.adding(seconds: -VideoRoom.patienceSeconds) ? self : nil
    }

    init(row: Row) throws {
        id = try row["id"]
        person = try row["person_id"]
        name = try row["name"]
        leads = try row["leads"]
        enteredAt = try row["entered_at"]
        seenAt = try row["seen_at"]
        leftAt = try row["left_at"]
        ending = try row["ending"]
    }
}

extension EventKind {
    /// Somebody is at the door.
    package static let videoCame = EventKind("video.came")
    package static let videoEntered = EventKind("video.entered")
    /// Details: `ending`.
    package static let videoLeft = EventKind("video.left")
    /// Somebody was asked to turn their microphone off.
    package static let videoMuted = EventKind("video.muted")
    /// Details: `open`, whether nobody has to wait at the door.
    package static let videoDoor = EventKind("video.door")
    package static let videoEnded = EventKind("video.ended")
    /// Details: `on`, `for`.
    package static let videoRelaySet = EventKind("video.relay-set")
}
