import Matching
import Storage

extension MatchQuestion.Asking {
    /// Those of several referrals: one statement.
    static func all(
        of referrals: [Referral.ID], in organization: Organization.ID, db: Reading
    ) throws -> [Referral.ID: Self] {
        let found = try db.all(
            """
            SELECT r.id AS referral_id, r.person_id, \(columns)
            FROM referral r JOIN person p ON p.organization_id = r.organization_id AND p.id = r.person_id
            LEFT JOIN referral_wish w ON w.organization_id = r.organization_id AND w.referral_id = r.id
            WHERE r.organization_id = \(organization) AND r.id IN \(list: referrals)
            """
        ) { row in
            let id: Referral.ID = try row["referral_id"]
            return (id, try Self(row: row, of: id, row["person_id"], db))
        }
        return Dictionary(found) { first, _ in first }
    }
}

extension Suggestions {
    /// The best for each of several referrals, among the supporters of its program: six statements, however many there
    /// are. Whoever calls has found the referrals by their own reach.
    static func best(
        for referrals: [(id: Referral.ID, person: Person.ID, program: Program.ID)], in db: Reading
    ) throws -> [Referral.ID: [Suggestion]] {
        guard !referrals.isEmpty else { return [:] }
        let organization = try db.organization
        let programs = Array(Set(referrals.map(\.program))).sorted()
        let members = try db.all(
            """
            SELECT program_id, person_id FROM membership WHERE organization_id = \(organization)
            AND program_id IN \(list: programs) AND role = \(Role.supporter) AND ended_at IS NULL
            """
        ) { (program: try $0["program_id"] as Program.ID, person: try $0["person_id"] as Person.ID) }
        let places = Dictionary(grouping: members, by: \.person).mapValues { Set($0.map(\.program)) }
        let everybody = try Supporter.all(of: programs, in: db)
        let weights = try MatchWeights.now(of: programs, in: organization, db: db)
        let asking = try MatchQuestion.Asking.all(of: referrals.map(\.id), in: organization, db: db)
        let past = try MatchHistory.all(of: referrals.map(\.person), of: organization, in: db)
        var pools = Dictionary(
            uniqueKeysWithValues: programs.map { program in
                (program, MatchPool(everybody.filter { places[$0.person]?.contains(program) == true }, at: db.now))
            })
        var best: [Referral.ID: [Suggestion]] = [:]
        for referral in referrals {
            guard let asking = asking[referral.id],
                let question = pools[referral.program]?.question(
                    of: referral.person, asking, past[referral.person] ?? MatchHistory(),
                    by: weights[referral.program] ?? .standard)
            else { continue }
            best[referral.id] = Self.best(of: question.ranking(best: Self.count), question)
            db.disclose(.matching, of: referral.person)
            for suggestion in best[referral.id] ?? [] { db.disclose(.matching, of: suggestion.supporter.person) }
        }
        return best
    }
}
