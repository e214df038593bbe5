/// What a line of a rule file says about words that follow each other.
///
///     word      this word, in any spelling             word*     a word that begins so
///     a b|c     either; binds least of all             (a b|c)   the same, inside a longer phrase
///     [a b|c]   the same, or nothing                   @list     whatever the list of that name has
///     #         any number                             _         one other word of the same clause
///     ..3       up to three other words of the same clause
///     ,..3      the same, and commas may stand among them
///     ,         a comma may stand here
///
/// Apart from `,` nothing goes over a comma, and nothing at all over the end of a sentence. Neither a gap nor `_` is a
/// word of the block `bounds`: negations, “but”, and whatever else turns a sentence.
indirect enum Pattern: Sendable {
    case words(Set<Known>)
    case sequence([Pattern])
    case choice([Pattern])
    case optional(Pattern)
    case gap(upTo: Int, commas: Bool)
    case anyWord
    case comma

    /// A word that rules know, or how words begin that they know, in the letters of ``Letters``: “أن” and “ان” are one.
    struct Known: Hashable, Sendable {
        let letters: [UInt8]
        let isStem: Bool

        static let number = Known(letters: [Letters.number], isStem: false)
        static let laughter = Known(letters: Vocabulary.spelled("lol"), isStem: false)
    }

    /// - Parameter lists: what `@name` stands for.
    init(_ text: some StringProtocol, lists: [String: Pattern]) throws(Malformed) {
        var spaced = ""
        for character in text {
            if "()[]|".contains(character) { spaced += " \(character) " } else { spaced.append(character) }
        }
        var parts = spaced.split(separator: " ").map(String.init)[...]
        self = try Self.choice(from: &parts, lists)
        guard parts.isEmpty else { throw Malformed("closes a bracket that was not opened") }
    }

    struct Malformed: Error {
        let reason: String
        init(_ reason: String) { self.reason = reason }
    }

    private static func choice(
        from parts: inout ArraySlice<String>, _ lists: [String: Pattern]
    ) throws(Malformed) -> Pattern {
        var choices: [Pattern] = []
        var sequence: [Pattern] = []
        while let part = parts.first, part != ")", part != "]" {
            parts.removeFirst()
            if part == "|" {
                choices.append(.sequence(sequence))
                sequence = []
            } else {
                sequence.append(try element(part, &parts, lists))
            }
        }
        choices.append(.sequence(sequence))
        for case .sequence(let empty) in choices where empty.isEmpty { throw Malformed("has an empty choice") }
        return joined(choices)
    }

    private static func element(
        _ part: String, _ parts: inout ArraySlice<String>, _ lists: [String: Pattern]
    ) throws(Malformed) -> Pattern {
        switch part {
        case "(", "[":
            let inner = try choice(from: &parts, lists)
            guard parts.popFirst() == (part == "(" ? ")" : "]") else {
                throw Malformed("opens a bracket that stays open")
            }
            return part == "(" ? inner : .optional(inner)
        case ",": return .comma
        case "_": return .anyWord
        default: break
        }
        if part.hasPrefix("@") {
            guard let list = lists[String(part.dropFirst())] else { throw Malformed("names \(part), which is no list") }
            return list
        }
        let digits = part.drop { $0 == "," || $0 == "." }
        if part.hasPrefix("..") || part.hasPrefix(",..") {
            guard let most = Int(digits), (1...12).contains(most) else {
                throw Malformed("has a gap of no size: \(part)")
            }
            return .gap(upTo: most, commas: part.hasPrefix(","))
        }
        return try word(part)
    }

    private static func word(_ part: String) throws(Malformed) -> Pattern {
        if part == "#" { return .words([.number]) }
        let isStem = part.hasSuffix("*")
        let text = isStem ? String(part.dropLast()) : part
        let letters = Vocabulary.spelled(text)
        guard !letters.isEmpty, !text.contains(where: { $0.isPunctuation || $0.isSymbol }) else {
            throw Malformed("has a word that nobody can write: \(part)")
        }
        return .words([Known(letters: letters, isStem: isStem)])
    }

    /// Single words are put together, since one look tells them all.
    private static func joined(_ choices: [Pattern]) -> Pattern {
        var words: Set<Known> = []
        var others: [Pattern] = []
        for choice in choices {
            switch choice.plain {
            case .words(let some): words.formUnion(some)
            case .choice(let inner):
                for pattern in inner {
                    if case .words(let some) = pattern { words.formUnion(some) } else { others.append(pattern) }
                }
            case let other: others.append(other)
            }
        }
        if !words.isEmpty { others.append(.words(words)) }
        return others.count == 1 ? others[0] : .choice(others)
    }

    private var plain: Pattern {
        if case .sequence(let parts) = self, parts.count == 1 { parts[0].plain } else { self }
    }
}

extension Pattern {
    /// A pattern that is one of two.
    static func either(_ one: Pattern, _ other: Pattern) -> Pattern { joined([one, other]) }

    /// The pattern without the brackets around it.
    var single: Pattern { plain }
}
