import Storage

/// What may make Kith write to somebody by itself. What it writes never says more than that there is something new.
package enum Notice: String, Sendable, CaseIterable, SQLConvertible, SQLDecodable {
    /// Somebody wrote to them.
    case message
    /// A visit, call or group meeting is planned, at another time, or called off.
    case visit
    /// Who supports them, or whom they support, changes for a time.
    case support
    /// A seat in a group meeting, or a place in a group, has become theirs.
    case seat
    /// A group meeting is near, as long before as they chose, or the time has come that they set for a small step.
    case reminder
    /// To whoever referred: what became of it.
    case referral
    /// A supervisor opened their record, for a reason that they can read.
    case opening
    /// Asks, by text message alone, whether a planned contact suits, and whether it took place.
    case coming, met
    /// A way in, which somebody gave them.
    case invitation
    /// To whoever is on call: a concern waits for them.
    case concern
    /// The same, for practice.
    case drill

    /// Whether people choose to get it. A way in is asked for by somebody who is with them, and comes once; whoever is on
    /// call is called.
    package var isChosen: Bool { [.message, .visit, .support, .seat, .reminder, .referral, .opening].contains(self) }

    /// Whether it asks for an answer by text message: it goes where they chose to be told, or nowhere.
    package var isQuestion: Bool { self == .coming || self == .met }

    /// Whether it cannot wait for the hours in which somebody likes to be reached.
    package var isUrgent: Bool { self == .concern || self == .drill }
}

/// When and how somebody likes to be reached.
package struct ContactPreference: Sendable, Equatable {
    /// Where Kith says that there is something new.
    package enum Way: String, Sendable, CaseIterable, SQLConvertible, SQLDecodable {
        case email, text
        /// Nowhere: they look in by themselves.
        case none = "kith-only"

        package var channel: ContactChannel.Kind? {
            switch self {
            case .email: .email
            case .text: .text
            case .none: nil
            }
        }
    }

    /// nil until somebody chose: the first channel that may be used.
    package var way: Way?
    /// IANA name.
    package var timeZone: String
    package var hours: ContactHours
    package var unwanted: Set<Notice>

    package init(
        way: Way? = nil, timeZone: String, hours: ContactHours = .usual, unwanted: Set<Notice> = []
    ) {
        self.way = way
        self.timeZone = timeZone
        self.hours = hours
        self.unwanted = unwanted
    }
}

/// The hours of each day in which somebody may be reached, by the clock where they are.
package struct ContactHours: Sendable, Equatable {
    /// Minutes after midnight.
    package let from: Int
    /// Not reached any more from here on. Before `from` where the hours run over midnight.
    package let until: Int

    package static let usual = ContactHours(from: 9 * 60, until: 20 * 60)
    /// At any time.
    package static let always = ContactHours(from: 0, until: 24 * 60)

    package init(from: Int, until: Int) {
        self.from = from
        self.until = until
    }

    /// Whether they are open at this minute of the day.
    package func contain(_ minute: Int) -> Bool {
        from < until ? from <= minute && minute < until : from <= minute || minute < until
    }

    /// When they open next, from a moment at which they are closed. Where the clocks are turned it may be too early; whoever
    /// waits asks again then.
    package func opening(after moment: Instant, in zone: String) -> Instant {
        let clock = LocalClock(zone: zone)
        let (day, minutes) = clock.reading(at: moment)
        let next = minutes < from ? day : Day(daysSince1970: day.daysSince1970 + 1)
        let opening = clock.instant(next, hour: from / 60, minute: from % 60)
        return max(opening, moment.adding(minutes: 10))
    }
}

extension EventKind {
    /// When and how somebody may be reached was set. Details: `by`, “own” or “staff”.
    package static let contactPreferenceSet = EventKind("contact.preference-set")
    package static let neutralNamesSet = EventKind("contact.neutral-names-set")
}
