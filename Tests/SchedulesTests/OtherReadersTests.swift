import Foundation
import Schedules
import Testing

/// What is written here, read by Python's libraries for calendars: they must find the very moments that we do.
@Suite("Calendars as others read them", .timeLimit(.minutes(35)))
struct OtherReadersTests {
    private struct Case: Encodable {
        let calendar: String
        let from: Int
        let until: Int
        let zone: String
    }

    private static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path

    /// Python may take less than ten seconds for all of it, so what it says is small enough for a pipe read after.
    private func read(_ cases: [Case]) throws -> [[[Int]]] {
        let process = Process()
        let (input, output) = (Pipe(), Pipe())
        process.executableURL = URL(fileURLWithPath: Self.repository + "/.venv/bin/python")
        process.arguments = ["\(Self.repository)/Tests/SchedulesTests/expand.py"]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        try input.fileHandleForWriting.write(contentsOf: JSONEncoder().encode(cases))
        try input.fileHandleForWriting.close()
        let said = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return try JSONDecoder().decode([[[Double]]].self, from: said).map { $0.map { $0.map(Int.init) } }
    }

    private struct Plan {
        let entry: CalendarEntry
        let expected: [[Int]]
    }

    /// Ten years in a zone, with times left out, moved and called off.
    private func plan(in zone: String, _ range: Range<Date>, _ dice: inout Dice) throws -> Plan {
        let clock = try WallClock(zone)
        // Times of the day that clocks show on every day; what they do not show is decided in RecurrenceTests.
        let minute = Int.random(in: 16..<96, using: &dice) * 15
        let first = clock.reading(at: range.lowerBound + Double.random(in: 0..<86_400 * 300, using: &dice))
        let start = try WallTime(day: first.day, second: minute * 60)
        let end: Recurrence.End =
            switch Int.random(in: 0..<3, using: &dice) {
            case 0: .never
            case 1: .count(Int.random(in: 10...200, using: &dice))
            default: .until(day: start.day + Int.random(in: 500...4_000, using: &dice))
            }
        let recurrence = try Recurrence(
            .random(&dice), every: Int.random(in: 1...3, using: &dice), from: start, in: clock, end: end)
        var times = recurrence.occurrences(in: range, limit: 5_000)
        var entry = CalendarEntry(
            "a@b.example", changed: range.lowerBound, every: recurrence, minutes: 60, title: "A; b, c")
        for _ in 0..<min(6, times.count / 2) {
            let index = Int.random(in: 0..<times.count, using: &dice)
            let time = times.remove(at: index)
            switch Int.random(in: 0..<3, using: &dice) {
            case 0: entry.excluded.append(time.planned)
            case 1:
                entry.moved.append(.init(planned: time.planned, start: time.planned, minutes: 60, isCanceled: true))
            default:
                let later = clock.reading(at: time.start + 3_600 * 26)
                entry.moved.append(.init(planned: time.planned, start: later, minutes: 45))
            }
        }
        var expected = times.map { [Int($0.start.timeIntervalSince1970), 60] }
        for moved in entry.moved where !moved.isCanceled {
            let start = clock.instant(of: moved.start)
            if range.contains(start) { expected.append([Int(start.timeIntervalSince1970), 45]) }
        }
        expected.sort { $0[0] < $1[0] || $0[0] == $1[0] && $0[1] < $1[1] }
        return Plan(entry: entry, expected: expected)
    }

    private func cases(_ plans: [Plan], _ range: Range<Date>, zone: String, change: (String) -> String = { $0 })
        -> [Case]
    {
        plans.map { plan in
            let file = CalendarFile(.publish, by: "-//E//E//EN", through: range.upperBound + 86_400, [plan.entry])
            return Case(
                calendar: change(file.text), from: Int(range.lowerBound.timeIntervalSince1970),
                until: Int(range.upperBound.timeIntervalSince1970), zone: zone)
        }
    }

    @Test("Ten years in twenty time zones, the same moments", arguments: ["own", "public"])
    func same(zone: String) throws {
        var dice = Dice(state: 3)
        let range = try at("2019-01-01T00:00:00Z")..<at("2029-01-01T00:00:00Z")
        let plans = try Zones.all.flatMap { name in try (0..<4).map { _ in try plan(in: name, range, &dice) } }
        let theirs = try read(cases(plans, range, zone: zone))
        #expect(theirs.count == plans.count)
        for (plan, theirs) in zip(plans, theirs) {
            #expect(
                plan.expected == theirs,
                "\(plan.entry.recurrence?.rule ?? "") from \(plan.entry.start.compact) in \(plan.entry.clock.name)")
        }
        #expect(plans.reduce(0) { $0 + $1.expected.count } > 10_000)
    }

    @Test("A zone that is off by an hour in one half of the year is noticed")
    func planted() throws {
        var dice = Dice(state: 4)
        let range = try at("2019-01-01T00:00:00Z")..<at("2029-01-01T00:00:00Z")
        let plan = try plan(in: "Europe/Berlin", range, &dice)
        let wrong = cases([plan], range, zone: "own") { $0.replacing("TZOFFSETTO:+0200", with: "TZOFFSETTO:+0100") }
        let right = cases([plan], range, zone: "own")
        let theirs = try read(wrong + right)
        #expect(theirs[1] == plan.expected)
        #expect(theirs[0] != plan.expected && theirs[0].count == plan.expected.count)
        #expect(Set(zip(theirs[0], plan.expected).map { $0[0] - $1[0] }) == [0, 3_600])
    }
}
