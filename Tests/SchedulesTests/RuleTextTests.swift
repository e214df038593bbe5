import Foundation
import Schedules
import Testing

@Suite("Rules as text")
struct RuleTextTests {
    @Test("A rule is written as RFC 5545 has it")
    func written() throws {
        let start = try WallTime(2026, 11, 2, hour: 18, minute: 0)
        let clock = try WallClock("America/New_York")
        let every = try Recurrence(.weekly([.thursday, .monday]), every: 2, from: start, in: clock, end: .count(10))
        #expect(every.rule == "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;WKST=MO;COUNT=10")
        let until = try Recurrence(.monthly(.nth(2, .monday)), from: start, in: clock, end: .until(day: start.day + 60))
        #expect(until.rule == "FREQ=MONTHLY;BYDAY=2MO;UNTIL=20270102T045959Z")
    }

    @Test("What was written is read as the same recurrence")
    func again() throws {
        var dice = Dice(state: 7)
        for _ in 0..<2_000 {
            let start = WallTime(utc: Date(timeIntervalSince1970: Double.random(in: 1e9...3e9, using: &dice)))
            let end: Recurrence.End =
                switch Int.random(in: 0..<3, using: &dice) {
                case 0: .never
                case 1: .count(Int.random(in: 1...500, using: &dice))
                default: .until(day: start.day + Int.random(in: 3_000...9_000, using: &dice))
                }
            let clock = try WallClock(Zones.all.randomElement(using: &dice) ?? "UTC")
            let interval = Int.random(in: 1...5, using: &dice)
            let one = try Recurrence(.random(&dice), every: interval, from: start, in: clock, end: end)
            #expect(try Recurrence(rule: one.rule, from: one.start, in: one.clock) == one)
        }
    }

    @Test(
        "A text that is no rule, or asks for more than is known, is refused",
        arguments: [
            "", ";", "FREQ", "FREQ=", "FREQ=HOURLY", "FREQ=DAILY;FREQ=DAILY", "FREQ=DAILY;BYHOUR=3",
            "FREQ=DAILY;COUNT=",
            "FREQ=DAILY;COUNT=99999999999999999999", "FREQ=DAILY;COUNT=-1", "FREQ=DAILY;INTERVAL=٣", "FREQ=WEEKLY",
            "FREQ=WEEKLY;BYDAY=MO,MO", "FREQ=WEEKLY;BYDAY=XX", "FREQ=WEEKLY;BYDAY=MO;WKST=SU",
            "FREQ=MONTHLY;BYDAY=-2MO",
            "FREQ=MONTHLY;BYDAY=1MO;BYMONTHDAY=3", "FREQ=DAILY;UNTIL=20260101", "FREQ=DAILY;UNTIL=20269901T000000Z",
            "FREQ=DAILY;UNTIL=2026010🕐T00000Z", "FREQ=DAILY;COUNT=3;UNTIL=20290101T000000Z",
            "FREQ=DAILY;" + String(repeating: "A=1;", count: 100_000)
        ])
    func refused(text: String) throws {
        let start = try WallTime(2026, 11, 2, hour: 18, minute: 0)
        #expect(throws: RecurrenceError.unreadableRule) {
            try Recurrence(rule: text, from: start, in: WallClock("America/New_York"))
        }
    }
}
