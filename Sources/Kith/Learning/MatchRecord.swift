import Foundation
import Matching
import Storage

/// A match that somebody answered about, as learning sees it: numbers, and nobody's name.
package struct MatchRecord: Sendable, Equatable {
    /// Of each criterion how much was met, 0 to 1; none where it did not count for this person, or is not known.
    package var shares: [Criterion: Double]
    /// Between 0, not good for those who answered, and 1, good.
    package var outcome: Double

    /// Tell different supporters and people apart, and nothing more.
    package var supporter: Int
    package var person: Int

    package init(shares: [Criterion: Double], outcome: Double, supporter: Int, person: Int) {
        (self.shares, self.outcome, self.supporter, self.person) = (shares, outcome, supporter, person)
    }

    /// So many matches are looked at, the latest.
    static let most = 5_000

    /// Matches of a program that began and that at least one of the two has answered about: one statement.
    ///
    /// A person answers about their support as a whole, which is held to be about their last supporter. Answers count in
    /// whole batches, the earliest first: the latest wait for others to come with them.
    package static func all(of program: Program.ID, in db: Reading) throws -> [MatchRecord] {
        var (supporters, people) = (Interning(), Interning())
        let found = try db.all(
            """
            SELECT m.parts, m.reasons, m.supporter_id, m.participant_id, s.answer AS supporter_said,
                f.helped AS participant_said, s.at AS supporter_at, f.at AS participant_at
            FROM match m
            LEFT JOIN match_feedback s ON s.organization_id = m.organization_id AND s.match_id = m.id
                AND s.answer IS NOT NULL
            LEFT JOIN feedback f ON f.organization_id = m.organization_id AND f.referral_id = m.referral_id
                AND NOT EXISTS (SELECT 1 FROM match l WHERE l.organization_id = m.organization_id
                    AND l.referral_id = m.referral_id AND l.stands_in_for IS NULL AND l.started_at > m.started_at)
                AND m.stands_in_for IS NULL
            WHERE m.organization_id = \(db.organization) AND m.program_id = \(program) AND m.started_at IS NOT NULL
            AND (s.answer IS NOT NULL OR f.helped IS NOT NULL)
            ORDER BY m.started_at DESC, m.id LIMIT \(most)
            """
        ) { row in
            let (parts, reasons): (String?, String) = (try row["parts"], try row["reasons"])
            let answers: [MatchFeedback.Answer?] = [try row["supporter_said"], try row["participant_said"]]
            let worth = answers.compactMap { $0?.worth }
            let record = MatchRecord(
                shares: try parts.map(Self.shares(ofParts:)) ?? Self.shares(ofReasons: reasons),
                outcome: worth.reduce(0, +) / Double(worth.count),
                supporter: supporters.number(of: try row["supporter_id"]),
                person: people.number(of: try row["participant_id"]))
            let times: [Instant?] = [try row["supporter_at"], try row["participant_at"]]
            return (record: record, at: times.compactMap { $0?.milliseconds }.max() ?? 0)
        }
        // Of answers given at one moment those about earlier matches first, which come last.
        let inOrder = found.enumerated().sorted {
            ($0.element.at, -$0.offset) < ($1.element.at, -$1.offset)
        }
        return inOrder.prefix(found.count / MatchEstimate.batch * MatchEstimate.batch).map(\.element.record)
    }

    private static func shares(ofParts stored: String) throws -> [Criterion: Double] {
        let parts: [Criterion: [Int]] = try Criterion.numbers(stored: stored)
        return parts.compactMapValues { part in
            part.count == 2 && part[1] > 0 ? Double(part[0]) / Double(part[1]) : nil
        }
    }

    /// Matches from before all parts were kept hold only what earned points. What they do not hold may have earned
    /// nothing or not have counted: only of languages it is known that they always count.
    private static func shares(ofReasons stored: String) throws -> [Criterion: Double] {
        let reasons = try JSONDecoder().decode([MatchReason].self, from: Data(stored.utf8))
        // Of somebody whose record was erased nothing is left to learn from.
        guard !reasons.isEmpty else { return [:] }
        var shares: [Criterion: Double] = [.language: 0]
        for reason in reasons where reason.maximum > 0 {
            guard let criterion = Criterion.allCases.first(where: { $0.code == reason.kind.rawValue }) else { continue }
            shares[criterion] = Double(reason.points) / Double(reason.maximum)
        }
        return shares
    }
}

extension MatchFeedback.Answer {
    var worth: Double {
        switch self {
        case .yes: 1
        case .partly: 0.5
        case .no: 0
        }
    }
}
