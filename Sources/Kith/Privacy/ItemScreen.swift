import Storage
import Web

/// One kind of thing that is kept about the person asking: what it says, who can see it and why, and who has.
struct ItemScreen: Screen {
    static let template = "privacy/item"

    let explanation: Explanation
    let kept: [KeptPart]
    let me: Person.ID

    init(_ item: Item, in db: Reading) throws {
        me = try db.me
        explanation = try Explanation(of: me, item, in: db)
        kept = try KeptPart.all(item, in: db)
        for sight in explanation.sights where sight.rule.ground != .called {
            if case .person(let person) = sight.viewer { db.disclose(.listed, of: person) }
        }
    }

    func title(_ words: Words) -> String { words("item.title") }

    func shown(_ words: Words) -> Value {
        let item = explanation.item
        return [
            "item": .text(words("wall.item.\(item.rawValue)")), "about": .text(words("wall.about.\(item.rawValue)")),
            "kept": .list(kept.map { .text($0.said(words)) }),
            "may": .list(
                // That somebody was called would tell that there is a concern.
                explanation.sights.filter { $0.viewer != .person(me) && $0.rule.ground != .called }.map { sight in
                    [
                        "who": .text(explanation.who(sight.viewer.logName, words)),
                        "why": .text(explanation.because(sight.rule, words)),
                        "since": .text(words("wall.since", ["day": words.day(sight.since)]))
                    ]
                }),
            "have": .list(
                explanation.looks.map { look in
                    [
                        "who": .text(explanation.who(look.actor, words)),
                        "times": .text(words("looks.times", count: look.count)),
                        "last": .text(words.dayAndTime(look.last))
                    ]
                }),
            "isLogged": .flag(!item.looks.isEmpty)
        ]
    }
}

/// What is kept of the kind, as its owner reads it, where it has no page of its own.
enum KeptPart: Sendable {
    case text(String)
    case channel(ContactChannel)
    case care(CareRelation, of: Person.ID)
    case outcome(String)
    case needs(NeedsCheck)

    /// Three statements at most.
    static func all(_ item: Item, in db: Reading) throws -> [KeptPart] {
        let (organization, me) = (try db.organization, try db.me)
        switch item {
        case .identity, .contactDetails:
            let details = try Person.details(of: me, in: organization, db: db)
            return item == .identity
                ? ([details.name] + [details.called].compactMap { $0 }).map(KeptPart.text)
                : details.channels.map(KeptPart.channel)
        case .care: return try CareRelation.all(of: me, in: organization, db: db).map { .care($0, of: me) }
        case .hardDayPlan: return try HardDayPlan.mine(in: db)?.sheet?.inOrder.map(KeptPart.text) ?? []
        case .preparationSheet: return try PreparationSheet.mine(in: db)?.sheet?.inOrder.map(KeptPart.text) ?? []
        case .storySheet: return try StorySheet.mine(in: db)?.sheet?.inOrder.map(KeptPart.text) ?? []
        case .needsCheck: return try NeedsCheck.kept(of: me, in: organization, db).map(KeptPart.needs)
        case .goals: return try GoalList.mine(in: db).inOrder.map(KeptPart.text)
        case .groups:
            return try GroupMember.kept(of: me, in: organization, db: db).filter { $0.endedAt == nil }
                .flatMap { [$0.group, $0.nickname, $0.words] }.compactMap { $0.map(KeptPart.text) }
        case .request, .wishes, .receipt, .progress, .feedback: return try ofReferrals(item, in: db)
        default: return []
        }
    }

    private static func ofReferrals(_ item: Item, in db: Reading) throws -> [KeptPart] {
        let (organization, me) = (try db.organization, try db.me)
        let key = try db.textKey(of: me, in: organization)
        return try db.all(
            """
            SELECT r.*, c.outcome, c.word, f.words, w.wishes FROM referral r
            LEFT JOIN referral_wish w ON w.organization_id = r.organization_id AND w.referral_id = r.id
            LEFT JOIN referral_closing c ON c.organization_id = r.organization_id AND c.referral_id = r.id
            LEFT JOIN feedback f ON f.organization_id = r.organization_id AND f.referral_id = r.id
            WHERE r.organization_id = \(organization) AND r.person_id = \(me)
            ORDER BY r.received_at DESC, r.id LIMIT 20
            """
        ) { row -> [KeptPart] in
            let referral = try Referral(row: row)
            func opened(_ sealed: String?, _ name: String) -> String? {
                sealed.flatMap { key?.open($0, from: Referral.place(of: referral.id, name)) }
            }
            let texts: [String?]
            switch item {
            case .request: texts = [referral.reason(with: key)]
            case .receipt: texts = [referral.reference]
            case .feedback: texts = [opened(try row["words"], "feedback")]
            case .wishes: texts = [try Wishes(stored: row["wishes"], of: referral.id, with: key).words]
            default:
                let outcome: String? = try row["outcome"]
                return [outcome.map(KeptPart.outcome), opened(try row["word"], "word").map(KeptPart.text)].compactMap {
                    $0
                }
            }
            return texts.compactMap { $0 }.filter { !$0.isEmpty }.map(KeptPart.text)
        }.flatMap { $0 }
    }

    func said(_ words: Words) -> String {
        switch self {
        case .text(let text): text
        case .channel(let channel): "\(words("channels.\(channel.kind.rawValue)")): \(words.apart(channel.address))"
        case .care(let relation, let me): relation.said(of: me, words)
        case .outcome(let code): words("outcomes.\(code)")
        case .needs(let check): check.text(words)
        }
    }
}
