extension Pool {
    /// What somebody who joins as a supporter would change for everybody who waits.
    package struct Gain: Equatable, Sendable {
        /// How many more people would have a supporter.
        package let people: Int
        /// By how much the total score would grow; it can shrink where more people have a supporter.
        package let score: Int
    }

    /// For whom to look next: what each of these, taking part alone with the places they offer, would add to the best
    /// assignment. Exact: the assignment is found once, and repaired for each of them and back.
    package func gains(from candidates: [Supporter]) throws(PoolError) -> [Gain] {
        let own = supporters.count
        // Everybody is there from the beginning, but without a place.
        let waiting = candidates.map { candidate in
            var candidate = candidate
            candidate.capacity = 0
            return candidate
        }
        let excluded = people.indices.flatMap { person in
            exclusions(of: person).map { Exclusion(person: person, supporter: Int($0)) }
        }
        let all = try Pool(people: people, supporters: supporters + waiting, exclusions: excluded)
        for (index, candidate) in candidates.enumerated() where candidate.capacity < 0 {
            throw .outOfRange(.supporter, index: own + index, field: .capacity)
        }
        var market: Market
        do throws(PairsError) { market = try Market(all.pairs()) } catch { throw .tooMany }
        let before = market.totals
        return candidates.enumerated().map { index, candidate in
            market.make([.capacity(supporter: own + index, places: candidate.capacity)])
            let after = market.totals
            market.make([.capacity(supporter: own + index, places: 0)])
            return Gain(people: after.assigned - before.assigned, score: after.score - before.score)
        }
    }
}
