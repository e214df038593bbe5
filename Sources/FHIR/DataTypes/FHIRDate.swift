package import Foundation

/// A FHIR date, dateTime or instant: as precise as it was written, and no more.
///
/// "1988", "1988-03" and "1988-03-12" are three different statements, and a year is no midnight of January 1st.
/// So a value is kept as written, and compared as the span of time it covers (``interval(offset:)``).
package struct FHIRDate: Hashable, Sendable {
    /// How much of a moment is known, from least to most.
    package enum Precision: Int, Sendable, Comparable {
        case year, month, day, minute, second

        package static func < (left: Precision, right: Precision) -> Bool { left.rawValue < right.rawValue }
    }

    /// The value as written.
    package let text: String
    package let precision: Precision
    package let year: Int
    /// 1 where the precision is a year.
    package let month: Int
    /// 1 where the precision is a month or a year.
    package let day: Int
    /// 0 where no time is written, as are the parts that follow.
    package let hour: Int
    package let minute: Int
    /// 0 to 60: FHIR allows leap seconds.
    package let second: Int
    /// The digits after the point of the seconds, as nanoseconds.
    package let nanosecond: Int
    /// How many digits follow the point of the seconds. More than nine are allowed, though only nine are kept.
    package let fractionDigits: Int
    /// The time zone in minutes east of UTC; nil where none is written, as in every date without a time.
    package let offset: Int?

    /// Which of FHIR's primitive types allow which forms.
    package enum Form: Sendable {
        /// YYYY, YYYY-MM or YYYY-MM-DD.
        case date
        /// A date, or a date and time to the second with a time zone.
        case dateTime
        /// A date and time to the second with a time zone.
        case instant
        /// What a search allows: also a time to the minute, and a time without a zone.
        case search
    }

    /// Nil where the text does not have the form, or names a day that no calendar has.
    package init?(_ text: String, as form: Form = .dateTime) {
        var scanner = DigitScanner(text)
        guard let year = scanner.digits(4), year > 0 else { return nil }
        var (precision, month, day) = (Precision.year, 1, 1)
        if scanner.take("-") {
            guard let value = scanner.digits(2), 1...12 ~= value else { return nil }
            (precision, month) = (.month, value)
            if scanner.take("-") {
                guard let value = scanner.digits(2), 1...Self.days(in: month, of: year) ~= value else { return nil }
                (precision, day) = (.day, value)
            }
        }
        var (time, offset) = (ScannedTime(), Int?.none)
        if precision == .day, scanner.take("T") {
            guard form != .date, let value = scanner.time(secondsRequired: form != .search) else { return nil }
            (time, precision) = (value, value.hasSeconds ? .second : .minute)
            switch scanner.offset() {
            case .written(let minutes): offset = minutes
            case .absent where form == .search: break
            case .absent, .malformed: return nil
            }
        }
        guard scanner.isAtEnd, form != .instant || precision == .second else { return nil }
        self.text = text
        self.precision = precision
        (self.year, self.month, self.day) = (year, month, day)
        (hour, minute, second) = (time.hour, time.minute, time.second)
        (nanosecond, fractionDigits) = (time.nanosecond, time.fractionDigits)
        self.offset = offset
    }

    /// The span of time the value covers: `1988` the whole year, `09:30:00Z` one second, `09:30:00.5Z` a tenth.
    /// - Parameter offset: the time zone for a value without one, in minutes east of UTC.
    package func interval(offset assumed: Int = 0) -> Range<Date> {
        let start = self.start(offset: assumed)
        return start..<end(from: start, offset: assumed)
    }

    /// The first moment the value covers. See ``interval(offset:)``.
    package func start(offset assumed: Int = 0) -> Date {
        let days = Self.daysSince1970(year, month, day)
        let minutes = (days * 24 + hour) * 60 + minute - (offset ?? assumed)
        return Date(timeIntervalSince1970: Double(minutes * 60 + second) + Double(nanosecond) / 1_000_000_000)
    }

    private func end(from start: Date, offset assumed: Int) -> Date {
        func day(_ year: Int, _ month: Int) -> Date {
            let minutes = Self.daysSince1970(year, month, 1) * 24 * 60 - assumed
            return Date(timeIntervalSince1970: Double(minutes * 60))
        }
        switch precision {
        case .year: return day(year + 1, 1)
        case .month: return month == 12 ? day(year + 1, 1) : day(year, month + 1)
        case .day: return start + 86_400
        case .minute: return start + 60
        case .second: return start + pow(10, -Double(min(fractionDigits, 6)))
        }
    }
}

extension FHIRDate {
    /// The instant of a moment, in UTC to the millisecond, for years 1 to 9999; moments outside are drawn in.
    package init(instant moment: Date) {
        let bounds = Self.earliest.timeIntervalSince1970...Self.latest.timeIntervalSince1970
        let seconds = min(max(moment.timeIntervalSince1970, bounds.lowerBound), bounds.upperBound)
        let milliseconds = Int((seconds * 1000).rounded(.down))
        let (days, inDay) = Self.divide(milliseconds, by: 86_400_000)
        (year, month, day) = Self.civil(daysSince1970: days)
        (hour, minute) = (inDay / 3_600_000, inDay / 60_000 % 60)
        (second, nanosecond) = (inDay / 1000 % 60, inDay % 1000 * 1_000_000)
        (precision, fractionDigits, offset) = (.second, 3, 0)
        func padded(_ value: Int, _ width: Int) -> String {
            let digits = String(value)
            return String(repeating: "0", count: width - digits.count) + digits
        }
        let date = "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
        let time = "\(padded(hour, 2)):\(padded(minute, 2)):\(padded(second, 2)).\(padded(inDay % 1000, 3))"
        text = "\(date)T\(time)Z"
    }

    private static let earliest = Date(timeIntervalSince1970: Double(daysSince1970(1, 1, 1) * 86_400))
    private static let latest = Date(timeIntervalSince1970: Double(daysSince1970(10_000, 1, 1) * 86_400) - 0.001)

    static func days(in month: Int, of year: Int) -> Int {
        switch month {
        case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Days in the proleptic Gregorian calendar. Years are counted from March, so that the leap day ends a year.
    private static func daysSince1970(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let marchYear = month > 2 ? year : year - 1
        let (era, yearOfEra) = divide(marchYear, by: 400)
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// The inverse of ``daysSince1970(_:_:_:)``.
    private static func civil(daysSince1970 days: Int) -> (year: Int, month: Int, day: Int) {
        let (era, dayOfEra) = divide(days + 719_468, by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
    }

    private static func divide(_ value: Int, by divisor: Int) -> (quotient: Int, remainder: Int) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
