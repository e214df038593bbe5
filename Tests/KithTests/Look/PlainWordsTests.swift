import Foundation
import Kith
import Testing
import Web

/// How easily English text is read.
private struct Readability {
    private(set) var sentences = 0
    private(set) var words = 0
    private(set) var syllables = 0
    private(set) var longestSentence = 0

    mutating func read(_ text: String) {
        for sentence in text.split(whereSeparator: { ".!?:".contains($0) }) {
            let found = sentence.split { !$0.isLetter && $0 != "'" && $0 != "’" && !$0.isNumber }
            guard !found.isEmpty else { continue }
            sentences += 1
            words += found.count
            longestSentence = max(longestSentence, found.count)
            syllables += found.reduce(0) { $0 + Self.syllables(of: $1.lowercased()) }
        }
    }

    /// Flesch-Kincaid grade level: Kincaid, Fishburne, Rogers and Chissom, "Derivation of new readability formulas for
    /// Navy enlisted personnel", Research Branch Report 8-75, 1975.
    var grade: Double {
        guard sentences > 0, words > 0 else { return 0 }
        return 0.39 * Double(words) / Double(sentences) + 11.8 * Double(syllables) / Double(words) - 15.59
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
        "account.", "code.", "passkeys.", "proof.", "recovery-codes.", "second-factor.",
        "asked.", "contact.", "conversation.", "consent.own.", "consent.purpose.", "encounters.own.", "errors.",
        "feedback.",
        "front.",
        "home.", "layout.", "looks.", "match.participant.", "notes.own.", "privacy.", "progress.", "sign-in.", "stop.",
        "letter.",
        "support.",
        "urgent."
    ]

    @Test("Participants' pages read at a sixth grade or below, in sentences of at most 20 words", arguments: pages)
    func grade(page: String) throws {
        let texts = try Shelf.load().translations
        let keys = texts.keys(in: "en").filter { $0.hasPrefix(page) }
        try #require(!keys.isEmpty)
        var all = Readability()
        for key in keys {
            var one = Readability()
            one.read(texts["en"](key))
            all.read(texts["en"](key))
            #expect(one.longestSentence <= 20, "\(key): \(one.longestSentence) words in a sentence")
        }
        #expect(all.grade <= 6, "\(page) reads at grade \(all.grade)")
    }

    @Test("The measure tells hard words from plain ones")
    func measure() {
        var (hard, plain) = (Readability(), Readability())
        hard.read("Participation necessitates authorization by the designated organizational representative.")
        plain.read("You can stop at any time. You need not say why.")
        #expect(hard.grade > 12 && plain.grade < 2)
        let counted = ["cat", "hello", "support", "time", "little"].map { Readability.syllables(of: $0) }
        #expect(counted == [1, 2, 2, 1, 2])
    }
}
