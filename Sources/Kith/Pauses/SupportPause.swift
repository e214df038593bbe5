import Storage

/// That somebody who is supported takes a pause: their supporter keeps their place, nothing is planned with them, and
/// nobody asks why.
package struct SupportPause: Named {
    package let id: ID
    package let person: Person.ID
    package let since: Instant
    /// The day on which they are back, if they said; nil until they say so themselves.
    package let returnsOn: Day?

    package init(row: Row) throws {
        id = try row["id"]
        person = try row["person_id"]
        since = try row["since"]
        returnsOn = try row["returns_on"]
    }

    /// Reads the pause that stands in `pause_id`, `pause_since`, `pause_returns_on` beside something else; nil without one.
    init?(joined row: Row, of person: Person.ID) throws {
        guard let id: ID = try row["pause_id"] else { return nil }
        self.id = id
        self.person = person
        since = try row["pause_since"]
        returnsOn = try row["pause_returns_on"]
    }

    /// The furthest day of return; ours. Beyond that an end, with a new beginning whenever they like, is the better way.
    package static let mostDays = 365

    /// Whether a contact at that moment lies in the pause. On the day of return they are back, wherever that day begins
    /// first.
    package func covers(_ moment: Instant) -> Bool {
        guard moment >= since else { return false }
        return returnsOn.map { moment < Self.start(of: $0) } ?? true
    }

    /// Where the day begins first on earth.
    static func start(of day: Day) -> Instant { LocalClock(zone: "UTC").start(of: day).adding(hours: -14) }

    /// What others are told of it, with no reason.
    package func said(_ words: Words) -> String {
        returnsOn.map { words("support-pause.until", ["day": words.day($0)]) } ?? words("support-pause.open")
    }
}

extension EventKind {
    /// Somebody who is supported takes a pause.
    package static let supportPauseBegan = EventKind("support-pause.began")
    /// They are back. Details: `cause`: `own`, `day` where its day has come, `over` where nothing is left to pause.
    package static let supportPauseEnded = EventKind("support-pause.ended")
}
