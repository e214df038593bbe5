import Kith
import Testing

@Suite("The usual words of consent")
struct ConsentTextTests {
    @Test("Every purpose has some, and they can be read in a minute", arguments: Consent.Purpose.allCases)
    func short(purpose: Consent.Purpose) throws {
        for language in ConsentText.usualLanguages {
            let words = try #require(ConsentText.usual(for: purpose, in: language)).split { $0.isWhitespace }
            // Spanish says the same with a fifth more words.
            #expect((20...(language == "en" ? 120 : 144)).contains(words.count), "\(language): \(words.count) words")
        }
        #expect(ConsentText.usual(for: purpose, in: "fr") == nil)
    }

    @Test("They ask no more of a reader than six years of school", arguments: Consent.Purpose.allCases)
    func plain(purpose: Consent.Purpose) throws {
        let sentences = try #require(ConsentText.usual(for: purpose))
            .split { ".?!".contains($0) }.map { $0.split { !$0.isLetter && $0 != "'" } }.filter { !$0.isEmpty }
        let words = sentences.flatMap { $0 }
        for sentence in sentences {
            #expect(sentence.count <= 15, "\(sentence.joined(separator: " "))")
        }
        let syllables = words.reduce(0) { $0 + Self.syllables(in: $1) }
        // Flesch-Kincaid grade level (Kincaid and others, 1975).
        let grade =
            0.39 * Double(words.count) / Double(sentences.count)
            + 11.8 * Double(syllables) / Double(words.count) - 15.59
        #expect(grade <= 6, "grade \(grade)")
    }

    @Test("Each says that a no is fine and that a yes can be taken back", arguments: Consent.Purpose.allCases)
    func free(purpose: Consent.Purpose) throws {
        for (language, no, always) in [
            ("en", " no", "at any time"), ("es", "dice que no", "en cualquier momento"),
            ("ar", "إذا قلت لا", "في أي وقت")
        ] {
            let text = try #require(ConsentText.usual(for: purpose, in: language))
            #expect(text.contains(no))
            #expect(text.contains(always))
        }
    }

    @Test("Arabic sentences are as short as the English ones", arguments: Consent.Purpose.allCases)
    func shortInArabic(purpose: Consent.Purpose) throws {
        let text = try #require(ConsentText.usual(for: purpose, in: "ar"))
        for sentence in text.split(whereSeparator: { ".؟!:".contains($0) }) {
            #expect(sentence.split { $0.isWhitespace }.count <= 15, "\(sentence)")
        }
        #expect(!text.contains(/[a-zA-Z?,;]/), "all of it is Arabic")
    }

    @Test("Spanish sentences are as short as they can be", arguments: Consent.Purpose.allCases)
    func shortInSpanish(purpose: Consent.Purpose) throws {
        let text = try #require(ConsentText.usual(for: purpose, in: "es"))
        for sentence in text.split(whereSeparator: { ".?!:".contains($0) }) {
            let words = sentence.split { !$0.isLetter }
            #expect(words.count <= 18, "\(sentence)")
        }
        #expect(!text.contains(" tú ") && !text.contains(" tu "), "people are addressed with usted")
    }

    @Test("Counting syllables is right for common words")
    func counting() {
        for (word, count) in [("peer", 1), ("support", 2), ("story", 2), ("time", 1), ("little", 2), ("wishes", 2)] {
            #expect(Self.syllables(in: Substring(word)) == count, "\(word)")
        }
    }

    /// Groups of vowels, without most silent endings: near enough to compare with a limit.
    private static func syllables(in word: Substring) -> Int {
        let letters = Array(word.lowercased())
        var count = 0
        var isInVowels = false
        for letter in letters {
            let isVowel = "aeiouy".contains(letter)
            if isVowel && !isInVowels { count += 1 }
            isInVowels = isVowel
        }
        let text = String(letters)
        if text.hasSuffix("e") && !text.hasSuffix("le") && count > 1 { count -= 1 }
        return max(1, count)
    }
}
