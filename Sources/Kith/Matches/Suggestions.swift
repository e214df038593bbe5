import Matching
import Storage

/// Whom the program could ask to support somebody: the best few with reasons, and for everybody else why not. The
/// coordinator decides.
package struct Suggestions: Sendable {
    package struct Suggestion: Sendable {
        package let supporter: Supporter
        /// 1 is the best.
        package let rank: Int
        package let points: Int
        package let reasons: [MatchReason]
    }

    package struct Refusal: Sendable {
        package let supporter: Supporter
        /// Never empty.
        package let obstacles: [MatchObstacle]
    }

    /// Somebody with the role who has not said yet what they bring.
    package struct Profileless: Sendable, Equatable {
        package let person: Person.ID
        package let name: String
    }

    /// What giving up one wish would open.
    package struct Opening: Sendable, Equatable {
        /// `gender`, `age`, `culture`, `formats`, `hours` or `area`.
        package let wish: String
        /// How many more could be asked.
        package let count: Int
        /// The best of them, a few at most.
        package let names: [String]
    }

    package let best: [Suggestion]
    /// How many could be suggested, the best among them.
    package let eligibleCount: Int
    package let excluded: [Refusal]
    /// Excluded as well, for want of a profile; by name.
    package let withoutProfile: [Profileless]
    /// For each wish that could be given up, whom that would open; what opens most comes first.
    package let openings: [Opening]
    /// Who could be suggested now or later.
    let fitting: Set<Person.ID>
    let asking: MatchQuestion.Asking

    /// How many are shown.
    package static let count = 3

    /// Ranks everybody in the referral's program: six statements. Whoever calls has found the referral by their own
    /// reach.
    package init(for referral: Referral, in db: Reading) throws {
        let question = try MatchQuestion(for: referral, in: db)
        let ranking = question.ranking(best: Self.count)
        best = Self.best(of: ranking, question)
        eligibleCount = ranking.eligibleCount
        excluded = ranking.refusals().map { refusal in
            Refusal(
                supporter: question.supporters[refusal.candidate],
                obstacles: question.obstacles(refusal.exclusions, for: refusal.candidate))
        }
        withoutProfile = try Supporter.withoutProfile(in: [referral.program], db: db)
            .filter { $0.person != referral.person }.map { Profileless(person: $0.person, name: $0.name) }
        openings = ranking.openings().map { opening in
            Opening(
                wish: opening.relaxation.wish, count: opening.candidates.count,
                names: opening.candidates.prefix(Self.count).map { question.supporters[$0].name })
        }
        fitting = Set(ranking.fitting().map { question.supporters[$0].person })
        asking = question.asking
        db.disclose(.matching, of: referral.person)
        for suggestion in best { db.disclose(.matching, of: suggestion.supporter.person) }
        for refusal in excluded { db.disclose(.listed, of: refusal.supporter.person) }
        for supporter in withoutProfile { db.disclose(.listed, of: supporter.person) }
    }

    static func best(of ranking: Ranking, _ question: MatchQuestion) -> [Suggestion] {
        ranking.best.map { suggestion in
            Suggestion(
                supporter: question.supporters[suggestion.candidate], rank: suggestion.rank,
                points: suggestion.score.total,
                reasons: question.reasons(suggestion.score, for: suggestion.candidate))
        }
    }
}

extension Relaxation {
    fileprivate var wish: String {
        switch self {
        case .wish(let attribute): MatchAttribute(attribute).rawValue
        case .formats: "formats"
        case .hours: "hours"
        case .area: "area"
        }
    }
}

extension Match {
    /// The best three for a referral with reasons, and why the others cannot be suggested.
    package static func suggestions(for referral: Referral, in db: Reading) throws -> Suggestions {
        try Suggestions(for: referral, in: db)
    }
}
