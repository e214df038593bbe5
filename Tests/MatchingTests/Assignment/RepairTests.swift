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

    private func change(_ market: borrowing Market, _ twin: inout Twin, _ draw: inout Draw) -> MarketChange {
        let person = draw.number(0..<twin.instance.people)
        let supporter = draw.number(0..<twin.instance.capacities.count)
        switch draw.number(0..<6) {
        case 0:
            twin.absent.insert(person)
            return .departure(person: person)
        case 1:
            twin.absent.remove(person)
            return .arrival(person: person)
        case 2:
            // What was just proposed is what people refuse.
            let supporter = market.optimum.assignment[person] ?? supporter
            twin.refused.insert([person, supporter])
            return .refusal(person: person, supporter: supporter)
        case 3:
            let pair =
                twin.refused.sorted { $0.lexicographicallyPrecedes($1) }.randomElement(using: &draw)
                ?? [person, supporter]
            twin.refused.remove(pair)
            return .consent(person: pair[0], supporter: pair[1])
        default:
            let places = Int32(draw.chance(30) ? 0 : draw.number(0..<5))
            twin.instance.capacities[supporter] = places
            return .capacity(supporter: supporter, places: places)
        }
    }

    private func expectOptimum(_ market: borrowing Market, _ twin: Twin) throws {
        let effective = twin.effective
        let pairs = try effective.taken()
        let repaired = market.optimum
        #expect(repaired.gap(for: pairs) == 0)
        #expect(Worth(repaired.assignment) == Worth(try pairs.optimum().assignment))
        #expect(effective.faults(of: repaired.assignment) == [])
    }

    @Test("After each of eight thousand changes the repaired optimum is proved, and equals the recomputed one")
    func repaired() throws {
        var draw = Draw(seed: 11)
        for round in 0..<160 {
            let size = round % 20 == 0 ? 60 : 7
            var twin = Twin(
                instance: SmallInstance(&draw, people: draw.number(1..<size), supporters: draw.number(1..<6)))
            var market = try Market(twin.instance.taken())
            for _ in 0..<50 {
                try market.apply([change(market, &twin, &draw)])
                try expectOptimum(market, twin)
            }
        }
    }

    @Test("Many changes at once are repaired together, however they cross each other")
    func together() throws {
        var draw = Draw(seed: 13)
        var largest = 0
        for round in 0..<60 {
            var twin = Twin(
                instance: SmallInstance(
                    &draw, people: draw.number(2..<(round % 2 == 0 ? 9 : 150)), supporters: draw.number(1..<30)))
            var market = try Market(twin.instance.taken())
            for _ in 0..<6 {
                let count = [2, 5, 40, 150][draw.number(0..<4)]
                largest = max(largest, count)
                try market.apply((0..<count).map { _ in change(market, &twin, &draw) })
                try expectOptimum(market, twin)
            }
        }
        #expect(largest > 100)
    }

    @Test("What changes nothing is passed over")
    func nothing() throws {
        var draw = Draw(seed: 14)
        let instance = SmallInstance(&draw, people: 20, supporters: 4)
        var market = try Market(instance.taken())
        let before = market.optimum
        let missing = (0..<20).flatMap { person in (0..<4).map { [person, $0] } }.filter { pair in
            !instance.pairs.contains { Int($0.person) == pair[0] && Int($0.supporter) == pair[1] }
        }
        try market.apply((0..<20).map { .arrival(person: $0) })
        try market.apply(missing.map { .refusal(person: $0[0], supporter: $0[1]) })
        try market.apply(missing.map { .consent(person: $0[0], supporter: $0[1]) })
        try market.apply(instance.capacities.enumerated().map { .capacity(supporter: $0, places: $1) })
        #expect(Worth(market.optimum.assignment) == Worth(before.assignment))
        #expect(market.optimum.gap(for: try instance.taken()) == 0)
        #expect(!missing.isEmpty)
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
                if after.assignedCount + after.totalScore > before.assignment.assignedCount
                    + before.assignment.totalScore
                {
                    some += 1
                }
            }
            #expect(market.optimum == before)
        }
        #expect(some > 300)
    }

    @Test("Changes of people who are not there are refused, and then nothing is changed")
    func unknown() throws {
        var draw = Draw(seed: 15)
        let instance = SmallInstance(&draw, people: 5, supporters: 3)
        var market = try Market(instance.taken())
        let before = market.optimum
        func error(_ change: MarketChange) -> MarketChangeError? {
            do throws(MarketChangeError) {
                try market.apply([.departure(person: 0), change])
                return nil
            } catch {
                return error
            }
        }
        for person in [-1, 5, .min, .max] {
            let expected = MarketChangeError.unknownPerson(change: 1, person: person)
            #expect(error(.arrival(person: person)) == expected)
            #expect(error(.departure(person: person)) == expected)
            #expect(error(.refusal(person: person, supporter: 0)) == expected)
            #expect(error(.consent(person: person, supporter: 0)) == expected)
        }
        for supporter in [-1, 3, .min, .max] {
            let expected = MarketChangeError.unknownSupporter(change: 1, supporter: supporter)
            #expect(error(.refusal(person: 0, supporter: supporter)) == expected)
            #expect(error(.capacity(supporter: supporter, places: 1)) == expected)
            #expect(market.worthOfOneMorePlace(with: supporter) == nil)
        }
        #expect(error(.capacity(supporter: 0, places: -1)) == .negativeCapacity(change: 1, places: -1))
        #expect(market.optimum == before)
        #expect(error(.capacity(supporter: 0, places: 1)) == nil)
    }
}
