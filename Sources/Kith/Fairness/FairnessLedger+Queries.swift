import Matching
import Storage

extension FairnessLedger {
    /// What came about until so many days after the quarter counts: from then on its numbers stay, but for what people
    /// tell of themselves later.
    static let outcomeDays = 90

    /// One statement. Whoever calls has found the program by their own reach.
    package init(of program: Program.ID, in quarter: Quarter, db: Reading) throws {
        self.init(try Self.askers(of: program, in: quarter, db))
    }

    /// Everybody whose request reached the program in the quarter, each once, with what became of it. Not
    /// counted: requests that turned out to be the same as another one, and histories that were brought along.
    private static func askers(of program: Program.ID, in quarter: Quarter, _ db: Reading) throws -> [Asker] {
        let (from, to) = quarter.moments
        let last = to.adding(days: Self.outcomeDays)
        var askers: [Person.ID: (asker: Asker, since: Instant, began: Instant?)] = [:]
        var order: [Person.ID] = []
        _ = try db.all(
            """
            SELECT r.person_id, r.received_at, p.language, p.language_said_at, p.area, p.gender, p.birth_year,
                m.id AS match_id, m.started_at, m.parts
            FROM referral r
            JOIN person p ON p.organization_id = r.organization_id AND p.id = r.person_id
            LEFT JOIN match m ON m.organization_id = r.organization_id AND m.referral_id = r.id
                AND m.stands_in_for IS NULL AND m.proposed_at < \(last)
            WHERE r.organization_id = \(db.organization) AND r.program_id = \(program)
            AND r.received_at >= \(from) AND r.received_at < \(to)
            AND r.merged_into_id IS NULL AND r.origin <> 'history'
            ORDER BY r.received_at, r.id, m.proposed_at, m.id
            """
        ) { row in
            let person: Person.ID = try row["person_id"]
            let received: Instant = try row["received_at"]
            if askers[person] == nil {
                order.append(person)
                askers[person] = (Asker(groups: try groups(row, in: received.countedDay.parts.year)), received, nil)
            }
            guard let match: Match.ID = try row["match_id"], !match.text.isEmpty else { return }
            askers[person]?.asker.offers += 1
            guard let started: Instant = try row["started_at"], started < last,
                askers[person]?.began.map({ started < $0 }) ?? true, let since = askers[person]?.since
            else { return }
            askers[person]?.began = started
            askers[person]?.asker.wait = Double(started.minutes(since: since)) / (24 * 60)
            askers[person]?.asker.score = try score(row["parts"])
        }
        return order.compactMap { askers[$0]?.asker }
    }

    /// The points of a match as a part of all that could be had for this person.
    private static func score(_ stored: String?) throws -> Double? {
        guard let stored else { return nil }
        let parts: [Criterion: [Int]] = try Criterion.numbers(stored: stored)
        let most = parts.values.reduce(0) { $0 + ($1.last ?? 0) }
        return most > 0 ? Double(parts.values.reduce(0) { $0 + ($1.first ?? 0) }) / Double(most) : nil
    }

    private static func groups(_ row: Row, in year: Int) throws -> [Dimension: Group] {
        var groups: [Dimension: Group] = [:]
        let (language, saidAt): (String, Instant?) = (try row["language"], try row["language_said_at"])
        // What stands in a record before anybody was asked is not their language.
        if saidAt != nil || language != Person.unasked { groups[.language] = Group(name: Language.key(language)) }
        let written: [(Dimension, String?)] = [(.area, try row["area"]), (.gender, try row["gender"])]
        for case (let dimension, let text?) in written where !text.trimmed.isEmpty {
            groups[dimension] = Group(name: text.trimmed.lowercased())
        }
        if let born: Int = try row["birth_year"] { groups[.age] = age(born: born, in: year) }
        return groups
    }

    /// The ages that are told apart, each from its first year: by the year of the request, as ``AgeBand`` counts.
    static let ages = [0, 18, 30, 45, 65]

    static func age(born: Int, in year: Int) -> Group {
        if AgeBand(birthYear: born, in: year) == .minor { return Group(place: 0, name: "0") }
        let place = ages.lastIndex { $0 <= max(year - born, AgeBand.adultAge) } ?? 1
        return Group(place: place, name: "\(place)")
    }
}
