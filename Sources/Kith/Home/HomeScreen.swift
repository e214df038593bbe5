import Storage
import Web

/// The participant's first screen: what is next for me, and who is there?
struct HomeScreen: Screen {
    static let template = "home/participant"

    struct Support: Sendable {
        let match: Match.ID
        let supporter: String
        let conversation: Conversation.ID?
        let unread: Int
    }

    struct Visit: Sendable {
        let id: Encounter.ID
        let mode: String
        let startsAt: Instant
        let with: String
        /// Where they can say that calls are no longer fine; only beside a call.
        let program: Program.ID
    }

    struct Request: Sendable {
        let id: Referral.ID
        let program: Program.ID
        let name: String
        let queue: Referral.Queue?
        let state: ReferralState
        /// Whether they have said yes or no to taking part; nil: not asked yet.
        let takesPart: Bool?
        let hasFeedback: Bool
        /// Their place in line, when nobody is free.
        var waiting: Waiting?

        var isCompleted: Bool { state == .completed }

        /// Whether what they wish for can still lead to somebody.
        /// Whether they can say how they are.
        var mayTellNeeds = false

        var isUnmatched: Bool { [.intake, .consent, .matching, .waiting].contains(queue) }
    }

    /// What they are told of a supporter who is not there.
    let covers: [ToldCover]

    let next: [Visit]
    let support: [Support]
    /// Proposals that wait for an answer; those they have said yes to wait for the other's.
    let proposals: [(match: Match.ID, hasSaidYes: Bool)]
    let notes: [Visit]
    let requests: [Request]

    /// How many days the first page says that the record was opened; the privacy page keeps saying it.
    static let openingDays = 14

    /// The next meetings of their groups.
    let meetings: [Meeting.Line]

    /// Who opened their whole record lately.
    let openings: [Opening]

    /// Who died that was close to them, until they have answered.
    let losses: [Mourner]
    /// Groups for people who have lost somebody, when they have.
    let groupsAfterLoss: [(name: String, code: String)]
    /// Whether they care for somebody, and so may have to say that they died.
    let caresForSomebody: Bool

    /// The pause that they take now.
    let pause: SupportPause?

    /// The next small steps that they thought of.
    let steps: [Goal.Step]

    /// How many of them the first page shows.
    static let stepsShown = 3

    /// What was decided lately about something they wrote or reported.
    let told: [RaisedWork.Line]

