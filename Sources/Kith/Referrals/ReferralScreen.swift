import Storage
import Web

/// One referral for those who work on it: who sent it and why, where it stands, and what can be done now.
package struct ReferralScreen: Screen {
    package static let template = "referrals/show"

    struct Attempt: Sendable {
        let channel: ContactChannel.Kind
        let outcome: String
        let by: String
        let at: Instant
    }

    struct Twin: Sendable {
        let id: Referral.ID
        let reference: String
        let program: String
        let receivedAt: Instant
    }

    struct Names: Sendable {
        let person: String
        let called: String?
        let language: String
        let doNotContact: Bool
        let hasAccount: Bool
        let program: String
        let sender: String?
        let owner: String?
        let outcome: String?
        let word: String?
    }

    let referral: Referral
    let names: Names
    let wishes: Wishes
    let topics: [String: String]
    let channels: [ContactChannel]
    let consents: [Consent]
    let steps: [Referral.Step]
    let attempts: [Attempt]
    let twins: [Twin]
    let colleagues: [(id: Person.ID, name: String)]
    let policy: Policy
    let isCoordinator: Bool
    /// Set when a form of the page comes back.
    let sent: Sent?

    /// - Throws: ``Problem/notFound`` outside the reach of a coordinator or supervisor.
    package init(_ id: Referral.ID, again sent: Sent? = nil, in db: Reading) throws {
        self.sent = sent
        referral = try Referral.find(id, in: db)
        isCoordinator = db.actor.has(.coordinator, in: referral.program)
        names = try Self.names(of: referral, db)
        wishes = try referral.wishes(in: db)
        topics = Dictionary(
            try Program.topics(of: referral.program, in: db).map { ($0.code, $0.name) }, uniquingKeysWith: { $1 })
        channels = try Person.channels(of: referral.person, in: db)
        consents = try db.all(
            """
            SELECT * FROM consent WHERE organization_id = \(referral.organization)
            AND person_id = \(referral.person) AND program_id = \(referral.program) AND ended_at IS NULL
            """, Consent.init(row:))
        steps = try referral.steps(in: db)
        attempts = try Self.attempts(of: referral, db)
        twins = try Self.twins(of: referral, named: names.person, db)
        colleagues = try db.all(
            """
            SELECT p.id, p.name FROM membership m
            JOIN person p ON p.organization_id = m.organization_id AND p.id = m.person_id
            WHERE m.organization_id = \(referral.organization) AND m.program_id = \(referral.program)
                AND m.role = \(Role.coordinator) AND m.ended_at IS NULL ORDER BY p.name, p.id
            """
        ) { (id: try $0["id"], name: try $0["name"]) }
        policy = try PublishedPolicy.version(referral.policyVersion, of: referral.program, in: db).policy
    }

    private static func names(of referral: Referral, _ db: Reading) throws -> Names {
        let found = try db.first(
            """
            SELECT p.name, p.called, p.language, p.do_not_contact, a.login_key, g.name AS program,
                coalesce(t.name, s.name) AS sender, o.name AS owner, c.outcome, c.word
            FROM referral r
            JOIN person p ON p.organization_id = r.organization_id AND p.id = r.person_id
            JOIN program g ON g.organization_id = r.organization_id AND g.id = r.program_id
            LEFT JOIN account a ON a.organization_id = r.organization_id AND a.person_id = r.person_id
            LEFT JOIN partner t ON t.organization_id = r.organization_id AND t.id = r.partner_id
            LEFT JOIN person s ON s.organization_id = r.organization_id AND s.id = r.referrer_id
            LEFT JOIN person o ON o.organization_id = r.organization_id AND o.id = r.owner_id
            LEFT JOIN referral_closing c ON c.organization_id = r.organization_id AND c.referral_id = r.id
            WHERE r.organization_id = \(referral.organization) AND r.id = \(referral.id)
            """
        ) { row in
            let login: String? = try row["login_key"]
            return Names(
                person: try row["name"], called: try row["called"], language: try row["language"],
                doNotContact: try row["do_not_contact"], hasAccount: login != nil, program: try row["program"],
                sender: try row["sender"], owner: try row["owner"], outcome: try row["outcome"], word: try row["word"])
        }
        guard let found else { throw Problem.notFound }
        return found
    }

    private static func attempts(of referral: Referral, _ db: Reading) throws -> [Attempt] {
        try db.all(
            """
            SELECT t.channel, t.outcome, t.at, p.name FROM contact_attempt t
            JOIN person p ON p.organization_id = t.organization_id AND p.id = t.by_id
            WHERE t.organization_id = \(referral.organization) AND t.referral_id = \(referral.id)
            ORDER BY t.at DESC, t.id LIMIT 20
            """
        ) { Attempt(channel: try $0["channel"], outcome: try $0["outcome"], by: try $0["name"], at: try $0["at"]) }
    }

    /// Open referrals that may be about the same person: the same record or the same name.
    private static func twins(of referral: Referral, named name: String, _ db: Reading) throws -> [Twin] {
        try db.all(
            """
            SELECT r.id, r.reference, r.received_at, g.name FROM person p
            JOIN referral r ON r.organization_id = p.organization_id AND r.person_id = p.id
            JOIN program g ON g.organization_id = r.organization_id AND g.id = r.program_id
            WHERE p.organization_id = \(referral.organization) AND p.name = \(name) AND r.id <> \(referral.id)
                AND r.queue IS NOT NULL AND r.program_id IN \(db.reach(.coordinator, .supervisor))
            ORDER BY r.received_at LIMIT 5
            """
        ) {
            Twin(
                id: try $0["id"], reference: try $0["reference"], program: try $0["name"],
                receivedAt: try $0["received_at"])
        }
    }

    package func title(_ words: Words) -> String { words("referrals.show.title", ["reference": referral.reference]) }
}
