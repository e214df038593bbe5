package import Foundation

extension Recurrence {
    /// The value of RRULE in RFC 5545 (3.3.10), as `FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;COUNT=10`. With `start` and
    /// `clock` it says everything, so it is also how a recurrence is kept.
    package var rule: String {
        var parts: [String]
        switch pattern {
        case .daily: parts = ["FREQ=DAILY"]
        case .weekly: parts = ["FREQ=WEEKLY"]
        case .monthly: parts = ["FREQ=MONTHLY"]
        }
        if interval > 1 { parts.append("INTERVAL=\(interval)") }
        switch pattern {
        case .daily: break
        case .weekly(let weekdays):
            let codes = weekdays.sorted { $0.rawValue < $1.rawValue }.map(\.code)
            parts.append("BYDAY=" + codes.joined(separator: ","))
            // Every other week counts from the week of the first time, so it matters where a week begins.
            if interval > 1 { parts.append("WKST=MO") }
        case .monthly(.day(let day)): parts.append("BYMONTHDAY=\(day)")
        case .monthly(.lastDay): parts.append("BYMONTHDAY=-1")
        case .monthly(.nth(let nth, let weekday)): parts.append("BYDAY=\(nth)\(weekday.code)")
        case .monthly(.last(let weekday)): parts.append("BYDAY=-1\(weekday.code)")
        }
        switch end {
        case .never: break
        case .count(let count): parts.append("COUNT=\(count)")
        case .until(let day):
            // In UTC, as RFC 5545 asks for where the start has a time zone; the last moment of the day.
            let last = clock.instant(of: WallTime(known: day, second: 86_399))
            parts.append("UNTIL=" + WallTime(utc: last).compact + "Z")
        }
        return parts.joined(separator: ";")
    }

    /// Reads what `rule` writes, and no more of RFC 5545.
    package init(rule: String, from start: WallTime, in clock: WallClock) throws(RecurrenceError) {
        guard rule.utf8.count <= 200 else { throw .unreadableRule }
        var parts: [Substring: Substring] = [:]
        for part in rule.split(separator: ";", omittingEmptySubsequences: false) {
            let sides = part.split(separator: "=", omittingEmptySubsequences: false)
            guard sides.count == 2, parts.updateValue(sides[1], forKey: sides[0]) == nil else { throw .unreadableRule }
        }
        let frequency = parts.removeValue(forKey: "FREQ")
        let interval = try Self.number(parts.removeValue(forKey: "INTERVAL")) ?? 1
        let count = try Self.number(parts.removeValue(forKey: "COUNT"))
        let until = parts.removeValue(forKey: "UNTIL")
        let (days, monthDay) = (parts.removeValue(forKey: "BYDAY"), parts.removeValue(forKey: "BYMONTHDAY"))
        let weekStart = parts.removeValue(forKey: "WKST")
        guard parts.isEmpty, weekStart ?? "MO" == "MO", count == nil || until == nil else { throw .unreadableRule }

        var end = End.never
        if let count { end = .count(count) }
        if let until { end = .until(day: try Self.lastDay(until, on: clock)) }
        let pattern: Pattern
        switch (frequency, days, monthDay) {
        case ("DAILY", nil, nil): pattern = .daily
        case ("WEEKLY", let days?, nil): pattern = .weekly(try Self.weekdays(days))
        case ("MONTHLY", let days?, nil): pattern = .monthly(try Self.nth(days))
        case ("MONTHLY", nil, "-1"): pattern = .monthly(.lastDay)
        case ("MONTHLY", nil, let day?): pattern = .monthly(.day(try Self.number(day) ?? 0))
        default: throw .unreadableRule
        }
        try self.init(pattern, every: interval, from: start, in: clock, end: end)
    }

    private static func number(_ text: Substring?) throws(RecurrenceError) -> Int? {
        guard let text else { return nil }
        guard (1...5).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let number = Int(text)
        else { throw .unreadableRule }
        return number
    }

    private static func weekdays(_ text: Substring) throws(RecurrenceError) -> Set<Weekday> {
        var weekdays: Set<Weekday> = []
        for code in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let weekday = Weekday(code: code), weekdays.insert(weekday).inserted else { throw .unreadableRule }
        }
        return weekdays
    }

    private static func nth(_ text: Substring) throws(RecurrenceError) -> MonthDay {
        guard let weekday = Weekday(code: text.suffix(2)) else { throw .unreadableRule }
        let nth = text.dropLast(2)
        return nth == "-1" ? .last(weekday) : .nth(try number(nth) ?? 0, weekday)
    }

    private static func lastDay(_ text: Substring, on clock: WallClock) throws(RecurrenceError) -> Int {
        guard text.last == "Z", let last = WallTime(compact: text.dropLast()) else { throw .unreadableRule }
        return clock.reading(at: Date(timeIntervalSince1970: TimeInterval(last.seconds))).day
    }
}

extension Recurrence.Weekday {
    /// As in RFC 5545.
    var code: String { ["MO", "TU", "WE", "TH", "FR", "SA", "SU"][rawValue] }

    init?(code: Substring) {
        guard let weekday = Self.allCases.first(where: { $0.code == code }) else { return nil }
        self = weekday
    }
}

extension WallTime {
    /// What a clock in Greenwich shows that is never put forward.
    package init(utc instant: Date) {
        let seconds = WallClock.clamped(instant)
        self.init(known: seconds / 86_400, second: seconds % 86_400)
    }

    /// `20261127T180000`, as RFC 5545 has it.
    package var compact: String {
        let (year, month, day) = date
        let time = (second / 3_600 * 100 + second / 60 % 60) * 100 + second % 60
        return Self.padded(year * 10_000 + month * 100 + day, 8) + "T" + Self.padded(time, 6)
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }

    /// Reads `compact`.
    package init?(compact text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard bytes.count == 15, bytes[8] == UInt8(ascii: "T") else { return nil }
        func number(_ range: Range<Int>) -> Int {
            bytes[range].reduce(0) { (0x30...0x39).contains($1) && $0 >= 0 ? $0 * 10 + Int($1) - 0x30 : -1 }
        }
        guard (0..<60).contains(number(13..<15)),
            let minute = try? WallTime(
                number(0..<4), number(4..<6), number(6..<8), hour: number(9..<11), minute: number(11..<13))
        else { return nil }
        self.init(known: minute.day, second: minute.second + number(13..<15))
    }
}
