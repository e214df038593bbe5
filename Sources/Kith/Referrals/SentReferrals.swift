import Storage
import Web

/// The referrer's first screen: what became of the people I sent.
struct SentScreen: Screen {
    static let template = "referrals/sent"

    struct Line: Sendable {
        let referral: Referral
        let name: String
        let program: String
        /// The newest thing they may know.
        let told: Referral.Told?
        let isReleased: Bool
    }

    static let pageSize = 25
    /// Whether what is told here may not be told further.
    let isPart2: Bool
    let lines: [Line]
    let next: Line?

    init(after: (at: Instant, id: Referral.ID)?, in db: Reading) throws {
        let organization = try db.organization
        let further: SQL = after.map { "AND (r.received_at, r.id) < (\($0.at), \($0.id))" } ?? ""
        let found = try db.all(
            """
            SELECT r.*, p.name, g.name AS program, EXISTS (SELECT 1 FROM consent c
                WHERE c.organization_id = r.organization_id AND c.person_id = r.person_id
                AND c.program_id = r.program_id AND c.purpose = \(Consent.Purpose.shareStatus) AND c.granted
                AND c.ended_at IS NULL) AS released
            FROM referral r
            JOIN person p ON p.organization_id = r.organization_id AND p.id = r.person_id
            JOIN program g ON g.organization_id = r.organization_id AND g.id = r.program_id
            WHERE r.organization_id = \(organization)
                AND \(db.reach(.receipt, of: .referral("r"), as: [.sender])) \(further)
            ORDER BY r.received_at DESC, r.id DESC LIMIT \(Self.pageSize + 1)
            """
        ) {
            (
                try Referral(row: $0), try $0["name"] as String, try $0["program"] as String,
                try $0["released"] as Bool
            )
        }
        let shown = found.prefix(Self.pageSize)
        let told = try Referral.told(of: shown.map(\.0), in: db)
        lines = shown.map {
            Line(referral: $0.0, name: $0.1, program: $0.2, told: told[$0.0.id]?.last, isReleased: $0.3)
        }
        isPart2 = try !RedisclosureNotice.all(of: shown.map(\.0), in: db).isEmpty
        next = found.count > Self.pageSize ? lines.last : nil
        for line in lines { db.disclose(.status, of: line.referral.person) }
    }

    func title(_ words: Words) -> String { words("referrals.sent.title") }

    func shown(_ words: Words) -> Value {
        [
            "lines": .list(
                lines.map { line in
                    [
                        "path": .text("/referrals/sent/\(line.referral.id)"), "name": .text(line.name),
                        "program": .text(line.program), "reference": .text(line.referral.reference),
                        "state": .text(words("told.\(line.told?.change.rawValue ?? "received")")),
                        "when": .text(words.ago(line.told?.at ?? line.referral.receivedAt)),
                        "open": .flag(line.told?.change.isLast != true),
                        "sent": .text(words.day(line.referral.receivedAt)),
                        "waiting": Value(
                            line.waitsSince.map {
                                words("referrals.sent.waiting", ["span": words.span(words.now.minutes(since: $0))])
                            })
                    ]
                }),
            "empty": .flag(lines.isEmpty), "notice": isPart2 ? .text(words("part2.notice")) : .nothing,
            "nextPath": next.map { .text("/referrals/sent?after=\($0.referral.receivedAt)_\($0.referral.id)") }
                ?? .nothing
        ]
    }
}

extension SentScreen.Line {
    /// Since when the person waits for a first contact; nil when that is over, or not known to the sender.
    fileprivate var waitsSince: Instant? {
        switch told?.change {
        case .received, nil: referral.receivedAt
        case .accepted where isReleased: referral.receivedAt
        default: nil
        }
    }
}

/// One sent referral: each step the sender was told, and no more than the person released. Also behind the signed link.
struct SentReferralScreen: Screen {
    static let template = "referrals/sent-one"

    let referral: Referral
    let name: String
    let program: String
    let told: [Referral.Told]
    /// As far as whoever looks can know: an end that was not released does not show.
    let mayStop: Bool
    let isStopAsked: Bool
    /// What the person has said to sharing how it goes; nil while they have not been asked.
    let released: Bool?
    /// What has to go along, in a program under 42 CFR Part 2.
    let notice: RedisclosureNotice?
    let policy: Policy
    /// Set for whoever sent it with an account; their address to hand on.
    let link: String?
    /// The person asked for, when that may be shown: to the one who sent them, signed in.
    let isMine: Bool
    /// The form that asks to stop, when it comes back.
    var typed = Form()
    var errors = FieldErrors()

