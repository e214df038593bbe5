import Testing
import Web

@Suite("Plural rules")
struct PluralRuleTests {
    @Test("English: one, and everything else")
    func english() {
        #expect([0, 1, 2, 11, 21, 101].map { PluralRule.english($0) } == [.other, .one, .other, .other, .other, .other])
    }

    @Test("Spanish: one, whole millions, and everything else")
    func spanish() {
        #expect(
            [0, 1, 2, 1_000_000, 1_000_001, 3_000_000].map { PluralRule.spanish($0) }
                == [.other, .one, .other, .many, .other, .many])
    }

    @Test("Arabic: all six forms")
    func arabic() {
        #expect(
            [0, 1, 2, 3, 10, 11, 99, 100, 102, 103].map { PluralRule.arabic($0) }
                == [.zero, .one, .two, .few, .few, .many, .many, .other, .other, .few])
    }

    /// The whole numbers among the samples that CLDR 46 gives for each category (common/supplemental/plurals.xml).
    @Test(
        "The samples of CLDR have the category it gives them",
        arguments: [
            ("en", .one, [1]), ("en", .other, [0] + Array(2...16) + [100, 1_000, 10_000, 100_000, 1_000_000]),
            ("es", .one, [1]), ("es", .many, [1_000_000]),
            ("es", .other, [0] + Array(2...16) + [100, 1_000, 10_000, 100_000]),
            ("ar", .zero, [0]), ("ar", .one, [1]), ("ar", .two, [2]),
            ("ar", .few, Array(3...10) + Array(103...110) + [1_003]),
            ("ar", .many, Array(11...26) + [111, 1_011]),
            (
                "ar", .other,
                Array(100...102) + Array(200...202) + Array(300...302) + Array(400...402) + Array(500...502)
                    + [600, 1_000, 10_000, 100_000, 1_000_000]
            )
        ] as [(String, PluralCategory, [Int])])
    func samples(locale: String, category: PluralCategory, numbers: [Int]) {
        let rule = PluralRule.forLocale(locale)
        for number in numbers { #expect(rule(number) == category, "\(number)") }
    }

    @Test("Every category a rule answers is among those it announces")
    func announced() {
        for rule in [PluralRule.english, .spanish, .arabic] {
            let answered = Set((-300...300).map { rule($0) } + [rule(1_000_000), rule(Int.min), rule(Int.max)])
            #expect(answered == Set(rule.categories))
        }
    }

    @Test("The rule comes from the language, whatever the region")
    func locales() {
        #expect(PluralRule.forLocale("es-MX")(1_000_000) == .many)
        #expect(PluralRule.forLocale("AR_eg")(0) == .zero)
        #expect(PluralRule.forLocale("tlh")(2) == .other)
    }
}
