/// Everybody who waits for a supporter and everybody who could support somebody, in a form in which a hundred thousand
/// people can be compared with ten thousand supporters in a moment: small numbers and bits, and no names.
///
/// What counts as eligible, and how many points a pair has, stands in ``Rule`` and ``Points``: whole numbers
/// throughout, so that every correct implementation agrees to the last bit. It is fixed, and apart from ``Judge``,
/// whose weights a program chooses. ``pairs()`` makes what the assignments in this module start from.
package struct Pool: Sendable {
    package let people: [Person]
    package let supporters: [Supporter]
    /// Pairs that must never be, by person; see ``exclusions(of:)``.
    private let excluded: [Int32]
    private let excludedStarts: [Int32]
    /// Supporters by program, because nothing else is asked before it.
    let shelves: [Shelf]
    let largestShelf: Int

    /// Programs are numbered 0..<64.
    package static let programLimit = 64

    /// Prepares the comparisons. O(people + supporters + exclusions · log exclusions).
    /// - Throws: ``PoolError`` with the place of the first fault.
    package init(
        people: [Person], supporters: [Supporter], exclusions: [Exclusion] = []
    ) throws(PoolError) {
        guard people.count < Int(Int32.max), supporters.count < Int(Int32.max), exclusions.count < Int(Int32.max) else {
            throw .tooMany
        }
        for (index, person) in people.enumerated() {
            if let fault = person.fault { throw .outOfRange(.person, index: index, field: fault) }
        }
        for (index, supporter) in supporters.enumerated() {
            if let fault = supporter.fault { throw .outOfRange(.supporter, index: index, field: fault) }
        }
        self.people = people
        self.supporters = supporters
        (excludedStarts, excluded) = try Self.sort(exclusions, people: people.count, supporters: supporters.count)
        shelves = (0..<Self.programLimit).map { program in
            Shelf(of: supporters.indices.filter { supporters[$0].programs >> UInt64(program) & 1 == 1 }, in: supporters)
        }
        largestShelf = shelves.map(\.flags.count).max() ?? 0
    }

    /// With whom this person must never be matched, in ascending order.
    package func exclusions(of person: Int) -> ArraySlice<Int32> {
        excluded[Int(excludedStarts[person])..<Int(excludedStarts[person + 1])]
    }

    private static func sort(
        _ exclusions: [Exclusion], people: Int, supporters: Int
    ) throws(PoolError) -> (starts: [Int32], supporters: [Int32]) {
        for (index, exclusion) in exclusions.enumerated() {
            guard (0..<people).contains(exclusion.person) else {
                throw .unknownPerson(exclusion: index, person: exclusion.person)
            }
            guard (0..<supporters).contains(exclusion.supporter) else {
                throw .unknownSupporter(exclusion: index, supporter: exclusion.supporter)
            }
        }
        let order = exclusions.indices.sorted {
            (exclusions[$0].person, exclusions[$0].supporter, $0) < (
                exclusions[$1].person, exclusions[$1].supporter, $1
            )
        }
        for (one, other) in zip(order, order.dropFirst()) where exclusions[one] == exclusions[other] {
            throw .duplicate(exclusion: other)
        }
        var starts = [Int32](repeating: 0, count: people + 1)
        for exclusion in exclusions { starts[exclusion.person + 1] += 1 }
        for person in 0..<people { starts[person + 1] += starts[person] }
        return (starts, order.map { Int32(exclusions[$0].supporter) })
    }
}

/// What keeps a pool from being made. Places are counted from 0.
package enum PoolError: Error, Equatable {
    package enum Side: Sendable { case person, supporter }

    case outOfRange(Side, index: Int, field: Pool.Field)
    case unknownPerson(exclusion: Int, person: Int)
    case unknownSupporter(exclusion: Int, supporter: Int)
    case duplicate(exclusion: Int)
    case tooMany
}
