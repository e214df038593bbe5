import Foundation
import Kith
import KithTestSupport
import Matching
import Testing

@Suite("What the answers say about weights")
struct MatchEstimateTests {
    private typealias Finding = MatchEstimate.Finding
    private let standard = Weights.standard.points

    /// Matches with shares drawn evenly; how likely a good one is follows from them.
    private func records(
        _ count: Int, _ random: inout SeededGenerator, without: [Criterion] = [],
        chance: ([Criterion: Double]) -> Double
    ) -> [MatchRecord] {
        (0..<count).map { number in
            var shares: [Criterion: Double] = [:]
            for criterion in Criterion.allCases where !without.contains(criterion) {
                shares[criterion] = Double(Int.random(in: 0...4, using: &random)) / 4
            }
            let isGood = Double.random(in: 0..<1, using: &random) < 1 / (1 + exp(-chance(shares)))
            return MatchRecord(shares: shares, outcome: isGood ? 1 : 0, supporter: number % 20, person: number)
        }
    }

    private func proposal(_ estimate: MatchEstimate) -> [Criterion: Int]? {
        if case .found(_, let proposal) = estimate.body { proposal } else { nil }
    }

    private func findings(_ estimate: MatchEstimate) -> [Criterion: Finding] {
        if case .found(let findings, _) = estimate.body { findings } else { [:] }
    }

    @Test("Below 60 matches, or where nearly all went alike, nothing is said")
    func enough() {
        var random = SeededGenerator(seed: 1)
        let many = records(200, &random) { _ in 0 }
        #expect(MatchEstimate([], weights: standard).body == .tooFew)
        #expect(MatchEstimate(Array(many.prefix(59)), weights: standard).body == .tooFew)
        #expect(proposal(MatchEstimate(Array(many.prefix(60)), weights: standard)) != nil)
        for isSupporter in [true, false] {
            let few = many.enumerated().map { number, record in
                var record = record
                if isSupporter { record.supporter = number % 10 } else { record.person = number % 10 }
                return record
            }
            #expect(MatchEstimate(few, weights: standard).body == .tooFew, "the view of ten")
        }
        for (good, isEnough) in [(0, false), (10, false), (11, true), (89, true), (90, false), (100, false)] {
            let records = many.prefix(100).enumerated().map {
                MatchRecord(shares: $1.shares, outcome: $0 < good ? 1 : 0, supporter: $0, person: $0)
            }
            #expect((MatchEstimate(records, weights: standard).body != .alike) == isEnough, "\(good) of 100")
        }
    }

    @Test("Where points tell how a match goes as they should, or nothing does, the weights mostly stay")
    func chance() {
        var random = SeededGenerator(seed: 2)
        for strength in [0.0, 2, 4] {
            var changed = 0
            for _ in 0..<60 {
                let records = records(300, &random) { shares in
                    shares.reduce(-strength / 2) { $0 + strength * Double(standard[$1.key] ?? 0) / 1_000 * $1.value }
                }
                if MatchEstimate(records, weights: standard).proposal(instead: standard) != nil { changed += 1 }
            }
            #expect(changed <= 9, "\(changed) of 60 at \(strength)")
        }
    }

    @Test("A criterion that speaks against a match loses points, and what matters more gains; the sum stays")
    func effects() throws {
        var random = SeededGenerator(seed: 3)
        let records = records(800, &random, without: [.continuity]) { shares in
            3 * (shares[.area] ?? 0) - 3 * (shares[.language] ?? 0) + 0.7 * (shares[.experience] ?? 0) - 0.3
        }
        let estimate = MatchEstimate(records, weights: standard)
        let (found, proposed) = (findings(estimate), try #require(proposal(estimate)))
        #expect(found[.language]?.said == .against && found[.area]?.said == .more)
        #expect(found[.continuity]?.said == .nothing)
        #expect(proposed[.language] == 20 && proposed[.area] == 150, "a hundred points at a time")
        #expect(proposed.values.reduce(0, +) == 1_000)
        for criterion in Criterion.allCases where ![.language, .area].contains(criterion) {
            #expect(proposed[criterion] == standard[criterion], "what one loses the other gains")
        }
        #expect(MatchEstimate(records, weights: standard) == estimate)
    }

    @Test("More of the same is not held to be better: with the signs turned round the answer is turned round")
    func noSideTaken() {
        var random = SeededGenerator(seed: 4)
        let records = records(800, &random) { 3 * ($0[.experience] ?? 0) - 1.5 }
        let turned = records.map { record in
            var turned = record
            turned.outcome = 1 - record.outcome
            return turned
        }
        #expect(findings(MatchEstimate(records, weights: standard))[.experience]?.said == .more)
        let against = MatchEstimate(turned, weights: standard)
        #expect(findings(against)[.experience]?.said == .against)
        #expect(proposal(against)?[.experience] == 220)
    }

    @Test(
        "Whatever is found: the sum stays, nothing falls below 0, what speaks against never gains, the rest keep order")
    func proposals() {
        var random = SeededGenerator(seed: 5)
        for _ in 0..<5_000 {
            var weights = standard
            if Bool.random(using: &random) {
                // Any weights with the same sum.
                for _ in 0..<20 {
                    let (a, b) = (
                        Criterion.allCases.randomElement(using: &random) ?? .room,
                        Criterion.allCases.randomElement(using: &random) ?? .area
                    )
                    let moved = Int.random(in: 0...(weights[a] ?? 0), using: &random)
                    weights[a, default: 0] -= moved
                    weights[b, default: 0] += moved
                }
            }
            var findings: [Criterion: Finding] = [:]
            for criterion in MatchEstimate.learned {
                let said = [MatchEstimate.Said.more, .less, .against, .open, .nothing].randomElement(using: &random)
                let size = Double.random(in: 0...0.4, using: &random)
                findings[criterion] = Finding(
                    said ?? .open, effect: said == .more ? size : said == .open ? size - 0.2 : -size, error: 0.1)
            }
            let proposed = MatchEstimate.proposal(from: weights, findings)
            #expect(proposed.values.reduce(0, +) == 1_000)
            #expect(proposed.values.allSatisfy { $0 >= 0 })
            var others: [(before: Int, after: Int)] = []
            for criterion in Criterion.allCases {
                let (before, after) = (weights[criterion] ?? 0, proposed[criterion] ?? 0)
                guard MatchEstimate.learned.contains(criterion) else {
                    #expect(after == before, "what is there for supporters stays")
                    continue
                }
                switch findings[criterion]?.said {
                case .less, .against: #expect(after <= before && after >= before - MatchEstimate.largestStep)
                case .more: #expect(after >= before)
                case .open, .nothing, nil: others.append((before, after))
                }
            }
            for a in others {
                for b in others where a.before > b.before { #expect(a.after >= b.after) }
            }
            if !findings.values.contains(where: { [.more, .less, .against].contains($0.said) }) {
                #expect(proposed == weights)
            }
        }
    }
}
