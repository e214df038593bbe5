import Storage

/// On which side of 18 somebody counts. Kith asks for the year of birth and not for the day, so a whole year passes
/// before it knows that somebody is 18: until it ends they count as under age.
package enum AgeBand: String, Sendable, CaseIterable {
    case minor, adult
    /// Nobody said when they were born. Toward people who are under age they count as an adult of whom nobody has made
    /// sure of anything, and never as under age.
    case unknown

    package static let adultAge = 18

    /// - Parameter year: that of the moment, by ``Instant/countedDay``.
    package init(birthYear: Int?, in year: Int) {
        self =
            switch birthYear {
            case nil: .unknown
            case let born? where year - born <= Self.adultAge: .minor
            default: .adult
            }
    }

    /// The same as a condition on a column with a year of birth: whether they are under age. Never NULL.
    package static func isMinor(_ birthYear: SQL, on day: Day) -> SQL {
        "coalesce(\(birthYear) >= \(day.parts.year - adultAge), FALSE)"
    }
}

extension Instant {
    /// The day by which ages and clearances count: that of UTC, so that it is the same for whoever asks.
    package var countedDay: Day { LocalClock(zone: "UTC").day(of: self) }
}
