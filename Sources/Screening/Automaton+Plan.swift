/// The automaton while it is being made.
struct AutomatonPlan {
    struct Position {
        /// The number of a set of words; 0 for any word a gap may go over.
        var words: Int
        var mayFollowComma: Bool
        var pattern: Int32 = -1
        var followers: [Int32] = []
    }

    /// The sets of words, from number 1.
    private(set) var sets: [Set<Pattern.Known>] = []
    private(set) var positions: [Position] = []
    private(set) var firsts: [Int32] = []
    private var numbers: [Set<Pattern.Known>: Int] = [:]

    /// A part of a pattern: whether it may be nothing, where it begins and where it ends.
    private struct Part {
        var isNullable = true
        var firsts: [Int32] = []
        var lasts: [Int32] = []
    }

    mutating func add(_ pattern: Pattern, number: Int) {
        let part = make(pattern, commas: false)
        firsts += part.firsts
        for last in part.lasts { positions[Int(last)].pattern = Int32(number) }
    }

    private mutating func one(_ words: Int, _ commas: Bool) -> Part {
        positions.append(Position(words: words, mayFollowComma: commas))
        let position = Int32(positions.count - 1)
        return Part(isNullable: false, firsts: [position], lasts: [position])
    }

    private mutating func make(_ pattern: Pattern, commas: Bool) -> Part {
        switch pattern {
        case .comma: return Part()
        case .anyWord: return one(0, commas)
        case .words(let set): return one(number(of: set), commas)
        case .choice(let choices):
            var part = Part(isNullable: false)
            for choice in choices {
                let other = make(choice, commas: commas)
                part.isNullable = part.isNullable || other.isNullable
                part.firsts += other.firsts
                part.lasts += other.lasts
            }
            return part
        case .optional(let inner):
            var part = make(inner, commas: commas)
            part.isNullable = true
            return part
        case .gap(let most, let inside):
            var part = Part()
            for _ in 0..<most {
                let next = one(0, commas || inside)
                if let last = part.lasts.last {
                    positions[Int(last)].followers += next.firsts
                } else {
                    part.firsts = next.firsts
                }
                part.lasts += next.lasts
            }
            return part
        case .sequence(let elements): return sequence(elements, commas: commas)
        }
    }

    private mutating func number(of set: Set<Pattern.Known>) -> Int {
        if let known = numbers[set] { return known }
        sets.append(set)
        numbers[set] = sets.count
        return sets.count
    }

    private mutating func sequence(_ elements: [Pattern], commas: Bool) -> Part {
        var whole = Part()
        var mayFollowComma = commas
        for element in elements {
            if case .comma = element {
                mayFollowComma = true
                continue
            }
            let part = make(element, commas: mayFollowComma)
            for last in whole.lasts { positions[Int(last)].followers += part.firsts }
            if whole.isNullable { whole.firsts += part.firsts }
            whole.lasts = part.isNullable ? whole.lasts + part.lasts : part.lasts
            whole.isNullable = whole.isNullable && part.isNullable
            if case .gap(_, commas: true) = element {
                mayFollowComma = true
            } else if !part.isNullable {
                mayFollowComma = false
            }
        }
        return whole
    }
}
