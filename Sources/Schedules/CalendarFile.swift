package import Foundation

/// A calendar as phones and mail programs read it: iCalendar (RFC 5545), and what it asks of them (RFC 5546).
package struct CalendarFile: Sendable, Hashable {
    package enum Method: String, Sendable {
        /// To look at.
        case publish = "PUBLISH"
        /// Somebody is asked to come, or it is at another time.
        case request = "REQUEST"
        case cancel = "CANCEL"
    }

    package var method: Method
    /// What wrote it, as `-//Example//Program//EN`.
    package var product: String
    /// What a subscribed calendar is called.
    package var name: String?
    /// After how many minutes a subscriber may look again.
    package var refreshMinutes: Int?
    package var entries: [CalendarEntry]
    /// Up to when changes of the clocks are told.
    package var through: Date

    package init(
        _ method: Method, by product: String, name: String? = nil, refreshMinutes: Int? = nil,
        through: Date, _ entries: [CalendarEntry]
    ) {
        self.method = method
        self.product = product
        self.name = name
        self.refreshMinutes = refreshMinutes
        self.entries = entries
        self.through = through
    }

    /// The whole file, in UTF-8: lines of at most 75 bytes, ended by CR LF.
    package var text: String {
        var lines = ContentLines()
        lines.add("BEGIN", "VCALENDAR")
        lines.add("VERSION", "2.0")
        lines.add("PRODID", escaping: product)
        lines.add("CALSCALE", "GREGORIAN")
        lines.add("METHOD", method.rawValue)
        if let name {
            lines.add("NAME", escaping: name)
            lines.add("X-WR-CALNAME", escaping: name)
        }
        if let refreshMinutes {
            lines.add("REFRESH-INTERVAL;VALUE=DURATION", "PT\(refreshMinutes)M")
            lines.add("X-PUBLISHED-TTL", "PT\(refreshMinutes)M")
        }
        for (clock, earliest) in clocks { lines.add(clock, from: earliest, through: through) }
        for entry in entries { entry.write(to: &lines, canceled: method == .cancel) }
        lines.add("END", "VCALENDAR")
        return lines.text
    }

    /// The time zones there are, each with the first moment it is needed for; in order of their names.
    private var clocks: [(WallClock, Date)] {
        var earliest: [WallClock: Date] = [:]
        for entry in entries where entry.clock.name != "UTC" {
            for wall in [entry.start] + entry.moved.flatMap({ [$0.planned, $0.start] }) {
                let instant = entry.clock.instant(of: wall)
                earliest[entry.clock] = min(earliest[entry.clock] ?? instant, instant)
            }
        }
        return earliest.sorted { $0.key.name < $1.key.name }.map { ($0.key, $0.value) }
    }
}

/// Something in a calendar that takes place once, or again and again.
package struct CalendarEntry: Sendable, Hashable {
    /// A single time of a recurrence that is not as planned.
    package struct Moved: Sendable, Hashable {
        package var planned: WallTime
        package var start: WallTime
        package var minutes: Int
        package var isCanceled: Bool

        package init(planned: WallTime, start: WallTime, minutes: Int, isCanceled: Bool = false) {
            self.planned = planned
            self.start = start
            self.minutes = minutes
            self.isCanceled = isCanceled
        }
    }

    /// The same for good, in the whole world, as `0195cf1e-…@support.example`.
    package var identifier: String
    /// Counts up with each change of time or place, so that a mail that comes late changes nothing back.
    package var sequence: Int
    /// When it was last changed.
    package var changed: Date
    package var start: WallTime
    package var clock: WallClock
    package var minutes: Int
    package var recurrence: Recurrence?
    /// Planned times that were called off and are no longer to be seen.
    package var excluded: [WallTime] = []
    package var moved: [Moved] = []
    package var title: String
    package var place: String?
    package var note: String?
    package var link: String?
    package var isCanceled = false
    /// Who asks, and who is asked: mail addresses. Needed where the method is not `publish`.
    package var organizer: (name: String, address: String)?
    package var attendee: String?

    package init(
        _ identifier: String, sequence: Int = 0, changed: Date, at start: WallTime, in clock: WallClock, minutes: Int,
        title: String
    ) {
        self.identifier = identifier
        self.sequence = sequence
        self.changed = changed
        self.start = start
        self.clock = clock
        self.minutes = minutes
        self.title = title
    }

    /// All times of a recurrence.
    package init(
        _ identifier: String, sequence: Int = 0, changed: Date, every recurrence: Recurrence, minutes: Int,
        title: String
    ) {
        self.init(
            identifier, sequence: sequence, changed: changed, at: recurrence.start, in: recurrence.clock,
            minutes: minutes, title: title)
        self.recurrence = recurrence
    }

    package static func == (one: CalendarEntry, other: CalendarEntry) -> Bool {
        var (first, second) = (ContentLines(), ContentLines())
        one.write(to: &first, canceled: false)
        other.write(to: &second, canceled: false)
        return first.text == second.text
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(identifier)
        hasher.combine(sequence)
    }

    func write(to lines: inout ContentLines, canceled: Bool) {
        begin(&lines, start, minutes, canceled: canceled || isCanceled)
        if let recurrence { lines.add("RRULE", recurrence.rule) }
        for planned in excluded.sorted() { lines.add("EXDATE", planned, clock) }
        lines.add("END", "VEVENT")
        for time in moved.sorted(by: { $0.planned < $1.planned }) {
            begin(&lines, time.start, time.minutes, canceled: canceled || isCanceled || time.isCanceled)
            lines.add("RECURRENCE-ID", time.planned, clock)
            lines.add("END", "VEVENT")
        }
    }

    private func begin(_ lines: inout ContentLines, _ start: WallTime, _ minutes: Int, canceled: Bool) {
        lines.add("BEGIN", "VEVENT")
        lines.add("UID", escaping: identifier)
        lines.add("SEQUENCE", "\(sequence)")
        lines.add("DTSTAMP", WallTime(utc: changed).compact + "Z")
        lines.add("DTSTART", start, clock)
        // Exactly so many minutes, also in the night in which the clocks change.
        lines.add("DURATION", "PT\(minutes)M")
        lines.add("SUMMARY", escaping: title)
        if let place { lines.add("LOCATION", escaping: place) }
        if let note { lines.add("DESCRIPTION", escaping: note) }
        if let link { lines.add("URL", link.filter { $0.isASCII && !$0.isWhitespace && !$0.isNewline }) }
        if let organizer {
            lines.add(
                "ORGANIZER;CN=\(ContentLines.quoted(organizer.name))", "mailto:" + ContentLines.plain(organizer.address)
            )
        }
        if let attendee {
            lines.add(
                "ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=FALSE",
                "mailto:" + ContentLines.plain(attendee))
        }
        lines.add("STATUS", canceled ? "CANCELLED" : "CONFIRMED")
        lines.add("TRANSP", canceled ? "TRANSPARENT" : "OPAQUE")
    }
}
