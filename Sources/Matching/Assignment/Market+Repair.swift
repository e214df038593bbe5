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

extension Market {
    package func isPresent(_ person: Int) -> Bool { profit[person] < away }

    /// Lets things happen, and repairs the assignment: only what they touch is looked at again. What then stands is
    /// as good as starting over, and proved in the same way. What changes nothing, as when somebody arrives who is
    /// there, or a refusal of what was no pair, is passed over.
    ///
    /// A single change takes one search or two; some hundreds at once take less together than one by one.
    package mutating func apply(_ changes: [MarketChange]) {
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
                looking += resize(Int32(supporter), to: max(0, places))
                vacant.append(Int32(supporter))
            }
        }
        // The same person may have been touched twice, and be gone by now.
        settle(Set(looking).sorted().filter { match[$0] < 0 && profit[$0] < away }, vacant, step: 1)
    }

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
