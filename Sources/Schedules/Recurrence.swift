package import Foundation

/// When something takes place again and again: a pattern of days, a time of day, and a place whose clocks count.
///
/// Days are reckoned without a time zone, and each is then looked up on the wall, so what is at 18:00 stays at 18:00 when
/// the clocks change. This type asks Foundation for time zones only: its `Calendar.RecurrenceRule` (6.3) agrees by day,
/// week and day of the month, but is a week or more off with n-th weekdays where local and UTC days differ, and counts
/// `afterOccurrences` anew for each range it is asked for. The tests hold both.
package struct Recurrence: Hashable, Sendable {
    package enum Weekday: Int, CaseIterable, Sendable {
        case monday, tuesday, wednesday, thursday, friday, saturday, sunday
    }

    package enum Pattern: Hashable, Sendable {
        case daily
        /// Weeks begin on Monday.
        case weekly(Set<Weekday>)
        case monthly(MonthDay)
    }

    package enum MonthDay: Hashable, Sendable {
        /// 1 to 31; a month without this day is left out.
        case day(Int)
        case lastDay
        /// The first (1) to fifth; a month without a fifth is left out.
        case nth(Int, Weekday)
        case last(Weekday)
    }

    package enum End: Hashable, Sendable {
        case never
        /// After so many times, the first one included.
        case count(Int)
        /// The last day it may take place on, as days after 1970-01-01.
        case until(day: Int)
    }

    package let pattern: Pattern
    /// Every day, week or month is 1, every other one 2.
    package let interval: Int
    /// The first time: the first day of the pattern that is not before what was given.
    package let start: WallTime
    package let clock: WallClock
    package let end: End

    package static let intervals = 1...99
    package static let counts = 1...10_000

    /// - Parameter start: the first day that counts, and the time of day. It need not be a day of the pattern.
    package init(
        _ pattern: Pattern, every interval: Int = 1, from start: WallTime, in clock: WallClock, end: End = .never
    ) throws(RecurrenceError) {
        guard Self.intervals.contains(interval) else { throw .interval }
        try Self.check(pattern)
        (self.pattern, self.interval, self.clock, self.end) = (pattern, interval, clock, end)
        // Every other week counts from the first time, not from the day somebody had in mind.
        guard let day = Days(pattern, interval: 1, from: start.day).first(from: start.day) else { throw .neverOccurs }
        self.start = WallTime(known: day, second: start.second)
        switch end {
        case .never: break
        case .count(let count): guard Self.counts.contains(count) else { throw .count }
        case .until(let last):
            guard WallTime.days.contains(last), last < WallTime.days.upperBound else { throw .dateOutOfRange }
            guard last >= day else { throw .endsBeforeItStarts }
        }
    }

    private static func check(_ pattern: Pattern) throws(RecurrenceError) {
        switch pattern {
        case .daily, .monthly(.lastDay), .monthly(.last): break
        case .weekly(let weekdays): guard !weekdays.isEmpty else { throw .noWeekday }
        case .monthly(.day(let day)): guard (1...31).contains(day) else { throw .dayOfMonth }
        case .monthly(.nth(let nth, _)): guard (1...5).contains(nth) else { throw .dayOfMonth }
        }
    }
}

/// One time of a recurrence.
package struct Occurrence: Hashable, Sendable {
    /// When it stands in the plan. It names this time for good, also when it is moved or left out.
    package let planned: WallTime
    /// The moment it begins.
    package let start: Date
}

extension Recurrence {
    /// The times that begin within a range, in order; at most `limit` of them.
    ///
    /// Two that fall on one moment, since a country left out a day, are one; both count against `count`. The work is
    /// bounded, whatever the range: there are 84,006 days in all.
    package func occurrences(in range: Range<Date>, limit: Int) -> [Occurrence] {
        guard limit > 0, !range.isEmpty else { return [] }
        var found: [Occurrence] = []
        var previous: Date?
        // A day early, for a time that the change of the clocks moved over midnight or by a whole day.
        forEachDay(from: clock.reading(at: range.lowerBound).day - 2) { day in
            let planned = WallTime(known: day, second: start.second)
            let instant = clock.instant(of: planned)
            guard instant < range.upperBound else { return false }
            if instant != previous, instant >= range.lowerBound {
                found.append(Occurrence(planned: planned, start: instant))
            }
            previous = instant
            return found.count < limit
        }
        return found
    }

    /// The first time that begins at or after a moment; nil when none does.
    package func next(from instant: Date) -> Occurrence? {
        occurrences(in: instant..<Date.distantFuture, limit: 1).first
    }

    /// Whether this is one of the planned times.
    package func contains(_ planned: WallTime) -> Bool {
        var isOne = false
        forEachDay(from: planned.day) { day in
            isOne = day == planned.day && planned.second == start.second
            return false
        }
        return isOne
    }

    /// Calls `body` with each day from a day on until it answers false.
    private func forEachDay(from first: Int, _ body: (Int) -> Bool) {
        let days = Days(pattern, interval: interval, from: start.day)
        var left = Int.max
        var last = WallTime.days.upperBound
        var period = days.period(near: first)
        switch end {
        case .never: break
        case .until(let day): last = day
        // What came before counts too.
        case .count(let count): (left, period) = (count, 0)
        }
        while true {
            for day in days.days(of: period) where day >= start.day {
                guard day <= last, left > 0 else { return }
                left -= 1
                if day >= first, !body(day) { return }
            }
            period += 1
            guard days.begin(of: period) <= last else { return }
        }
    }
}
