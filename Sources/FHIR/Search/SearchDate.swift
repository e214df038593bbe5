package import Foundation

/// A date with a prefix: `ge2026-11-01`. http://hl7.org/fhir/R4/search.html#date
package struct SearchDate: Hashable, Sendable {
    /// How the resource's span of time shall lie to that of the search.
    package enum Prefix: String, Sendable, CaseIterable {
        case equal = "eq"
        case notEqual = "ne"
        case greater = "gt"
        case less = "lt"
        case greaterOrEqual = "ge"
        case lessOrEqual = "le"
        case startsAfter = "sa"
        case endsBefore = "eb"
        case approximately = "ap"
    }

    package let prefix: Prefix
    package let date: FHIRDate

    package init(_ prefix: Prefix, _ date: FHIRDate) {
        self.prefix = prefix
        self.date = date
    }

    /// Reads `2026`, `ge2026-11-21` or `lt2026-11-21T09:30:00Z`; nil for anything else.
    package init?(_ text: String) {
        let prefix = text.first?.isLetter == true ? Prefix(rawValue: String(text.prefix(2))) : .equal
        let rest = text.first?.isLetter == true ? String(text.dropFirst(2)) : text
        // In a query, a plus sign that was not escaped arrives as a space: 09:30:00+01:00 as 09:30:00 01:00.
        guard let prefix, let date = FHIRDate(rest.replacing(" ", with: "+"), as: .search) else { return nil }
        self.init(prefix, date)
    }

    /// Whether a span of time fits. Both the search and the resource are spans: `2026` is a year, and an element
    /// with a start and no end lasts to the distant future.
    /// - Parameters:
    ///   - offset: the time zone for a search without one, in minutes east of UTC.
    ///   - now: what "approximately" is measured from: a tenth of the time between now and then.
    package func matches(_ span: Range<Date>, offset: Int = 0, now: Date) -> Bool {
        let asked = date.interval(offset: offset)
        let isWithin = asked.lowerBound <= span.lowerBound && span.upperBound <= asked.upperBound
        return switch prefix {
        case .equal: isWithin
        case .notEqual: !isWithin
        case .greater: span.upperBound > asked.upperBound
        case .less: span.lowerBound < asked.lowerBound
        case .greaterOrEqual: isWithin || span.upperBound > asked.upperBound
        case .lessOrEqual: isWithin || span.lowerBound < asked.lowerBound
        case .startsAfter: span.lowerBound >= asked.upperBound
        case .endsBefore: span.upperBound <= asked.lowerBound
        case .approximately: Self.widened(asked, seenFrom: now).overlaps(span)
        }
    }

    private static func widened(_ span: Range<Date>, seenFrom now: Date) -> Range<Date> {
        let distance = max(abs(span.lowerBound.timeIntervalSince(now)), abs(span.upperBound.timeIntervalSince(now)))
        return span.lowerBound - distance / 10..<span.upperBound + distance / 10
    }
}
