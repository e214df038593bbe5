/// What is counted in a text to say how easily it is read.
struct PlainText {
    private(set) var sentences = 0
    private(set) var words = 0
    private(set) var syllables = 0
    private(set) var longestSentence = 0
    /// Of a word in small letters.
    private let syllablesOf: (String) -> Int

    init(_ texts: [String] = [], syllables: @escaping (String) -> Int) {
        syllablesOf = syllables
        for text in texts { read(text) }
    }

    mutating func read(_ text: String) {
        for sentence in text.split(whereSeparator: { ".!?:".contains($0) }) {
            let found = sentence.split { !$0.isLetter && $0 != "'" && $0 != "’" && !$0.isNumber }
            guard !found.isEmpty else { continue }
            sentences += 1
            words += found.count
            longestSentence = max(longestSentence, found.count)
            syllables += found.reduce(0) { $0 + syllablesOf($1.lowercased()) }
        }
    }

    var wordsInSentence: Double { sentences == 0 ? 0 : Double(words) / Double(sentences) }
    var syllablesInWord: Double { words == 0 ? 0 : Double(syllables) / Double(words) }
}
