import Testing
import Web

@Suite("Calendar dates")
struct CalendarDateTests {
    @Test(
        "Days that exist are read and written alike",
        arguments: ["2026-11-21", "2024-02-29", "2000-02-29", "0001-01-01", "9999-12-31"])
    func real(text: String) {
        #expect(CalendarDate(text)?.description == text)
    }

    @Test(
        "Days that do not exist and other ways of writing are refused",
        arguments: [
            "2023-02-29", "1900-02-29", "2026-13-01", "2026-00-10", "2026-04-31", "2026-01-00", "0000-01-01", "26-1-1",
            "2026-1-1",
            "2026/01/01", "2026-01-01T00", "+026-01-01", "2026-01-١١", "", "--", "-2026-01-01"
        ])
    func unreal(text: String) {
        #expect(CalendarDate(text) == nil)
    }

    @Test("A year has 365 days, a leap year one more", arguments: [(2023, 365), (2024, 366), (1900, 365), (2000, 366)])
    func years(year: Int, days: Int) {
        let existing = (0...13).flatMap { month in
            (0...32).compactMap { CalendarDate(year: year, month: month, day: $0) }
        }
        #expect(existing.count == days)
    }
}
