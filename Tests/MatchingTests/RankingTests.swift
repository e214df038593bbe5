import Matching
import Testing

@Suite("Ranking")
struct RankingTests {
    /// Every eligible candidate in order, by sorting all of them on a plain restatement of rules and points.
    private func sorted(_ candidates: [Candidate], for seeker: Seeker) -> [(id: Int, total: Int)] {
        candidates.compactMap { candidate -> (key: [Int], id: Int, total: Int)? in
            let plain = PlainRules(seeker: seeker, candidate: candidate)
            guard plain.broken.isEmpty else { return nil }
            let total = plain.points.reduce(0, +)
            let key = [-total, candidate.load, candidate.lastMatchDay ?? -1, candidate.id]
            return (key, candidate.id, total)
        }
        .sorted { $0.key.lexicographicallyPrecedes($1.key) }
        .map { ($0.id, $0.total) }
    }

    @Test("Two hundred people and forty supporters: best, refused and ranks agree with sorting everybody")
    func demonstrationSize() {
        var draw = Draw(seed: 200_40)
        let people = draw.candidates(40)
        let candidates = Candidates(people)
        var suggestions = 0
        for _ in 0..<200 {
            let seeker = draw.seeker()
            let expected = sorted(people, for: seeker)
            let ranking = Ranking(of: candidates, for: seeker, weights: .standard)
            #expect(ranking.best.map(\.candidate) == expected.prefix(3).map(\.id))
            #expect(ranking.best.map(\.score.total) == expected.prefix(3).map(\.total))
            #expect(ranking.best.map(\.rank) == Array([1, 2, 3].prefix(expected.count)))
            #expect(ranking.eligibleCount == expected.count)
            #expect(ranking.consideredCount == 40)
            suggestions += ranking.best.count

            let refused = ranking.refusals()
            #expect(refused.map(\.candidate) == people.map(\.id).filter { id in !expected.contains { $0.id == id } })
            for refusal in refused {
                let plain = PlainRules(seeker: seeker, candidate: people[refusal.candidate])
                #expect(Set(refusal.exclusions.map(\.rule)) == plain.broken)
                #expect(ranking.rank(of: refusal.candidate) == nil)
                #expect(ranking.verdict(on: refusal.candidate) == .excluded(refusal.exclusions))
            }
            for (index, one) in expected.enumerated() {
                #expect(ranking.rank(of: one.id) == index + 1)
            }
        }
        #expect(suggestions > 100, "enough people must have found somebody")
    }

    @Test("The best k are the first k of everybody sorted, for every k", arguments: 0..<6 as Range<UInt64>)
    func bestK(seed: UInt64) {
        var draw = Draw(seed: seed)
        let people = draw.candidates(150)
        let seeker = draw.seeker(among: 0..<150)
        let expected = sorted(people, for: seeker).map(\.id)
        for k in [-1, 0, 1, 2, 3, 7, 64, 150, 1_000_000_000] {
            let ranking = Ranking(of: Candidates(people), for: seeker, weights: .standard, best: k)
            #expect(ranking.best.map(\.candidate) == Array(expected.prefix(max(k, 0))), "seed \(seed), k \(k)")
            #expect(ranking.eligibleCount == expected.count)
        }
    }

    @Test("The order in which candidates come changes nothing", arguments: 0..<6 as Range<UInt64>)
    func permutation(seed: UInt64) {
        var draw = Draw(seed: seed)
        let people = draw.candidates(100)
        for _ in 0..<50 {
            let seeker = draw.seeker(among: 0..<100)
            let first = Ranking(of: Candidates(people), for: seeker, weights: .standard, best: 10)
            let second = Ranking(
                of: Candidates(people.shuffled(using: &draw)), for: seeker, weights: .standard, best: 10)
            #expect(first.best == second.best, "seed \(seed)")
            #expect(first.refusals() == second.refusals(), "seed \(seed)")
        }
    }

    @Test("Equal points go to the one with fewer people, then longest without a match, then the smaller id")
    func ties() {
        var people = (1...5).map { id in
            var candidate = Candidate.fitting
            candidate.id = id
            candidate.load = 0
            candidate.lastMatchDay = 100
            return candidate
        }
        people[0].load = 1
        people[0].isNew = true
        people[3].lastMatchDay = 90
        people[4].lastMatchDay = nil
        let ranking = Ranking(of: Candidates(people), for: .ordinary, weights: .standard, best: 5)
        #expect(Set(ranking.best.map(\.score.total)).count == 1, "all must have the same points")
        #expect(ranking.best.map(\.candidate) == [5, 4, 2, 3, 1])
    }

    @Test("Taking one reason away moves a candidate exactly as the points say", arguments: 0..<6 as Range<UInt64>)
    func withoutReason(seed: UInt64) throws {
        var draw = Draw(seed: seed)
        let people = draw.candidates(60)
        var moved = 0
        for _ in 0..<25 {
            let seeker = draw.seeker(among: 0..<60)
            let ranking = Ranking(of: Candidates(people), for: seeker, weights: .standard, best: 60)
            for suggestion in ranking.best {
                let place = people[suggestion.candidate]
                for criterion in Criterion.allCases {
                    let total = suggestion.score.total - suggestion.score[criterion].points
                    let ahead = ranking.best.count { other in
                        let person = people[other.candidate]
                        let mine = [-total, place.load, place.lastMatchDay ?? -1, place.id]
                        let theirs = [-other.score.total, person.load, person.lastMatchDay ?? -1, person.id]
                        return other.candidate != place.id && theirs.lexicographicallyPrecedes(mine)
                    }
                    let rank = ranking.rank(of: place.id, withoutReason: criterion)
                    #expect(rank == ahead + 1, "seed \(seed)")
                    if rank != suggestion.rank { moved += 1 }
                    if suggestion.score[criterion].points == 0 { #expect(rank == suggestion.rank) }
                }
            }
        }
        #expect(moved > 0, "some reason must have mattered")
    }

    @Test("A criterion that counts for nobody takes its part off every total", arguments: 0..<6 as Range<UInt64>)
    func withoutCriterion(seed: UInt64) {
        var draw = Draw(seed: seed)
        let people = draw.candidates(60)
        for _ in 0..<25 {
            let ranking = Ranking(
                of: Candidates(people), for: draw.seeker(among: 0..<60), weights: .standard, best: 60)
            for criterion in Criterion.allCases {
                let without = ranking.without(criterion)
                #expect(without.eligibleCount == ranking.eligibleCount)
                let totals = Dictionary(uniqueKeysWithValues: without.best.map { ($0.candidate, $0.score.total) })
                for suggestion in ranking.best {
                    let expected = suggestion.score.total - suggestion.score[criterion].points
                    #expect(totals[suggestion.candidate] == expected, "seed \(seed)")
                }
            }
        }
    }

    @Test("Nobody to rank gives an empty ranking, and a stranger has no verdict")
    func nobody() {
        let ranking = Ranking(of: Candidates([]), for: .ordinary, weights: .standard)
        #expect(ranking.best.isEmpty && ranking.eligibleCount == 0 && ranking.refusals().isEmpty)
        #expect(ranking.verdict(on: 7) == nil && ranking.rank(of: 7) == nil)
    }

    @Test("Of two candidates with the same id the first is kept")
    func sameId() {
        var second = Candidate.fitting
        second.load = 2
        let candidates = Candidates([.fitting, second])
        #expect(candidates.count == 1 && candidates[id: 7] == .fitting && candidates[id: 8] == nil)
    }
}
