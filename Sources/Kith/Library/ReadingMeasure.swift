/// How hard a text is to read, as advice for whoever writes it: C. H. Björnsson, “Läsbarhet”, Liber, Stockholm 1968.
///
/// LIX is the words of a sentence on average, and how many of a hundred words have more than six letters. What ends with a
/// full stop, a question mark or an exclamation mark is a sentence, and so are headings, items of lists and lines.
package struct ReadingMeasure: Sendable, Equatable {
    package enum Grade: String, Sendable, CaseIterable {
        case veryEasy = "very-easy"
        case easy, medium, hard
    }

    package struct Sentence: Sendable, Equatable {
        package let text: String
        package let words: Int
    }

    /// The languages for which Björnsson compared newspapers with it (“Readability of Newspapers in 11 Languages”, Reading
    /// Research Quarterly 18, 1983). For any other a number would mean nothing.
    package static let languages: Set = ["da", "de", "en", "es", "fi", "fr", "it", "no", "nb", "nn", "pt", "ru", "sv"]
    /// A longer sentence is quoted.
    package static let longestSentence = 15
    /// How many are quoted.
    private static let mostQuoted = 5

    package let words: Int
    package let sentences: Int
    /// Words of more than six letters.
    package let longWords: Int
    /// The longest sentences, the longest first.
    package let long: [Sentence]
    /// nil for a language that it was not made for, and for no words.
    package let lix: Double?

    /// - Parameters:
    ///   - lines: a text without markup; no sentence goes on in the next line.
    ///   - language: a BCP 47 code.
    package init(_ lines: [String], in language: String) {
        let sentences = lines.flatMap(Self.sentences).map { (text: $0, words: Self.words(in: $0)) }
            .filter { !$0.words.isEmpty }
        let words = sentences.flatMap(\.words)
        longWords = words.count { word in word.count(where: \.isLetter) > 6 }
        (self.words, self.sentences) = (words.count, sentences.count)
        let long = sentences.map { Sentence(text: $0.text, words: $0.words.count) }
            .filter { $0.words > Self.longestSentence }
        // Of two that are as long, the one that comes first.
        let order = long.enumerated().sorted { ($1.element.words, $0.offset) < ($0.element.words, $1.offset) }
        self.long = order.prefix(Self.mostQuoted).map(\.element)
        lix =
            Self.languages.contains(Language.key(language)) && !words.isEmpty
            ? Double(words.count) / Double(sentences.count) + 100 * Double(longWords) / Double(words.count) : nil
    }

    package var grade: Grade? {
        lix.map { lix in
            switch lix {
            case ..<30: .veryEasy
            case ..<40: .easy
            case ...50: .medium
            default: .hard
            }
        }
    }

    private static let ends: Set<Character> = [".", "!", "?", "…", "؟", "۔", "।", "。", "！", "？"]
    private static let closing: Set<Character> = ["\"", "”", "’", "'", "»", ")", "]"]

    static func sentences(in line: String) -> [String] {
        let characters = Array(line)
        var (found, current): ([String], String) = ([], "")
        for (index, character) in characters.enumerated() {
            current.append(character)
            guard isEnd(index, of: characters) else { continue }
            found.append(current.trimmed)
            current = ""
        }
        return (found + [current.trimmed]).filter { !$0.isEmpty }
    }

    private static func isEnd(_ index: Int, of line: [Character]) -> Bool {
        var last = index
        while last > 0, closing.contains(line[last]) { last -= 1 }
        guard ends.contains(line[last]) else { return false }
        guard index + 1 < line.count else { return true }
        if ["。", "！", "？"].contains(line[index]) { return true }
        guard line[index + 1].isWhitespace else { return false }
        // “e.g. this” goes on.
        return line[(index + 1)...].first { !$0.isWhitespace }?.isLowercase != true
    }

    /// Numbers are words; addresses of pages and mail, and signs alone, are none.
    static func words(in sentence: String) -> [String] {
        sentence.split { $0.isWhitespace || ["|", "—", "–"].contains($0) }.map(String.init).filter { word in
            word.contains { $0.isLetter || $0.isNumber }
                && !word.contains("@") && !word.contains("://") && !word.hasPrefix("www.")
        }
    }
}

extension LibraryPage.Text {
    package var measure: ReadingMeasure { ReadingMeasure(markdown.lines, in: language) }
}
