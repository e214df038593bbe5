import Kith
import Testing

@Suite("The usual words of consent")
struct ConsentTextTests {
    @Test("Every purpose has some, and they can be read in a minute", arguments: Consent.Purpose.allCases)
    func short(purpose: Consent.Purpose) {
        let words = ConsentText.usual(for: purpose).split { $0.isWhitespace }
        #expect((20...120).contains(words.count), "\(words.count) words")
    }

    @Test("They ask no more of a reader than six years of school", arguments: Consent.Purpose.allCases)
    func plain(purpose: Consent.Purpose) {
        let sentences = ConsentText.usual(for: purpose)
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
    func free(purpose: Consent.Purpose) {
        let text = ConsentText.usual(for: purpose)
        #expect(text.contains("no"))
        #expect(text.contains("at any time"))
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
