import Foundation
import Matching
import Statistics

/// What the answers of both sides say about the weights of a program. It proposes; a person decides.
///
/// How well a match went is explained by how much of each criterion was met, in a logistic regression that is held near
/// the weights that stand: what the answers say nothing of keeps its place. Nothing is taken for granted, not even that
/// more in common is better: a criterion may turn out to speak against a match, and then it loses points.
package struct MatchEstimate: Sendable, Equatable {
    /// With fewer matches even a strong effect is lost in chance. They must be of at least ``neededOfEach`` supporters and
    /// as many people, or it would be the view of a few.
    package static let needed = 60
    /// So many must have gone well and so many not: where all is good, or nothing, there is nothing to compare. And with
    /// fewer than 11, a change of the weights could tell how a single match went.
    package static let neededOfEach = 11
    /// No weight moves further at once.
    package static let largestStep = 100
    /// What learning leaves to each criterion: of what counts nothing, nothing could be learned any more.
    package static let least = 10
    /// Answers are looked at so many at a time, so that nobody who looks before and after learns a single one.
    package static let batch = 11

    /// What is learned. How many people a supporter has already, and that new ones get their turn, is a matter of
    /// fairness and not of how well a match goes: those keep their place.
    package static let learned: [Criterion] = [.experience, .language, .hours, .format, .area, .wishes, .continuity]

    package enum Said: String, Sendable, Codable {
        /// The answers say that it counts for more, or for less, than it does now; 99 times of 100 not by chance.
        case more, less
        /// They speak against it: matches with more of it went worse.
        case against
        /// What they say may be chance.
        case open
        /// It was met in all alike, or hardly ever counted.
        case nothing
    }

    package struct Finding: Sendable, Equatable {
        package let said: Said
        /// How much more it counts than now, on the scale of the odds that a match goes well.
        package let effect: Double
        /// The standard error of the effect.
        package let error: Double

        package init(_ said: Said, effect: Double, error: Double) {
            (self.said, self.effect, self.error) = (said, effect, error)
        }
    }

    package enum Body: Sendable, Equatable {
        case tooFew
        /// Nearly all went well, or nearly none.
        case alike
        case found([Criterion: Finding], proposal: [Criterion: Int])
    }

    package let answers: Int
    package let body: Body

    package init(_ records: [MatchRecord], weights: [Criterion: Int]) {
        answers = records.count
        let good = records.reduce(0) { $0 + $1.outcome }
        let (supporters, people) = (Set(records.map(\.supporter)), Set(records.map(\.person)))
        guard records.count >= Self.needed, min(supporters.count, people.count) >= Self.neededOfEach else {
            body = .tooFew
            return
        }
        let each = Double(Self.neededOfEach)
        guard good >= each, Double(records.count) - good >= each else {
            body = .alike
            return
        }
        guard let findings = Self.findings(records, weights) else {
            body = .alike
            return
        }
        body = .found(findings, proposal: Self.proposal(from: weights, findings))
    }

    /// What would be approved; nil when nothing would change.
    package func proposal(instead of: [Criterion: Int]) -> [Criterion: Int]? {
        guard case .found(_, let proposal) = body, proposal != of else { return nil }
        return proposal
    }
}

// MARK: - The estimate

extension MatchEstimate {
    /// How surely a match that meets everything is held to go better than one that meets nothing, before any answer: 2
    /// on the scale of log odds, a little more than seven to one. No smaller scale is used to turn effects into points,
    /// so that noise is never blown up.
    private static let scale = 2.0
    /// An effect is believed to lie within 0.5 of where the weights put it, two times of three: 250 points of 1,000.
    private static let penalty = 4.0
    /// Standard errors that an effect must be away from nothing: for one of seven criteria to seem clear by chance takes
    /// ten tries.
    private static let clear = 2.5

