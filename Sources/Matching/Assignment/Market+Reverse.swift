/// The pairs supporter by supporter. Takes 6 bytes a pair.
struct PairColumns {
    /// Where each supporter's pairs begin; one more than there are supporters.
    private(set) var starts: [Int32]
    /// Where each supporter's pairs that nobody has refused end.
    private(set) var ends: [Int32]
    private(set) var people: [Int32]
    private(set) var scores: [Int16]

    init(_ market: borrowing Market) {
        let pairs = market.pairs
        let supporters = pairs.supporters.span
        let source = pairs.scores.span
        var starts = [Int32](repeating: 0, count: pairs.supporterCount + 1)
        for supporter in pairs.supporters { starts[Int(supporter) + 1] += 1 }
        for supporter in 0..<pairs.supporterCount { starts[supporter + 1] += starts[supporter] }
        let next = Column(starts)
        let people = Column<Int32>(repeating: 0, count: pairs.count)
        let scores = Column<Int16>(repeating: 0, count: pairs.count)
        for person in 0..<Int32(pairs.peopleCount) {
            for index in market.row(of: person) {
                let supporter = supporters[unchecked: index]
                let place = next[supporter]
                people[place] = person
                scores[place] = source[unchecked: index]
                next[supporter] = place &+ 1
            }
        }
        self.starts = starts
        ends = next.elements
        self.people = people.elements
        self.scores = scores.elements
    }

    mutating func remove(person: Int32, supporter: Int32) {
        let supporter = Int(supporter)
        guard let place = (Int(starts[supporter])..<Int(ends[supporter])).first(where: { people[$0] == person }) else {
            return
        }
        ends[supporter] -= 1
        people.swapAt(place, Int(ends[supporter]))
        scores.swapAt(place, Int(ends[supporter]))
    }

    mutating func add(person: Int32, supporter: Int32, score: Int16) {
        let end = Int(ends[Int(supporter)])
        people[end] = person
        scores[end] = score
        ends[Int(supporter)] += 1
    }
}

extension Market {
    /// Where a search for somebody to take a place ends: with a person who has none, or with a supporter whose place
    /// may stay empty.
    private enum Goal {
        case person(Int32, joins: Int32)
        case empty(Int32)
    }

    /// Finds the best use of an empty place that still has a price: somebody takes it, others follow, and a place that
    /// nobody would pay for stays empty. Keeps what ``Market`` promises.
    mutating func fill(_ supporter: Int32) {
        guard hasRoom(supporter), price[supporter] > 0 else { return }
        let (least, goal) = search(from: supporter)
        for supporter in settled { raise(supporter, by: distance[supporter] &- least) }
        var last: Int32
        switch goal {
        case .empty(let place): last = place
        case .person(let person, let place):
            join(person, place)
            last = place
        }
        while last != supporter {
            let mover = arrival[last]
            let place = onward[last]
            leave(mover)
            join(mover, place)
            last = place
        }
    }

    /// By how much the best total would grow if the supporter had one more place; ``reward`` or more when it would
    /// mostly be by one more person. Changes nothing. None for a supporter who is not there.
    package mutating func worthOfOneMorePlace(with supporter: Int) -> Int? {
        guard (0..<price.count).contains(supporter) else { return nil }
        let supporter = Int32(supporter)
        let asked = price[supporter]
        guard asked > 0 else { return 0 }
        let least = search(from: supporter).least
        defer { price[supporter] = asked }
        return Int(price[supporter] - least)
    }

    private mutating func search(from supporter: Int32) -> (least: Int32, goal: Goal) {
        let columns = columns ?? PairColumns(self)
        self.columns = columns
        beginSearch()
        if load[supporter] == 0 { lowerPrice(of: supporter, in: columns) }
        var least = price[supporter]
        var goal = Goal.empty(supporter)
        distance[supporter] = 0
        reached.append(supporter)
        queue.insert(supporter, at: 0)
        while let (next, nearest) = queue.removeNearest(), nearest < least {
            guard distance[next] == nearest else { continue }
            settled.append(next)
            look(back: next, in: columns, at: nearest, &least, &goal)
        }
        return (least, goal)
    }

    /// A place that nobody has is worth no more than somebody would give for it now.
    private func lowerPrice(of supporter: Int32, in columns: borrowing PairColumns) {
        var most: Int32 = 0
        for index in Int(columns.starts[Int(supporter)])..<Int(columns.ends[Int(supporter)]) {
            most = max(most, Int32(columns.scores[index]) + reward - profit[columns.people[index]])
        }
        price[supporter] = min(price[supporter], most)
    }

    @inline(__always)
    private mutating func look(
        back supporter: Int32, in columns: borrowing PairColumns, at nearest: Int32, _ least: inout Int32,
        _ goal: inout Goal
    ) {
        let people = columns.people.span
        let scores = columns.scores.span
        let base = nearest &+ price[supporter] &- reward
        for index in Int(columns.starts[Int(supporter)])..<Int(columns.ends[Int(supporter)]) {
            let person = people[unchecked: index]
            let length = base &+ profit[person] &- Int32(scores[unchecked: index])
            guard length < least else { continue }
            let other = match[person]
            if other < 0 {
                least = length
                goal = .person(person, joins: supporter)
            } else if other != supporter, length < distance[other] {
                if distance[other] == Self.unreached { reached.append(other) }
                distance[other] = length
                arrival[other] = person
                onward[other] = supporter
                if length &+ price[other] < least {
                    least = length &+ price[other]
                    goal = .empty(other)
                }
                queue.insert(other, at: length)
            }
        }
    }
}
