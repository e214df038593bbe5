// Shortest augmenting paths: R. Jonker, A. Volgenant, A shortest augmenting path algorithm for dense and sparse linear
// assignment problems, Computing 38 (1987); here over supporters with several places.

extension Market {
    /// Where a search for a place ends: with a supporter who has room, or with a person who stays without.
    private enum Goal {
        case place(Int32)
        case without(Int32)
    }

    /// Finds the cheapest way to give the person a place: others may move on, and one of them may end up without one if
    /// that serves all best. Keeps what ``Market`` promises.
    mutating func findPlace(for person: Int32) {
        guard profit[person] > 0 else { return }
        beginSearch()
        // A copy of its own, so that the search may write while it reads.
        let pairs = pairs
        var least = profit[person]
        var goal = Goal.without(person)
        look(from: person, in: pairs, at: 0, &least, &goal)
        while let (supporter, nearest) = queue.removeNearest(), nearest < least {
            guard distance[supporter] == nearest else { continue }
            settled.append(supporter)
            var member = firstMember[supporter]
            while member >= 0, nearest < least {
                if nearest &+ profit[member] < least {
                    least = nearest &+ profit[member]
                    goal = .without(member)
                }
                look(from: member, in: pairs, at: nearest, &least, &goal)
                member = nextMember[member]
            }
        }
        profit[person] -= least
        for supporter in settled { raise(supporter, by: least &- distance[supporter]) }
        follow(goal, from: person)
    }

    @inline(__always)
    private mutating func look(
        from person: Int32, in pairs: borrowing Pairs, at nearest: Int32, _ least: inout Int32, _ goal: inout Goal
    ) {
        let supporters = pairs.supporters.span
        let scores = pairs.scores.span
        let price = price.view
        let base = nearest &+ profit[person] &- reward
        var index = row(of: person).lowerBound
        let end = row(of: person).upperBound
        while index < end {
            let supporter = supporters[unchecked: index]
            let length = base &+ price[supporter] &- Int32(scores[unchecked: index])
            index &+= 1
            // Most pairs end here, which is why the rest stands apart.
            if length < least { reach(supporter, with: person, at: length, &least, &goal) }
        }
    }

    @inline(never)
    private mutating func reach(
        _ supporter: Int32, with person: Int32, at length: Int32, _ least: inout Int32, _ goal: inout Goal
    ) {
        guard length < distance[supporter] else { return }
        if distance[supporter] == Self.unreached { reached.append(supporter) }
        distance[supporter] = length
        arrival[supporter] = person
        if hasRoom(supporter) {
            least = length
            goal = .place(supporter)
        } else {
            queue.insert(supporter, at: length)
        }
    }

    private func follow(_ goal: Goal, from person: Int32) {
        switch goal {
        case .place(let free): moveUp(to: free, from: person)
        case .without(let last):
            if last == person { return }
            let supporter = match[last]
            leave(last)
            moveUp(to: supporter, from: person)
        }
    }

    /// Moves everybody on the way that was found, from the last to the person who set out, one supporter further.
    func moveUp(to supporter: Int32, from person: Int32) {
        var supporter = supporter
        while true {
            let mover = arrival[supporter]
            let left = match[mover]
            if left >= 0 { leave(mover) }
            join(mover, supporter)
            if mover == person { return }
            supporter = left
        }
    }

    /// Changes the price of a place, and with it what the supporter's people are left with.
    func raise(_ supporter: Int32, by amount: Int32) {
        price[supporter] += amount
        var member = firstMember[supporter]
        while member >= 0 {
            profit[member] -= amount
            member = nextMember[member]
        }
    }

    mutating func beginSearch() {
        for supporter in reached { distance[supporter] = Self.unreached }
        reached.removeAll(keepingCapacity: true)
        settled.removeAll(keepingCapacity: true)
        queue.removeAll()
    }
}
