import Foundation
import Schedules
import Testing

@Suite("Calendars")
struct CalendarFileTests {
    private func entry() throws -> CalendarEntry {
        let start = try WallTime(2026, 11, 3, hour: 18, minute: 0)
        let weekly = try Recurrence(
            .weekly([.tuesday]), from: start, in: WallClock("America/New_York"), end: .count(4))
        return CalendarEntry(
            "a1@support.example", sequence: 2, changed: try at("2026-10-01T12:00:00Z"), every: weekly, minutes: 90,
            title: "Appointment")
    }

    private func file(_ entry: CalendarEntry, _ method: CalendarFile.Method = .publish) throws -> CalendarFile {
        CalendarFile(method, by: "-//Example//Calendar//EN", through: try at("2027-06-01T00:00:00Z"), [entry])
    }

    @Test("A calendar says what takes place, in which zone, and what was changed")
    func whole() throws {
        var entry = try entry()
        entry.excluded = [try WallTime(2026, 11, 10, hour: 18, minute: 0)]
        entry.moved = [
            .init(
                planned: try WallTime(2026, 11, 17, hour: 18, minute: 0),
                start: try WallTime(2026, 11, 18, hour: 17, minute: 30), minutes: 60)
        ]
        let lines = try file(entry).text.components(separatedBy: "\r\n")
        for line in [
            "METHOD:PUBLISH", "TZID:America/New_York", "UID:a1@support.example", "SEQUENCE:2",
            "DTSTAMP:20261001T120000Z", "DTSTART;TZID=America/New_York:20261103T180000", "DURATION:PT90M",
            "RRULE:FREQ=WEEKLY;BYDAY=TU;COUNT=4", "EXDATE;TZID=America/New_York:20261110T180000",
            "RECURRENCE-ID;TZID=America/New_York:20261117T180000", "DTSTART;TZID=America/New_York:20261118T173000",
            "RDATE:20261101T020000", "RDATE:20270314T020000", "STATUS:CONFIRMED"
        ] { #expect(lines.contains(line), "\(line)") }
    }

    @Test("What was called off says so, and a mail that calls off asks for it")
    func canceled() throws {
        var entry = try entry()
        let mail = try file(entry, .cancel).text
        #expect(mail.contains("METHOD:CANCEL\r\n") && mail.contains("STATUS:CANCELLED\r\n"))
        entry.isCanceled = true
        let feed = try file(entry).text
        #expect(feed.contains("METHOD:PUBLISH\r\n") && feed.contains("STATUS:CANCELLED\r\n"))
    }

    @Test("No text begins a line of its own, whatever it holds, and no line has more than 75 bytes")
    func hostile() throws {
        var entry = try entry()
        let text = "Tea; coffee, cake\\\r\nBEGIN:VALARM\nX:\u{2028}Y\u{0}\u{7}🕯️" + String(repeating: "ünï🧑‍🤝‍🧑", count: 40)
        (entry.title, entry.place, entry.note) = (text, text, text)
        entry.organizer = ("A\"; X=\"b\r\nB", "a@example.org\r\nX-EVIL:1")
        entry.attendee = "b@example.org\nX-EVIL:1"
        entry.link = "https://example.org/a\r\nX-EVIL:1"
        let written = try file(entry, .request).text
        let lines = written.components(separatedBy: "\r\n")
        #expect(lines.allSatisfy { $0.utf8.count <= 75 && !$0.contains("\n") && !$0.contains("\r") })
        #expect(written.hasSuffix("END:VCALENDAR\r\n"))
        let unfolded = written.replacing("\r\n ", with: "")
        let names = unfolded.split(separator: "\r\n").map { $0.prefix { $0.isLetter || $0 == "-" } }
        #expect(!names.contains("X-EVIL") && !names.contains("X") && !unfolded.contains("\r\nBEGIN:VALARM"))
        #expect(unfolded.contains("SUMMARY:Tea\\; coffee\\, cake\\\\\\nBEGIN:VALARM\\nX:\\nY🕯️ünï"))
    }

    @Test("Every change of the clocks that comes is told, and none that is not", arguments: Zones.all)
    func transitions(zone: String) throws {
        let clock = try WallClock(zone)
        let start = clock.reading(at: try at("2019-06-01T12:00:00Z"))
        let entry = CalendarEntry(
            "a@b", changed: try at("2026-10-01T12:00:00Z"), at: start, in: clock, minutes: 60, title: "A")
        let end = try at("2031-06-01T00:00:00Z")
        let text = CalendarFile(.publish, by: "-//E//E//EN", through: end, [entry]).text
        // Looked for by the hour, not with Foundation's list of changes.
        var expected = 0
        var moment = try at("2018-05-01T00:00:00Z")
        while moment < end {
            if clock.zone.secondsFromGMT(for: moment) != clock.zone.secondsFromGMT(for: moment + 1_800) {
                expected += 1
            }
            moment += 1_800
        }
        let told = text.matches(of: /\r\n(RDATE|DTSTART):[0-9T]+/).count - 1
        #expect(told == expected)
    }
}
