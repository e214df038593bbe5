import Matching
import Testing

@Suite("Taking pairs in")
struct PairsTests {
    private let good = [Pair(person: 0, supporter: 1, score: 5), Pair(person: 1, supporter: 0, score: 7)]

    private func error(people: Int = 2, capacities: [Int32] = [1, 1], _ pairs: [Pair]) -> PairsError? {
        do throws(PairsError) {
            _ = try Pairs(people: people, capacities: capacities, pairs)
            return nil
        } catch {
            return error
        }
    }

    @Test("What is wrong is said with its place")
    func faults() {
        #expect(error(good) == nil)
        for person: Int32 in [-1, 2, .max, .min] {
            #expect(
                error(good + [Pair(person: person, supporter: 0, score: 1)])
                    == .unknownPerson(pair: 2, person: Int(person)))
            #expect(
                error(good + [Pair(person: 0, supporter: person, score: 1)])
                    == .unknownSupporter(pair: 2, supporter: Int(person)))
        }
        for score: Int32 in [-1, 32_768, .max, .min] {
            #expect(
                error([Pair(person: 0, supporter: 0, score: score)] + good)
                    == .scoreOutOfRange(pair: 0, score: Int(score)))
        }
        #expect(error(capacities: [1, -1], good) == .negativeCapacity(supporter: 1, capacity: -1))
        #expect(error(people: -1, []) == .tooMany)
    }

    @Test("A pair that is given twice is refused, wherever the second stands")
    func duplicates() {
        #expect(error(good + [good[0]]) == .duplicate(pair: 2, person: 0, supporter: 1))
        #expect(error([good[0], good[0]]) == .duplicate(pair: 1, person: 0, supporter: 1))
        #expect(error([good[1], good[0], good[1]]) == .duplicate(pair: 2, person: 1, supporter: 0))
    }

    @Test("So many people with such high scores that sums would not fit are refused")
    func tooMany() throws {
        let people = 70_000
        let pairs = (0..<Int32(people)).map { Pair(person: $0, supporter: $0, score: Pairs.highestScore) }
        let taken = try Pairs(people: people, capacities: [Int32](repeating: 1, count: people), pairs)
        #expect(throws: PairsError.tooMany) { try taken.optimum() }
        #expect(taken.stableAssignment().assignedCount == people)
    }
}
