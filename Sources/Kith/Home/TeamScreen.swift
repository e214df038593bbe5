import Storage
import Web

/// The supervisor's first screen: how is my team, and who has been silent?
struct TeamScreen: Screen {
    static let template = "home/supervisor"

    struct Line: Sendable {
        let id: Person.ID
        let name: String
        let limit: Int
        let load: Int
        let isPaused: Bool
        let lastContact: Instant?
    }

    /// After so many days without any contact a supporter is named first.
    static let silentDays = 14

    /// How many late referrals are named.
    static let lateShown = 8

    let lines: [Line]
    let late: Int
    let lateLines: [BoardScreen.Line]
    /// What they have open themselves, and what waits too long for their word.
    let openings: [Opening]
    let raised: [RaisedWork.Line]

    init(in db: Reading) throws {
        let organization = try db.organization
        openings = try Opening.mine(in: db)
        raised = try RaisedWork.late(for: .supervisor, in: db)
        lines = try db.all(
            """
            SELECT s.person_id, p.name, s.caseload_limit,
                (SELECT count(*) FROM match m WHERE m.organization_id = s.organization_id
                    AND m.supporter_id = s.person_id AND m.status = 'active') AS load,
                (SELECT count(*) FROM match m WHERE m.organization_id = s.organization_id
                    AND m.supporter_id = s.person_id AND m.status IN ('proposed', 'active')) AS carried,
                \(Breather.lasts(for: "s.person_id", in: "s.organization_id", at: db.now)) AS takes_breather,
                EXISTS (SELECT 1 FROM supporter_pause u WHERE u.organization_id = s.organization_id
                    AND u.person_id = s.person_id AND u.ended_at IS NULL) AS paused,
                (SELECT max(e.starts_at) FROM encounter e WHERE e.organization_id = s.organization_id
                    AND e.supporter_id = s.person_id AND e.status = 'done') AS last_contact
            FROM supporter s
            JOIN person p ON p.organization_id = s.organization_id AND p.id = s.person_id
            WHERE s.organization_id = \(organization) AND s.person_id IN (SELECT m.person_id FROM membership m
                WHERE m.organization_id = \(organization) AND m.role = \(Role.supporter) AND m.ended_at IS NULL
                AND m.program_id IN \(db.reach(.supervisor)))
            ORDER BY p.name, s.person_id LIMIT 200
            """
        ) {
            Line(
                id: try $0["person_id"], name: try $0["name"],
                // As the coordinator reads it, or the two together would tell what was heavy.
                limit: Breather.shown(
                    try $0["caseload_limit"], carrying: try $0["carried"], whileLasting: try $0["takes_breather"]),
                load: try $0["load"],
                isPaused: try $0["paused"], lastContact: try $0["last_contact"])
        }
        for line in lines { db.disclose(.listed, of: line.id) }
        late =
            try db.value(
                """
                SELECT count(*) FROM (SELECT 1 FROM referral WHERE organization_id = \(organization)
                AND program_id IN \(db.programs(seeing: .request, as: [.supervisor])) AND queue IS NOT NULL AND due_at < \(db.now) LIMIT 100) AS late
                """) ?? 0
        lateLines = try BoardScreen.lines(
            in: db.actor.roles.filter { $0.role == .supervisor }.map(\.program), isLate: true,
            limit: Self.lateShown, db)
        for line in lateLines { db.disclose(.listed, of: line.person) }
    }

    func title(_ words: Words) -> String { words("team.title") }

    func shown(_ words: Words) -> Value {
        let isSilent = { (line: Line) in
            line.load > 0 && (line.lastContact.map { $0 < words.now.adding(days: -Self.silentDays) } ?? true)
        }
        return [
            "openings": .list(
                openings.map {
                    [
                        "path": .text("/openings/\($0.id)"),
                        "until": .text(words("openings.until", ["when": words.dayAndTime($0.endsAt)]))
                    ]
                }),
            "raised": .list(raised.map { $0.shown(words) }),
            "late": late == 0
                ? .nothing
                : [
                    "text": .text(words(late >= 100 ? "board.late-at-least" : "board.late", count: late)),
                    "lines": .list(
                        lateLines.map { line in
                            [
                                "path": .text("/referrals/\(line.id)"), "name": .text(line.name),
                                "program": .text(line.program), "owner": .text(line.owner),
                                "queue": .text(words("queues.\(line.queue.rawValue)")),
                                "due": .text(words.due(line.due))
                            ]
                        })
                ],
            "lines": .list(
                (lines.filter(isSilent) + lines.filter { !isSilent($0) }).map { line in
                    [
                        "path": .text("/team/\(line.id)"), "name": .text(line.name), "silent": .flag(isSilent(line)),
                        "paused": .flag(line.isPaused),
                        "load": .text(words("team.load", ["load": "\(line.load)", "limit": "\(line.limit)"])),
                        "last": .text(line.lastContact.map(words.ago) ?? words("team.never"))
                    ]
                }),
            "empty": .flag(lines.isEmpty)
        ]
    }
}
