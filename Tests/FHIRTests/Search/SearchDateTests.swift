import FHIR
import Foundation
import Testing

@Suite("Dates in searches")
struct SearchDateTests {
    /// The resource holds 2026-11-21 as a whole day.
    @Test(
        "A prefix says how the spans shall lie",
        arguments: [
            ("2026-11-21", true), ("2026-11", true), ("2026", true), ("2026-11-20", false),
            ("2026-11-21T10:00:00Z", false),
            ("ne2026-11-21", false), ("ne2026-11-20", true), ("ne2026-11-21T10:00:00Z", true),
            ("gt2026-11-20", true), ("gt2026-11-21", false), ("gt2026-11-21T10:00:00Z", true), ("gt2026", false),
            ("lt2026-11-22", true), ("lt2026-11-21", false), ("lt2026-11-21T10:00:00Z", true),
            ("ge2026-11-21", true), ("ge2026-11-22", false), ("ge2026", true),
            ("le2026-11-21", true), ("le2026-11-20", false), ("le2026", true),
            ("sa2026-11-20", true), ("sa2026-11-21", false), ("sa2026-11-21T10:00:00Z", false),
            ("eb2026-11-22", true), ("eb2026-11-21", false),
            ("ap2026-11-21", true), ("ap2026-11-20", true), ("ap2020", false)
        ])
    func prefixes(_ text: String, _ fits: Bool) throws {
        let day = try #require(FHIRDate("2026-11-21")).interval()
        let now = try Date("2026-12-21T00:00:00Z", strategy: .iso8601)
        #expect(try #require(SearchDate(text)).matches(day, now: now) == fits)
    }

    @Test("A span without an end lasts into the future")
    func openEnd() throws {
        let span = try #require(FHIRDate("2020")).start()..<Date.distantFuture
        let now = Date(timeIntervalSince1970: 0)
        #expect(try #require(SearchDate("gt2026")).matches(span, now: now))
        #expect(try #require(SearchDate("lt2026")).matches(span, now: now))
        #expect(try #require(SearchDate("sa2026")).matches(span, now: now) == false)
        #expect(try #require(SearchDate("2026")).matches(span, now: now) == false)
    }

    @Test("A plus sign that arrives as a space is taken for what it was")
    func unescapedPlus() throws {
        let date = try #require(SearchDate("ge2026-11-21T09:30:00 01:00"))
        #expect(date.prefix == .greaterOrEqual && date.date.offset == 60)
    }

    @Test(
        "Other prefixes and other dates are refused", arguments: ["", "ge", "g2026", "GE2026", "2026-13", "≥2026", "eq"]
    )
    func refused(_ text: String) {
        #expect(SearchDate(text) == nil)
    }
}
