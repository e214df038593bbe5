import Matching
import Testing

@Suite("Repairing the best assignment")
struct RepairTests {
    /// What happens to a market, and to a plain copy of it that is solved anew each time.
    private struct Twin {
        var instance: SmallInstance
        var absent: Set<Int> = []
        var refused: Set<[Int]> = []

        var effective: SmallInstance {
            let pairs = instance.pairs.filter {
                !absent.contains(Int($0.person)) && !refused.contains([Int($0.person), Int($0.supporter)])
            }
            return SmallInstance(people: instance.people, capacities: instance.capacities, pairs: pairs)
        }
    }

    private func change(_ market: inout Market, _ twin: inout Twin, _ draw: inout Draw) {
        let person = draw.number(0..<twin.instance.people)
        let supporter = draw.number(0..<twin.instance.capacities.count)
        switch draw.number(0..<6) {
        case 0:
            market.depart(person)
            twin.absent.insert(person)
        case 1:
            market.arrive(person)
            twin.absent.remove(person)
        case 2:
            // What was just proposed is what people refuse.
            let supporter = market.optimum.assignment[person] ?? supporter
            market.refuse(person: person, supporter: supporter)
            twin.refused.insert([person, supporter])
        case 3:
            let pair = twin.refused.randomElement(using: &draw) ?? [person, supporter]
            market.allow(person: pair[0], supporter: pair[1])
            twin.refused.remove(pair)
        case 4:
            market.setCapacity(of: supporter, to: 0)
            twin.instance.capacities[supporter] = 0
        default:
            let places = Int32(draw.number(0..<5))
            market.setCapacity(of: supporter, to: places)
            twin.instance.capacities[supporter] = places
        }
    }

    @Test("After each of ten thousand changes the repaired optimum is proved, and equals the recomputed one")
    func repaired() throws {
        var draw = Draw(seed: 11)
        for round in 0..<200 {
            let size = round % 20 == 0 ? 60 : 7
            var twin = Twin(
                instance: SmallInstance(&draw, people: draw.number(1..<size), supporters: draw.number(1..<6)))
            var market = try Market(twin.instance.taken())
            for _ in 0..<50 {
                change(&market, &twin, &draw)
                let effective = twin.effective
                let pairs = try effective.taken()
                let repaired = market.optimum
                #expect(repaired.gap(for: pairs) == 0)
                #expect(Worth(repaired.assignment) == Worth(try pairs.optimum().assignment))
                #expect(effective.faults(of: repaired.assignment) == [])
            }
        }
    }

    @Test("What one more place is worth is what starting over with it gives")
    func worth() throws {
        var draw = Draw(seed: 12)
        var some = 0
        for _ in 0..<400 {
            var instance = SmallInstance(&draw, people: draw.number(1..<12), supporters: draw.number(1..<6))
            var market = try Market(instance.taken())
            let before = market.optimum
            for supporter in instance.capacities.indices {
                let worth = market.worthOfOneMorePlace(with: supporter)
                instance.capacities[supporter] += 1
                let after = try instance.taken().optimum().assignment
                instance.capacities[supporter] -= 1
                let people = after.assignedCount - before.assignment.assignedCount
                let score = after.totalScore - before.assignment.totalScore
                #expect(worth == people * Int(market.reward) + score)
                if worth > 0 { some += 1 }
            }
            #expect(market.optimum == before)
        }
        #expect(some > 300)
    }
}
