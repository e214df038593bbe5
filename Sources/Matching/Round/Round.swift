/// Everybody who waits and everybody who could support them, looked at together: whom to propose to whom, so that the
/// most people get a supporter.
///
/// Where two want the same place, being urgent decides first, then how long somebody has waited, then how well the two
/// fit: as many people as possible are served, and of all ways to do that one with the highest total worth is taken. A
/// pair's worth is its points, brought to at most ``topPoints``, and ``urgency`` for somebody urgent and
/// ``worthOfWeek`` for each full week of waiting up to ``weeksCounted``. What somebody gets for waiting does not depend
/// on whom they are matched with, so it never makes a match better, only surer.
package struct Round: Sendable {
    /// Somebody who waits.
    package struct Asking: Equatable, Sendable {
        package var seeker: Seeker
        package var isUrgent: Bool
        /// Less than 0 counts as 0.
        package var daysWaiting: Int

        package init(_ seeker: Seeker, isUrgent: Bool = false, daysWaiting: Int = 0) {
            self.seeker = seeker
            self.isUrgent = isUrgent
            self.daysWaiting = daysWaiting
        }
    }

    package struct Proposal: Equatable, Sendable {
        /// The place among those who were passed.
        package let person: Int
        /// The id of a candidate.
        package let candidate: Int
        package let score: Score
        /// The place of the candidate among all that this person could be matched with, 1 being the best.
        package let rank: Int
        /// How many that are.
        package let eligibleCount: Int
    }

    /// Why somebody is left without a proposal.
    package enum Want: Hashable, Sendable {
        /// Nobody could support them, whoever had room.
        case nobodyFits
        /// Those who could have no room, or are away.
        case nobodyHasRoom
        /// Those who could are proposed to others.
        case placesTaken
    }

    package static let topPoints = 1_000
    package static let urgency = 15_000
    package static let worthOfWeek = 100
    package static let weeksCounted = 150

    /// By person.
    package let proposals: [Proposal]
    /// Who has none, by person.
    package let left: [Int: Want]

    let people: [Asking]
    let candidates: Candidates
    let weights: Weights

    /// O(people · candidates) to find who could be with whom; see ``Pairs/optimum()`` for the rest.
    /// - Throws: ``PairsError/tooMany`` from about 17,000 people and as many candidates on.
    package init(_ people: [Asking], among candidates: Candidates, weights: Weights) throws(PairsError) {
        (self.people, self.candidates, self.weights) = (people, candidates, weights)
        let rankings = Self.rankings(people, candidates, weights)
        let assignment = try Self.pairs(people, candidates, weights, rankings).optimum().assignment
        var (proposals, left): ([Proposal], [Int: Want]) = ([], [:])
        for (person, ranking) in rankings.enumerated() {
            guard let place = assignment[person] else {
                let isFitting = !ranking.fitting().isEmpty
                left[person] =
                    ranking.eligibleCount > 0 ? .placesTaken : isFitting ? .nobodyHasRoom : .nobodyFits
                continue
            }
            let candidate = candidates.list[place].id
            guard case .eligible(let score)? = ranking.verdict(on: candidate), let rank = ranking.rank(of: candidate)
            else { continue }
            proposals.append(
                Proposal(
                    person: person, candidate: candidate, score: score, rank: rank,
                    eligibleCount: ranking.eligibleCount))
        }
        (self.proposals, self.left) = (proposals, left)
    }

    static func rankings(_ people: [Asking], _ candidates: Candidates, _ weights: Weights) -> [Ranking] {
        people.map { Ranking(of: candidates, for: $0.seeker, weights: weights, best: 0) }
    }

    /// Supporters stand in the order of their ids.
    static func pairs(
        _ people: [Asking], _ candidates: Candidates, _ weights: Weights, _ rankings: [Ranking]
    ) throws(PairsError) -> Pairs {
        var pairs: [Pair] = []
        let most = max(topPoints, Criterion.allCases.reduce(0) { $0 + weights[$1] })
        for (person, ranking) in rankings.enumerated() {
            for (place, total) in ranking.totals() {
                let worth = total * topPoints / most + people[person].claim
                pairs.append(Pair(person: Int32(person), supporter: Int32(place), score: Int32(worth)))
            }
        }
        return try Pairs(people: people.count, capacities: candidates.list.map(\.room), pairs)
    }
}

extension Round.Asking {
    /// What being served now is worth, with whomever.
    var claim: Int {
        let weeks = min(max(daysWaiting, 0) / 7, Round.weeksCounted)
        return (isUrgent ? Round.urgency : 0) + weeks * Round.worthOfWeek
    }
}

extension Candidate {
    /// How many more people they take.
    var room: Int32 { Int32(clamping: max(0, limit - max(0, load))) }
}
