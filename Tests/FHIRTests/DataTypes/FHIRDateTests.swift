import FHIR
import Foundation
import Testing

@Suite("FHIR dates")
struct FHIRDateTests {
    @Test(
        "The forms of the specification are accepted by the types that have them",
        arguments: [
            ("1988", [FHIRDate.Form.date, .dateTime, .search]),
            ("1988-03", [.date, .dateTime, .search]),
            ("1988-03-12", [.date, .dateTime, .search]),
            ("2024-02-29", [.date, .dateTime, .search]),
            ("2026-11-21T09:30:00Z", [.dateTime, .instant, .search]),
            ("2026-11-21T09:30:00.123456789Z", [.dateTime, .instant, .search]),
            ("2026-11-21T09:30:00+14:00", [.dateTime, .instant, .search]),
            ("2016-12-31T23:59:60Z", [.dateTime, .instant, .search]),
            ("2026-11-21T09:30", [.search]),
            ("2026-11-21T09:30Z", [.search]),
            ("2026-11-21T09:30:00", [.search])
        ])
    func forms(_ text: String, _ accepted: [FHIRDate.Form]) {
        for form in [FHIRDate.Form.date, .dateTime, .instant, .search] {
            #expect((FHIRDate(text, as: form) != nil) == accepted.contains(form), "\(text) as \(form)")
        }
    }

    @Test(
        "Everything else is refused",
        arguments: [
            "", " ", "88", "19888", "0000", "1988-", "1988-3", "1988-13", "1988-00", "1988-03-00", "1988-03-32",
            "2023-02-29", "1900-02-29", "2024-04-31", "12/03/1988", "1988-03-12T", "2026-11-21T24:00:00Z",
            "2026-11-21T09:60:00Z", "2026-11-21T09:30:61Z", "2026-11-21T09:30:00.Z", "2026-11-21T09:30:00z",
            "2026-11-21 09:30:00Z", "2026-11-21T09:30:00+15:00", "2026-11-21T09:30:00+14:01",
            "2026-11-21T09:30:00+1:00",
            "2026-11-21T09:30:00Zx", "2026-11-21T9:30:00Z", "-1988", "１９８８", "1988-03-12Z"
        ])
    func refused(_ text: String) {
        for form in [FHIRDate.Form.date, .dateTime, .instant, .search] {
            #expect(FHIRDate(text, as: form) == nil, "as \(form)")
        }
    }

    @Test(
        "A value covers the span of its precision",
        arguments: [
            ("2024", "2024-01-01T00:00:00Z", "2025-01-01T00:00:00Z"),
            ("2024-02", "2024-02-01T00:00:00Z", "2024-03-01T00:00:00Z"),
            ("2023-12", "2023-12-01T00:00:00Z", "2024-01-01T00:00:00Z"),
            ("2024-12-31", "2024-12-31T00:00:00Z", "2025-01-01T00:00:00Z"),
            ("2024-12-31T09:30:00Z", "2024-12-31T09:30:00Z", "2024-12-31T09:30:01Z"),
            ("2024-12-31T23:30:00-05:00", "2025-01-01T04:30:00Z", "2025-01-01T04:30:01Z")
        ])
    func spans(_ text: String, _ start: String, _ end: String) throws {
        let span = try #require(FHIRDate(text)).interval()
        #expect(span.lowerBound == (try Date(start, strategy: .iso8601)))
        #expect(span.upperBound == (try Date(end, strategy: .iso8601)))
    }

    @Test("A date without a time zone is taken in the zone that is asked for")
    func zones() throws {
        let date = try #require(FHIRDate("2026-11-21"))
        #expect(date.start(offset: -300) == (try Date("2026-11-21T05:00:00Z", strategy: .iso8601)))
        let instant = try #require(FHIRDate("2026-11-21T00:00:00Z"))
        #expect(instant.start(offset: -300) == instant.start())
    }

    @Test("Every day agrees with Foundation's calendar")
    func calendar() throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(secondsFromGMT: 0))
        var random = SeededRandom(seed: 1582)
        for _ in 0..<500 {
            // From 1600 on: Foundation changes to the Julian calendar before 1582, FHIR does not.
            let seconds = Double.random(in: -11_676_096_000...7_258_118_400, using: &random).rounded()
            let moment = Date(timeIntervalSince1970: seconds)
            let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute, .second], from: moment)
            let date = FHIRDate(instant: moment)
            #expect(date.year == parts.year && date.month == parts.month && date.day == parts.day, "seed 1582")
            #expect(date.hour == parts.hour && date.minute == parts.minute && date.second == parts.second)
            #expect(FHIRDate(date.text, as: .instant) == date)
            #expect(date.start() == moment)
        }
    }

    @Test("An instant is written in UTC to the millisecond, always with the same width")
    func writing() {
        #expect(FHIRDate(instant: Date(timeIntervalSince1970: 0)).text == "1970-01-01T00:00:00.000Z")
        #expect(FHIRDate(instant: Date(timeIntervalSince1970: 951_782_399.75)).text == "2000-02-28T23:59:59.750Z")
        #expect(FHIRDate(instant: .distantPast).text == "0001-01-01T00:00:00.000Z")
        #expect(FHIRDate(instant: Date(timeIntervalSince1970: 1e13)).text == "9999-12-31T23:59:59.999Z")
    }
}
