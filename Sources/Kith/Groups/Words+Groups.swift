import Schedules
import Web

extension Words {
    /// A time zone by its name: “Eastern time (New York)”.
    func zone(_ name: String) -> String {
        let key = "zones.\(name.split(separator: "/").last.map(String.init) ?? name)".lowercased()
            .replacing("_", with: "-")
        let known = self(key)
        return known == key ? name.replacing("_", with: " ") : known
    }

    /// The same words, telling times by the clocks of another zone.
    func told(in zone: String) -> Words { Words(strings, zone: zone, now: now) }

    /// “Every week on Tuesday, 6:30 pm to 7:30 pm, Eastern time (New York)”.
    func series(_ series: GroupSeries) -> String {
        let recurrence = series.recurrence
        let weekday = { (day: Recurrence.Weekday) in self("dates.weekday.\(day.rawValue)") }
        let days: String
        switch recurrence.pattern {
        case .daily: days = self("series.daily", count: recurrence.interval)
        case .weekly(let weekdays):
            let names = weekdays.sorted { $0.rawValue < $1.rawValue }.map(weekday)
            days = self("series.weekly", count: recurrence.interval, ["weekday": list(names)])
        case .monthly(.nth(let nth, let day)):
            days = self(
                "series.monthly", count: recurrence.interval,
                ["nth": self("series.nth.\(nth)"), "weekday": weekday(day)])
        case .monthly(.last(let day)):
            days = self(
                "series.monthly", count: recurrence.interval, ["nth": self("series.nth.last"), "weekday": weekday(day)])
        case .monthly(.day(let number)):
            days = self("series.monthly-day", count: recurrence.interval, ["day": "\(number)"])
        case .monthly(.lastDay): days = self("series.monthly-last-day", count: recurrence.interval)
        }
        let there = told(in: recurrence.clock.name)
        let start = there.instant(
            Day(daysSince1970: recurrence.start.day), hour: recurrence.start.second / 3_600,
            minute: recurrence.start.second / 60 % 60)
        return self(
            "series.said",
            [
                "days": days, "from": there.time(start), "to": there.time(start.adding(minutes: series.minutes)),
                "zone": zone(recurrence.clock.name)
            ])
    }

    /// “Tuesday, December 1 at 6:30 pm to 7:30 pm”
    func meeting(_ meeting: Meeting) -> String {
        self("meeting.said", ["start": dayAndTime(meeting.startsAt), "end": time(meeting.endsAt)])
    }
}
