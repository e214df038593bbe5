import Matching

/// A matching problem small enough for every answer to be tried.
struct SmallInstance {
    var people: Int
    var capacities: [Int32]
    var pairs: [Pair]

    init(people: Int, capacities: [Int32], pairs: [Pair]) {
        self.people = people
        self.capacities = capacities
        self.pairs = pairs
    }

    /// Crowded and empty ones, dense and sparse ones, with many equal scores or few.
    init(_ draw: inout Draw, people: Int, supporters: Int) {
        let density = draw.number(15..<100)
        let levels = [2, 4, 40, 1001].randomElement(using: &draw) ?? 4
        let step = levels > 100 ? 1 : 25
        self.people = people
        capacities = (0..<supporters).map { _ in Int32(draw.number(0..<4)) }
        pairs = []
        for person in 0..<people {
            for supporter in 0..<supporters where draw.chance(density) {
                pairs.append(
                    Pair(
                        person: Int32(person), supporter: Int32(supporter),
                        score: Int32(draw.number(0..<levels) * step),
                        priority: Int32(draw.number(-3..<levels))))
            }
        }
    }

    func taken() throws -> Pairs { try Pairs(people: people, capacities: capacities, pairs) }

    /// The most that can be assigned and the highest total among those, by trying everything.
    func best(atLeast score: Int32 = 0) -> Worth {
        var room = capacities
        func best(from person: Int) -> Worth {
            guard person < people else { return Worth(count: 0, score: 0) }
            var found = best(from: person + 1)
            for pair in pairs where Int(pair.person) == person && pair.score >= score {
                guard room[Int(pair.supporter)] > 0 else { continue }
                room[Int(pair.supporter)] -= 1
                let rest = best(from: person + 1)
                room[Int(pair.supporter)] += 1
                found = max(found, Worth(count: rest.count + 1, score: rest.score + Int(pair.score)))
            }
            return found
        }
        return best(from: 0)
    }

    /// What is wrong with an assignment: pairs that are none, too many people for a supporter, wrong sums.
    func faults(of assignment: Assignment) -> [String] {
        var faults: [String] = []
        var load = [Int32](repeating: 0, count: capacities.count)
        var scores: [Int32] = []
        for person in 0..<people {
            guard let supporter = assignment[person] else { continue }
            load[supporter] += 1
            if let pair = pairs.first(where: { Int($0.person) == person && Int($0.supporter) == supporter }) {
                scores.append(pair.score)
            } else {
                faults.append("\(person) and \(supporter) are no pair")
            }
        }
        for (supporter, people) in load.enumerated() where people > capacities[supporter] {
            faults.append("\(supporter) has \(people) people")
        }
        if assignment.assignedCount != scores.count { faults.append("the count is wrong") }
        if assignment.totalScore != scores.reduce(0, { $0 + Int($1) }) { faults.append("the total is wrong") }
        if assignment.lowestScore != scores.min().map(Int.init) { faults.append("the lowest score is wrong") }
        return faults
    }
}

/// One more person outweighs any score.
struct Worth: Equatable, Comparable {
    var count: Int
    var score: Int

    init(count: Int, score: Int) {
        self.count = count
        self.score = score
    }

    init(_ assignment: Assignment) {
        self.init(count: assignment.assignedCount, score: assignment.totalScore)
    }

    static func < (one: Worth, other: Worth) -> Bool { (one.count, one.score) < (other.count, other.score) }
}
