import Storage
import Web

/// The coordinator's first screen: what is unowned or late. Each row has one action.
package struct BoardScreen: Screen {
    package static let template = "referrals/board"

    struct Line: Sendable {
        let id: Referral.ID
        let person: Person.ID
        let reference: String
        let name: String
        let program: String
        let queue: Referral.Queue
        let isUrgent: Bool
        let due: Instant
        let owner: String
        let isMine: Bool
        let receivedAt: Instant
    }

    struct Tab: Sendable {
        let queue: Referral.Queue
        let count: Int
        let late: Int
    }

    /// How many lines a page has.
    static let pageSize = 25
    /// Counting stops here, so that a board costs the same whatever has piled up.
    static let countLimit = 100

    let queue: Referral.Queue?
    /// Only what is past its time.
    let isLate: Bool
    let lines: [Line]
    let tabs: [Tab]
    let next: Line?
    /// What is late besides referrals.
    let raised: [RaisedWork.Line]

    /// - Parameter after: the last line of the page before, by its due time and identifier.
    package init(
        queue: Referral.Queue?, isLate: Bool = false, after: (due: Instant, id: Referral.ID)?, in db: Reading
    ) throws {
        (self.queue, self.isLate) = (queue, isLate)
        let programs = try Self.programs(in: db)
        let organization = try db.organization
        let found = try Self.lines(
            in: programs, queue: queue, isLate: isLate, after: after, limit: Self.pageSize + 1, db)
        lines = Array(found.prefix(Self.pageSize))
        next = found.count > Self.pageSize ? lines.last : nil
        tabs = try Self.tabs(in: programs, of: organization, db)
        raised = try RaisedWork.late(for: .coordinator, in: db)
        for line in lines { db.disclose(.listed, of: line.person) }
    }

    private static func programs(in db: Reading) throws -> [Program.ID] {
        let mine = db.actor.roles.filter { $0.role == .coordinator }.map(\.program)
        let isAdministrator = db.actor.roles.contains { $0.role == .administrator && !mine.contains($0.program) }
        return try isAdministrator
            ? db.values(
                """
                SELECT id FROM program WHERE id IN \(db.programs(seeing: .request, as: [.coordinator]))
                OR id IN \(db.unattended) ORDER BY id
                """) : mine
    }

    /// Each program's next lines by its own index, then merged: the cost depends on the page, not on the board.
    static func lines(
        in programs: [Program.ID], queue: Referral.Queue? = nil, isLate: Bool,
        after: (due: Instant, id: Referral.ID)? = nil, limit: Int, _ db: Reading
    ) throws -> [Line] {
        guard !programs.isEmpty else { return [] }
        let (organization, me) = (try db.organization, try db.me)
        let late: SQL = isLate ? "AND r.due_at < \(db.now)" : ""
        let parts: [SQL] = programs.map { program in
            let inQueue: SQL = queue.map { "r.queue = \($0)" } ?? "r.queue IS NOT NULL"
            let further: SQL = after.map { "AND (r.due_at, r.id) > (\($0.due), \($0.id))" } ?? ""
            return """
                SELECT * FROM (SELECT r.id, r.reference, r.person_id, r.program_id, r.queue, r.priority, r.due_at,
                    r.owner_id, r.received_at FROM referral r
                    WHERE r.organization_id = \(organization) AND r.program_id = \(program) AND \(inQueue) \(late) \(further)
                    ORDER BY r.due_at, r.id LIMIT \(limit)) AS part
                """
        }
        return try db.all(
            """
            SELECT r.*, p.name, g.name AS program, coalesce(o.called, o.name) AS owner
            FROM (\(SQL.joined(parts, separator: " UNION ALL "))) AS r
            JOIN person p ON p.organization_id = \(organization) AND p.id = r.person_id
            JOIN program g ON g.organization_id = \(organization) AND g.id = r.program_id
            JOIN person o ON o.organization_id = \(organization) AND o.id = r.owner_id
            ORDER BY r.due_at, r.id LIMIT \(limit)
            """
        ) { row in
            Line(
                id: try row["id"], person: try row["person_id"], reference: try row["reference"], name: try row["name"],
                program: try row["program"], queue: try row["queue"],
                isUrgent: try row["priority"] == Referral.Priority.urgent, due: try row["due_at"],
                owner: try row["owner"], isMine: try row["owner_id"] == me, receivedAt: try row["received_at"])
        }
    }

    private static func tabs(
        in programs: [Program.ID], of organization: Organization.ID, _ db: Reading
    ) throws -> [Tab] {
        guard !programs.isEmpty else { return [] }
        let parts: [SQL] = Referral.Queue.allCases.map { queue in
            let all: SQL = """
                SELECT 1 FROM referral WHERE organization_id = \(organization) AND program_id IN \(list: programs)
                AND queue = \(queue)
                """
            return """
                SELECT CAST(\(queue) AS TEXT) AS queue,
                    (SELECT count(*) FROM (\(all) LIMIT \(countLimit)) AS every) AS every,
                    (SELECT count(*) FROM (\(all) AND due_at < \(db.now) LIMIT \(countLimit)) AS late) AS late
                """
        }
        return try db.all(SQL.joined(parts, separator: " UNION ALL ")) {
            Tab(queue: try $0["queue"], count: try $0["every"], late: try $0["late"])
        }
    }

    package func title(_ words: Words) -> String { words("board.title") }

    package func shown(_ words: Words) -> Value {
        let late = tabs.reduce(0) { $0 + $1.late }
        let isUncounted = tabs.contains { $0.late >= Self.countLimit }
        let allPath = isLate ? "/board?late=1&" : queue.map { "/board?queue=\($0.rawValue)&" } ?? "/board?"
        return [
            "late": late == 0 || isLate
                ? .nothing : .text(words(isUncounted ? "board.late-at-least" : "board.late", count: late)),
            "raised": .list(
                raised.map { $0.shown(words) }),
            "tabs": .list(
                [
                    [
                        "path": "/board", "text": .text(words("board.all")),
                        "current": .flag(queue == nil && !isLate), "count": .nothing, "late": .nothing
                    ],
                    [
                        "path": "/board?late=1", "text": .text(words("board.all-late")), "current": .flag(isLate),
                        "count": .text(isUncounted ? "\(late)+" : "\(late)"), "late": .nothing
                    ]
                ] + tabs.map { shown($0, words) }),
            "hasRound": .flag(queue == .matching || queue == .waiting),
            "lines": .list(lines.map { shown($0, words) }),
            "empty": lines.isEmpty ? .text(words(isLate ? "board.none-late" : "board.empty")) : .nothing,
            "here": .text(String(allPath.dropLast())),
            "nextPath": next.map { .text("\(allPath)after=\($0.due)_\($0.id)") } ?? .nothing
        ]
    }

    private func shown(_ tab: Tab, _ words: Words) -> Value {
        func number(_ count: Int) -> String { count >= Self.countLimit ? "\(Self.countLimit - 1)+" : "\(count)" }
        return [
            "path": .text("/board?queue=\(tab.queue.rawValue)"), "text": .text(words("queues.\(tab.queue.rawValue)")),
            "current": .flag(queue == tab.queue), "count": .text(number(tab.count)),
            "late": tab.late == 0 ? .nothing : .text(words("board.tab-late", ["number": number(tab.late)]))
        ]
    }

    /// Where the next thing to do with a referral is done.
    private func path(_ line: Line) -> String {
        let referral = "/referrals/\(line.id)"
        return switch line.queue {
        case .intake: referral
        case .consent: "\(referral)/consent"
        case .matching, .waiting: "\(referral)/matching"
        case .answers: "\(referral)/match"
        case .firstContact, .support: "/encounters?referral=\(line.id)"
        case .cancellation: "\(referral)#stop"
        }
    }

    private func shown(_ line: Line, _ words: Words) -> Value {
        let isInSupport = line.queue == .support
        return [
            "path": .text("/referrals/\(line.id)"), "name": .text(line.name), "reference": .text(line.reference),
            "actionPath": isInSupport ? .nothing : .text(path(line)),
            "checkInPath": isInSupport ? .text("/referrals/\(line.id)/check-in") : .nothing,
            "program": .text(line.program), "queue": .text(words("queues.\(line.queue.rawValue)")),
            "action": .text(words("queues.action.\(line.queue.rawValue)")),
            "due": .text(words.due(line.due)), "late": .flag(line.due < words.now), "urgent": .flag(line.isUrgent),
            "owner": .text(line.isMine ? words("board.you") : line.owner), "since": .text(words.ago(line.receivedAt))
        ]
    }
}
