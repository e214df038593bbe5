// After a change only what it touches is looked at again: one search, or two, from where it happened. What then stands is
// as good as starting over, because all that `Market` promises holds again.

extension Market {
    /// How much the profit of somebody who is not there has to be for nobody to look at them.
    var away: Int32 { 2 * reward + 2 * Pairs.highestScore }

    package func isPresent(_ person: Int) -> Bool { profit[person] < away }

    /// Somebody comes, or comes back.
    package mutating func arrive(_ person: Int) {
        guard !isPresent(person) else { return }
        profit[person] = mostLeft(for: Int32(person))
        findPlace(for: Int32(person))
    }

    /// Somebody needs no supporter any more.
    package mutating func depart(_ person: Int) {
        guard isPresent(person) else { return }
        let supporter = match[person]
        if supporter >= 0 { leave(Int32(person)) }
        profit[person] = away
        if supporter >= 0 { fillAll(supporter) }
    }

    /// One of the two said no: they will not be matched with each other.
    package mutating func refuse(person: Int, supporter: Int) {
        let (person, supporter) = (Int32(person), Int32(supporter))
        guard let index = row(of: person).first(where: { pairs.supporters[$0] == supporter }) else { return }
        rowEnd[person] -= 1
        pairs.swapAt(index, Int(rowEnd[person]))
        columns?.remove(person: person, supporter: supporter)
        if match[person] == supporter { reconsider(person) }
    }

    /// A refusal is taken back.
    package mutating func allow(person: Int, supporter: Int) {
        let (person, supporter) = (Int32(person), Int32(supporter))
        let refused = Int(rowEnd[person])..<pairs.row(of: person).upperBound
        guard let index = refused.first(where: { pairs.supporters[$0] == supporter }) else { return }
        columns?.add(person: person, supporter: supporter, score: pairs.scores[index])
        pairs.swapAt(index, Int(rowEnd[person]))
        rowEnd[person] += 1
        if isPresent(Int(person)), mostLeft(for: person) > profit[person] { reconsider(person) }
    }

    /// A supporter takes more people, or fewer; none for a pause.
    package mutating func setCapacity(of supporter: Int, to places: Int32) {
        let supporter = Int32(supporter)
        capacity[supporter] = max(0, places)
        while load[supporter] > capacity[supporter] {
            let person = firstMember[supporter]
            leave(person)
            findPlace(for: person)
        }
        fillAll(supporter)
    }

    /// Lets somebody choose anew, and then their place be taken.
    private mutating func reconsider(_ person: Int32) {
        let supporter = match[person]
        if supporter >= 0 { leave(person) }
        profit[person] = mostLeft(for: person)
        findPlace(for: person)
        if supporter >= 0 { fillAll(supporter) }
    }
}