    init(in db: Reading) throws {
        told = try RaisedWork.late(for: .participant, in: db)
        pause = try SupportPause.mine(in: db)
        steps = try Goal.Step.upNext(limit: Self.stepsShown, in: db)
        losses = try Mourner.told(of: [.caredForThem, .supportedByThem], in: db)
        covers = try ToldCover.mine(in: db)
        groupsAfterLoss = try Mourner.groups(in: db)
        caresForSomebody = try OwnLossScreen.cared(in: db).isEmpty == false
        openings = try Opening.ofMine(limit: 3, in: db).filter { $0.openedAt > db.now.adding(days: -Self.openingDays) }
        meetings = try Meeting.ahead(as: [.member], days: 14, limit: 3, in: db)
        let (organization, me) = (try db.organization, try db.me)
        next = try Self.visits(
            "e.status = 'planned' AND e.starts_at > \(db.now.adding(hours: -3)) ORDER BY e.starts_at LIMIT 3",
            of: organization, me, db)
        notes = try Self.visits(
            """
            EXISTS (SELECT 1 FROM note n WHERE n.organization_id = e.organization_id AND n.encounter_id = e.id
                AND n.state = 'offered') AND e.due_at IS NOT NULL ORDER BY e.starts_at LIMIT 10
            """, of: organization, me, db)
        support = try db.all(
            """
            SELECT m.id, coalesce(p.called, p.name) AS name, c.id AS conversation,
                \(Conversation.unread(by: "b")) AS unread
            FROM match m
            JOIN person p ON p.organization_id = m.organization_id AND p.id = m.supporter_id
            LEFT JOIN conversation c ON c.organization_id = m.organization_id AND c.match_id = m.id
            LEFT JOIN conversation_member b ON b.organization_id = c.organization_id AND b.conversation_id = c.id
                AND b.person_id = m.participant_id
            WHERE m.organization_id = \(organization) AND m.participant_id = \(me) AND m.status = 'active'
            ORDER BY m.started_at LIMIT 5
            """
        ) {
            Support(
                match: try $0["id"], supporter: try $0["name"], conversation: try $0["conversation"],
                unread: try $0["unread"])
        }
        proposals = try db.all(
            """
            SELECT m.id, EXISTS (SELECT 1 FROM match_answer a WHERE a.organization_id = m.organization_id
                AND a.match_id = m.id AND a.side = 'participant') AS answered
            FROM match m WHERE m.organization_id = \(organization) AND m.participant_id = \(me)
                AND m.status = 'proposed'
            ORDER BY m.proposed_at LIMIT 5
            """
        ) { (match: try $0["id"], hasSaidYes: try $0["answered"]) }
        let found = try db.all(
            """
            SELECT r.id, r.program_id, g.name, r.queue, r.state, c.granted, f.helped FROM referral r
            JOIN program g ON g.organization_id = r.organization_id AND g.id = r.program_id
            LEFT JOIN consent c ON c.organization_id = r.organization_id AND c.person_id = r.person_id
                AND c.program_id = r.program_id AND c.purpose = \(Consent.Purpose.takePart) AND c.ended_at IS NULL
            LEFT JOIN feedback f ON f.organization_id = r.organization_id AND f.referral_id = r.id
            WHERE r.organization_id = \(organization) AND r.person_id = \(me) AND r.merged_into_id IS NULL
            ORDER BY CASE WHEN r.queue IS NULL THEN 1 ELSE 0 END, r.received_at DESC LIMIT 6
            """
        ) { row in
            let helped: String? = try row["helped"]
            return Request(
                id: try row["id"], program: try row["program_id"], name: try row["name"], queue: try row["queue"],
                state: try row["state"], takesPart: try row["granted"], hasFeedback: helped != nil)
        }
        // Whoever is supported has somebody to tell; their page asks for no policy.
        let mayTell = { (request: Request) in request.isUnmatched || request.queue == .answers }
        let policies = try found.contains(where: mayTell) ? PublishedPolicy.all(of: organization, in: db) : [:]
        requests = try found.map { request in
            var request = request
            let asked = policies[request.program]?.policy.needs.asked ?? []
            request.mayTellNeeds = mayTell(request) && !asked.isEmpty
            guard request.queue == .waiting else { return request }
            request.waiting = try Waiting.of(Referral.load(request.id, of: organization, in: db), in: db)
            return request
        }
    }

    private static func visits(
        _ condition: SQL, of organization: Organization.ID, _ me: Person.ID, _ db: Reading
    ) throws -> [Visit] {
        try db.all(
            """
            SELECT e.id, e.mode, e.starts_at, e.program_id, coalesce(p.called, p.name) AS name FROM encounter e
            JOIN person p ON p.organization_id = e.organization_id AND p.id = e.supporter_id
            WHERE e.organization_id = \(organization) AND e.participant_id = \(me) AND \(condition)
            """
        ) {
            Visit(
                id: try $0["id"], mode: try $0["mode"], startsAt: try $0["starts_at"], with: try $0["name"],
                program: try $0["program_id"])
        }
    }

    func title(_ words: Words) -> String { words("home.title") }

