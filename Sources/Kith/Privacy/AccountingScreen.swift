import Storage
import Web

/// What was told of the person asking to another organization, in the last six years: when, to whom, what for, what.
struct AccountingScreen: Screen {
    static let template = "privacy/accounting"

    /// An organization's system, somebody who refers people, or whoever holds the link they were given.
    struct Entry: Sendable {
        let at: Instant
        let actor: String
    }

    /// Something that whoever sent them was told.
    struct Told: Sendable {
        let change: ReferralChange
        let at: Instant
        let sender: String?
        let program: String
    }

    /// 45 CFR 164.528 asks for six years, 42 CFR 2.25 for three.
    static let days = 6 * 365 + 2
    static let shownAtMost = 1_000

    let told: [Told]
    let entries: [Entry]
    let lookers: [String: LooksScreen.Looker]

    init(in db: Reading) throws {
        let (organization, me, since) = (try db.organization, try db.me, db.now.adding(days: -Self.days))
        told = try db.all(
            """
            SELECT n.change, n.at, coalesce(t.name, s.name) AS sender, g.name AS program FROM referral r
            JOIN referral_notice n ON n.organization_id = r.organization_id AND n.referral_id = r.id
            JOIN program g ON g.organization_id = r.organization_id AND g.id = r.program_id
            LEFT JOIN partner t ON t.organization_id = r.organization_id AND t.id = r.partner_id
            LEFT JOIN person s ON s.organization_id = r.organization_id AND s.id = r.referrer_id
            WHERE r.organization_id = \(organization) AND r.person_id = \(me) AND n.at > \(since)
                AND coalesce(t.name, s.name) IS NOT NULL
                AND (n.change NOT IN \(list: ReferralChange.allCases.filter(\.needsRelease)) OR EXISTS (
                    SELECT 1 FROM consent c WHERE c.organization_id = r.organization_id
                    AND c.person_id = r.person_id AND c.program_id = r.program_id
                    AND c.purpose = \(Consent.Purpose.shareStatus) AND c.granted
                    AND (c.ended_at IS NULL OR c.ended_at > n.at)))
            ORDER BY n.at DESC, n.change LIMIT \(Self.shownAtMost)
            """
        ) {
            Told(change: try $0["change"], at: try $0["at"], sender: try $0["sender"], program: try $0["program"])
        }
        entries = try db.all(
            """
            SELECT at, actor FROM disclosure WHERE organization_id = \(organization) AND subject_id = \(me)
                AND what = \(Disclosure.What.status) AND at > \(since) ORDER BY at DESC, id DESC LIMIT \(Self.shownAtMost)
            """
        ) { Entry(at: try $0["at"], actor: try $0["actor"]) }
        lookers = try LooksScreen.lookers(Set(entries.map(\.actor)), of: organization, db)
    }

    func title(_ words: Words) -> String { words("accounting.title") }

    func shown(_ words: Words) -> Value {
        var days: [(day: Day, actor: String, count: Int)] = []
        for entry in entries {
            let day = words.day(of: entry.at)
            if let same = days.firstIndex(where: { $0.day == day && $0.actor == entry.actor }) {
                days[same].count += 1
            } else {
                days.append((day, entry.actor, 1))
            }
        }
        return [
            "told": .list(
                told.map {
                    [
                        "when": .text(words.dayAndTime($0.at)), "to": Value($0.sender),
                        "what": .text(words("told.\($0.change.rawValue)")), "program": .text($0.program),
                        "why": .text(words($0.change.needsRelease ? "accounting.with-yes" : "accounting.letter"))
                    ]
                }),
            "seen": .list(
                days.map { day, actor, count in
                    [
                        "when": .text(words.day(day)), "times": .text(words("looks.times", count: count)),
                        "to": .text(
                            lookers[actor]?.name
                                ?? words(actor.hasPrefix("link:") ? "looks.by-link" : "looks.by-program"))
                    ]
                })
        ]
    }
}
