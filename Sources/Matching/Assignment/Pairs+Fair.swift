extension Pairs {
    /// Nobody is matched badly so that others are matched well: the highest score that every match can reach while
    /// nearly as many get one as ever could; then, above that score, the most people, then the highest total.
    /// - Parameter percent: how many of the most that could be assigned must still be, 0...100. With 100 nobody at
    ///   all is left out for the sake of a better worst match, and a single person with a single possible supporter
    ///   may decide that worst match for all.
    /// - Returns: the assignment, and the score that each match has at least; none where nobody can be assigned.
    /// - Throws: ``PairsError/tooMany``, as ``optimum()``.
    package func fairAssignment(assigning percent: Int = 99) throws(PairsError) -> (assignment: Assignment, floor: Int?)
    {
        let levels = self.levels
        guard let lowest = levels.first else { return (try optimum().assignment, nil) }
        var market = try Market(empty: self)
        let most = market.assignMost(atLeast: lowest)
        let share = min(max(percent, 0), 100)
        var (low, high) = (0, levels.count - 1)
        while low < high {
            let middle = (low + high + 1) / 2
            if market.assignMost(atLeast: levels[middle]) * 100 >= most * share {
                low = middle
            } else {
                high = middle - 1
            }
        }
        guard most > 0 else { return (try optimum().assignment, nil) }
        return (try above(levels[low]).optimum().assignment, Int(levels[low]))
    }

    /// The scores that occur, in ascending order.
    private var levels: [Int16] {
        var occurs = [Bool](repeating: false, count: Int(Self.highestScore) + 1)
        for score in scores { occurs[Int(score)] = true }
        return occurs.indices.filter { occurs[$0] }.map(Int16.init)
    }

    /// The pairs with at least this score.
    private func above(_ score: Int16) -> Pairs {
        var columns = Growing()
        columns.reserve(count)
        var starts: [Int32] = [0]
        starts.reserveCapacity(peopleCount + 1)
        for person in 0..<Int32(peopleCount) {
            for index in row(of: person) where scores[index] >= score {
                columns.append(supporters[index], Int32(scores[index]), priorities[index])
            }
            starts.append(Int32(columns.count))
        }
        return Pairs(capacities: capacities, starts: starts, columns)
    }
}
