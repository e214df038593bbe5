extension Market {
    /// The auction the other way round: places that nobody has but that still have a price are offered for less and
    /// less until somebody comes, whose own place is offered then, or until they cost nothing. Fast and nearly best,
    /// as ``auction(among:step:bids:)``; what is left is found by search.
    /// - Parameters:
    ///   - step: by how much at least each offer serves the one who takes it.
    ///   - limit: after so many offers for each place a supporter gives up, so that prices which have far to fall do not
    ///     do so step by step.
    mutating func offer(_ vacant: [Int32], step: Int32, offers limit: Int) {
        let columns = columns ?? PairColumns(self)
        self.columns = columns
        var offering = vacant
        let tries = Column<Int>(repeating: 0, count: capacity.count)
        while let supporter = offering.popLast() {
            let most = limit * Int(capacity[supporter])
            while hasRoom(supporter), price[supporter] > 0, tries[supporter] < most {
                tries[supporter] += 1
                let (taker, first, second) = bestTaker(of: supporter, in: columns)
                let new = min(price[supporter], max(0, second &- step))
                if taker < 0 || first <= new {
                    // Nobody would come even for that.
                    raise(supporter, by: max(0, first) &- price[supporter])
                    break
                }
                raise(supporter, by: new &- price[supporter])
                let left = match[taker]
                if left >= 0 { leave(taker) }
                join(taker, supporter)
                profit[taker] += first &- new
                if left >= 0, left != supporter { offering.append(left) }
            }
        }
    }

    /// Who would give most for a place, how much, and how much the next would.
    private func bestTaker(
        of supporter: Int32, in columns: borrowing PairColumns
    ) -> (taker: Int32, first: Int32, second: Int32) {
        let people = columns.people.span
        let scores = columns.scores.span
        let profit = profit.view
        var (taker, first, second) = (Int32(-1), Int32.min, Int32.min)
        for index in Int(columns.starts[Int(supporter)])..<Int(columns.ends[Int(supporter)]) {
            let person = people[unchecked: index]
            let worth = Int32(scores[unchecked: index]) &- profit[person]
            if worth > second, match[person] != supporter {
                if worth > first {
                    second = first
                    first = worth
                    taker = person
                } else {
                    second = worth
                }
            }
        }
        return (taker, max(first, -reward) &+ reward, max(second, -reward) &+ reward)
    }
}
