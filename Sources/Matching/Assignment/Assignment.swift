/// Who is with which supporter.
package struct Assignment: Equatable, Sendable {
    /// Each person's supporter, or -1 for none.
    package let supporters: [Int32]
    package let assignedCount: Int
    package let totalScore: Int
    /// The score of the worst match; none without any.
    package let lowestScore: Int?

    /// - Parameter scores: of the matches, in the order of the people who have one.
    init(_ supporters: [Int32], scores: [Int32]) {
        self.supporters = supporters
        assignedCount = scores.count
        totalScore = scores.reduce(0) { $0 + Int($1) }
        lowestScore = scores.min().map(Int.init)
    }

    /// Matches that are none of these pairs do not count.
    init(_ supporters: [Int32], in pairs: Pairs) {
        let scores = supporters.enumerated().compactMap { person, supporter in
            pairs.index(person: Int32(person), supporter: supporter).map { Int32(pairs.scores[$0]) }
        }
        self.init(supporters, scores: scores)
    }

    package subscript(person: Int) -> Int? { supporters[person] < 0 ? nil : Int(supporters[person]) }
}

/// The best assignment and the proof of it: prices and profits that no assignment's worth can exceed.
///
/// A match is worth its score and ``reward``. For each pair `profit + price` is at least that, so no assignment is
/// worth more than all profits and all prices of all places together; and this one is worth exactly as much.
package struct Optimum: Equatable, Sendable {
    package let assignment: Assignment
    /// What one more place with a supporter could at most add.
    package let prices: [Int32]
    /// What each person's being there adds at most.
    package let profits: [Int32]
    /// What being assigned at all is worth: more than all scores that could be lost by it.
    package let reward: Int32

    /// Checks the whole proof, pair by pair, without trusting how it was found: 0 when the assignment is the best there
    /// is, the most it could be short of it otherwise; none when this proves nothing about these pairs. O(pairs).
    package func gap(for pairs: Pairs) -> Int? {
        guard
            assignment.supporters.count == pairs.peopleCount, profits.count == pairs.peopleCount,
            prices.count == pairs.supporterCount, profits.allSatisfy({ $0 >= 0 }), prices.allSatisfy({ $0 >= 0 }),
            Int(reward) > min(pairs.peopleCount, pairs.supporterCount) * Int(pairs.scores.max() ?? 0)
        else { return nil }
        var load = [Int32](repeating: 0, count: pairs.supporterCount)
        var worth = 0
        for person in 0..<Int32(pairs.peopleCount) {
            var isMatched = assignment.supporters[Int(person)] < 0
            for index in pairs.row(of: person) {
                let supporter = Int(pairs.supporters[index])
                let most = Int(pairs.scores[index]) + Int(reward)
                guard Int(profits[Int(person)]) + Int(prices[supporter]) >= most else { return nil }
                if assignment.supporters[Int(person)] == pairs.supporters[index] {
                    isMatched = true
                    load[supporter] += 1
                    worth += most
                }
            }
            guard isMatched else { return nil }
        }
        // Of other pairs, capacities and prices could be anything.
        var bound = profits.reduce(Int128(0)) { $0 + Int128($1) }
        for (supporter, capacity) in pairs.capacities.enumerated() {
            guard load[supporter] <= capacity else { return nil }
            bound += Int128(capacity) * Int128(prices[supporter])
        }
        return Int(clamping: bound - Int128(worth))
    }
}
