extension Round {
    /// What one more supporter would change.
    package struct Gain: Equatable, Sendable {
        /// How many more people would have a supporter.
        package let people: Int
        /// By how much the total worth would grow.
        package let worth: Int
    }

    /// For whom to look: what each of these, joining alone, would add to this round. Exact: the round is solved once,
    /// with everybody there but without room, and repaired for each of them and back.
    ///
    /// Whatever ids they have, none of them is somebody who said no or is kept apart.
    package func gains(from newcomers: [Candidate]) throws(PairsError) -> [Gain] {
        guard !newcomers.isEmpty else { return [] }
        let first = (candidates.list.last?.id ?? -1) + 1
        let (all, rooms) = (Self.joined(candidates, newcomers, from: first), newcomers.map(\.room))
        let people = strangers(to: first)
        var market = try Market(Self.pairs(people, all, weights, Self.rankings(people, all, weights)))
        market.make(newcomers.indices.map { .capacity(supporter: candidates.count + $0, places: 0) })
        let before = market.totals
        return newcomers.indices.map { index in
            let place = candidates.count + index
            market.make([.capacity(supporter: place, places: rooms[index])])
            let after = market.totals
            market.make([.capacity(supporter: place, places: 0)])
            return Gain(people: after.assigned - before.assigned, worth: after.score - before.score)
        }
    }

    /// The same round with one supporter more, whose id is the one that is returned.
    package func joined(by newcomer: Candidate) throws(PairsError) -> (round: Round, id: Int) {
        let first = (candidates.list.last?.id ?? -1) + 1
        let all = Self.joined(candidates, [newcomer], from: first)
        return (try Round(strangers(to: first), among: all, weights: weights), first)
    }

    private static func joined(_ candidates: Candidates, _ newcomers: [Candidate], from first: Int) -> Candidates {
        Candidates(
            candidates.list
                + newcomers.enumerated().map { offset, newcomer in
                    var candidate = newcomer
                    candidate.id = first + offset
                    return candidate
                })
    }

    /// The people, to whom nobody from the id on is known.
    private func strangers(to first: Int) -> [Asking] {
        func before(_ ids: CodeSet) -> CodeSet { CodeSet(ids.codes.filter { $0 < first }) }
        return people.map { asking in
            var asking = asking
            asking.seeker.keptApart = before(asking.seeker.keptApart)
            asking.seeker.declined = before(asking.seeker.declined)
            return asking
        }
    }
}

extension Candidate {
    /// Somebody new whom a person with these wishes could be matched with, whatever they want: who speaks the language
    /// liked best, has lived through what matters most to them, and is free when they are.
    /// - Parameter limit: for how many people they have room.
    package init(wantedBy seeker: Seeker, limit: Int) {
        let language = seeker.preferredLanguage.map { [$0] as CodeSet } ?? seeker.languages
        let most = seeker.experiences.max { ($0.importance.rawValue, -$0.code) < ($1.importance.rawValue, -$1.code) }
        self.init(
            id: 0, programs: seeker.programs, languages: language,
            formats: seeker.formats.union(seeker.preferredFormats),
            areas: seeker.area.map { [$0] } ?? [], availability: seeker.availability,
            experiences: most.map { [$0.code] } ?? [], limit: limit, load: 0, isNew: true,
            isClearedForMinors: seeker.isMinor)
        for attribute in Attribute.allCases {
            guard case .must(let aim) = seeker.wishes[attribute] else { continue }
            attributes[attribute] = aim.example(own: seeker.attributes[attribute], beyond: attribute.tolerance)
        }
    }
}

extension Wish.Aim {
    /// A value that meets it; none where nothing can be known to. Other than one's own, of what has no order, is a value
    /// that nobody has: less than 0, and one's own is -1 less that.
    fileprivate func example(own: Int?, beyond tolerance: Int) -> Int? {
        switch self {
        case .same: own
        case .different: own.map { tolerance > 0 ? $0 - tolerance - 1 : -1 - $0 }
        case .oneOf(let values): values.codes.first
        }
    }
}
