import Storage

/// A quarter of a year, of the calendar in UTC.
package struct Quarter: Sendable, Equatable, CustomStringConvertible {
    package let year: Int
    package let number: Int

    package init?(year: Int, number: Int) {
        guard (2_000...2_999).contains(year), (1...4).contains(number) else { return nil }
        (self.year, self.number) = (year, number)
    }

    /// `2026-4`.
    package init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false).compactMap { Int($0) }
        guard parts.count == 2, let quarter = Quarter(year: parts[0], number: parts[1]), quarter.description == text
        else { return nil }
        self = quarter
    }

    package init(of day: Day) {
        (year, number) = (day.parts.year, (day.parts.month - 1) / 3 + 1)
    }

    package var description: String { "\(year)-\(number)" }

    var before: Quarter? { number == 1 ? Quarter(year: year - 1, number: 4) : Quarter(year: year, number: number - 1) }
    var after: Quarter? { number == 4 ? Quarter(year: year + 1, number: 1) : Quarter(year: year, number: number + 1) }

    /// Its first moment, and the first of the next one.
    var moments: (from: Instant, to: Instant) {
        func start(_ year: Int, _ month: Int) -> Instant {
            Instant(milliseconds: Int64(Day(year: year, month: month, day: 1)?.daysSince1970 ?? 0) * 86_400_000)
        }
        return (
            start(year, number * 3 - 2), number == 4 ? start(year + 1, 1) : start(year, number * 3 + 1)
        )
    }
}

/// What can be shown of a program in a quarter: a number of records, how many of them are as they should be, and each of
/// them. Whoever reads it learns nothing about one person: a record is a date and an address that opens for those who may.
package enum QualityMeasure: String, Sendable, CaseIterable {
    /// Meetings held with as many facilitators as the kind of group asks for.
    case facilitated
    /// Meetings held with no more members for each facilitator than the kind of group allows.
    case ratio
    /// Members who have accepted the agreements that stood at the end of the quarter.
    case agreements
    /// Members who have accepted the house rules of the program, where it has any.
    case rules
    /// Concerns that somebody had in hand before the next rung was called.
    case concerns
    case drills
    /// Reports and other items decided within a day.
    case moderation
    /// Incidents that a second person reviewed in time.
    case incidents

    static let readers: [Role] = [.coordinator, .supervisor, .administrator]
    static let mostRecords = 2_000

    struct Record: Sendable {
        let id: String
        let at: Instant
        let isMet: Bool
    }

    /// Where a record stands; nil where it is about somebody and nothing else.
    var folder: String? {
        switch self {
        case .facilitated, .ratio: "/meetings"
        case .concerns, .drills: "/concerns"
        case .moderation: "/moderation"
        case .incidents: "/incidents"
        case .agreements, .rules: nil
        }
    }

    /// Within how many hours it has to be done; nil: no such limit.
    private var hours: Int? {
        switch self {
        case .moderation: 24
        case .incidents: Incident.daysToReview * 24
        case .facilitated, .ratio, .agreements, .rules, .concerns, .drills: nil
        }
    }

    /// The records of a quarter, the earliest first, without what still has time: one statement.
    func records(of program: Program.ID, in quarter: Quarter, db: Reading) throws -> [Record] {
        let (from, to) = quarter.moments
        return try db.all(
            """
            SELECT e.id, e.at, e.is_met, e.done_at
            FROM (\(statement(of: program, until: to, organization: db.organization))) e
            WHERE e.at >= \(from) AND e.at < \(to) ORDER BY e.at, e.id LIMIT \(Self.mostRecords)
            """
        ) { row in
            let (at, done): (Instant, Instant?) = (try row["at"], try row["done_at"])
            let isMet: Bool = try row["is_met"]
            let due = hours.map { at.adding(hours: $0) }
            // What still has time is neither.
            if done == nil, let due, due > db.now { return nil }
            let isInTime = due.map { due in done.map { $0 <= due } ?? false } ?? true
            return Record(id: try row["id"], at: at, isMet: isMet && isInTime)
        }.compactMap { (record: Record?) in record }
    }

    private func statement(of program: Program.ID, until end: Instant, organization: Organization.ID) -> SQL {
        let held: SQL = """
            FROM meeting m JOIN support_group g ON g.organization_id = m.organization_id AND g.id = m.group_id
            JOIN group_type t ON t.organization_id = g.organization_id AND t.id = g.type_id
            WHERE m.organization_id = \(organization) AND g.program_id = \(program) AND m.state = 'held'
            """
        let led: SQL = """
            (SELECT count(*) FROM facilitator_hours h WHERE h.organization_id = m.organization_id
                AND h.meeting_id = m.id)
            """
        let came: SQL = """
            (SELECT count(*) FROM meeting_attendance a WHERE a.organization_id = m.organization_id
                AND a.meeting_id = m.id AND a.came)
            """
        let joined: SQL = """
            FROM group_member r JOIN support_group g ON g.organization_id = r.organization_id AND g.id = r.group_id
            WHERE r.organization_id = \(organization) AND g.program_id = \(program) AND r.joined_at IS NOT NULL
            """
        // The moments at which somebody was called: rungs without anybody cost no time. While the first may still answer,
        // it is neither.
        let calls: SQL = """
            (SELECT count(DISTINCT k.at) FROM concern_call k
                WHERE k.organization_id = c.organization_id AND k.concern_id = c.id)
            """
        let called: SQL = """
            SELECT c.id, c.raised_at AS at, c.acknowledged_at AS done_at, \(calls) <= 1 AS is_met FROM concern c
            WHERE c.organization_id = \(organization) AND c.program_id = \(program)
            AND (c.acknowledged_at IS NOT NULL OR \(calls) > 1)
            """
        switch self {
        case .facilitated:
            return
                "SELECT m.id, m.starts_at AS at, m.ends_at AS done_at, (\(led) >= t.facilitators) AS is_met \(held)"
        case .ratio:
            return """
                SELECT m.id, m.starts_at AS at, m.ends_at AS done_at, (\(came) <= t.members_per_facilitator * \(led)) AS is_met
                \(held) AND t.members_per_facilitator IS NOT NULL
                """
        case .agreements:
            return """
                SELECT r.id, r.joined_at AS at, r.agreed_at AS done_at, (r.agreements >= (SELECT max(v.version)
                    FROM group_agreements v WHERE v.organization_id = g.organization_id AND v.type_id = g.type_id
                    AND v.published_at < \(end))) AS is_met \(joined)
                """
        case .rules:
            return """
                SELECT r.id, r.joined_at AS at, r.joined_at AS done_at, EXISTS (SELECT 1 FROM house_rules_acceptance h
                    WHERE h.organization_id = g.organization_id AND h.program_id = g.program_id
                    AND h.person_id = r.person_id) AS is_met \(joined)
                AND EXISTS (SELECT 1 FROM house_rules h WHERE h.organization_id = g.organization_id
                    AND h.program_id = g.program_id)
                """
        case .concerns: return "\(called) AND NOT c.is_drill"
        case .drills: return "\(called) AND c.is_drill"
        case .moderation:
            return """
                SELECT i.id, i.opened_at AS at, i.decided_at AS done_at, TRUE AS is_met
                FROM moderation_item i WHERE i.organization_id = \(organization) AND i.program_id = \(program)
                """
        case .incidents:
            return """
                SELECT i.id, i.recorded_at AS at, i.reviewed_at AS done_at, TRUE AS is_met
                FROM incident i WHERE i.organization_id = \(organization) AND i.program_id = \(program)
                """
        }
    }
}
