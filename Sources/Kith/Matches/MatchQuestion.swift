import Matching
import Storage

/// Who could support one person: their wishes and the supporters of the program, translated into the numbers that
/// matching works with, and its answers translated back.
struct MatchQuestion: Sendable {
    let asking: Asking
    let seeker: Seeker
    let pool: MatchPool
    /// Those of the program.
    let weights: Weights

    init(_ asking: Asking, _ seeker: Seeker, in pool: MatchPool, by weights: Weights) {
        (self.asking, self.seeker, self.pool, self.weights) = (asking, seeker, pool, weights)
    }

    var supporters: [Supporter] { pool.supporters }
    var candidates: Candidates { pool.candidates }

    /// The person asking, as far as matching is concerned.
    struct Asking: Sendable {
        let name: String
        let called: String
        let wishes: Wishes
        /// Those they wish for; else the one they are down for. Where that is only the language of the pages they read, nobody
        /// has said that they speak no English.
        let languages: [String]
        let area: String?
        let gender: String?
        let birthYear: Int?
        let culture: String?
        let age: AgeBand
    }

    /// Five statements, however many supporters there are.
    init(for referral: Referral, only supporter: Person.ID? = nil, in db: Reading) throws {
        let asking = try Asking(of: referral, in: db)
        let past = try MatchHistory(of: referral.person, of: referral.organization, in: db)
        let everybody = try Supporter.all(of: [referral.program], only: supporter, in: db)
        var pool = MatchPool(everybody.filter { $0.person != referral.person }, at: db.now)
        self = pool.question(
            of: referral.person, asking, past,
            by: try MatchWeights.now(of: referral.program, in: referral.organization, db: db))
    }

    /// The supporters who could be suggested now or later, as soon as they have room and are not away.
    var fitting: Set<Person.ID> {
        Set(ranking(best: 0).fitting().map { supporters[$0].person })
    }

    func ranking(best count: Int) -> Ranking {
        Ranking(of: candidates, for: seeker, weights: weights, best: count)
    }

    /// The reasons that earned points, and wishes that had to be met.
    func reasons(_ score: Score, for index: Int) -> [MatchReason] {
        pool.reasons(score, for: index, asking, seeker)
    }

    func obstacles(_ exclusions: [Exclusion], for index: Int) -> [MatchObstacle] {
        pool.obstacles(exclusions, for: index)
    }
}

extension MatchQuestion.Asking {
    /// One statement.
    init(of referral: Referral, in db: Reading) throws {
        let found = try db.first(
            """
            SELECT \(Self.columns) FROM person p
            LEFT JOIN referral_wish w ON w.organization_id = p.organization_id AND w.referral_id = \(referral.id)
            WHERE p.organization_id = \(referral.organization) AND p.id = \(referral.person)
            """
        ) { try Self(row: $0, of: referral.id, referral.person, db) }
        guard let found else { throw Problem.notFound }
        self = found
    }

    /// Of the person `p` and their wishes `w`.
    static var columns: SQL {
        """
        p.name, coalesce(p.called, p.name) AS called, p.language, p.language_said_at, p.area, p.gender, p.birth_year,
            p.culture, w.wishes, \(TextKey.wrapped(of: "p.id", in: "p.organization_id")) AS wrapped_key
        """
    }

    /// A row with ``columns``.
    init(row: Row, of referral: Referral.ID, _ person: Person.ID, _ db: Reading) throws {
        wishes = try Wishes(stored: row["wishes"], of: referral, with: db.key(row["wrapped_key"], of: person))
        let (language, saidAt): (String, Instant?) = (try row["language"], try row["language_said_at"])
        let known = saidAt == nil && language != Person.unasked ? [language, Person.unasked] : [language]
        name = try row["name"]
        called = try row["called"]
        languages = wishes.languages.isEmpty ? known : wishes.languages
        area = try row["area"]
        gender = try row["gender"]
        birthYear = try row["birth_year"]
        culture = try row["culture"]
        age = AgeBand(birthYear: birthYear, in: db.now.countedDay.parts.year)
    }
}
