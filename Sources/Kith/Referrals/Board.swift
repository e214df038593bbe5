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
    let lines: [Line]
    let tabs: [Tab]
    let next: Line?
    /// What is late besides referrals.
    let raised: [(work: RaisedWork, count: Int)]

    /// - Parameter after: the last line of the page before, by its due time and identifier.
    package init(queue: Referral.Queue?, after: (due: Instant, id: Referral.ID)?, in db: Reading) throws {
        self.queue = queue
        let programs = try Self.programs(in: db)
        let organization = try db.organization
        let me = try db.me
        let found = try Self.lines(in: programs, of: organization, queue: queue, after: after, me: me, db)
        lines = Array(found.prefix(Self.pageSize))
        next = found.count > Self.pageSize ? lines.last : nil
        tabs = try Self.tabs(in: programs, of: organization, db)
        raised = try Features.all.flatMap(\.raised).map { ($0, try $0.count(db)) }.filter { $0.1 > 0 }
        for line in lines { db.disclose(.listed, of: line.person) }
    }

    private static func programs(in db: Reading) throws -> [Program.ID] {
        let mine = db.actor.roles.filter { $0.role == .coordinator }.map(\.program)
        let isAdministrator = db.actor.roles.contains { $0.role == .administrator && !mine.contains($0.program) }
        return try isAdministrator
            ? db.values("SELECT id FROM program WHERE id IN \(Referral.boards(in: db)) ORDER BY id") : mine
    }

    /// Each program's next lines by its own index, then merged: the cost depends on the page, not on the board.
    private static func lines(
        in programs: [Program.ID], of organization: Organization.ID, queue: Referral.Queue?,
        after: (due: Instant, id: Referral.ID)?, me: Person.ID, _ db: Reading
    ) throws -> [Line] {
        guard !programs.isEmpty else { return [] }
        let parts: [SQL] = programs.map { program in
            let inQueue: SQL = queue.map { "r.queue = \($0)" } ?? "r.queue IS NOT NULL"
            let further: SQL = after.map { "AND (r.due_at, r.id) > (\($0.due), \($0.id))" } ?? ""
            return """
                SELECT * FROM (SELECT r.id, r.reference, r.person_id, r.program_id, r.queue, r.priority, r.due_at,
                    r.owner_id, r.received_at FROM referral r
                    WHERE r.organization_id = \(organization) AND r.program_id = \(program) AND \(inQueue) \(further)
                    ORDER BY r.due_at, r.id LIMIT \(pageSize + 1)) AS part
                """
        }
        return try db.all(
            """
            SELECT r.*, p.name, g.name AS program, coalesce(o.called, o.name) AS owner
            FROM (\(SQL.joined(parts, separator: " UNION ALL "))) AS r
            JOIN person p ON p.organization_id = \(organization) AND p.id = r.person_id
            JOIN program g ON g.organization_id = \(organization) AND g.id = r.program_id
            JOIN person o ON o.organization_id = \(organization) AND o.id = r.owner_id
            ORDER BY r.due_at, r.id LIMIT \(pageSize + 1)
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
        return [
            "late": late == 0 ? .nothing : .text(words("board.late", count: late)),
            "raised": .list(
                raised.map { ["path": .text($0.work.path), "text": .text(words($0.work.key, count: $0.count))] }),
            "tabs": .list(
                [
                    [
                        "path": "/board", "text": .text(words("board.all")), "current": .flag(queue == nil),
                        "count": .nothing
                    ]
                ]
                    + tabs.map { tab in
                        [
                            "path": .text("/board?queue=\(tab.queue.rawValue)"),
                            "text": .text(words("queues.\(tab.queue.rawValue)")), "current": .flag(queue == tab.queue),
                            "count": .text(tab.count >= Self.countLimit ? "\(Self.countLimit - 1)+" : "\(tab.count)")
                        ]
                    }),
            "lines": .list(lines.map { shown($0, words) }),
            "empty": .flag(lines.isEmpty),
            "nextPath": next.map { line in
                let part = queue.map { "queue=\($0.rawValue)&" } ?? ""
                return .text("/board?\(part)after=\(line.due)_\(line.id)")
            } ?? .nothing
        ]
    }

    private func shown(_ line: Line, _ words: Words) -> Value {
        [
            "path": .text("/referrals/\(line.id)"), "name": .text(line.name), "reference": .text(line.reference),
            "program": .text(line.program), "queue": .text(words("queues.\(line.queue.rawValue)")),
            "action": .text(words("queues.action.\(line.queue.rawValue)")),
            "due": .text(words.due(line.due)), "late": .flag(line.due < words.now), "urgent": .flag(line.isUrgent),
            "owner": .text(line.isMine ? words("board.you") : line.owner), "since": .text(words.ago(line.receivedAt))
        ]
    }
}
