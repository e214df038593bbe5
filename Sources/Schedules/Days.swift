/// The days of a pattern, period by period: a period is a day, a week or a month, and every `interval`th counts.
struct Days {
    private let pattern: Recurrence.Pattern
    private let interval: Int
    /// The first day; the Monday of its week; months after January of the year 0.
    private let origin: Int

    init(_ pattern: Recurrence.Pattern, interval: Int, from start: Int) {
        (self.pattern, self.interval) = (pattern, interval)
        let wall = WallTime(known: start, second: 0)
        origin =
            switch pattern {
            case .daily: start
            case .weekly: start - wall.weekday
            case .monthly: wall.date.year * 12 + wall.date.month - 1
            }
    }

    func begin(of period: Int) -> Int {
        switch pattern {
        case .daily: origin + period * interval
        case .weekly: origin + period * interval * 7
        case .monthly: WallTime.firstDay(ofMonth: origin + period * interval)
        }
    }

    /// In order. Some may lie before the first day of the recurrence.
    func days(of period: Int) -> [Int] {
        let begin = begin(of: period)
        switch pattern {
        case .daily: return [begin]
        case .weekly(let weekdays): return weekdays.map { begin + $0.rawValue }.sorted()
        case .monthly(let monthDay):
            let length = WallTime.length(ofMonth: origin + period * interval)
            let first = WallTime(known: begin, second: 0).weekday
            let index =
                switch monthDay {
                case .day(let day): day - 1
                case .lastDay: length - 1
                case .nth(let nth, let weekday): (weekday.rawValue - first + 7) % 7 + (nth - 1) * 7
                case .last(let weekday): length - 1 - ((first + length - 1 - weekday.rawValue) % 7 + 7) % 7
                }
            return index < length ? [begin + index] : []
        }
    }

    /// A period that does not end after this day, at most a few before it.
    func period(near day: Int) -> Int {
        // No month is longer than 31 days, so this is never too late.
        switch pattern {
        case .daily: max(0, (day - begin(of: 0)) / interval - 1)
        case .weekly: max(0, (day - begin(of: 0)) / (7 * interval) - 1)
        case .monthly: max(0, (day - begin(of: 0)) / (31 * interval) - 1)
        }
    }

    /// The first day of the pattern that is not before this one.
    func first(from start: Int) -> Int? {
        var period = 0
        while begin(of: period) <= WallTime.days.upperBound {
            for day in days(of: period) where day >= start && day <= WallTime.days.upperBound { return day }
            period += 1
        }
        return nil
    }
}
