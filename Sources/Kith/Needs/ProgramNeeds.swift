import Matching
import Storage

/// What people of a program ask for beside what its supporters bring, at this moment: who waits for what, who could give
/// it, where somebody is missing, and whom to look for.
struct ProgramNeeds: Sendable {
    /// What is asked for, in one language and one area.
    struct Kind: Hashable, Sendable {
        let topic: String
        let language: String
        let area: String?
    }

    struct Line: Sendable {
        let kind: Kind
        /// Who has no supporter now.
        var waiting = 0
        /// Days the one has waited who has waited longest.
        var longest = 0
        /// Who asked in the weeks looked back on.
        var asked = 0
        /// Of those who got their first supporter in these weeks, how many days that took.
        var served: [Int] = []
        /// Supporters who speak the language, can be with people of the area, and let it be known that they have lived
        /// through it.
        var supporters = 0
        /// Places they have free.
        var free = 0
        /// For somebody who would ask today, by what hard rules allow.
        var estimate: Estimate = .unknown

        /// How many who wait have no free place with somebody who has lived through it.
        var gap: Int { max(0, waiting - free) }

        var medianDays: Int? {
            served.isEmpty ? nil : served.sorted()[(served.count - 1) / 2]
        }
    }

    /// How long somebody would wait who asked today.
    enum Estimate: Sendable, Equatable {
        case unknown
        case nobodyFits
        /// More places are free than people wait.
        case placeFree
        case wait(WaitEstimate)
    }

    /// A kind of supporter to look for.
    struct Advice: Sendable {
        let described: MatchPool.Described
        let slot: Round.Slot?
        /// How many more people would have a supporter.
        let people: Int
        /// How many others would move up.
        let behind: Int
        /// By how many days about their wait would be shorter; nil where too few places came free lately to say.
        let days: Int?
    }

    /// How many lines are shown.
    static let size = 60

    let waiting: Int
    let hasMore: Bool
    let supporters: Int
    let free: Int
    /// The largest gap first, then who has waited longest.
    let lines: [Line]
    let advice: [Advice]
    let topics: [String: String]

    /// Eight statements, however many people there are. For coordinators of the program.
    init(of program: Program.ID, in db: Reading) throws {
        let round = try MatchRound(of: program, in: db)
        let freed = try FreedPlaces(of: program, in: db.organization, db)
        topics = Dictionary(try Program.topics(of: program, in: db).map { ($0.code, $0.name) }) { first, _ in first }
        let lately = try Self.lately(in: program, since: db.now.adding(days: -7 * FreedPlaces.weeks), db)
        waiting = round.lines.count
        hasMore = round.hasMore
        supporters = round.pool.supporters.count
        free = round.pool.supporters.reduce(0) { $0 + $1.free }
        lines = Self.lines(round, lately, freed, at: db.now)
        advice = try Self.advice(round, freed)
    }

    /// Somebody who asked lately, or got their first supporter.
    struct Lately: Sendable {
        let asking: MatchQuestion.Asking
        let isNew: Bool
        /// Days until their first supporter, where that came lately.
        let days: Int?
    }

    private static func lately(in program: Program.ID, since start: Instant, _ db: Reading) throws -> [Lately] {
        try db.all(
            """
            SELECT r.*, \(MatchQuestion.Asking.columns), (SELECT min(m.started_at) FROM match m
                    WHERE m.organization_id = r.organization_id AND m.referral_id = r.id) AS first_started_at
            FROM referral r
            JOIN person p ON p.organization_id = r.organization_id AND p.id = r.person_id
            LEFT JOIN referral_wish w ON w.organization_id = r.organization_id AND w.referral_id = r.id
            WHERE r.organization_id = \(db.organization) AND r.id IN (
                SELECT id FROM referral WHERE organization_id = \(db.organization) AND program_id = \(program)
                    AND received_at > \(start)
                UNION SELECT referral_id FROM match WHERE organization_id = \(db.organization)
                    AND program_id = \(program) AND started_at > \(start))
            AND \(db.reach(.request, of: .referral("r"), as: [.coordinator]))
            ORDER BY r.received_at DESC, r.id LIMIT 2000
            """
        ) { row in
            let referral = try Referral(row: row)
            let started: Instant? = try row["first_started_at"]
            return Lately(
                asking: try MatchQuestion.Asking(row: row, of: referral.id, referral.person, db),
                isNew: referral.receivedAt > start,
                days: started.flatMap { $0 > start ? referral.receivedAt.days(until: $0) : nil })
        }
    }
}

extension Supporter {
    /// How many more people they could take now.
    var free: Int { pause == nil ? max(0, profile.limit - load) : 0 }

    /// Whether they are known to have lived through it.
    func isKnown(toHaveLived topic: String) -> Bool {
        profile.statements.contains { $0.topic == topic && $0.kind == .lived && $0.shownTo == .anyone }
    }

    func speaks(_ language: String) -> Bool { profile.languages.contains { Language.key($0) == language } }

    /// Whether they can be with somebody who lives there: in person, or from afar.
    func reaches(_ area: String?) -> Bool {
        guard let area, profile.formats.allSatisfy({ $0 == .inPerson }) else { return true }
        return profile.areas.contains { $0.trimmed.lowercased() == area.trimmed.lowercased() }
    }
}
