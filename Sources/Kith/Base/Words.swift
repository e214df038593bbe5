import Web

/// Text for one reader: in their language, with times in their organization's zone, said in words.
package struct Words: Sendable {
    package let strings: Strings
    package let now: Instant
    package let clock: LocalClock

    package init(_ strings: Strings, zone: String, now: Instant) {
        self.strings = strings
        self.now = now
        clock = LocalClock(zone: zone)
    }

    package func callAsFunction(_ key: String, _ arguments: [String: String] = [:]) -> String {
        strings(key, arguments)
    }

    package func callAsFunction(_ key: String, count: Int, _ arguments: [String: String] = [:]) -> String {
        strings(key, count: count, arguments)
    }

    /// The calendar day of a moment, where the reader is.
    package func day(of instant: Instant) -> Day { clock.day(of: instant) }

    /// “Tuesday, November 24”; the year only when it is another one.
    package func day(_ instant: Instant) -> String { day(clock.day(of: instant)) }

    package func day(_ day: Day) -> String { self.day(day, withYear: false) }

    /// “Tuesday, November 24, 2026”: for paper, which is read next year as well.
    package func dayAndYear(_ instant: Instant) -> String { day(clock.day(of: instant), withYear: true) }

    private func day(_ day: Day, withYear always: Bool) -> String {
        let (year, month, number) = day.parts
        let arguments = [
            "weekday": strings("dates.weekday.\(day.weekday)"), "day": String(number),
            "month": strings("dates.month.\(month)"), "year": String(year)
        ]
        return strings(
            !always && year == self.day(of: now).parts.year ? "dates.day" : "dates.day-and-year", arguments)
    }

    /// “2:30 pm”, or as the language has it.
    package func time(_ instant: Instant) -> String { time(ofDay: clock.reading(at: instant).minutes) }

    /// The same of minutes after midnight, wherever that is.
    package func time(ofDay minutes: Int) -> String {
        let (hour, minute) = (minutes / 60, minutes % 60)
        let padded = minute < 10 ? "0\(minute)" : "\(minute)"
        return strings(
            hour < 12 ? "dates.time.morning" : "dates.time.afternoon",
            ["hour12": String(hour % 12 == 0 ? 12 : hour % 12), "hour24": String(hour), "minute": padded])
    }

    /// “Today at 2:30 pm”, “Tomorrow …”, “Yesterday …”, else the day in words.
    package func dayAndTime(_ instant: Instant) -> String {
        let distance = day(of: instant).daysSince1970 - day(of: now).daysSince1970
        let time = time(instant)
        switch distance {
        case 0: return strings("dates.today-at", ["time": time])
        case 1: return strings("dates.tomorrow-at", ["time": time])
        case -1: return strings("dates.yesterday-at", ["time": time])
        default: return strings("dates.day-at", ["day": day(instant), "time": time])
        }
    }

    /// “just now”, “20 minutes ago”, “3 days ago”.
    package func ago(_ instant: Instant) -> String {
        let minutes = max(0, now.minutes(since: instant))
        if minutes < 2 { return strings("dates.just-now") }
        return strings("dates.ago", ["span": span(minutes)])
    }

    /// “in 4 hours”, or “late by 2 days” when it is past.
    package func due(_ instant: Instant) -> String {
        let minutes = instant.minutes(since: now)
        return minutes >= 0
            ? strings("dates.due-in", ["span": span(max(1, minutes))])
            : strings("dates.late-by", ["span": span(max(1, -minutes))])
    }

    /// “20 minutes”, “4 hours”, “3 days”: the largest unit that fits at least once, days from 48 hours on.
    package func span(_ minutes: Int) -> String {
        if minutes < 60 { return strings("dates.minutes", count: minutes) }
        if minutes < 48 * 60 { return strings("dates.hours", count: minutes / 60) }
        return strings("dates.days", count: minutes / (24 * 60))
    }

    /// A moment from a date and a time of day in the reader's zone; see ``LocalClock/instant(_:hour:minute:)``.
    package func instant(_ day: Day, hour: Int, minute: Int) -> Instant {
        clock.instant(day, hour: hour, minute: minute)
    }
}
