/// The words that rules know, as a tree of letters. Looking a word up costs its length.
struct Vocabulary: Sendable {
    /// The row of a word that no rule knows.
    static let unknown: Int32 = 0
    private var letters: [UInt8] = [0]
    private var children: [Int32] = [0]
    private var siblings: [Int32] = [0]
    /// For each node: the row of the word that ends here, and that of the stem that does; 0 for none.
    private var wordRows: [Int32] = [0]
    private var stemRows: [Int32] = [0]
    /// The first node for each first letter.
    private var roots = [Int32](repeating: 0, count: 256)
    /// Long words recognized with one wrong, missing, swapped or further letter, by their first two letters.
    private var forgiving: [Int: [[UInt8]]] = [:]
    private(set) var numberRow: Int32 = 0
    private(set) var laughterRow: Int32 = 0

    /// The letters of a word in a rule.
    static func spelled(_ word: some StringProtocol) -> [UInt8] {
        word.unicodeScalars.map { Letters.code(of: $0) }.filter { Letters.isLetter($0) }
    }

    mutating func add(_ word: Pattern.Known, row: Int32) {
        if word == .number { numberRow = row }
        if word == .laughter { laughterRow = row }
        var node: Int32 = 0
        for letter in word.letters { node = child(of: node, letter) ?? grow(node, letter) }
        if word.isStem { stemRows[Int(node)] = row } else { wordRows[Int(node)] = row }
    }

    /// From now on recognizes a word in spite of one slip.
    mutating func forgive(_ word: String) {
        let spelled = Self.spelled(word)
        guard spelled.count >= 5 else { return }
        forgiving[Self.beginning(spelled), default: []].append(spelled)
    }

    private static func beginning(_ word: [UInt8]) -> Int { Int(word[0]) << 8 | Int(word[1]) }

    private mutating func grow(_ node: Int32, _ letter: UInt8) -> Int32 {
        let new = Int32(letters.count)
        letters.append(letter)
        children.append(0)
        wordRows.append(0)
        stemRows.append(0)
        if node == 0 {
            siblings.append(0)
            roots[Int(letter)] = new
        } else {
            siblings.append(children[Int(node)])
            children[Int(node)] = new
        }
        return new
    }

    private func child(of node: Int32, _ letter: UInt8) -> Int32? {
        var next = node == 0 ? roots[Int(letter)] : children[Int(node)]
        while next != 0, letters[Int(next)] != letter { next = siblings[Int(next)] }
        return next == 0 ? nil : next
    }

    /// The row of a word as people write it.
    func row(of word: [UInt8]) -> Int32 {
        let plain = find(word, stems: true)
        if plain != Self.unknown { return plain }
        return likely(word)
    }

    /// The row of a word or, failing that, of the longest stem it begins with.
    private func find(_ word: [UInt8], stems: Bool) -> Int32 {
        var node: Int32 = 0
        var stem = Self.unknown
        for letter in word {
            guard let next = child(of: node, letter) else { return stem }
            node = next
            if stems, stemRows[Int(node)] != 0 { stem = stemRows[Int(node)] }
        }
        return wordRows[Int(node)] != 0 ? wordRows[Int(node)] : stem
    }

    /// What a word that is not known as it stands was meant to be.
    private func likely(_ word: [UInt8]) -> Int32 {
        if word.allSatisfy(Letters.isDigit) { return numberRow }
        if isLaughter(word) { return laughterRow }
        for most in [2, 1] {
            if let shorter = shortened(word, to: most) {
                let row = find(shorter, stems: true)
                if row != Self.unknown { return row }
            }
        }
        if word.count > 3, word[0] == Letters.waw || word[0] == Letters.fa {
            let row = find(Array(word.dropFirst()), stems: true)
            if row != Self.unknown { return row }
        }
        if let plain = undisguised(word) {
            let row = find(plain, stems: false)
            if row != Self.unknown { return row }
        }
        return word.count < 5 ? Self.unknown : forgiven(word)
    }

    /// `hahaha`, `jajaja`, `ههههه`.
    private func isLaughter(_ word: [UInt8]) -> Bool {
        guard word.count >= 3 else { return false }
        if word.allSatisfy({ $0 == Letters.ha }) { return true }
        // a 1, e 5, h 8, i 9, j 10, k 11
        let vowels = word.count { $0 == 1 || $0 == 5 || $0 == 9 }
        let others = word.count { $0 == 8 || $0 == 10 }
        return word.count >= 4 && vowels + others == word.count && vowels > 0 && others > 1
    }

    /// The word with letters written three times or more written fewer times; nil where there are none.
    private func shortened(_ word: [UInt8], to most: Int) -> [UInt8]? {
        var result: [UInt8] = []
        var run = 0
        var isLong = false
        for (index, letter) in word.enumerated() {
            run = index > 0 && word[index - 1] == letter ? run + 1 : 1
            isLong = isLong || run > 2
            if run <= most { result.append(letter) }
        }
        return isLong ? result : nil
    }

    /// `su1c1de`, `k1ll`: letters hidden in digits.
    private func undisguised(_ word: [UInt8]) -> [UInt8]? {
        guard word.contains(where: Letters.isDigit), !word.allSatisfy(Letters.isDigit) else { return nil }
        return word.map { letter in
            switch letter {
            case 27: 15
            case 28: 9
            case 30: 5
            case 31: 1
            case 32: 19
            default: letter
            }
        }
    }

    private func forgiven(_ word: [UInt8]) -> Int32 {
        guard let near = forgiving[Self.beginning(word)] else { return Self.unknown }
        for candidate in near where isOneSlip(word, candidate) { return find(candidate, stems: true) }
        return Self.unknown
    }

    /// Whether one letter wrong, missing or further, or two swapped, make one word of the other.
    private func isOneSlip(_ one: [UInt8], _ other: [UInt8]) -> Bool {
        guard abs(one.count - other.count) <= 1 else { return false }
        let shorter = min(one.count, other.count)
        var first = 0
        while first < shorter, one[first] == other[first] { first += 1 }
        let rest = (one.dropFirst(first), other.dropFirst(first))
        if one.count != other.count {
            return one.count > other.count
                ? rest.0.dropFirst().elementsEqual(rest.1) : rest.1.dropFirst().elementsEqual(rest.0)
        }
        if rest.0.dropFirst().elementsEqual(rest.1.dropFirst()) { return true }
        return rest.0.count >= 2 && one[first] == other[first + 1] && one[first + 1] == other[first]
            && rest.0.dropFirst(2).elementsEqual(rest.1.dropFirst(2))
    }
}
