/// A text as screening reads it: its words, and where sentences, their parts and quotations begin and end.
struct Words {
    struct Word {
        /// What rules know of it: a row of ``Vocabulary``.
        var row: Int32
        /// In bytes of UTF-8 from the beginning of the text.
        var start: Int32
        var end: Int32
        /// Whether a new sentence, or a new part of one, begins with it.
        var beginsSentence: Bool
        var followsComma: Bool
        /// The number of the quotation that it stands in, from 1; 0 for none.
        var quotation: Int32 = 0
    }

    private(set) var words: [Word] = []
    /// The first word of each quotation.
    private(set) var quotations: [Int] = []

    private var isNewSentence = true
    private var isAfterComma = false
    /// The word before which a quotation opened, by the mark that closes it.
    private var open: (word: Int, closing: Mark)?

    /// Reads a text once, from front to back.
    init(_ text: String, _ vocabulary: Vocabulary) {
        var codes: [UInt8] = []
        var offsets: [Int32] = []
        codes.reserveCapacity(text.utf8.count)
        offsets.reserveCapacity(text.utf8.count)
        var offset: Int32 = 0
        for scalar in text.unicodeScalars {
            codes.append(Letters.code(of: scalar))
            offsets.append(offset)
            offset += Int32(UTF8.width(scalar))
        }
        offsets.append(offset)
        read(codes, offsets, vocabulary)
        if let first = quotations.first, quotations.count == 1, first == 0, words.allSatisfy({ $0.quotation == 1 }) {
            // All of it is in quotation marks, so they tell nothing apart.
            for index in words.indices { words[index].quotation = 0 }
            quotations = []
        }
    }

    private mutating func read(_ codes: [UInt8], _ offsets: [Int32], _ vocabulary: Vocabulary) {
        var word: [UInt8] = []
        var start = 0
        var index = 0
        while index <= codes.count {
            let code = index < codes.count ? codes[index] : Mark.space.rawValue
            if Letters.isLetter(code) {
                if word.isEmpty { start = index }
                word.append(code)
            } else if !joins(code, codes, index) {
                if !word.isEmpty {
                    add(vocabulary.row(of: word), offsets[start], offsets[index])
                    word.removeAll(keepingCapacity: true)
                }
                if index < codes.count { mark(Mark(rawValue: code) ?? .space, codes, index, offsets, vocabulary) }
            }
            index += 1
        }
    }

    private mutating func add(_ row: Int32, _ start: Int32, _ end: Int32) {
        words.append(
            Word(row: row, start: start, end: end, beginsSentence: isNewSentence, followsComma: isAfterComma))
        isNewSentence = false
        isAfterComma = false
    }

    /// Whether a word goes on over a mark: over what is nothing, and an apostrophe between letters.
    private func joins(_ code: UInt8, _ codes: [UInt8], _ index: Int) -> Bool {
        if code == Mark.nothing.rawValue { return true }
        guard code == Mark.apostrophe.rawValue else { return false }
        return isLetter(codes, index - 1) && isLetter(codes, index + 1)
    }

    private func isLetter(_ codes: [UInt8], _ index: Int) -> Bool {
        codes.indices.contains(index) && Letters.isLetter(codes[index])
    }

    private func has(_ codes: [UInt8], _ index: Int, _ mark: Mark) -> Bool {
        codes.indices.contains(index) && codes[index] == mark.rawValue
    }

    private mutating func mark(
        _ mark: Mark, _ codes: [UInt8], _ index: Int, _ offsets: [Int32], _ vocabulary: Vocabulary
    ) {
        switch mark {
        case .nothing, .space: break
        case .end:
            isNewSentence = true
        case .dot:
            let isOneOfSeveral = has(codes, index - 1, .dot) || has(codes, index + 1, .dot)
            let isInNumber =
                isLetter(codes, index - 1) && isLetter(codes, index + 1)
                && Letters.isDigit(codes[index - 1]) && Letters.isDigit(codes[index + 1])
            if !isOneOfSeveral && !isInNumber { isNewSentence = true }
        case .comma: isAfterComma = true
        case .hyphen:
            if !isLetter(codes, index - 1) || !isLetter(codes, index + 1) { isAfterComma = true }
        case .laugh:
            add(vocabulary.laughterRow, offsets[index], offsets[index + 1])
        case .straightQuote:
            if open?.closing == .straightQuote { end(.straightQuote) } else { begin(.straightQuote) }
        case .openingQuote: begin(.closingQuote)
        case .closingQuote: end(.closingQuote)
        case .openingSingleQuote: begin(.apostrophe)
        case .apostrophe:
            if isLetter(codes, index + 1) { begin(.apostrophe) } else { end(.apostrophe) }
        }
    }

    private mutating func begin(_ closing: Mark) {
        if open == nil || closing != .apostrophe { open = (words.count, closing) }
    }

    private mutating func end(_ closing: Mark) {
        guard let (first, expected) = open, expected == closing else { return }
        open = nil
        guard first < words.count else { return }
        quotations.append(first)
        for index in first..<words.count { words[index].quotation = Int32(quotations.count) }
    }
}
