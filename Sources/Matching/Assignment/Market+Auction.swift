// Auction: D. P. Bertsekas, D. A. Castañon, The auction algorithm for the transportation problem, Annals of Operations
// Research 20 (1989).

extension Market {
    /// Lets people without a supporter bid for places until nearly everybody has one. Fast and nearly best: who is then
    /// not with one of those they would choose at these prices is sent off again, for ``settle()`` to end exactly.
    /// - Parameters:
    ///   - step: by how much at least each bid raises a price; small is exact, large is fast.
    ///   - limit: after so many bids somebody gives up, so that too many people for too few places end at all.
    func auction(step: Int32, bids limit: Int32) {
        let pairs = pairs
        let people = pairs.peopleCount
        let supporters = pairs.supporters.span
        let scores = pairs.scores.span
        let places = Places(capacity, rows: pairs)
        let tries = Column<Int32>(repeating: 0, count: people)
        let waiting = Column<Int32>(repeating: 0, count: people)
        var waitingCount = 0
        for person in stride(from: Int32(people) - 1, through: 0, by: -1) {
            waiting[waitingCount] = person
            waitingCount += 1
        }
        while waitingCount > 0 {
            waitingCount &-= 1
            let person = waiting[waitingCount]
            var first = Int32.min
            var second = Int32.min
            var chosen: Int32 = -1
            for index in row(of: person) {
                let supporter = supporters[unchecked: index]
                let left = Int32(scores[unchecked: index]) &- price[supporter]
                if left > second {
                    if left > first {
                        second = first
                        first = left
                        chosen = supporter
                    } else {
                        second = left
                    }
                }
            }
            guard chosen >= 0, first &+ reward > 0, tries[person] < limit else { continue }
            tries[person] += 1
            let bid = price[chosen] &+ first &- max(second, -reward) &+ step
            if let outbid = places.take(chosen, for: person, at: bid) {
                leave(outbid)
                waiting[waitingCount] = outbid
                waitingCount &+= 1
            }
            join(person, chosen)
            price[chosen] = places.price(of: chosen)
        }
        sendOffDissatisfied()
    }

    /// Works out what each person is left with, and parts those who would choose otherwise from their supporter.
    private func sendOffDissatisfied() {
        let pairs = pairs
        let supporters = pairs.supporters.span
        let scores = pairs.scores.span
        for person in 0..<Int32(pairs.peopleCount) {
            var most: Int32 = 0
            var own: Int32 = -1
            for index in row(of: person) {
                let supporter = supporters[unchecked: index]
                let left = Int32(scores[unchecked: index]) &+ reward &- price[supporter]
                if supporter == match[person] { own = left }
                most = max(most, left)
            }
            profit[person] = most
            if match[person] >= 0, own < most { leave(person) }
        }
    }

    /// What was bid for each place, the lowest of each supporter first (a heap).
    private struct Places: ~Copyable {
        let starts: Column<Int32>
        let taken: Column<Int32>
        let bids: Column<Int32>
        let people: Column<Int32>

        init(_ capacity: borrowing Column<Int32>, rows pairs: Pairs) {
            var most = [Int32](repeating: 0, count: capacity.count)
            for supporter in pairs.supporters { most[Int(supporter)] += 1 }
            starts = Column(repeating: 0, count: capacity.count + 1)
            for supporter in 0..<capacity.count {
                starts[supporter + 1] = starts[supporter] + min(capacity[supporter], most[supporter])
            }
            taken = Column(repeating: 0, count: capacity.count)
            bids = Column(repeating: 0, count: Int(starts[capacity.count]))
            people = Column(repeating: 0, count: Int(starts[capacity.count]))
        }

        func price(of supporter: Int32) -> Int32 {
            let start = starts[supporter]
            return taken[supporter] == starts[supporter + 1] - start && taken[supporter] > 0 ? bids[start] : 0
        }

        /// Gives a place to the person, and says who lost theirs by it.
        func take(_ supporter: Int32, for person: Int32, at bid: Int32) -> Int32? {
            let start = starts[supporter]
            let count = taken[supporter]
            if count < starts[supporter + 1] &- start {
                var index = count
                while index > 0 {
                    let parent = (index &- 1) / 2
                    if bids[start &+ parent] <= bid { break }
                    bids[start &+ index] = bids[start &+ parent]
                    people[start &+ index] = people[start &+ parent]
                    index = parent
                }
                bids[start &+ index] = bid
                people[start &+ index] = person
                taken[supporter] = count &+ 1
                return nil
            }
            let outbid = people[start]
            var index: Int32 = 0
            while true {
                var child = 2 &* index &+ 1
                if child >= count { break }
                if child &+ 1 < count, bids[start &+ child &+ 1] < bids[start &+ child] { child &+= 1 }
                if bid <= bids[start &+ child] { break }
                bids[start &+ index] = bids[start &+ child]
                people[start &+ index] = people[start &+ child]
                index = child
            }
            bids[start &+ index] = bid
            people[start &+ index] = person
            return outbid
        }
    }
}
