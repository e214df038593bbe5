/// The state in which the best assignment is looked for: who is with whom, what a place with each supporter costs, and
/// what each person is left with.
///
/// Prices and profits are the dual of the assignment problem. A match is worth its score and ``reward``, which is so
/// high that one more person assigned outweighs whatever the others lose by it. Between two calls it always holds that
/// - `profit + price >= worth` for each pair, with equality for each match, and neither is negative;
/// - a person without a supporter has no profit.
///
/// When also each supporter with room to spare has no price, the assignment is the best there is, and prices and
/// profits prove it: their total is that of the matches. ``findPlace(for:)`` and ``fill(_:)`` lead there.
package struct Market: ~Copyable {
    // First of all, for the thread sanitizer takes a write to a column for one to what the first property points at;
    // nobody else has this one, while the pairs may be shared.
    let capacity: Column<Int32>
    let price: Column<Int32>
    let profit: Column<Int32>
    /// Each person's supporter, or -1.
    let match: Column<Int32>
    /// What being assigned at all is worth, more than all that can be lost along a chain of changes.
    package let reward: Int32

    /// A person's pairs are in any order, and those that somebody has refused stand at the end.
    var pairs: Pairs
    /// Where each person's pairs that nobody has refused end.
    let rowEnd: Column<Int32>
    /// Each supporter's pairs; made when first needed.
    var columns: PairColumns?

    // The people of a supporter, as a list from person to person.
    let load: Column<Int32>
    let firstMember: Column<Int32>
    let nextMember: Column<Int32>
    let previousMember: Column<Int32>

    // What one search leaves behind is cleared by the next.
    let distance: Column<Int32>
    let arrival: Column<Int32>
    let onward: Column<Int32>
    var reached: [Int32] = []
    var settled: [Int32] = []
    var queue = SearchQueue()

    static let unreached = Int32.max

    /// What a place costs with somebody who has none at all: more than anybody would give.
    var closed: Int32 { reward + Pairs.highestScore }

    /// How much the profit of somebody who is not there is, for nobody to look at them.
    var away: Int32 { 2 * reward + 2 * Pairs.highestScore }

    /// Nobody is with anybody yet.
    init(empty pairs: Pairs) throws(PairsError) {
        self.pairs = pairs
        let reward = try Self.reward(for: pairs)
        let people = pairs.peopleCount
        let supporters = pairs.supporterCount
        self.reward = reward
        rowEnd = Column(Array(pairs.starts.dropFirst()))
        capacity = Column(pairs.capacities)
        price = Column(pairs.capacities.map { $0 == 0 ? reward + Pairs.highestScore : 0 })
        profit = Column(repeating: 0, count: people)
        match = Column(repeating: -1, count: people)
        load = Column(repeating: 0, count: supporters)
        firstMember = Column(repeating: -1, count: supporters)
        nextMember = Column(repeating: -1, count: people)
        previousMember = Column(repeating: -1, count: people)
        distance = Column(repeating: Self.unreached, count: supporters)
        arrival = Column(repeating: -1, count: supporters)
        onward = Column(repeating: -1, count: supporters)
    }

    /// A chain of changes visits no supporter twice, so it loses less than this.
    private static func reward(for pairs: Pairs) throws(PairsError) -> Int32 {
        let longest = Int64(min(pairs.peopleCount, pairs.supporterCount)) + 1
        let reward = longest * (Int64(pairs.scores.max() ?? 0) + 1)
        // Distances add up to three rewards and a few scores.
        guard reward < Int64(Int32.max) / 4 else { throw .tooMany }
        return Int32(reward)
    }
}

// MARK: - Who is with whom

extension Market {
    @inline(__always)
    func row(of person: Int32) -> Range<Int> {
        Range(uncheckedBounds: (pairs.row(of: person).lowerBound, Int(rowEnd[person])))
    }

    @inline(__always)
    func hasRoom(_ supporter: Int32) -> Bool { load[supporter] < capacity[supporter] }

    func join(_ person: Int32, _ supporter: Int32) {
        let second = firstMember[supporter]
        nextMember[person] = second
        previousMember[person] = -1
        if second >= 0 { previousMember[second] = person }
        firstMember[supporter] = person
        match[person] = supporter
        load[supporter] += 1
    }

    func leave(_ person: Int32) {
        let supporter = match[person]
        let next = nextMember[person]
        let previous = previousMember[person]
        if next >= 0 { previousMember[next] = previous }
        if previous >= 0 { nextMember[previous] = next } else { firstMember[supporter] = next }
        match[person] = -1
        load[supporter] -= 1
    }

    /// What the person would be left with where they would choose at these prices; nothing where that is no gain.
    func mostLeft(for person: Int32) -> Int32 {
        var most: Int32 = 0
        for index in row(of: person) {
            most = max(most, Int32(pairs.scores[index]) + reward - price[pairs.supporters[index]])
        }
        return most
    }
}