    /// For the referrer, signed in.
    init(
        _ id: Referral.ID, typed: Form = Form(), errors: FieldErrors = FieldErrors(), in db: Reading
    ) throws {
        let referral = try Referral.findOwn(id, in: db)
        let link = SignedLink(.status, of: referral.organization, to: referral.id.text, until: db.now.adding(days: 365))
        try self.init(referral, link: "/status/\(link.token(in: db.world))", isMine: true, in: db)
        (self.typed, self.errors) = (typed, errors)
    }

    /// For whoever holds the signed link.
    init(_ link: SignedLink, in db: Reading) throws {
        let referral = try Referral.load(Referral.ID(link.object), of: link.organization, in: db)
        try self.init(referral, link: nil, isMine: false, in: db)
    }

    private init(_ referral: Referral, link: String?, isMine: Bool, in db: Reading) throws {
        self.referral = referral
        self.link = link
        self.isMine = isMine
        let found = try db.first(
            """
            SELECT p.name, g.name AS program FROM person p JOIN program g ON g.organization_id = p.organization_id
            WHERE p.organization_id = \(referral.organization) AND p.id = \(referral.person)
            AND g.id = \(referral.program)
            """
        ) { (try $0["name"] as String, try $0["program"] as String) }
        (name, program) = found ?? ("", "")
        told = try referral.told(in: db)
        let isTheirs = referral.person == db.actor.person
        mayStop =
            try isTheirs ? referral.state.path(to: .requestCancellation) != nil : referral.mayBeStoppedBySender(in: db)
        isStopAsked = isTheirs ? referral.state == .cancellationRequested : referral.isStopAskedBySender
        let followed = try referral.followed(in: db)
        released = try db.value(
            """
            SELECT granted AND ended_at IS NULL AS released FROM consent
            WHERE organization_id = \(referral.organization) AND person_id = \(followed.person)
                AND program_id = \(followed.program) AND purpose = \(Consent.Purpose.shareStatus)
            ORDER BY CASE WHEN ended_at IS NULL THEN 0 ELSE 1 END, given_at DESC LIMIT 1
            """, as: Bool.self)
        notice = isTheirs ? nil : try RedisclosureNotice.all(of: [referral], in: db)[referral.id]
        policy = try PublishedPolicy.version(followed.policyVersion, of: followed.program, in: db).policy
    }

    func title(_ words: Words) -> String { words("referrals.show.title", ["reference": referral.reference]) }

    func shown(_ words: Words) -> Value {
        [
            "id": .text(referral.id.text), "reference": .text(referral.reference), "program": .text(program),
            "name": isMine ? .text(name) : .nothing, "sent": .text(words.dayAndTime(referral.receivedAt)),
            "steps": .list(
                told.map { told in
                    [
                        "text": .text(words("told.\(told.change.rawValue)")), "when": .text(words.dayAndTime(told.at)),
                        "reason": Value(told.reason.map { reason($0, words) }), "word": Value(told.word)
                    ]
                }),
            "notices": .list(notice?.sentences(words).map(Value.text) ?? []),
            "withheld": .flag(released == false), "unasked": .flag(released == nil), "linkPath": Value(link),
            "cancel": isMine && mayStop ? cancelForm(words) : .nothing, "invalid": .flag(!errors.isEmpty),
            "asked": .flag(isStopAsked)
        ]
    }

    private func cancelForm(_ words: Words) -> Value {
        let reason = Field(
            "reason", .line, "referrals.status.stop-reason", autocomplete: "off", in: typed, errors, words)
        return ["form": shownForm([reason]), "open": .flag(!errors.isEmpty)]
    }

    private func reason(_ code: String, _ words: Words) -> String {
        if let own = policy.declineWords[code] { return own }
        if Referral.outcomes.contains(code) { return words("outcomes.\(code)") }
        return policy.declineReasons.contains(code) ? words("declines.\(code)") : words("declines.another-reason")
    }
}
