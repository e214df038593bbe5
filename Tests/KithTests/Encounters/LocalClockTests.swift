import Kith
import Testing

@Suite("Clocks on the wall")
struct LocalClockTests {
    private let newYork = LocalClock(zone: "America/New_York")

    private func day(_ text: String) throws -> Day { try #require(Day(text)) }

    @Test("A time is the moment at which clocks show it, summer and winter")
    func plain() throws {
        #expect(newYork.instant(try day("2026-03-02"), hour: 9, minute: 30) == Instant("2026-03-02T14:30:00Z"))
        #expect(newYork.instant(try day("2026-07-01"), hour: 9, minute: 30) == Instant("2026-07-01T13:30:00Z"))
        let kathmandu = LocalClock(zone: "Asia/Kathmandu")
        #expect(kathmandu.start(of: try day("2026-03-02")) == Instant("2026-03-01T18:15:00Z"))
    }

    @Test("A time that is skipped is as much later as the clocks jump")
    func skipped() throws {
        #expect(newYork.instant(try day("2026-03-08"), hour: 2, minute: 30) == Instant("2026-03-08T07:30:00Z"))
        #expect(newYork.instant(try day("2026-03-08"), hour: 1, minute: 59) == Instant("2026-03-08T06:59:00Z"))
        #expect(newYork.instant(try day("2026-03-08"), hour: 3, minute: 0) == Instant("2026-03-08T07:00:00Z"))
    }

    @Test("A time that comes twice is the first of the two")
    func twice() throws {
        #expect(newYork.instant(try day("2026-11-01"), hour: 1, minute: 30) == Instant("2026-11-01T05:30:00Z"))
        #expect(newYork.instant(try day("2026-11-01"), hour: 2, minute: 0) == Instant("2026-11-01T07:00:00Z"))
    }

    @Test(
        "Reading the clock gives back what was set, all year",
        arguments: [
            "America/New_York", "Europe/London", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Kiritimati", "UTC"
        ])
    func roundTrip(zone: String) throws {
        let clock = LocalClock(zone: zone)
        let first = try day("2026-01-01")
        for offset in 0..<365 {
            for hour in [0, 5, 12, 23] {  // no zone here jumps at these hours
                let set = first.adding(days: offset)
                let reading = clock.reading(at: clock.instant(set, hour: hour, minute: 15))
                #expect(reading.day == set && reading.minutes == hour * 60 + 15)
            }
        }
    }

    @Test(
        "Times of day are read as people type them",
        arguments: [
            ("14:30", "14:30"), ("9:05", "09:05"), ("2:30 pm", "14:30"), ("12:00 AM", "00:00"), ("12:15 p.m.", "12:15")
        ])
    func typed(text: String, shown: String) {
        #expect(TimeOfDay(text)?.description == shown)
    }

    @Test(
        "What is no time is refused",
        arguments: ["", "24:00", "7", "14.30", "13:00 pm", "0:10 am", "1:60", "aa:bb", "1:5"])
    func refused(text: String) {
        #expect(TimeOfDay(text) == nil)
    }
}
