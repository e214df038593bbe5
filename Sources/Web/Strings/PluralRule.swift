/// The plural categories of the Unicode CLDR; their names are the suffixes of plural keys.
package enum PluralCategory: Int, Sendable, CaseIterable, CustomStringConvertible {
    case zero, one, two, few, many, other

    package var description: String {
        switch self {
        case .zero: "zero"
        case .one: "one"
        case .two: "two"
        case .few: "few"
        case .many: "many"
        case .other: "other"
        }
    }
}

/// Which plural form a language uses for a whole number (CLDR cardinal rules, integers only).
package struct PluralRule: Sendable {
    /// The categories the rule can answer; `other` is always among them.
    package let categories: [PluralCategory]
    private let category: @Sendable (Int) -> PluralCategory

    package init(categories: [PluralCategory], _ category: @escaping @Sendable (Int) -> PluralCategory) {
        (self.categories, self.category) = (categories, category)
    }

    package func callAsFunction(_ number: Int) -> PluralCategory { category(number) }

    package static let english = PluralRule(categories: [.one, .other]) { $0.magnitude == 1 ? .one : .other }

    /// Whole millions are `many` in Spanish ("un millón de"); a text without that form falls back to `other`.
    package static let spanish = PluralRule(categories: [.one, .many, .other]) { number in
        if number.magnitude == 1 { return .one }
        return number != 0 && number % 1_000_000 == 0 ? .many : .other
    }

    package static let arabic = PluralRule(categories: PluralCategory.allCases) { number in
        switch (number.magnitude, number.magnitude % 100) {
        case (0, _): .zero
        case (1, _): .one
        case (2, _): .two
        case (_, 3...10): .few
        case (_, 11...99): .many
        default: .other
        }
    }

    /// By language, the first part of the locale; English's rule for languages not listed.
    package static func forLocale(_ locale: String) -> PluralRule {
        switch locale.prefix(while: { $0 != "-" && $0 != "_" }).lowercased() {
        case "es": spanish
        case "ar": arabic
        default: english
        }
    }
}
