import Hummingbird
import Storage
import Web

/// What is to leave the house and could not, for an administrator. It names nobody: that somebody receives support is not
/// the administrator's to see.
struct OutboxScreen: Screen {
    static let template = "outbox/list"
    static let mostShown = 50

    struct Line: Sendable {
        let id: OutgoingMessage.ID
        let notice: Notice
        let channel: ContactChannel.Kind
        let attempts: Int
        let failure: String
        let since: Instant
    }

    let carried: Set<ContactChannel.Kind>
    let stuck: [Line]
    let waiting: Int
    /// When the one that has waited longest was to leave.
    let oldest: Instant?

    init(in db: Reading) throws {
        let organization = try db.organization
        carried = db.world.carries
        stuck = try db.all(
            """
            SELECT id, notice, channel, attempts, failure, created_at FROM outgoing_message
            WHERE organization_id = \(organization) AND program_id IN \(db.reach(.administrator)) AND state = 'stuck'
            ORDER BY due_at, id LIMIT \(Self.mostShown)
            """
        ) {
            Line(
                id: try $0["id"], notice: try $0["notice"], channel: try $0["channel"], attempts: try $0["attempts"],
                failure: try $0["failure"], since: try $0["created_at"])
        }
        let found = try db.first(
            """
            SELECT count(*) AS waiting, min(due_at) AS oldest FROM (SELECT due_at FROM outgoing_message
                WHERE organization_id = \(organization) AND state = 'waiting' ORDER BY due_at LIMIT 1000) AS w
            """
        ) { (waiting: try $0["waiting"] as Int, oldest: try $0["oldest"] as Instant?) }
        (waiting, oldest) = (found?.waiting ?? 0, found?.oldest)
    }

    /// How many are stuck, counted to as many as the page shows.
    static func count(in db: Reading) throws -> SQL {
        """
        SELECT count(*) FROM (SELECT 1 AS one FROM outgoing_message WHERE organization_id = \(try db.organization)
            AND program_id IN \(try db.reach(.administrator)) AND state = 'stuck' LIMIT \(mostShown)) AS s
        """
    }

    func title(_ words: Words) -> String { words("outbox.title") }

    func shown(_ words: Words) -> Value {
        let channels = [ContactChannel.Kind.email, .text].filter { carried.contains($0) }
        return [
            "carried": channels.isEmpty
                ? .nothing
                : .text(
                    words("outbox.carried", ["list": words.list(channels.map { words("channels.\($0.rawValue)") })])),
            "waiting": .text(words("outbox.waiting", count: waiting)),
            "late": Value(
                oldest.flatMap { $0 < words.now.adding(hours: -1) ? words("outbox.late", ["due": words.due($0)]) : nil }
            ),
            "none": .flag(stuck.isEmpty),
            "lines": .list(
                stuck.map { line in
                    [
                        "what": .text(words("outbox.notice.\(line.notice.rawValue)")),
                        "how": .text(words("channels.\(line.channel.rawValue)")),
                        "since": .text(words.dayAndTime(line.since)),
                        "why": .text(Self.reason(line.failure, words)),
                        "tries": .text(words("outbox.tries", count: max(1, line.attempts))),
                        "path": .text("/outbox/\(line.id)")
                    ]
                })
        ]
    }

    /// A word for what the other side said; codes nobody has words for stand as they are.
    private static func reason(_ code: String, _ words: Words) -> String {
        let parts = code.split(separator: ":").map(String.init)
        let key = "outbox.failure.\(parts.first ?? "")"
        let text = words(key, ["code": parts.count > 1 ? parts[1] : ""])
        return text == key ? code : text
    }
}

extension OutgoingMessage {
    static let routes: [Route] = [
        .get("/outbox", .role(.administrator)) { visit in try await visit.show { try OutboxScreen(in: $0) } },
        .post("/outbox/{id}/trying", .role(.administrator)) { visit in
            let id = try visit.id(of: OutgoingMessage.self)
            _ = try await visit.form()
            try await visit.write { try findStuck(id, in: $0).tryAgain(in: $0) }
            return .seeOther("/outbox")
        },
        .post("/outbox/{id}/giving-up", .role(.administrator)) { visit in
            let id = try visit.id(of: OutgoingMessage.self)
            _ = try await visit.form()
            try await visit.write { try findStuck(id, in: $0).giveUp(in: $0) }
            return .seeOther("/outbox")
        }
    ]

    /// One that is stuck, in a program of the administrator asking.
    /// - Throws: ``Problem/notFound``; ``Problem/conflict(_:)`` when somebody has seen to it already.
    static func findStuck(_ id: ID, in db: Reading) throws -> OutgoingMessage {
        let organization = try db.organization
        let found = try db.first(
            """
            SELECT organization_id, id, person_id, program_id, notice, seat_id, meeting_id, is_of_steps, channel, attempts,
                created_at, released_at, state = 'stuck' AS is_stuck
            FROM outgoing_message WHERE organization_id = \(organization) AND id = \(id)
            AND program_id IN \(db.reach(.administrator))
            """
        ) { (message: try OutgoingMessage(row: $0), isStuck: try $0["is_stuck"] as Bool) }
        guard let found else { throw Problem.notFound }
        guard found.isStuck else { throw Problem.conflict("notice.not-stuck") }
        return found.message
    }

    /// Lets it leave once more, as if it had never been tried.
    func tryAgain(in db: Writing) throws {
        try db.run(
            """
            UPDATE outgoing_message SET state = 'waiting', due_at = \(db.now), attempts = 0
            WHERE organization_id = \(organization) AND id = \(id) AND state = 'stuck'
            """)
        db.record(event(.noticeTriedAgain))
        db.announce(.outbox)
    }

    /// Ends it. The next time there is something new, the person is told of that.
    func giveUp(in db: Writing) throws {
        try db.run(
            """
            UPDATE outgoing_message SET state = 'given-up', due_at = NULL, ended_at = \(db.now),
                released_at = coalesce(released_at, \(db.now))
            WHERE organization_id = \(organization) AND id = \(id) AND state = 'stuck'
            """)
        db.record(event(.noticeGivenUp))
    }
}
