/// All patterns of all rules as one automaton over words: positions, and which may follow which (Glushkov 1961).
///
/// A scan takes each word once, and keeps for every position that was reached where its phrase began. The time is linear
/// in the text, with a factor that the rules bound, whatever the text.
struct Automaton: Sendable {
    /// Where a pattern was found, in words; `last` is the last word of it.
    struct Hit {
        let pattern: Int
        let first: Int
        let last: Int
    }

    let vocabulary: Vocabulary
    /// For each position: the set of words it takes, whether a comma may stand before it, and the pattern it ends, or -1.
    private let sets: [Int32]
    private let mayFollowComma: [Bool]
    private let patterns: [Int32]
    /// The positions that may follow, for each position from one place to the next.
    private let followers: [Int32]
    private let followersOf: [Int32]
    /// The positions that a phrase may begin at, for each row of the vocabulary from one place to the next.
    private let beginnings: [Int32]
    private let beginningsOf: [Int32]
    /// For each row, which sets of words it belongs to, as bits. Set 0 is any word that a gap may go over.
    private let members: [UInt64]
    private let width: Int

    /// - Parameters:
    ///   - bounds: the words no gap goes over.
    ///   - forgiving: the words recognized in spite of one slip.
    init(_ patterns: [Pattern], bounds: Set<Pattern.Known>, forgiving: [String]) {
        var plan = AutomatonPlan()
        for (index, pattern) in patterns.enumerated() { plan.add(pattern, number: index) }
        let lexicon = Lexicon(plan.sets, bounds: bounds, forgiving: forgiving)
        vocabulary = lexicon.vocabulary
        width = (plan.sets.count + 64) / 64
        sets = plan.positions.map { Int32($0.words) }
        mayFollowComma = plan.positions.map(\.mayFollowComma)
        self.patterns = plan.positions.map(\.pattern)
        (followers, followersOf) = Self.strung(plan.positions.map(\.followers))

        var bits = [UInt64](repeating: 0, count: lexicon.setsOfRows.count * width)
        for (row, sets) in lexicon.setsOfRows.enumerated() {
            for set in sets { bits[row * width + set / 64] |= 1 << UInt64(set % 64) }
        }
        members = bits
        var firsts: [Int: [Int32]] = [:]
        for first in plan.firsts { firsts[plan.positions[Int(first)].words, default: []].append(first) }
        (beginnings, beginningsOf) = Self.strung(
            lexicon.setsOfRows.map { sets in sets.flatMap { firsts[$0] ?? [] } })
    }

    /// Lists one behind the other, and where each begins.
    private static func strung(_ lists: [[Int32]]) -> (all: [Int32], starts: [Int32]) {
        var starts: [Int32] = [0]
        var count = 0
        for list in lists {
            count += list.count
            starts.append(Int32(count))
        }
        return (Array(lists.joined()), starts)
    }

    /// Finds every pattern in a text, each at its longest for every word that it ends with.
    func hits(in words: [Words.Word]) -> [Hit] {
        var scan = Scan(positions: sets.count)
        var hits: [Hit] = []
        for (index, word) in words.enumerated() {
            scan.begin(index)
            if !word.beginsSentence { follow(word, &scan) }
            let row = Int(word.row)
            for at in beginningsOf[row]..<beginningsOf[row + 1] { scan.reach(beginnings[Int(at)], from: Int32(index)) }
            scan.end()
            for position in scan.active where patterns[Int(position)] >= 0 {
                let first = Int(scan.began[Int(position)])
                hits.append(Hit(pattern: Int(patterns[Int(position)]), first: first, last: index))
            }
        }
        return hits
    }

    private func follow(_ word: Words.Word, _ scan: inout Scan) {
        let row = Int(word.row) * width
        for position in scan.active {
            let began = scan.began[Int(position)]
            for at in Int(followersOf[Int(position)])..<Int(followersOf[Int(position) + 1]) {
                let follower = followers[at]
                let set = Int(sets[Int(follower)])
                if members[row + (set >> 6)] & (1 << UInt64(set & 63)) != 0,
                    !word.followsComma || mayFollowComma[Int(follower)]
                {
                    scan.reach(follower, from: began)
                }
            }
        }
    }
}

/// Which positions of an automaton a text has reached, word by word.
private struct Scan {
    private(set) var active: [Int32] = []
    /// For each active position the word that its phrase began with, the earliest there is.
    private(set) var began: [Int32]
    private var next: [Int32] = []
    private var nextBegan: [Int32]
    /// The word at which each position was last reached.
    private var reached: [Int32]
    private var now: Int32 = 0

    init(positions: Int) {
        began = Array(repeating: 0, count: positions)
        nextBegan = began
        reached = Array(repeating: -1, count: positions)
    }

    mutating func begin(_ word: Int) {
        now = Int32(word)
        next.removeAll(keepingCapacity: true)
    }

    mutating func reach(_ position: Int32, from start: Int32) {
        let at = Int(position)
        if reached[at] != now {
            reached[at] = now
            nextBegan[at] = start
            next.append(position)
        } else if start < nextBegan[at] {
            nextBegan[at] = start
        }
    }

    mutating func end() {
        swap(&active, &next)
        swap(&began, &nextBegan)
    }
}