    private static func findings(_ records: [MatchRecord], _ weights: [Criterion: Int]) -> [Criterion: Finding]? {
        // Shares around their mean; what is not known lies on the mean and says nothing.
        let columns = learned.map { criterion -> (known: Int, varies: Bool, values: [Double]) in
            let shares = records.map { $0.shares[criterion] }
            let known = shares.compactMap(\.self)
            let mean = known.isEmpty ? 0 : known.reduce(0, +) / Double(known.count)
            return (known.count, (known.max() ?? 0) > (known.min() ?? 0), shares.map { $0.map { $0 - mean } ?? 0 })
        }
        let rows = records.indices.map { row in columns.map { $0.values[row] } }
        let shares = learned.map { Double(weights[$0] ?? 0) / Double(MatchWeights.total) }
        let scores = rows.map { [zip($0, shares).reduce(0) { $0 + $1.0 * $1.1 }] }
        let outcomes = records.map(\.outcome)
        guard
            let whole = try? LogisticRegression(scores, outcomes: outcomes, penalty: 1, center: [scale])
        else { return nil }
        let strength = max(0, whole.coefficients[0])
        let center = shares.map { $0 * strength }
        guard
            let fit = try? LogisticRegression(rows, outcomes: outcomes, penalty: penalty, center: center)
        else { return nil }
        var findings: [Criterion: Finding] = [:]
        for (index, criterion) in learned.enumerated() {
            let (effect, error) = (fit.coefficients[index] - center[index], fit.standardErrors[index])
            let said: Said =
                if columns[index].known < neededOfEach || !columns[index].varies {
                    .nothing
                } else if abs(effect) < clear * error {
                    .open
                } else if effect > 0 {
                    .more
                } else {
                    fit.coefficients[index] < 0 ? .against : .less
                }
            // On the scale of points: a whole weight is worth its share of the scale.
            let perPoint = max(strength, scale)
            findings[criterion] = Finding(said, effect: effect / perPoint, error: error / perPoint)
        }
        return findings
    }
}

// MARK: - From effects to points

extension MatchEstimate {
    /// The weights that follow. Only what the answers say clearly moves, and by at most ``largestStep``; the sum stays.
    /// What is missing for it is taken from all others, and what is left is given to them, in proportion to what they
    /// have: among themselves they keep their places. What has turned out to speak against a match is given nothing.
    package static func proposal(from weights: [Criterion: Int], _ findings: [Criterion: Finding]) -> [Criterion: Int] {
        var result = weights
        var (up, down): ([Criterion: Int], Int) = ([:], 0)
        for criterion in Criterion.allCases {
            guard let finding = findings[criterion] else { continue }
            let now = weights[criterion] ?? 0
            let points = (finding.effect * Double(MatchWeights.total)).rounded()
            let step = Int(min(max(points, Double(-largestStep)), Double(largestStep)))
            switch finding.said {
            case .more: up[criterion] = max(step, 0)
            case .less, .against:
                let lost = min(max(now - Self.least, 0), max(-step, 0))
                result[criterion] = now - lost
                down += lost
            case .open, .nothing: break
            }
        }
        let wanted = up.values.reduce(0, +)
        // What is not learned keeps its points: it is there for fairness among supporters.
        let others = weights.filter { criterion, points in
            guard learned.contains(criterion) else { return false }
            return switch findings[criterion]?.said {
            case nil, .open, .nothing: points > 0
            case .more, .less, .against: false
            }
        }
        if wanted > down {
            // At most half of what the others have.
            let taken = min(wanted - down, others.values.reduce(0, +) / 2)
            for (criterion, points) in shared(taken, among: others) { result[criterion, default: 0] -= points }
            for (criterion, points) in shared(taken + down, among: up) { result[criterion, default: 0] += points }
        } else {
            for (criterion, points) in up { result[criterion, default: 0] += points }
            let left = down - wanted
            let receivers = others.isEmpty ? up : others
            // Nobody there to receive: then nothing moves.
            guard left == 0 || !receivers.isEmpty else { return weights }
            for (criterion, points) in shared(left, among: receivers) { result[criterion, default: 0] += points }
        }
        return result
    }

    /// Whole points in proportion, the largest remainders first; of equal ones the earlier criterion.
    private static func shared(_ points: Int, among parts: [Criterion: Int]) -> [Criterion: Int] {
        let all = parts.values.reduce(0, +)
        guard points > 0, all > 0 else { return [:] }
        var shares = parts.mapValues { points * $0 / all }
        let order = parts.keys.sorted {
            let (a, b) = (points * (parts[$0] ?? 0) % all, points * (parts[$1] ?? 0) % all)
            return a == b ? $0.rawValue < $1.rawValue : a > b
        }
        let missing = points - shares.values.reduce(0, +)
        for criterion in order.prefix(missing) { shares[criterion, default: 0] += 1 }
        return shares
    }
}
