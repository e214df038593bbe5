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
        /// What to say when somebody else answers, where the organization chose that.
        let caller: String?
        /// When they asked by text message to be called, until somebody reached them.
        let callAskedAt: Instant?
        /// What the person said at the end, where they did.
        let feedback: Feedback?
    }

    struct Feedback: Sendable {
        let helped: String
        let again: String
        let words: String?
        let at: Instant
    }

    let referral: Referral
    /// Opens the texts about the person.
    let key: TextKey?
    let names: Names
    let wishes: Wishes
    let topics: [String: String]
    let channels: [ContactChannel]
    /// Since when no text messages go to them, where they wrote that none shall.
    let textsStopped: Instant?
    let answers: [Consent.Purpose: Consent.LastAnswer]
    let steps: [Referral.Step]
    let attempts: [Attempt]
    let twins: [Referral.Twin]
    let chain: [Referral.Link]
    /// Who may take care of it.
    let owners: [Referral.Owner]
    let care: [CareRelation]
    let policy: Policy
    /// The pause that the person takes now.
    let pause: SupportPause?
    let isCoordinator: Bool
    /// As whom somebody looks at it; what the rules do not allow them is not even read.
    let grounds: Set<Ground>
    let mayHand: Bool
    /// Whether a way in may be mailed to them.
    let mayMail: Bool
    /// Names this page, so that sending it twice makes one way in.
    let once: String
    /// Set when a form of the page comes back.
    let sent: Sent?
    /// When the person likes to be reached, where they said.
    let hours: ContactPreference?
    /// For what is said in the person's language; nil where nothing is.
    let translations: Translations?

    /// - Throws: ``Problem/notFound`` outside the reach of whoever works on it or takes care of it.
    package init(
        _ id: Referral.ID, again sent: Sent? = nil, in translations: Translations? = nil, _ db: Reading
    ) throws {
        (self.sent, self.translations) = (sent, translations)
        let referral = try Referral.findOnBoard(id, in: db)
        self.referral = referral
        once = db.world.newIdentifier()
        isCoordinator = db.actor.has(.coordinator, in: referral.program)
        mayHand = isCoordinator || db.actor.has(.administrator, in: referral.program)
        key = try db.textKey(of: referral.person, in: referral.organization)
        names = try Self.names(of: referral, key, db)
        let grounds = referral.grounds(of: db.actor)
        self.grounds = grounds
        func ifAllowed<T>(_ item: Item, _ nothing: T, _ read: () throws -> T) rethrows -> T {
            Wall.allows(item, on: grounds) ? try read() : nothing
        }
        wishes = try ifAllowed(.wishes, Wishes()) { try referral.wishes(in: db) }
        topics = Dictionary(
            try Program.topics(of: referral.program, in: db).map { ($0.code, $0.name) }, uniquingKeysWith: { $1 })
        channels = try ifAllowed(.contactDetails, []) { try Person.channels(of: referral.person, in: db) }
        hours = try ifAllowed(.contactDetails, nil) { try Self.hours(of: referral, db) }
        textsStopped = try TextStop.since(of: channels, in: db)
        answers = try ifAllowed(.consent, [:]) {
            try Consent.lastAnswers(of: referral.person, in: referral.program, of: referral.organization, db: db)
        }
        mayMail =
            db.world.carries.contains(.email) && answers[.contactByEmail]?.standing == .yes
            && channels.contains { $0.kind == .email && $0.mayLeaveMessage }
        steps = try referral.steps(in: db)
        attempts = try Self.attempts(of: referral, db)
        twins = try referral.twins(in: db)
        chain = try referral.chain(in: db)
        owners = try Referral.owners(in: referral.program, of: referral.organization, db: db)
        care = try ifAllowed(.care, []) {
            try CareRelation.all(of: referral.person, in: referral.organization, db: db)
        }
        pause = try SupportPause.standing(of: referral.person, in: referral.organization, db)
        policy = try PublishedPolicy.version(referral.policyVersion, of: referral.program, in: db).policy
    }

    private static func names(of referral: Referral, _ key: TextKey?, _ db: Reading) throws -> Names {
        let found = try db.first(
            """
            SELECT p.name, p.called, p.language, p.do_not_contact, a.login_key, g.name AS program,
                coalesce(t.name, s.name) AS sender, o.name AS owner, c.outcome, c.word,
                f.helped, f.again, f.words, f.at AS said_at, n.caller, r.call_asked_at
            FROM referral r
            JOIN person p ON p.organization_id = r.organization_id AND p.id = r.person_id
            JOIN program g ON g.organization_id = r.organization_id AND g.id = r.program_id
            LEFT JOIN account a ON a.organization_id = r.organization_id AND a.person_id = r.person_id
            LEFT JOIN partner t ON t.organization_id = r.organization_id AND t.id = r.partner_id
            LEFT JOIN person s ON s.organization_id = r.organization_id AND s.id = r.referrer_id
            LEFT JOIN person o ON o.organization_id = r.organization_id AND o.id = r.owner_id
            LEFT JOIN referral_closing c ON c.organization_id = r.organization_id AND c.referral_id = r.id
            LEFT JOIN neutral_names n ON n.organization_id = r.organization_id
            LEFT JOIN feedback f ON f.organization_id = r.organization_id AND f.referral_id = r.id
            WHERE r.organization_id = \(referral.organization) AND r.id = \(referral.id)
            """
        ) { row in
            let login: String? = try row["login_key"]
            return Names(
                person: try row["name"], called: try row["called"], language: try row["language"],
                doNotContact: try row["do_not_contact"], hasAccount: login != nil, program: try row["program"],
                sender: try row["sender"], owner: try row["owner"], outcome: try row["outcome"],
                word: try (row["word"] as String?).flatMap {
                    key?.open($0, from: Referral.place(of: referral.id, "word"))
                },
                caller: try row["caller"], callAskedAt: try row["call_asked_at"],
                feedback: try Feedback(row: row, of: referral.id, key))
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

    package func title(_ words: Words) -> String { words("referrals.show.title", ["reference": referral.reference]) }
}

extension ReferralScreen.Feedback {
    /// Nil where nothing was said.
    fileprivate init?(row: Row, of referral: Referral.ID, _ key: TextKey?) throws {
        let (helped, again, at): (String?, String?, Instant?) = (
            try row["helped"], try row["again"], try row["said_at"]
        )
        guard let helped, let again, let at else { return nil }
        let words: String? = try row["words"]
        self.init(
            helped: helped, again: again,
            words: words.flatMap { key?.open($0, from: Referral.place(of: referral, "feedback")) }, at: at)
    }
}
