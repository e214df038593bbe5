extension Pairs {
    /// The stable assignment that is best for every person: no person and supporter would both rather have each other
    /// than what they have. People go by score, supporters by priority; where either does not mind, the smaller number
    /// decides, so that the answer is unique, and stable all the more for those who do mind.
    ///
    /// Deferred acceptance: D. Gale, L. S. Shapley, College admissions and the stability of marriage, American
    /// Mathematical Monthly 69 (1962). Each person's next choice is looked for only when it is needed; O(pairs ·
    /// choices tried) at most, and nothing is sorted.
    package func stableAssignment() -> Assignment {
        let people = peopleCount
        let supporters = supporters.span
        let scores = scores.span
        let priorities = priorities.span
        let places = Places(for: self, Column(capacities))
        let match = Column<Int32>(repeating: -1, count: people)
        // The last choice each person tried, as score and how early in the row it stands.
        let tried = Column<Int64>(repeating: Int64.max, count: people)
        for first in 0..<Int32(people) {
            var person = first
            while true {
                let row = row(of: person)
                var next: Int64 = -1
                for index in row {
                    let choice = Int64(scores[unchecked: index]) << 32 | Int64(row.upperBound &- index)
                    if choice < tried[person], choice > next { next = choice }
                }
                guard next >= 0 else { break }
                tried[person] = next
                let index = row.upperBound - Int(next & 0xFFFF_FFFF)
                let supporter = supporters[index]
                let hold = Places.hold(priorities[index], Int32.max - person)
                if let weakest = places.weakest(of: supporter), hold < weakest { continue }
                match[person] = supporter
                guard let lost = places.take(supporter, hold) else { break }
                person = Int32.max - Places.low(of: lost)
                match[person] = -1
            }
        }
        return Assignment(match.elements, in: self)
    }
}
