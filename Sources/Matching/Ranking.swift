/// The best candidates for one person, and the answers to "why", "why not" and "what if" about all of them.
///
/// Equal inputs give equal rankings, in whatever order the candidates came. Making one takes O(n log k) and builds
/// reasons for the best only; those for the others are built when asked for.
package struct Ranking: Sendable {
    /// An eligible candidate among the best.
    package struct Suggestion: Equatable, Sendable {
        package let candidate: Int
        /// 1 is the best.
        package let rank: Int
        package let score: Score
    }

    /// A candidate who cannot be suggested.
    package struct Refusal: Equatable, Sendable {
        package let candidate: Int
        /// Every rule that is broken; never empty.
        package let exclusions: [Exclusion]
    }

    /// The best eligible candidates in order, at most as many as were asked for.
    package let best: [Suggestion]
    /// How many candidates break no rule.
    package let eligibleCount: Int

    private let candidates: Candidates
    private let judge: Judge
    private let count: Int

    /// Ranks by points, then fewer people supported now, then longest since the last match, then the smaller id.
    ///
    /// A `count` of 0 or less asks for none of the best, only for how many are eligible.
    package init(of candidates: Candidates, for seeker: Seeker, weights: Weights, best count: Int = 3) {
        self.init(candidates, Judge(for: seeker, weights: weights), count)
    }

    private init(_ candidates: Candidates, _ judge: Judge, _ count: Int) {
        var best = Best(min(count, candidates.count))
        var eligibleCount = 0
        judge.forEachEligible(in: candidates) { standing in
            eligibleCount += 1
            best.insert(standing)
        }
        self.best = best.inOrder.enumerated().map { offset, standing in
            Suggestion(
                candidate: standing.id, rank: offset + 1, score: judge.score(of: candidates.list[standing.index]))
        }
        self.eligibleCount = eligibleCount
        self.candidates = candidates
        self.judge = judge
        self.count = count
    }

    package var seeker: Seeker { judge.seeker }
    package var weights: Weights { judge.weights }

    /// How many candidates were looked at.
    package var consideredCount: Int { candidates.count }

    /// Everybody who cannot be suggested, with all the reasons, in the order of their ids.
    package func refusals() -> [Refusal] {
        candidates.list.compactMap { candidate in
            let exclusions = judge.exclusions(of: candidate)
            return exclusions.isEmpty ? nil : Refusal(candidate: candidate.id, exclusions: exclusions)
        }
    }

    /// Those who could be suggested now or later: nothing stands in the way but a full caseload or a pause. In the order
    /// of their ids. O(n).
    package func fitting() -> [Int] {
        candidates.list.filter { judge.exclusions(of: $0).allSatisfy(\.passes) }.map(\.id)
    }

    /// Everybody who breaks no rule, the best first. O(n log n).
    package func eligible() -> [Int] {
        var standings: [Standing] = []
        judge.forEachEligible(in: candidates) { standings.append($0) }
        return standings.sorted { $0.isAhead(of: $1) }.map(\.id)
    }

    /// The points of everybody who breaks no rule, by their place among the candidates. O(n).
    func totals() -> [(place: Int, total: Int)] {
        var totals: [(place: Int, total: Int)] = []
        judge.forEachEligible(in: candidates) { totals.append(($0.index, $0.total)) }
        return totals
    }

    /// Why, or why not: the score or every reason against. None if the candidate was not looked at. O(log n).
    package func verdict(on id: Int) -> Verdict? {
        candidates[id: id].map { judge.verdict(on: $0) }
    }
}

// MARK: - What if

extension Ranking {
    /// The place of a candidate among all the eligible, 1 being the best; none if not eligible. O(n).
    package func rank(of id: Int) -> Int? {
        rank(of: id) { _ in 0 }
    }

    /// The place the candidate would have without their points for one criterion, everybody else keeping theirs:
    /// "without the shared experience she would be fifth". O(n).
    package func rank(of id: Int, withoutReason criterion: Criterion) -> Int? {
        rank(of: id) { judge.part(criterion, of: $0).points }
    }

    /// The ranking if a criterion counted for nobody.
    package func without(_ criterion: Criterion) -> Ranking {
        Ranking(candidates, Judge(for: seeker, weights: weights.without(criterion)), count)
    }

    /// The ranking for somebody else among the same candidates.
    func relaxing(to seeker: Seeker) -> Ranking {
        Ranking(candidates, Judge(for: seeker, weights: weights), count)
    }

    private func rank(of id: Int, losing points: (Candidate) -> Int) -> Int? {
        guard let candidate = candidates[id: id], judge.isEligible(candidate) else { return nil }
        let total = judge.total(of: candidate) - points(candidate)
        let standing = Standing(total: total, of: candidate, at: 0)
        var rank = 1
        judge.forEachEligible(in: candidates) { other in
            if other.id != id, other.isAhead(of: standing) { rank += 1 }
        }
        return rank
    }
}

extension Judge {
    /// Looks at the candidates where they lie: copying one would cost more than judging it.
    @inline(__always)
    fileprivate func forEachEligible(in candidates: Candidates, _ body: (Standing) -> Void) {
        let span = candidates.list.span
        for index in span.indices where isEligible(span[index]) {
            body(Standing(total: total(of: span[index]), of: span[index], at: index))
        }
    }
}
