/// The words of all patterns, each with the sets it belongs to.
struct Lexicon {
    private(set) var vocabulary = Vocabulary()
    /// For each row of the vocabulary the sets its words belong to. Row 0 is any word that is not known.
    private(set) var setsOfRows: [[Int]] = [[0]]

    /// - Parameters:
    ///   - sets: the sets of words that patterns name, from number 1. Set 0 is made of all but `bounds`.
    init(_ sets: [Set<Pattern.Known>], bounds: Set<Pattern.Known>, forgiving: [String]) {
        var setsOf: [Pattern.Known: [Int]] = [:]
        for (index, set) in sets.enumerated() { for word in set { setsOf[word, default: []].append(index + 1) } }
        for word in Set(setsOf.keys).union(bounds).union([.number, .laughter]) {
            vocabulary.add(word, row: Int32(setsOfRows.count))
            let names = Self.names(of: word)
            let mine = Set(names.flatMap { setsOf[$0] ?? [] })
            setsOfRows.append(Array(names.contains(where: bounds.contains) ? mine : mine.union([0])))
        }
        for word in forgiving { vocabulary.forgive(word) }
    }

    /// What a pattern may call a word: itself, a stem it begins with, any number, and in Arabic the word without the “and”
    /// that is written as one with it. A stem stands for words that are not known otherwise.
    private static func names(of word: Pattern.Known) -> [Pattern.Known] {
        var names = [word]
        for length in 1...max(1, word.letters.count) {
            names.append(Pattern.Known(letters: Array(word.letters.prefix(length)), isStem: true))
        }
        if word.letters.allSatisfy(Letters.isDigit) { names.append(.number) }
        if word.letters.count > 3, word.letters[0] == Letters.waw {
            names.append(Pattern.Known(letters: Array(word.letters.dropFirst()), isStem: false))
        }
        return names
    }
}
