import Synchronization
import Testing
import Web

@Suite("Strings")
struct StringsTests {
    private let texts = [
        "en": [
            "referrals.waiting": "Waiting {{days}} days for {{ name }}", "only.english": "English",
            "found.one": "{{count}} person", "found.other": "{{count}} people"
        ],
        "es": [
            "referrals.waiting": "{{name}} espera {{days}} días", "found.one": "una persona",
            "found.other": "{{count}} personas"
        ]
    ]

    @Test("Arguments are filled in wherever the language puts them")
    func arguments() throws {
        let translations = try Translations(texts)
        let arguments = ["days": "3", "name": "Ana"]
        #expect(translations["en"]("referrals.waiting", arguments) == "Waiting 3 days for Ana")
        #expect(translations["es"]("referrals.waiting", arguments) == "Ana espera 3 días")
    }

    @Test("What is filled in is not looked at again")
    func once() throws {
        let strings = try Translations(texts)["en"]
        #expect(strings("referrals.waiting", ["days": "{{name}}", "name": "B"]) == "Waiting {{name}} days for B")
    }

    @Test("Plurals follow the count and mention it")
    func plurals() throws {
        let translations = try Translations(texts)
        #expect(translations["en"]("found", count: 1) == "1 person")
        #expect(translations["en"]("found", count: 0) == "0 people")
        #expect(translations["es"]("found", count: 1) == "una persona")
        #expect(translations["es"]("found", count: 2_000_000) == "2000000 personas")
    }

    @Test("Only a missing key is taken from the fallback, and that is reported")
    func fallback() throws {
        let reports = Reports()
        let strings = try Translations(texts, report: reports.add)["es"]
        #expect(strings("found", count: 5) == "5 personas")
        #expect(reports.all == [])
        #expect(strings("only.english") == "English")
        let report = try #require(reports.all.first)
        #expect((report.locale, report.key, report.fellBack) == ("es", "only.english", true))
    }

    @Test("A key nobody has comes back as itself, and is reported")
    func unknown() throws {
        let reports = Reports()
        let strings = try Translations(texts, report: reports.add)["en"]
        #expect(strings("no.such.key") == "no.such.key")
        #expect(strings("nor.this", count: 2) == "nor.this")
        #expect(reports.all.map(\.key) == ["no.such.key", "nor.this.other"])
        #expect(reports.all.allSatisfy { !$0.fellBack })
    }

    @Test("A missing argument is left to be seen, and is reported")
    func missingArgument() throws {
        let reports = Reports()
        let strings = try Translations(texts, report: reports.add)["en"]
        #expect(strings("referrals.waiting", ["days": "3"]) == "Waiting 3 days for {{ name }}")
        #expect(reports.all.map(\.key) == ["referrals.waiting {{name}}"])
    }

    @Test("Locales can be compared: which keys one lacks")
    func comparison() throws {
        let translations = try Translations(texts)
        #expect(translations.locales == ["en", "es"])
        #expect(translations.keys(in: "en") == ["found", "only.english", "referrals.waiting"])
        #expect(translations.missingKeys(in: "es") == ["only.english"])
        #expect(translations.missingKeys(in: "en") == [])
    }

    @Test("A locale that is not there is answered by the fallback; without a fallback nothing loads")
    func locales() throws {
        #expect(try Translations(texts)["fr"].locale == "en")
        #expect(throws: TranslationError.noFallback("en")) { try Translations(["es": [:]]) }
    }

    private final class Reports: Sendable {
        private let reports = Mutex<[MissingText]>([])
        var all: [MissingText] { reports.withLock { $0 } }
        var add: @Sendable (MissingText) -> Void { { report in self.reports.withLock { $0.append(report) } } }
    }
}
