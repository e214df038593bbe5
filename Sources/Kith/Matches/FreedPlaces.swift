import Storage

/// Places that supporters of a program had free in each full week of the last twelve: matches that ended, unless their
/// supporter could not go on, and what new supporters offer, shared out among their programs.
struct FreedPlaces: Sendable {
    /// How far is looked back.
    static let weeks = 12

    /// How many full weeks there are to look back on; a program younger than twelve weeks has fewer.
    let weeks: Int
    private let places: [Place]

    private struct Place: Sendable {
        /// 0 is the latest.
        let week: Int
        let supporter: Person.ID
        let count: Int
    }

    /// One statement.
    init(of program: Program.ID, in organization: Organization.ID, _ db: Reading) throws {
        let start = db.now.adding(days: -7 * Self.weeks)
        let minutesOfWeek = 7 * 24 * 60
        var opened = db.now
        let found = try db.all(
            """
            SELECT created_at AS at, CAST(NULL AS TEXT) AS supporter_id, 0 AS places FROM program
            WHERE organization_id = \(organization) AND id = \(program)
            UNION ALL SELECT ended_at, supporter_id, 1 FROM match
            WHERE organization_id = \(organization) AND program_id = \(program) AND status = 'ended'
                AND ended_at > \(start) AND end_reason <> \(Match.EndReason.away)
            UNION ALL SELECT s.since, s.person_id, s.caseload_limit / (SELECT count(*) FROM membership n
                WHERE n.organization_id = s.organization_id AND n.person_id = s.person_id AND n.role = 'supporter'
                AND n.ended_at IS NULL)
            FROM supporter s
            JOIN membership m ON m.organization_id = s.organization_id AND m.person_id = s.person_id
                AND m.program_id = \(program) AND m.role = 'supporter' AND m.ended_at IS NULL
            WHERE s.organization_id = \(organization) AND s.since > \(start)
            """
        ) { row -> Place? in
            let at: Instant = try row["at"]
            guard let supporter: Person.ID = try row["supporter_id"] else {
                opened = at
                return nil
            }
            return Place(
                week: db.now.minutes(since: at) / minutesOfWeek, supporter: supporter, count: try row["places"])
        }
        weeks = min(Self.weeks, max(0, db.now.minutes(since: opened) / minutesOfWeek))
        places = found.compactMap { $0 }
    }

    /// Of some of the supporters, the latest week first.
    func perWeek(by supporters: Set<Person.ID>) -> [Int] {
        var counts = [Int](repeating: 0, count: weeks)
        for place in places where supporters.contains(place.supporter) && counts.indices.contains(place.week) {
            counts[place.week] += place.count
        }
        return counts
    }
}
