/// A day of the week, Monday first as in ISO 8601.
package enum Weekday: Int, CaseIterable, Sendable {
    case monday, tuesday, wednesday, thursday, friday, saturday, sunday
}

/// The hours of a week somebody is free: 168 bits, bit 0 is Monday 0:00 to 1:00.
///
/// Both sides of a comparison must use the same clock; translate time zones before.
package struct WeekHours: Hashable, Sendable {
    private var early: UInt64 = 0
    private var middle: UInt64 = 0
    private var late: UInt64 = 0

    /// No hour at all.
    package init() {}

    /// Every hour of the week. For a person who stated no limit.
    package static let always: WeekHours = {
        var week = WeekHours()
        for day in Weekday.allCases {
            week.insert(day, minutes: 0..<1440)
        }
        return week
    }()

    /// Adds the whole hours within `minutes` since midnight; what lies outside the day is ignored.
    ///
    /// Part of an hour does not count, so that a common hour is always sixty minutes in which both are free.
    /// A stretch over midnight is two calls.
    package mutating func insert(_ day: Weekday, minutes: Range<Int>) {
        let minutes = minutes.clamped(to: 0..<1440)
        let first = (minutes.lowerBound + 59) / 60
        let end = minutes.upperBound / 60
        guard first < end else { return }
        for hour in first..<end {
            set(day.rawValue * 24 + hour)
        }
    }

    package var isEmpty: Bool { early | middle | late == 0 }

    package var count: Int { early.nonzeroBitCount + middle.nonzeroBitCount + late.nonzeroBitCount }

    /// The free hours in order, each as a day and the hour (0..<24) it begins at.
    package var hours: [(day: Weekday, hour: Int)] {
        Weekday.allCases.flatMap { day in
            (0..<24).filter { contains(day, hour: $0) }.map { (day, $0) }
        }
    }

    package func contains(_ day: Weekday, hour: Int) -> Bool {
        guard (0..<24).contains(hour) else { return false }
        let index = day.rawValue * 24 + hour
        let word = index < 64 ? early : index < 128 ? middle : late
        return word & Self.bit(index) != 0
    }

    package func intersection(_ other: WeekHours) -> WeekHours {
        var shared = WeekHours()
        shared.early = early & other.early
        shared.middle = middle & other.middle
        shared.late = late & other.late
        return shared
    }

    package func union(_ other: WeekHours) -> WeekHours {
        var all = WeekHours()
        all.early = early | other.early
        all.middle = middle | other.middle
        all.late = late | other.late
        return all
    }

    private mutating func set(_ index: Int) {
        switch index {
        case ..<64: early |= Self.bit(index)
        case ..<128: middle |= Self.bit(index)
        default: late |= Self.bit(index)
        }
    }

    private static func bit(_ index: Int) -> UInt64 { 1 &<< UInt64(truncatingIfNeeded: index % 64) }
}