    func shown(_ words: Words) -> Value {
        let asked = requests.filter { $0.queue != nil && $0.queue != .intake && $0.takesPart == nil }
        let open = requests.filter { $0.queue != nil && $0.queue != .support && $0.queue != .firstContact }
        let ended = requests.filter { $0.isCompleted && !$0.hasFeedback }
        return [
            "told": .list(told.map { $0.shown(words) }),
            "away": pause.map { .text($0.said(words)) } ?? .nothing,
            "mayPause": .flag(pause == nil && !support.isEmpty),
            "covers": .list(covers.map { $0.shown(words) }),
            "losses": .list(losses.map { $0.told(words) }), "caresForSomebody": .flag(caresForSomebody),
            "afterLoss": groupsAfterLoss.isEmpty
                ? .nothing
                : [
                    "groups": .list(
                        groupsAfterLoss.map {
                            ["name": .text($0.name), "path": .text("/groups/joining/\($0.code)")]
                        })
                ],
            "openings": .list(openings.map { $0.told(words) }),
            "next": next.first.map { first in
                ["at": .text(first.startsAt.description), "visits": .list(next.map { shown($0, words) })]
            } ?? .nothing,
            "groups": meetings.isEmpty ? .nothing : ["meetings": .list(meetings.map { $0.shown(words) })],
            "goals": steps.isEmpty ? .nothing : ["steps": .list(steps.map { $0.shown(nil, words) })],
            "support": support.isEmpty ? .nothing : ["people": .list(support.map { shown($0, words) })],
            "asked": .list(asked.map { ["path": .text("/consent/\($0.program)"), "program": .text($0.name)] }),
            "proposals": .list(proposals.filter { !$0.hasSaidYes }.map { ["path": .text("/matches/\($0.match)")] }),
            "answered": .list(proposals.filter(\.hasSaidYes).map { ["path": .text("/matches/\($0.match)")] }),
            "notes": .list(
                notes.map {
                    [
                        "path": .text("/encounters/\($0.id)"), "when": .text(words.dayAndTime($0.startsAt)),
                        "with": .text($0.with)
                    ]
                }),
            "open": .list(
                open.map { request in
                    [
                        "text": .text(words("progress.stage.\(request.queue?.rawValue ?? "ended")")),
                        "program": .text(request.name), "place": Value(request.waiting.map { $0.said(words) }),
                        "wishesPath": request.isUnmatched ? .text("/wishes/\(request.id)") : .nothing,
                        "needsPath": request.mayTellNeeds ? .text("/needs-check/\(request.id)") : .nothing
                    ]
                }),
            "ended": .list(ended.map { ["path": .text("/feedback/\($0.id)"), "program": .text($0.name)] }),
            "stops": requests.contains(where: \.mayStop)
                ? [
                    "requests": .list(
                        requests.filter(\.mayStop).map {
                            ["path": .text("/requests/\($0.id)/cancellation"), "program": .text($0.name)]
                        })
                ] : .nothing,
            "quiet": .flag(
                next.isEmpty && support.isEmpty && open.isEmpty && asked.isEmpty && proposals.isEmpty
                    && covers.isEmpty)
        ]
    }

    private func shown(_ visit: Visit, _ words: Words) -> Value {
        [
            "path": .text("/encounters/\(visit.id)"), "when": .text(words.dayAndTime(visit.startsAt)),
            "mode": .text(words("formats.\(visit.mode)")), "with": .text(visit.with),
            "callsPath": visit.mode == Format.phone.rawValue ? .text("/consent/\(visit.program)") : .nothing
        ]
    }

    private func shown(_ support: Support, _ words: Words) -> Value {
        [
            "name": .text(support.supporter), "aboutPath": .text("/matches/\(support.match)"),
            "path": support.conversation.map { .text("/conversations/\($0)") } ?? .nothing,
            "unread": Conversation.shown(unread: support.unread, words)
        ]
    }
}

extension HomeScreen.Request {
    /// Whether stopping can be asked for at this point.
    var mayStop: Bool {
        ReferralState.transitions.contains { $0.from == state && $0.move == .requestCancellation }
    }
}
