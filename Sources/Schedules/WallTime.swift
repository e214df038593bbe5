/// A date and a time of day as calendars and clocks on the wall show them, wherever that is.
package struct WallTime: Hashable, Comparable, Sendable {
    /// Days after 1970-01-01, in the Gregorian calendar.
    package let day: Int
    /// Seconds after midnight.
    package let second: Int

    /// The years that are reckoned with: 1970 to 2199. They bound the work of every recurrence.
    package static let days = daysSince1970(1970, 1, 1)...daysSince1970(2199, 12, 31)

    /// - Throws: `dateOutOfRange` for a day outside `days` and for a time of day that no clock shows.
    package init(day: Int, second: Int) throws(RecurrenceError) {
        guard Self.days.contains(day), (0..<86_400).contains(second) else { throw .dateOutOfRange }
        (self.day, self.second) = (day, second)
    }

    /// - Throws: `dateOutOfRange` also for a day that the calendar does not have, as 30 February.
    package init(_ year: Int, _ month: Int, _ day: Int, hour: Int, minute: Int) throws(RecurrenceError) {
        guard (1970...2199).contains(year), (1...12).contains(month),
            (1...Self.length(ofMonth: year * 12 + month - 1)).contains(day),
            (0..<24).contains(hour), (0..<60).contains(minute)
        else { throw .dateOutOfRange }
        try self.init(day: Self.daysSince1970(year, month, day), second: hour * 3_600 + minute * 60)
    }

    /// For what is known to be right, and for the two days around the years reckoned with.
    init(known day: Int, second: Int) {
        (self.day, self.second) = (day, second)
    }

    package static func < (one: WallTime, other: WallTime) -> Bool {
        (one.day, one.second) < (other.day, other.second)
    }

    /// Seconds after 1970-01-01 00:00 on the same wall.
    var seconds: Int { day * 86_400 + second }

    package var date: (year: Int, month: Int, day: Int) {
        // Howard Hinnant, “chrono-Compatible Low-Level Date Algorithms”, civil_from_days; the year begins in March.
        let shifted = day + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * dayOfYear + 2) / 153
        let isAfterNewYear = month >= 10
        return (
            yearOfEra + era * 400 + (isAfterNewYear ? 1 : 0), isAfterNewYear ? month - 9 : month + 3,
            dayOfYear - (153 * month + 2) / 5 + 1
        )
    }

    /// 0 is Monday.
    package var weekday: Int { (((day + 3) % 7) + 7) % 7 }

    /// Howard Hinnant, days_from_civil.
    static func daysSince1970(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// - Parameter month: months after January of the year 0.
    static func firstDay(ofMonth month: Int) -> Int { daysSince1970(month / 12, month % 12 + 1, 1) }

    static func length(ofMonth month: Int) -> Int { firstDay(ofMonth: month + 1) - firstDay(ofMonth: month) }
}
