/// Something that happens to one person or one supporter.
package enum MarketChange: Equatable, Sendable {
    /// Somebody comes, or comes back.
    case arrival(person: Int)
    /// Somebody needs no supporter any more.
    case departure(person: Int)
    /// One of the two said no: they will not be matched with each other.
    case refusal(person: Int, supporter: Int)
    /// A refusal is taken back.
    case consent(person: Int, supporter: Int)
    /// A supporter takes more people, or fewer; none for a pause.
    case capacity(supporter: Int, places: Int32)
}

/// What keeps changes from being applied. Their places are counted from 0.
package enum MarketChangeError: Error, Equatable {
    case unknownPerson(change: Int, person: Int)
    case unknownSupporter(change: Int, supporter: Int)
    case negativeCapacity(change: Int, places: Int)
}

extension MarketChange {
    fileprivate var person: Int? {
        switch self {
        case .arrival(let person), .departure(let person): person
        case .refusal(let person, _), .consent(let person, _): person
        case .capacity: nil
        }
    }

    fileprivate var supporter: Int? {
        switch self {
        case .arrival, .departure: nil
        case .refusal(_, let supporter), .consent(_, let supporter), .capacity(let supporter, _): supporter
        }
    }
}

extension Market {
    /// Lets things happen, and repairs the assignment: only what they touch is looked at again. What then stands is
    /// as good as starting over, and proved in the same way. What changes nothing, as when somebody arrives who is
    /// there, or a refusal of what was no pair, is passed over.
    ///
    /// A single change takes one search or two; some hundreds at once take less together than one by one.
    /// - Throws: ``MarketChangeError`` with the place of the first fault; nothing has changed then.
    package mutating func apply(_ changes: [MarketChange]) throws(MarketChangeError) {
        for (index, change) in changes.enumerated() {
            if let person = change.person, !(0..<match.count).contains(person) {
                throw .unknownPerson(change: index, person: person)
            }
            if let supporter = change.supporter, !(0..<capacity.count).contains(supporter) {
                throw .unknownSupporter(change: index, supporter: supporter)
            }
            if case .capacity(_, let places) = change, places < 0 {
                throw .negativeCapacity(change: index, places: Int(places))
            }
        }
        make(changes)
    }

    /// The same, with people and supporters that are known to be there.
    mutating func make(_ changes: [MarketChange]) {
        var looking: [Int32] = []
        var vacant: [Int32] = []
        for change in changes {
            switch change {
            case .arrival(let person):
                guard !isPresent(person) else { continue }
                profit[person] = 0
                looking.append(Int32(person))
            case .departure(let person):
                guard isPresent(person) else { continue }
                part(Int32(person), &vacant)
                profit[person] = away
            case .refusal(let person, let supporter):
                if hide(Int32(person), Int32(supporter)), match[person] == supporter {
                    part(Int32(person), &vacant)
                    looking.append(Int32(person))
                }
            case .consent(let person, let supporter):
                if show(Int32(person), Int32(supporter)), isPresent(person) {
                    part(Int32(person), &vacant)
                    looking.append(Int32(person))
                }
            case .capacity(let supporter, let places):
                looking += resize(Int32(supporter), to: places)
                vacant.append(Int32(supporter))
            }
        }
        // The same person may have been touched twice, and be gone by now.
        settle(Set(looking).sorted().filter { match[$0] < 0 && profit[$0] < away }, vacant, step: 1)
    }

    private func isPresent(_ person: Int) -> Bool { profit[person] < away }

    private func part(_ person: Int32, _ vacant: inout [Int32]) {
        guard match[person] >= 0 else { return }
        vacant.append(match[person])
        leave(person)
    }

    private mutating func hide(_ person: Int32, _ supporter: Int32) -> Bool {
        guard let index = row(of: person).first(where: { pairs.supporters[$0] == supporter }) else { return false }
        rowEnd[person] -= 1
        pairs.swapAt(index, Int(rowEnd[person]))
        columns?.remove(person: person, supporter: supporter)
        return true
    }

    private mutating func show(_ person: Int32, _ supporter: Int32) -> Bool {
        let hidden = Int(rowEnd[person])..<pairs.row(of: person).upperBound
        guard let index = hidden.first(where: { pairs.supporters[$0] == supporter }) else { return false }
        columns?.add(person: person, supporter: supporter, score: pairs.scores[index])
        pairs.swapAt(index, Int(rowEnd[person]))
        rowEnd[person] += 1
        return true
    }

    /// Who has to leave for it.
    private func resize(_ supporter: Int32, to places: Int32) -> [Int32] {
        var leaving: [Int32] = []
        capacity[supporter] = places
        while load[supporter] > places {
            leaving.append(firstMember[supporter])
            leave(firstMember[supporter])
        }
        if places == 0 { price[supporter] = closed }
        return leaving
    }
}
