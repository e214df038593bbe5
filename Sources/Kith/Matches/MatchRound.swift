import Matching
import Storage

/// Everybody of a program who could be matched now, looked at together: whom to propose to whom, so that as many as
/// possible get a supporter. The coordinator decides, and so do both people.
struct MatchRound: Sendable {
    /// Somebody who is to be matched.
    struct Line: Sendable {
        let referral: Referral
        let asking: MatchQuestion.Asking
        /// Since when they have no supporter.
        let since: Instant
    }

    /// How many are looked at together; the urgent and those who have waited longest come first.
    static let size = 200

    let lines: [Line]
    /// Whether more wait than are looked at.
    let hasMore: Bool
    /// The supporters, in the numbers of all who ask.
    let pool: MatchPool
    /// What each of them asks.
    let questions: [MatchQuestion]
    let round: Round

    /// Five statements, however many there are of both. For coordinators of the program.
    init(of program: Program.ID, in db: Reading) throws {
        let found = try Self.lines(of: program, in: db)
        lines = Array(found.prefix(Self.size))
        hasMore = found.count > Self.size
        let past = try MatchHistory.all(of: lines.map(\.referral.person), of: db.organization, in: db)
        let weights = try MatchWeights.now(of: program, in: db.organization, db: db)
        var pool = MatchPool(try Supporter.all(of: [program], in: db), at: db.now)
        questions = lines.map { line in
            let person = line.referral.person
            return pool.question(of: person, line.asking, past[person] ?? MatchHistory(), by: weights)
        }
        self.pool = pool
        let asking = zip(lines, questions).map { line, question in
            Round.Asking(
                question.seeker, isUrgent: line.referral.priority == .urgent,
                daysWaiting: line.since.days(until: db.now))
        }
        do throws(PairsError) {
            round = try Round(asking, among: pool.candidates, weights: weights)
        } catch {
            // A round has 200 people and whole points: nothing in it can be refused.
            throw Problem.conflict("match.not-possible")
        }
    }

    /// Notes that everybody in it is shown.
    func disclose(in db: Reading) {
        for line in lines { db.disclose(.matching, of: line.referral.person) }
        for proposal in round.proposals { db.disclose(.matching, of: pool.supporters[proposal.candidate].person) }
    }

    /// Since when is as in ``Waiting``: a proposal that came to nothing costs nobody their place, and whoever had a
    /// supporter since waits anew.
    private static func lines(of program: Program.ID, in db: Reading) throws -> [Line] {
        try db.all(
            """
            SELECT r.*, \(MatchQuestion.Asking.columns), (SELECT min(x.since) FROM waiting x
                    WHERE x.organization_id = r.organization_id AND x.referral_id = r.id AND x.counts) AS waited_since,
                (SELECT max(m.ended_at) FROM match m WHERE m.organization_id = r.organization_id
                    AND m.referral_id = r.id AND m.status = \(Match.Status.ended)) AS left_at
            FROM referral r
            JOIN person p ON p.organization_id = r.organization_id AND p.id = r.person_id
            LEFT JOIN referral_wish w ON w.organization_id = r.organization_id AND w.referral_id = r.id
            WHERE r.organization_id = \(db.organization) AND r.program_id = \(program)
            AND r.queue IN (\(Referral.Queue.matching), \(Referral.Queue.waiting))
            AND \(db.reach(.request, of: .referral("r"), as: [.coordinator]))
            ORDER BY CASE r.priority WHEN 'urgent' THEN 0 ELSE 1 END, r.received_at, r.id LIMIT \(size + 1)
            """
        ) { row in
            let referral = try Referral(row: row)
            let (waited, left): (Instant?, Instant?) = (try row["waited_since"], try row["left_at"])
            return Line(
                referral: referral, asking: try MatchQuestion.Asking(row: row, of: referral.id, referral.person, db),
                since: waited ?? max(referral.receivedAt, left ?? referral.receivedAt))
        }
    }
}

extension MatchRound {
    /// What became of the proposals of a round.
    struct Made: Sendable, Equatable {
        var made = 0
        /// Not possible any more: somebody else was quicker, or something has changed.
        var missed = 0
    }

    /// Makes the proposals that a coordinator has chosen, each as if it were made alone. What is not possible any more
    /// is passed over; what was made already, as by a second click, counts as made.
    static func propose(_ chosen: [(referral: Referral.ID, supporter: Person.ID)], in db: Writing) throws -> Made {
        var made = Made()
        for (id, supporter) in chosen {
            do {
                let referral = try Referral.find(id, in: db)
                if let match = try Match.forReferral(referral, in: db) {
                    if match.supporter == supporter { made.made += 1 } else { made.missed += 1 }
                    continue
                }
                try Match.propose(supporter, for: referral, in: db)
                made.made += 1
            } catch Problem.conflict, Problem.consentNeeded, Problem.notFound {
                // Thrown before anything is written. Somebody may have left meanwhile.
                made.missed += 1
            }
        }
        return made
    }
}

extension Instant {
    /// Whole days from this moment until another; 0 at least.
    func days(until other: Instant) -> Int { max(0, other.minutes(since: self)) / (24 * 60) }
}
