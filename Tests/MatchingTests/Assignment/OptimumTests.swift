import Matching
import Testing

@Suite("The best assignment")
struct OptimumTests {
    @Test("It is as good as the best of all, and proves it, on three thousand small instances")
    func bruteForce() throws {
        var draw = Draw(seed: 1)
        var contested = 0
        for _ in 0..<3_000 {
            let people = draw.number(0..<7)
            let instance = SmallInstance(&draw, people: people, supporters: draw.number(0..<5))
            let pairs = try instance.taken()
            let optimum = try pairs.optimum()
            let best = instance.best()
            #expect(Worth(optimum.assignment) == best, "\(instance)")
            #expect(instance.faults(of: optimum.assignment) == [])
            #expect(optimum.gap(for: pairs) == 0, "\(instance)")
            if best.count > 1, best.count < people { contested += 1 }
        }
        #expect(contested > 500)
    }

    @Test("On larger instances the proof holds, and nothing is left out of it", arguments: 1...40)
    func proof(seed: Int) throws {
        var draw = Draw(seed: UInt64(seed))
        let instance = SmallInstance(&draw, people: draw.number(50..<400), supporters: draw.number(10..<60))
        let pairs = try instance.taken()
        let optimum = try pairs.optimum()
        #expect(optimum.gap(for: pairs) == 0)
        #expect(instance.faults(of: optimum.assignment) == [])
    }

    @Test("The proof refuses an assignment that is not the best, and one of other pairs")
    func notProved() throws {
        let better = try Pairs(
            people: 1, capacities: [1, 1],
            [Pair(person: 0, supporter: 0, score: 5), Pair(person: 0, supporter: 1, score: 9)])
        let worse = try Pairs(people: 1, capacities: [1, 1], [Pair(person: 0, supporter: 0, score: 5)])
        #expect(try better.optimum().gap(for: better) == 0)
        #expect(try worse.optimum().gap(for: better) == nil)
        #expect(try better.optimum().gap(for: worse) == nil)
    }

    @Test("The order in which pairs are given changes nothing, and neither does doing it again")
    func determinism() throws {
        var draw = Draw(seed: 7)
        for _ in 0..<20 {
            let instance = SmallInstance(&draw, people: 200, supporters: 30)
            let shuffled = SmallInstance(
                people: 200, capacities: instance.capacities, pairs: instance.pairs.shuffled(using: &draw))
            let optimum = try instance.taken().optimum()
            #expect(try instance.taken().optimum() == optimum)
            #expect(try shuffled.taken().optimum() == optimum)
        }
    }

    @Test("One more person counts more than any score, along a chain as well")
    func chain() throws {
        // Each would rather have the supporter the next one needs; only if all go without can the last be assigned.
        let length: Int32 = 300
        var pairs: [Pair] = [Pair(person: 0, supporter: 0, score: 0)]
        for person in 1..<length {
            pairs.append(Pair(person: person, supporter: person - 1, score: 1000))
            pairs.append(Pair(person: person, supporter: person, score: 0))
        }
        let all = try Pairs(people: Int(length), capacities: [Int32](repeating: 1, count: Int(length)), pairs)
        let assignment = try all.optimum().assignment
        #expect(assignment.assignedCount == Int(length))
        #expect(assignment.totalScore == 0)
    }

    @Test("Far more people than places: everybody who can be is assigned, the best of them")
    func crowd() throws {
        var pairs: [Pair] = []
        for person: Int32 in 0..<3_000 {
            for supporter: Int32 in 0..<5 {
                pairs.append(Pair(person: person, supporter: supporter, score: (person &* 7 &+ supporter &* 13) % 1000))
            }
        }
        let taken = try Pairs(people: 3_000, capacities: [2, 2, 2, 2, 2], pairs)
        let optimum = try taken.optimum()
        #expect(optimum.assignment.assignedCount == 10)
        #expect(optimum.gap(for: taken) == 0)
    }

    @Test("Without people, supporters, pairs or places there is nobody to assign")
    func empty() throws {
        for (people, capacities, pairs) in [
            (0, [], []), (3, [], []), (0, [1], []), (3, [1], []), (1, [0], [Pair(person: 0, supporter: 0, score: 5)])
        ] as [(Int, [Int32], [Pair])] {
            let taken = try Pairs(people: people, capacities: capacities, pairs)
            #expect(try taken.optimum().assignment.assignedCount == 0)
            #expect(try taken.optimum().gap(for: taken) == 0)
            #expect(taken.stableAssignment().assignedCount == 0)
            #expect(try taken.fairAssignment().assignment.assignedCount == 0)
        }
    }

    @Test("The greatest numbers there are do not overflow")
    func extremes() throws {
        let pair = Pair(person: 0, supporter: 0, score: Pairs.highestScore, priority: .max)
        let other = Pair(person: 1, supporter: 0, score: Pairs.highestScore, priority: .min)
        let pairs = try Pairs(people: 2, capacities: [.max], [pair, other])
        #expect(try pairs.optimum().assignment.totalScore == 2 * Int(Pairs.highestScore))
        #expect(try pairs.optimum().gap(for: pairs) == 0)
        #expect(pairs.stableAssignment().assignedCount == 2)
    }
}

@Suite("The example of docs/matching.md")
struct ExampleTests {
    private let ana: Int32 = 0
    private let ben: Int32 = 1
    private let cem: Int32 = 2
    private let xu: Int32 = 0
    private let yara: Int32 = 1

    private func pairs() throws -> Pairs {
        try Pairs(
            people: 3, capacities: [1, 1],
            [
                Pair(person: ana, supporter: xu, score: 900, priority: 10),
                Pair(person: ana, supporter: yara, score: 700, priority: 10),
                Pair(person: ben, supporter: xu, score: 800, priority: 20),
                Pair(person: cem, supporter: yara, score: 300, priority: 30)
            ])
    }

    @Test("Optimal: Ana moves over for Ben, and prices prove it")
    func optimal() throws {
        let optimum = try pairs().optimum()
        #expect(optimum.assignment.supporters == [yara, xu, -1])
        #expect(optimum.assignment.totalScore == 1_500)
        #expect(optimum.reward == 2_703)
        #expect(optimum.prices == [3_203, 3_003])
        #expect(optimum.profits == [400, 300, 0])
        #expect(optimum.gap(for: try pairs()) == 0)
    }

    @Test("One more place with either is worth one more person, and 500 or 300 points")
    func worth() throws {
        var market = try Market(pairs())
        #expect(market.worthOfOneMorePlace(with: Int(xu)) == 2_703 + 500)
        #expect(market.worthOfOneMorePlace(with: Int(yara)) == 2_703 + 300)
        try market.apply([.capacity(supporter: Int(yara), places: 2)])
        #expect(market.totals.assigned == 3)
        #expect(market.totals.score == 1_800)
    }

    @Test("Stable: Yara would rather have Cem, so Ana goes without")
    func stable() throws {
        #expect(try pairs().stableAssignment().supporters == [-1, xu, yara])
    }

    @Test("Fair: nobody is left out of those who could be assigned, and the worst match is 700")
    func fair() throws {
        #expect(try pairs().fairAssignment(assigning: 100).floor == 700)
        #expect(try pairs().fairAssignment(assigning: 50).floor == 900)
    }
}
