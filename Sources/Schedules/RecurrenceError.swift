/// What is wrong with a recurrence that somebody asked for.
package enum RecurrenceError: Error, Hashable, Sendable {
    /// A day outside 1970 to 2199, a day that the calendar does not have, or a time that no clock shows.
    case dateOutOfRange
    case unknownTimeZone
    /// Not within `Recurrence.intervals`.
    case interval
    /// A weekly pattern without a day.
    case noWeekday
    /// Not 1 to 31, or not first to fifth.
    case dayOfMonth
    /// Not within `Recurrence.counts`.
    case count
    case endsBeforeItStarts
    /// The pattern has no day before the year 2200.
    case neverOccurs
    /// A text that is no rule, or one with parts that are not known here.
    case unreadableRule
}
