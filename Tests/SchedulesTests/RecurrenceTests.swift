import Foundation
import Schedules
import Testing

@Suite("Recurrences")
struct RecurrenceTests {
    private func recurrence(
        _ pattern: Recurrence.Pattern, every interval: Int = 1, from: (Int, Int, Int), at time: (Int, Int) = (18, 0),
        in zone: String = "America/New_York", end: Recurrence.End = .never
    ) throws -> Recurrence {
        let start = try WallTime(from.0, from.1, from.2, hour: time.0, minute: time.1)
        return try Recurrence(pattern, every: interval, from: start, in: WallClock(zone), end: end)
    }

    private func days(_ recurrence: Recurrence, _ limit: Int) -> [String] {
        recurrence.occurrences(in: .distantPast..<Date.distantFuture, limit: limit).map {
            String($0.planned.compact.prefix(8))
        }
    }

    @Test("What is at 18:00 stays at 18:00 when the clocks change")
    func clocks() throws {
        let weekly = try recurrence(.weekly([.thursday]), from: (2026, 10, 22))
        #expect(
            starts(weekly, try at("2026-10-01T00:00:00Z")..<at("2026-11-20T00:00:00Z")) == [
                "2026-10-22T22:00:00Z", "2026-10-29T22:00:00Z", "2026-11-05T23:00:00Z", "2026-11-12T23:00:00Z",
                "2026-11-19T23:00:00Z"
            ])
    }

    @Test("A time that clocks never show is as much later as they were put forward")
    func gap() throws {
        let daily = try recurrence(.daily, from: (2027, 3, 13), at: (2, 30), end: .count(3))
        #expect(
            starts(daily, .distantPast..<Date.distantFuture) == [
                "2027-03-13T07:30:00Z", "2027-03-14T07:30:00Z", "2027-03-15T06:30:00Z"
            ])
        // In Cairo clocks go from 0:00 to 1:00, so half past midnight is the time that is missing.
        let cairo = try recurrence(
            .weekly([.friday]), from: (2026, 4, 17), at: (0, 30), in: "Africa/Cairo", end: .count(3))
        #expect(
            starts(cairo, .distantPast..<Date.distantFuture) == [
                "2026-04-16T22:30:00Z", "2026-04-23T22:30:00Z", "2026-04-30T21:30:00Z"
            ])
    }

    @Test("A time that clocks show twice is the first")
    func fold() throws {
        let daily = try recurrence(.daily, from: (2026, 10, 31), at: (1, 30), end: .count(3))
        #expect(
            starts(daily, .distantPast..<Date.distantFuture) == [
                "2026-10-31T05:30:00Z", "2026-11-01T05:30:00Z", "2026-11-02T06:30:00Z"
            ])
        // Half an hour on Lord Howe Island: 1:45 comes twice.
        let island = try recurrence(
            .daily, from: (2026, 4, 4), at: (1, 45), in: "Australia/Lord_Howe", end: .count(3))
        #expect(
            starts(island, .distantPast..<Date.distantFuture) == [
                "2026-04-03T14:45:00Z", "2026-04-04T14:45:00Z", "2026-04-05T15:15:00Z"
            ])
    }

    @Test("A day that a country left out falls together with the next")
    func missingDay() throws {
        let samoa = try recurrence(.daily, from: (2011, 12, 29), in: "Pacific/Apia", end: .count(4))
        #expect(
            starts(samoa, .distantPast..<Date.distantFuture) == [
                "2011-12-30T04:00:00Z", "2011-12-31T04:00:00Z", "2012-01-01T04:00:00Z"
            ])
    }

    @Test("The first time is the first day of the pattern, and from there weeks are counted")
    func first() throws {
        // 1 November 2026 is a Sunday, in the week before.
        let other = try recurrence(.weekly([.tuesday, .friday]), every: 2, from: (2026, 11, 1))
        #expect(days(other, 5) == ["20261103", "20261106", "20261117", "20261120", "20261201"])
        let midweek = try recurrence(.weekly([.tuesday, .friday]), every: 2, from: (2026, 11, 4))
        #expect(days(midweek, 4) == ["20261106", "20261117", "20261120", "20261201"])
    }

    @Test("Months: a day, the last day, the n-th and the last weekday")
    func months() throws {
        #expect(
            days(try recurrence(.monthly(.day(31)), from: (2026, 1, 1)), 4)
                == ["20260131", "20260331", "20260531", "20260731"])
        #expect(
            days(try recurrence(.monthly(.lastDay), from: (2028, 1, 31)), 3) == ["20280131", "20280229", "20280331"])
        #expect(
            days(try recurrence(.monthly(.nth(5, .friday)), from: (2026, 1, 1)), 3)
                == ["20260130", "20260529", "20260731"])
        #expect(
            days(try recurrence(.monthly(.last(.wednesday)), every: 3, from: (2026, 11, 26)), 3)
                == ["20261230", "20270331", "20270630"])
    }

    @Test("It ends after so many times, whichever range is asked for, or with the last day")
    func end() throws {
        let counted = try recurrence(.weekly([.monday]), from: (2026, 11, 2), end: .count(3))
        #expect(
            starts(counted, try at("2026-11-10T00:00:00Z")..<at("2030-01-01T00:00:00Z")) == ["2026-11-16T23:00:00Z"])
        #expect(counted.next(from: try at("2026-11-16T23:00:01Z")) == nil)
        let last = try WallTime(2026, 11, 16, hour: 0, minute: 0).day
        let dated = try recurrence(.weekly([.monday]), from: (2026, 11, 2), end: .until(day: last))
        #expect(days(dated, 9) == ["20261102", "20261109", "20261116"])
        #expect(dated.contains(try WallTime(2026, 11, 16, hour: 18, minute: 0)))
        #expect(!dated.contains(try WallTime(2026, 11, 16, hour: 18, minute: 30)))
        #expect(!dated.contains(try WallTime(2026, 11, 23, hour: 18, minute: 0)))
    }

    @Test("Bad input is refused, each with its reason")
    func refused() throws {
        #expect(throws: RecurrenceError.interval) { try recurrence(.daily, every: 0, from: (2026, 1, 1)) }
        #expect(throws: RecurrenceError.interval) { try recurrence(.daily, every: .max, from: (2026, 1, 1)) }
        #expect(throws: RecurrenceError.noWeekday) { try recurrence(.weekly([]), from: (2026, 1, 1)) }
        #expect(throws: RecurrenceError.dayOfMonth) { try recurrence(.monthly(.day(0)), from: (2026, 1, 1)) }
        #expect(throws: RecurrenceError.dayOfMonth) {
            try recurrence(.monthly(.nth(.min, .friday)), from: (2026, 1, 1))
        }
        #expect(throws: RecurrenceError.count) { try recurrence(.daily, from: (2026, 1, 1), end: .count(0)) }
        #expect(throws: RecurrenceError.endsBeforeItStarts) {
            try recurrence(.daily, from: (2026, 1, 1), end: .until(day: 20_000))
        }
        #expect(throws: RecurrenceError.neverOccurs) { try recurrence(.monthly(.day(5)), from: (2199, 12, 6)) }
        #expect(throws: RecurrenceError.dateOutOfRange) { try recurrence(.daily, from: (2026, 2, 30)) }
        #expect(throws: RecurrenceError.dateOutOfRange) { try recurrence(.daily, from: (.max, 1, 1)) }
        #expect(throws: RecurrenceError.dateOutOfRange) { try recurrence(.daily, from: (2026, .min, 1)) }
        for zone in ["", "Mars/Olympus", "EST", "GMT+3", String(repeating: "A/", count: 100_000)] {
            #expect(throws: RecurrenceError.unknownTimeZone) { try WallClock(zone) }
        }
    }

    @Test("Whatever the range, the work is bounded")
    func bounded() throws {
        let ranges = [
            Date.distantPast..<Date.distantFuture,
            Date(timeIntervalSince1970: -.infinity)..<Date(timeIntervalSince1970: .infinity),
            Date(
                timeIntervalSince1970: -.greatestFiniteMagnitude)..<Date(
                    timeIntervalSince1970: .greatestFiniteMagnitude)
        ]
        let daily = try recurrence(.daily, from: (1970, 1, 1))
        let rare = try recurrence(.monthly(.day(31)), every: 99, from: (1970, 1, 1), end: .count(10_000))
        let time = ContinuousClock().measure {
            for range in ranges {
                #expect(daily.occurrences(in: range, limit: .max).count == 84_006)
                #expect(rare.occurrences(in: range, limit: .max).count < 30)
                #expect(daily.occurrences(in: range, limit: 0).isEmpty)
                #expect(daily.occurrences(in: range, limit: .min).isEmpty)
            }
        }
        #expect(time < .seconds(20))
        let far = ContinuousClock().measure { _ = daily.next(from: Date(timeIntervalSince1970: 7e9)) }
        #expect(far < .milliseconds(50))
    }
}
