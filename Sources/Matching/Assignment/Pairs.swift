/// One person and one supporter who may be matched, and how well.
package struct Pair: Equatable, Sendable, BitwiseCopyable {
    package var person: Int32
    package var supporter: Int32
    /// How good the match would be: 0...``Pairs/highestScore``, more is better.
    package var score: Int32
    /// How much the supporter's side would rather have this person than another; only ``Pairs/stableAssignment()``
    /// asks.
    package var priority: Int32

    package init(person: Int32, supporter: Int32, score: Int32, priority: Int32 = 0) {
        self.person = person
        self.supporter = supporter
        self.score = score
        self.priority = priority
    }
}

/// Who may be matched with whom: people 0..<`peopleCount`, supporters 0..<`supporterCount`, and the pairs that no rule
/// forbids, person by person. Everything in this folder starts from it.
///
/// Takes 10 bytes a pair: the supporter, the score and the priority.
package struct Pairs: Equatable, Sendable {
    /// Scores are stored in 16 bits.
    package static let highestScore = Int32(Int16.max)

    /// How many people each supporter has room for.
    package let capacities: [Int32]
    /// Where each person's pairs begin; one more than there are people.
    let starts: [Int32]
    /// In ascending order for each person.
    private(set) var supporters: [Int32]
    private(set) var scores: [Int16]
    private(set) var priorities: [Int32]

    package var peopleCount: Int { starts.count - 1 }
    package var supporterCount: Int { capacities.count }
    package var count: Int { supporters.count }

    /// Every pair, by person and then by supporter. Takes 16 bytes for each.
    package var all: [Pair] {
        var all: [Pair] = []
        all.reserveCapacity(count)
        for person in 0..<Int32(peopleCount) {
            for index in row(of: person) {
                all.append(
                    Pair(
                        person: person, supporter: supporters[index], score: Int32(scores[index]),
                        priority: priorities[index]))
            }
        }
        return all
    }

    /// Where the person's pairs are.
    @inline(__always)
    func row(of person: Int32) -> Range<Int> {
        let starts = starts.span
        return Range(uncheckedBounds: (Int(starts[Int(person)]), Int(starts[Int(person) + 1])))
    }

    /// Where the pair of these two is, if they may be matched. O(log pairs of the person).
    func index(person: Int32, supporter: Int32) -> Int? {
        var range = row(of: person)
        while !range.isEmpty {
            let middle = (range.lowerBound + range.upperBound) / 2
            if supporters[middle] == supporter { return middle }
            range = supporters[middle] < supporter ? middle + 1..<range.upperBound : range.lowerBound..<middle
        }
        return nil
    }

    mutating func swapAt(_ one: Int, _ other: Int) {
        supporters.swapAt(one, other)
        scores.swapAt(one, other)
        priorities.swapAt(one, other)
    }

    /// Pairs may come in any order; those that come by person and supporter are taken in without sorting. O(pairs).
    /// - Throws: ``PairsError`` with the place of the first fault.
    package init(people: Int, capacities: [Int32], _ pairs: [Pair]) throws(PairsError) {
        try Self.check(people: people, capacities: capacities, pairs)
        let span = pairs.span
        var starts = [Int32](repeating: 0, count: people + 1)
        var isSorted = true
        for index in span.indices {
            starts[Int(span[index].person) + 1] += 1
            if index > 0, !Self.isBefore(span[index - 1], span[index]) { isSorted = false }
        }
        for person in 0..<people { starts[person + 1] += starts[person] }
        let sorted = isSorted ? pairs : pairs.sorted(by: Self.isBefore)
        if !isSorted { try Self.refuseDuplicates(in: sorted, asGiven: pairs) }
        var columns = Growing()
        columns.reserve(sorted.count)
        let ordered = sorted.span
        for index in ordered.indices {
            let pair = ordered[unchecked: index]
            columns.append(pair.supporter, pair.score, pair.priority)
        }
        self.init(capacities: capacities, starts: starts, columns)
    }

    /// Pairs that are known to be right.
    init(capacities: [Int32], starts: [Int32], _ columns: consuming Growing) {
        self.capacities = capacities
        self.starts = starts
        supporters = columns.supporters
        scores = columns.scores
        priorities = columns.priorities
    }

    /// Pairs in the making, in the order of people and supporters.
    struct Growing {
        private(set) var supporters: [Int32] = []
        private(set) var scores: [Int16] = []
        private(set) var priorities: [Int32] = []

        var count: Int { supporters.count }

        mutating func reserve(_ count: Int) {
            supporters.reserveCapacity(count)
            scores.reserveCapacity(count)
            priorities.reserveCapacity(count)
        }

        @inline(__always)
        mutating func append(_ supporter: Int32, _ score: Int32, _ priority: Int32) {
            supporters.append(supporter)
            scores.append(Int16(truncatingIfNeeded: score))
            priorities.append(priority)
        }
    }

    private static func isBefore(_ one: Pair, _ other: Pair) -> Bool {
        one.person != other.person ? one.person < other.person : one.supporter < other.supporter
    }

    private static func check(people: Int, capacities: [Int32], _ pairs: [Pair]) throws(PairsError) {
        guard people >= 0, people < Int(Int32.max), capacities.count < Int(Int32.max), pairs.count < Int(Int32.max)
        else {
            throw .tooMany
        }
        for (supporter, capacity) in capacities.enumerated() where capacity < 0 {
            throw .negativeCapacity(supporter: supporter, capacity: Int(capacity))
        }
        let span = pairs.span
        for index in span.indices {
            let pair = span[index]
            guard pair.person >= 0, pair.person < people else {
                throw .unknownPerson(pair: index, person: Int(pair.person))
            }
            guard pair.supporter >= 0, pair.supporter < capacities.count else {
                throw .unknownSupporter(pair: index, supporter: Int(pair.supporter))
            }
            guard pair.score >= 0, pair.score <= highestScore else {
                throw .scoreOutOfRange(pair: index, score: Int(pair.score))
            }
        }
    }

    private static func refuseDuplicates(in sorted: [Pair], asGiven: [Pair]) throws(PairsError) {
        guard
            let twin = zip(sorted, sorted.dropFirst()).first(where: { !isBefore($0, $1) })?.0,
            let second = asGiven.indices.filter({
                asGiven[$0].person == twin.person && asGiven[$0].supporter == twin.supporter
            }).dropFirst().first
        else { return }
        throw .duplicate(pair: second, person: Int(twin.person), supporter: Int(twin.supporter))
    }
}

/// What keeps pairs from being taken in. `pair` is the place of the pair among those given, counted from 0.
package enum PairsError: Error, Equatable {
    case unknownPerson(pair: Int, person: Int)
    case unknownSupporter(pair: Int, supporter: Int)
    case scoreOutOfRange(pair: Int, score: Int)
    case duplicate(pair: Int, person: Int, supporter: Int)
    case negativeCapacity(supporter: Int, capacity: Int)
    /// More than two thousand million people, supporters or pairs; or so many of them with such high scores that totals
    /// along a chain of matches would not fit in 32 bits.
    case tooMany
}
