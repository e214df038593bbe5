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
