import Matching
import Storage
import Web

/// How matches are ranked in a program: the weights in plain words, what the answers say, what would change and for
/// whom, and what was before.
struct RankingScreen: Screen {
    static let template = "learning/ranking"

    let program: (id: Program.ID, name: String)
    let others: [(id: Program.ID, name: String)]
    let weights: Weights
    let history: [MatchWeights]
    let estimate: MatchEstimate
    let proposal: [Criterion: Int]?
    /// Nil without a proposal.
    let change: RankingChange?

    /// Nine statements at most.
    init(of id: Program.ID, in db: Reading) throws {
        let (program, others) = try Self.found(id, in: db)
        (self.program, self.others) = (program, others)
        weights = try MatchWeights.now(of: id, in: db.organization, db: db)
        history = try MatchWeights.history(of: id, in: db)
        estimate = MatchEstimate(try MatchRecord.all(of: id, in: db), weights: weights.points)
        proposal = estimate.proposal(instead: weights.points)
        change = try proposal.map { [weights] proposal in
            try RankingChange(
                from: weights, to: Weights(version: weights.version + 1, points: proposal), in: id, db)
        }
    }

    /// A program of somebody who coordinates or supervises it, and the others of theirs.
    /// - Throws: ``Problem/notFound`` for any other.
    static func found(
        _ id: Program.ID, in db: Reading
    ) throws -> (program: (id: Program.ID, name: String), others: [(id: Program.ID, name: String)]) {
        let programs = try Program.named(db.reach(Learning.readers), in: db)
        guard let program = programs.first(where: { $0.id == id }) else { throw Problem.notFound }
        return (program, programs.filter { $0.id != id })
    }

    func title(_ words: Words) -> String { words("ranking.title") }

    func shown(_ words: Words) -> Value {
        [
            "program": .text(program.name), "formPath": .text("/programs/\(program.id)/ranking"),
            "returnPath": .text("/programs/\(program.id)/ranking/return"), "version": .number(weights.version),
            "others": .list(
                others.map { ["name": .text($0.name), "path": .text("/programs/\($0.id)/ranking")] }),
            "hasFound": .flag(isFound), "proposes": .flag(proposal != nil),
            "lines": .list(Criterion.allCases.map { shown($0, words) }),
            "answers": .text(answersSaid(words)),
            "points": .text(Learning.text(of: proposal ?? weights.points)),
            "change": change.map { shown($0, words) } ?? .nothing,
            "versions": .list(versions(words))
        ]
    }

    private var isFound: Bool { if case .found = estimate.body { true } else { false } }

    private func shown(_ criterion: Criterion, _ words: Words) -> Value {
        let after = proposal?[criterion] ?? weights[criterion]
        return [
            "name": .text(words("ranking.short.\(criterion.code)")),
            "explained": .text(words("ranking.criterion.\(criterion.code)")),
            "points": .number(weights[criterion]), "said": .text(said(of: criterion, words)),
            "after": .number(after), "moves": .flag(after != weights[criterion])
        ]
    }

    /// What the answers say of a criterion, and how surely.
    private func said(of criterion: Criterion, _ words: Words) -> String {
        guard MatchEstimate.learned.contains(criterion) else { return words("ranking.said.kept") }
        guard case .found(let findings, _) = estimate.body, let finding = findings[criterion] else {
            return words("ranking.said.nothing")
        }
        // Two standard errors to both sides: so much of it may be chance, 19 times of 20.
        func points(_ effect: Double) -> Int { Int((effect * Double(MatchWeights.total)).rounded()) }
        let (low, high) = (points(finding.effect - 2 * finding.error), points(finding.effect + 2 * finding.error))
        let key = "ranking.said.\(finding.said.rawValue)"
        return switch finding.said {
        case .nothing: words(key)
        case .more: words(key, ["low": "\(max(low, 0))", "high": "\(high)"])
        case .less, .against: words(key, ["low": "\(max(-high, 0))", "high": "\(-low)"])
        case .open: words(key, ["low": "\(max(-low, 0))", "high": "\(max(high, 0))"])
        }
    }

    private func answersSaid(_ words: Words) -> String {
        let (needed, each) = ("\(MatchEstimate.needed)", "\(MatchEstimate.neededOfEach)")
        switch estimate.body {
        case .tooFew where estimate.answers < MatchEstimate.neededOfEach:
            return words("ranking.answers.start", ["least": each, "needed": needed])
        case .tooFew: return words("ranking.answers.some", ["answers": "\(estimate.answers)", "needed": needed])
        case .alike: return words("ranking.answers.alike", ["answers": "\(estimate.answers)", "each": each])
        case .found:
            return words(
                proposal == nil ? "ranking.answers.same" : "ranking.answers.found",
                ["answers": "\(estimate.answers)"])
        }
    }

    private func shown(_ change: RankingChange, _ words: Words) -> Value {
        [
            "text": .text(
                change.lookedAt == 0
                    ? words("ranking.change.nobody")
                    : words("ranking.change", count: change.lines.count, ["all": "\(change.lookedAt)"])),
            "lines": .list(
                change.lines.map { line in
                    [
                        "path": .text("/referrals/\(line.referral)"), "name": .text(line.name),
                        "urgent": .flag(line.isUrgent),
                        "text": .text(words("ranking.change.others", count: line.others))
                    ]
                })
        ]
    }

    /// The latest first, the weights that Kith comes with last.
    private func versions(_ words: Words) -> [Value] {
        func line(_ version: Int, _ points: [Criterion: Int], _ text: String) -> Value {
            let list = Criterion.allCases.map { "\(words("ranking.short.\($0.code)")) \(points[$0] ?? 0)" }
            return [
                "version": .number(version), "now": .number(weights.version), "text": .text(text),
                "points": .text(list.joined(separator: " · ")),
                "current": .flag(version == weights.version), "returns": .flag(points != weights.points)
            ]
        }
        let approved = history.map { version -> Value in
            let who = [
                "version": "\(version.version)", "name": version.approvedBy, "day": words.day(version.approvedAt),
                "answers": "\(version.answers ?? 0)", "earlier": "\(version.returnsTo ?? 0)"
            ]
            let key = version.returnsTo == nil ? "ranking.version.estimated" : "ranking.version.returned"
            return line(version.version, version.points, words(key, who))
        }
        return approved + [line(Weights.standard.version, Weights.standard.points, words("ranking.version.first"))]
    }
}
