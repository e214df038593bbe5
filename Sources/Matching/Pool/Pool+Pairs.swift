extension Pool {
    /// Every eligible pair with its score and priority.
    ///
    /// About 33 million comparisons for a hundred thousand people and ten thousand supporters in 60 programs: only the
    /// supporters of a person's own program are looked at.
    package func pairs() throws(PairsError) -> Pairs {
        let found = roomForFound()
        var starts = [Int32](repeating: 0, count: people.count + 1)
        var columns = Pairs.Growing()
        for person in people.indices {
            let waitDays = people[person].waitDays
            forEachEligible(for: person, found: found) { supporter, points in
                columns.append(supporter, points.score, points.priority(after: waitDays))
            }
            guard columns.count < Int(Int32.max) else { throw .tooMany }
            starts[person + 1] = Int32(columns.count)
        }
        return Pairs(capacities: supporters.map(\.capacity), starts: starts, columns)
    }
}
