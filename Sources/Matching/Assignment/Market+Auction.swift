// Auction: D. P. Bertsekas, D. A. Castañon, The auction algorithm for the transportation problem, Annals of Operations
// Research 20 (1989).

extension Market {
    /// Lets people without a supporter bid for places until nearly everybody has one. Fast and nearly best: who is then
    /// not with one of those they would choose at these prices is sent off again, for searches to end exactly.
    /// - Parameters:
    ///   - newcomers: those who begin to bid; others do when they lose their place.
    ///   - step: by how much at least each bid raises a price; small is exact, large is fast.
    ///   - limit: after so many bids somebody gives up, so that too many people for too few places end at all.
    func auction(among newcomers: [Int32], step: Int32, bids limit: Int32) {
        let pairs = pairs
        let people = pairs.peopleCount
        let supporters = pairs.supporters.span
        let scores = pairs.scores.span
        let price = price.view
        let places = placesAsHeld()
        let tries = Column<Int32>(repeating: 0, count: people)
        // Whoever loses a place waits again, at most as many as there are people.
        let waiting = Column<Int32>(repeating: 0, count: people)
        var waitingCount = 0
        for person in newcomers.reversed() {
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
            if let outbid = places.take(chosen, Places.hold(bid, person)) {
                leave(Places.low(of: outbid))
                waiting[waitingCount] = Places.low(of: outbid)
                waitingCount &+= 1
            }
            join(person, chosen)
            if let weakest = places.weakest(of: chosen) { self.price[chosen] = Places.strength(of: weakest) }
        }
        sendOffDissatisfied()
    }

    /// Everybody holds the place they have at its price.
    private func placesAsHeld() -> Places {
        let places = Places(for: pairs, capacity)
        for person in 0..<Int32(match.count) where match[person] >= 0 {
            _ = places.take(match[person], Places.hold(price[match[person]], person))
        }
        return places
    }

    /// Works out what each person is left with, and parts those who would choose otherwise from their supporter.
    func sendOffDissatisfied() {
        let pairs = pairs
        let supporters = pairs.supporters.span
        let scores = pairs.scores.span
        for person in 0..<Int32(pairs.peopleCount) where profit[person] < away {
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
}
