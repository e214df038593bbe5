/// The words of all patterns, each with the sets it belongs to.
struct Lexicon {
    private(set) var vocabulary = Vocabulary()
    /// For each row of the vocabulary the sets its words belong to. Row 0 is any word that is not known.
    private(set) var setsOfRows: [[Int]] = []

    /// - Parameters:
    ///   - sets: the sets of words that patterns name, from number 1. Set 0 is made of all but `bounds`.
    init(_ sets: [Set<Pattern.Known>], bounds: Set<Pattern.Known>, forgiving: [String]) {
        var setsOf: [Pattern.Known: [Int]] = [:]
        for (index, set) in sets.enumerated() { for word in set { setsOf[word, default: []].append(index + 1) } }
        let number = Pattern.Known(text: Vocabulary.number, isStem: false)
        let known = Array(
            Set(setsOf.keys).union(bounds).union([number, Pattern.Known(text: Vocabulary.laughter, isStem: false)]))
        let stems = Dictionary(grouping: known.filter(\.isStem), by: { Vocabulary.spelled($0.text) })
        let byLetters = Dictionary(grouping: known.filter { !$0.isStem }, by: { Vocabulary.spelled($0.text) })
        setsOfRows = [[0]]
        for word in known {
            vocabulary.add(word.text, isStem: word.isStem, row: Int32(setsOfRows.count))
            // A word belongs to what names it or a stem it begins with. A stem stands for words not known otherwise.
            let letters = Vocabulary.spelled(word.text)
            var names = [word]
            if !stems.isEmpty, !letters.isEmpty {
                for length in 1...letters.count { names += stems[Array(letters.prefix(length))] ?? [] }
            }
            if !letters.isEmpty, letters.allSatisfy(Letters.isDigit) { names.append(number) }
            // “And” is written as one word with what follows it.
            if letters.count > 3, letters[0] == Letters.waw { names += byLetters[Array(letters.dropFirst())] ?? [] }
            let mine = Set(names.flatMap { setsOf[$0] ?? [] })
            setsOfRows.append(Array(names.contains(where: bounds.contains) ? mine : mine.union([0])))
        }
        for word in forgiving { vocabulary.forgive(word) }
    }
}
