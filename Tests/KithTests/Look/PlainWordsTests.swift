import Foundation
import Kith
import Testing
import Web

/// How easily English text is read.
private enum Readability {
    /// Flesch-Kincaid grade level: Kincaid, Fishburne, Rogers and Chissom, "Derivation of new readability formulas for
    /// Navy enlisted personnel", Research Branch Report 8-75, 1975.
    static func grade(of text: PlainText) -> Double {
        text.words == 0 ? 0 : 0.39 * text.wordsInSentence + 11.8 * text.syllablesInWord - 15.59
    }

    /// Groups of vowels, without a silent e at the end; at least one.
    static func syllables(of word: String) -> Int {
        var groups = 0
        var wasVowel = false
        for letter in word {
            let isVowel = "aeiouy".contains(letter)
            if isVowel, !wasVowel { groups += 1 }
            wasVowel = isVowel
        }
        let endsSilently =
            word.hasSuffix("e") && !word.hasSuffix("le") || word.hasSuffix("ed") && !word.hasSuffix("ted")
        return max(1, endsSilently && groups > 1 ? groups - 1 : groups)
    }
}

@Suite("Plain words")
struct PlainWordsTests {
    /// What the people who receive support read, page by page.
    static let pages = [
        "about-support.", "account.", "attachment.", "code.", "passkeys.", "proof.", "recovery-codes.",
        "second-factor.",
        "asked.", "card.", "contact.", "conversation.", "consent.own.", "consent.purpose.", "encounters.own.",
        "errors.",
        "feedback.",
        "front.",
        "goals.", "home.", "layout.", "looks.", "match.participant.", "my-story.", "notes.own.", "preparation.",
        "privacy.", "progress.",
        "sign-in.", "stop.",
        "leaflet.", "letter.", "library.", "papers.",
        "support.",
        "urgent."
    ]

    @Test("Participants' pages read at a sixth grade or below, in sentences of at most 20 words", arguments: pages)
    func grade(page: String) throws {
        let texts = try Shelf.load().translations
        let keys = texts.keys(in: "en").filter { $0.hasPrefix(page) }
        try #require(!keys.isEmpty)
        var all = PlainText(syllables: Readability.syllables)
        for key in keys {
            let one = PlainText([texts["en"](key)], syllables: Readability.syllables)
            all.read(texts["en"](key))
            #expect(one.longestSentence <= 20, "\(key): \(one.longestSentence) words in a sentence")
        }
        let grade = Readability.grade(of: all)
        #expect(grade <= 6, "\(page) reads at grade \(grade)")
    }

    @Test("The measure tells hard words from plain ones")
    func measure() {
        func grade(_ text: String) -> Double {
            Readability.grade(of: PlainText([text], syllables: Readability.syllables))
        }
        #expect(grade("Participation necessitates authorization by the designated representative.") > 12)
        #expect(grade("You can stop at any time. You need not say why.") < 2)
        let counted = ["cat", "hello", "support", "time", "little"].map { Readability.syllables(of: $0) }
        #expect(counted == [1, 2, 2, 1, 2])
    }
}
