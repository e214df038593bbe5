import Matching
import Testing

@Suite("The stable assignment")
struct StableTests {
    /// People and supporters who would both rather have each other than what they have.
    private func blocking(_ instance: SmallInstance, _ assignment: Assignment) -> [Pair] {
        func likes(_ pair: Pair) -> (Int32, Int32) { (pair.score, -pair.supporter) }
        func favors(_ pair: Pair) -> (Int32, Int32) { (pair.priority, -pair.person) }
        func isMatch(_ pair: Pair) -> Bool { assignment[Int(pair.person)] == Int(pair.supporter) }
        return instance.pairs.filter { pair in
            let own = instance.pairs.first { $0.person == pair.person && isMatch($0) }
            let others = instance.pairs.filter { $0.supporter == pair.supporter && isMatch($0) }
            let wants = own.map { likes(pair) > likes($0) } ?? true
            let hasRoom = others.count < Int(instance.capacities[Int(pair.supporter)])
            let capacity = instance.capacities[Int(pair.supporter)]
            return wants && capacity > 0 && (hasRoom || others.contains { favors(pair) > favors($0) })
        }
    }

    /// Every assignment there is.
    private func all(_ instance: SmallInstance) -> [[Int32]] {
        (0..<instance.people).reduce([[]]) { begun, person in
            let choices = [-1] + instance.pairs.filter { Int($0.person) == person }.map(\.supporter)
            return begun.flatMap { start in choices.map { start + [$0] } }
        }.filter { supporters in
            instance.capacities.indices.allSatisfy { supporter in
                supporters.count { $0 == supporter } <= Int(instance.capacities[supporter])
            }
        }
    }

    @Test("Nobody blocks it, on two thousand small instances")
    func stability() throws {
        var draw = Draw(seed: 3)
        var full = 0
        for _ in 0..<2_000 {
            let people = draw.number(0..<9)
            let instance = SmallInstance(&draw, people: people, supporters: draw.number(0..<6))
            let assignment = try instance.taken().stableAssignment()
            #expect(blocking(instance, assignment) == [], "\(instance)")
            #expect(instance.faults(of: assignment) == [])
            if assignment.assignedCount < people, assignment.assignedCount > 1 { full += 1 }
        }
        #expect(full > 300)
    }

    @Test("No person could have anybody better in any stable assignment, on six hundred tiny instances")
    func bestForPeople() throws {
        var draw = Draw(seed: 4)
        var several = 0
        for _ in 0..<600 {
            var instance = SmallInstance(&draw, people: draw.number(2..<5), supporters: 3)
            instance.capacities = [1, 1, 1]
            let ours = try instance.taken().stableAssignment()
            let stable = try all(instance).filter { supporters in
                // An assignment of just these pairs, which is what the blocking pairs are asked of.
                let only = instance.pairs.filter { supporters[Int($0.person)] == $0.supporter }
                let made = try SmallInstance(people: instance.people, capacities: instance.capacities, pairs: only)
                    .taken().stableAssignment()
                return blocking(instance, made) == []
            }
            #expect(stable.contains(ours.supporters))
            if stable.count > 1 { several += 1 }
            for other in stable {
                for pair in instance.pairs where other[Int(pair.person)] == pair.supporter {
                    let own = instance.pairs.first {
                        $0.person == pair.person && ours[Int($0.person)] == Int($0.supporter)
                    }
                    #expect(own.map { ($0.score, -$0.supporter) >= (pair.score, -pair.supporter) } == true)
                }
            }
        }
        #expect(several > 5)
    }

    @Test("The check finds a blocking pair where there is one")
    func planted() throws {
        let pairs = [
            Pair(person: 0, supporter: 0, score: 9, priority: 9), Pair(person: 0, supporter: 1, score: 1, priority: 1)
        ]
        let instance = SmallInstance(people: 1, capacities: [1, 1], pairs: pairs)
        let worse = try SmallInstance(people: 1, capacities: [1, 1], pairs: [pairs[1]]).taken().stableAssignment()
        #expect(blocking(instance, worse) == [pairs[0]])
    }
}
