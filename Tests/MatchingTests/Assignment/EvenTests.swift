import Matching
import Testing

@Suite("The assignment that lets groups wait equally long")
struct EvenTests {
    @Test(
        "As many as ever, as even as can be, and of these the best; never more lost than allowed",
        arguments: [0, 5, 100])
    func bruteForce(percent: Int) throws {
        var draw = Draw(seed: UInt64(percent) + 70)
        var (evened, kept) = (0, 0)
        for _ in 0..<400 {
            let instance = SmallInstance(&draw, people: draw.number(0..<7), supporters: draw.number(0..<5))
            let groupCount = draw.number(1..<4)
            let groups = (0..<instance.people).map { _ in draw.number(0..<groupCount) }
            let even = try instance.taken().evenAssignment(over: groups, count: groupCount, losing: percent)
            let best = instance.best()
            #expect(instance.faults(of: even.assignment) == [])
            #expect(even.assignment.assignedCount == best.count)
            #expect(even.assignment.totalScore == best.score - even.loss)
            #expect(even.loss >= 0 && even.loss * 100 <= best.score * percent)
            let every = instance.ways(groups, groupCount).filter { $0.key.reduce(0, +) == best.count }
            let sizes = (0..<groupCount).map { group in groups.count { $0 == group } }
            let least = try #require(every.keys.map { Unevenness($0, sizes) }.min())
            #expect(even.served.reduce(0, +) == best.count)
            #expect(every[even.served] == even.assignment.totalScore, "the best for what each group has: \(instance)")
            if even.isEven {
                #expect(Unevenness(even.served, sizes) == least)
                let most = every.filter { Unevenness($0.key, sizes) == least }.map(\.value).max()
                #expect(even.assignment.totalScore == most, "the best of all that are as even: \(instance)")
            }
            if percent == 100 { #expect(even.isEven) }
            if even.loss > 0 { evened += 1 }
            if !even.isEven { kept += 1 }
        }
        if percent == 100 { #expect(evened > 5, "it must cost something somewhere: \(evened)") }
        if percent == 0 { #expect(kept > 5, "it must be too dear somewhere: \(kept)") }
    }

    @Test("What is wrong with the groups is said")
    func faults() throws {
        let pairs = try Pairs(people: 2, capacities: [1], [Pair(person: 0, supporter: 0, score: 1)])
        #expect(throws: GroupsError.unknownGroup(person: 1, group: 2)) {
            try pairs.evenAssignment(over: [0, 2], count: 2, losing: 0)
        }
        #expect(throws: GroupsError.unknownGroup(person: 1, group: -1)) {
            try pairs.evenAssignment(over: [0], count: 1, losing: 0)
        }
        #expect(throws: GroupsError.unknownGroup(person: 0, group: 0)) {
            try pairs.evenAssignment(over: [0, 0], count: -1, losing: 0)
        }
    }

    @Test("One language does not take all places: a small example")
    func example() throws {
        // Three who speak English fit a little better than the one who speaks Somali; there is one supporter for two.
        let scores: [Int32] = [900, 890, 880, 700]
        let pairs = try Pairs(
            people: 4, capacities: [2],
            scores.enumerated().map { Pair(person: Int32($0.offset), supporter: 0, score: $0.element) })
        let best = try pairs.evenAssignment(over: [0, 0, 0, 1], count: 2, losing: 0)
        #expect(best.served == [2, 0] && !best.isEven)
        let even = try pairs.evenAssignment(over: [0, 0, 0, 1], count: 2, losing: 15)
        #expect(even.served == [1, 1] && even.isEven && even.loss == 190)
        #expect(even.assignment[0] == 0 && even.assignment[3] == 0)
        let dear = try pairs.evenAssignment(over: [0, 0, 0, 1], count: 2, losing: 5)
        #expect(dear.served == [2, 0] && dear.loss == 0)
    }
}

/// How uneven shares are: what the places before each place come to, then those with it, in parts of 60.
private struct Unevenness: Comparable {
    let before: Int
    let after: Int

    init(_ served: [Int], _ sizes: [Int]) {
        // 60 is a multiple of all sizes that are drawn.
        before = zip(served, sizes).reduce(0) { $0 + ($1.0 == 0 ? 0 : $1.0 * ($1.0 - 1) / 2 * (60 / $1.1)) }
        after = zip(served, sizes).reduce(0) { $0 + ($1.0 == 0 ? 0 : $1.0 * ($1.0 + 1) / 2 * (60 / $1.1)) }
    }

    static func < (one: Unevenness, other: Unevenness) -> Bool {
        (one.before, one.after) < (other.before, other.after)
    }
}

extension SmallInstance {
    /// The highest total for each way to serve so many of each group, by trying everything.
    fileprivate func ways(_ groups: [Int], _ groupCount: Int) -> [[Int]: Int] {
        var (room, served, found) = (capacities, [Int](repeating: 0, count: groupCount), [[Int]: Int]())
        func go(_ person: Int, _ total: Int) {
            guard person < people else {
                found[served] = max(found[served] ?? .min, total)
                return
            }
            go(person + 1, total)
            for pair in pairs where Int(pair.person) == person && room[Int(pair.supporter)] > 0 {
                room[Int(pair.supporter)] -= 1
                served[groups[person]] += 1
                go(person + 1, total + Int(pair.score))
                served[groups[person]] -= 1
                room[Int(pair.supporter)] += 1
            }
        }
        go(0, 0)
        return found
    }
}
