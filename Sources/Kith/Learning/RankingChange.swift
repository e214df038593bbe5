import Matching
import Storage

/// For whom of those who are to be matched now other weights would bring other suggestions.
struct RankingChange: Sendable {
    struct Line: Sendable {
        let referral: Referral.ID
        let name: String
        let isUrgent: Bool
        /// How many of the best three would be others. Not who: what moves somebody may be what they show to nobody.
        let others: Int
    }

    /// So many are looked at; the urgent and those who have waited longest come first.
    static let most = 200

    let lookedAt: Int
    let lines: [Line]

    /// Four statements. Only of people whom whoever asks may see.
    init(from weights: Weights, to other: Weights, in program: Program.ID, _ db: Reading) throws {
        let organization = try db.organization
        let referrals = try db.all(
            """
            SELECT r.id, r.person_id, r.priority FROM referral r
            WHERE r.organization_id = \(organization) AND r.program_id = \(program)
            AND r.queue IN (\(Referral.Queue.matching), \(Referral.Queue.waiting))
            AND \(db.reach(.request, of: .referral("r"), as: [.coordinator, .supervisor]))
            ORDER BY CASE r.priority WHEN 'urgent' THEN 0 ELSE 1 END, r.received_at, r.id LIMIT \(Self.most)
            """
        ) { row in
            (
                id: try row["id"] as Referral.ID, person: try row["person_id"] as Person.ID,
                isUrgent: (try row["priority"] as String) == Referral.Priority.urgent.rawValue
            )
        }
        lookedAt = referrals.count
        guard !referrals.isEmpty else {
            lines = []
            return
        }
        let asking = try MatchQuestion.Asking.all(of: referrals.map(\.id), in: organization, db: db)
        let past = try MatchHistory.all(of: referrals.map(\.person), of: organization, in: db)
        var pool = MatchPool(try Supporter.all(of: [program], in: db), at: db.now)
        var lines: [Line] = []
        for referral in referrals {
            guard let asking = asking[referral.id] else { continue }
            func best(by weights: Weights) -> Set<Int> {
                let question = pool.question(
                    of: referral.person, asking, past[referral.person] ?? MatchHistory(), by: weights)
                return Set(question.ranking(best: Suggestions.count).best.map(\.candidate))
            }
            let others = best(by: other).subtracting(best(by: weights)).count
            guard others > 0 else { continue }
            lines.append(
                Line(referral: referral.id, name: asking.name, isUrgent: referral.isUrgent, others: others))
            db.disclose(.listed, of: referral.person)
        }
        self.lines = lines
    }
}
