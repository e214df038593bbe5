import Storage
import Web

/// A week of a supporter who uses no app, as a coordinator enters it for them: whom they support, what stands there
/// already, and the week before as a template.
struct WeekEntry: Sendable {
    /// How many contacts with somebody can be entered at a time.
    static let rowsAtMost = 3
    /// How far back staff may enter, in days.
    static let reach = 14

    /// What became of a contact.
    enum Outcome: String, CaseIterable, Sendable {
        case done
        case noAnswer = "no-answer"
    }

    /// Somebody they support.
    struct Line: Sendable {
        let match: ActiveMatch
        /// What they are called, without their surname.
        let firstName: String
        /// What stands there already, in order of time.
        let contacts: [Encounter]
        /// What was planned and is past, and nobody has told about.
        let untold: [Encounter]
        /// What took place the week before and has no like yet this week.
        let templates: [Encounter]

        /// The names of the rows for new contacts.
        func keys(_ count: Int) -> [String] { (1...max(1, count)).map { "\(match.id)-\($0)" } }
    }

    let supporter: Person.ID
    let name: String
    let monday: Day
    /// The last day that can be entered.
    let last: Day
    let lines: [Line]
    private let clock: LocalClock

    /// The week in which `day` is, this week at the latest and the week before the last at the earliest. Four statements.
    /// - Throws: ``Problem/notFound`` for a supporter out of reach of the coordinator asking.
    init(of person: Person.ID, around day: Day?, in db: Reading) throws {
        let found = try Supporter.find(person, in: db)
        (supporter, name) = (found.person, found.name)
        clock = LocalClock(zone: db.actor.timeZone)
        let today = db.today
        let asked = min(max(day ?? today, today.adding(days: -Self.reach)), today)
        monday = asked.adding(days: -asked.weekday)
        last = min(today, monday.adding(days: 6))
        lines = try Self.lines(of: person, from: monday, clock, db)
        for line in lines { db.disclose(.listed, of: line.match.participant) }
    }

    private static func lines(
        of supporter: Person.ID, from monday: Day, _ clock: LocalClock, _ db: Reading
    ) throws -> [Line] {
        let organization = try db.organization
        let matches = try db.all(
            """
            SELECT m.id, m.organization_id, m.program_id, m.referral_id, m.supporter_id, m.participant_id,
                coalesce(p.called, p.name) AS participant_name, m.apart_at IS NOT NULL AS is_apart, p.name
            FROM match m JOIN person p ON p.organization_id = m.organization_id AND p.id = m.participant_id
            WHERE m.organization_id = \(organization) AND m.supporter_id = \(supporter) AND m.status = 'active'
                AND \(db.reach(.encounter, of: .pair("m"), as: [.coordinator]))
            ORDER BY p.name, m.id LIMIT 50
            """
        ) { (match: try ActiveMatch(row: $0), name: try $0["name"] as String) }
        let (before, end) = (clock.start(of: monday.adding(days: -7)), clock.start(of: monday.adding(days: 7)))
        let encounters = try db.all(
            """
            \(Encounter.everything) WHERE e.organization_id = \(organization) AND e.supporter_id = \(supporter)
                AND e.starts_at >= \(before) AND e.starts_at < \(end)
                AND \(db.reach(.encounter, of: .pair("e"), as: [.coordinator]))
            ORDER BY e.starts_at, e.id LIMIT 1000
            """, Encounter.init(row:))
        let start = clock.start(of: monday)
        return matches.map { match, name in
            let own = encounters.filter { $0.match == match.id }
            let here = own.filter { $0.startsAt >= start }
            let untold = here.filter { $0.status == .planned && $0.startsAt <= db.now }
            let known = here.filter { $0.status == .done }.count + untold.count
            let held = own.filter { $0.startsAt < start && $0.status == .done }
            return Line(
                match: match, firstName: firstName(in: match.participantName, of: name),
                contacts: here.filter { $0.status != .planned }, untold: untold,
                templates: Array(held.dropFirst(known).prefix(rowsAtMost)))
        }
    }

    /// “Miss Dot” of somebody who likes to be called so, “Cleo” of Cleo Castro.
    private static func firstName(in called: String, of name: String) -> String {
        let (words, surnames) = (called.split(separator: " "), name.split(separator: " ").dropFirst())
        let left = words.filter { !surnames.contains($0) }
        guard called != name, !left.isEmpty else { return name.split(separator: " ").first.map(String.init) ?? "" }
        return left.joined(separator: " ")
    }

    /// When a contact of the week before would be this week; nil where that is still to come.
    func day(like encounter: Encounter) -> Day? {
        let day = clock.day(of: encounter.startsAt).adding(days: 7)
        return day <= last ? day : nil
    }

    func reading(_ encounter: Encounter) -> (day: Day, time: TimeOfDay) {
        let (day, minutes) = clock.reading(at: encounter.startsAt)
        return (day, TimeOfDay(minutes: minutes))
    }

    func day(of instant: Instant) -> Day { clock.day(of: instant) }

    /// The days that can be entered.
    var days: [Day] { (0...6).map { monday.adding(days: $0) }.filter { $0 <= last } }

    /// What stands there already, so that a form filled in before something was added is noticed.
    var edition: Edition {
        Edition(["contacts": lines.flatMap { line in line.contacts.map(Self.mark) }.sorted()])
    }

    static func mark(_ encounter: Encounter) -> String {
        mark(encounter.match, encounter.status, encounter.mode, encounter.startsAt)
    }

    static func mark(_ match: Match.ID, _ status: Encounter.Status, _ mode: Format, _ at: Instant) -> String {
        "\(match) \(status.rawValue) \(mode.rawValue) \(at)"
    }
}
