import Storage
import Web

/// Who can see what of a participant, said in plain words, and the ways to change it.
struct PrivacyScreen: Screen {
    static let template = "privacy/rules"

    /// Whose rules are said, in this order.
    static let readers = ["supporter", "coordinator", "supervisor", "referrer", "administrator"]

    /// What has a page that says who can see it.
    let items: [Item]
    /// Who opened their whole record.
    let openings: [Opening]
    let programs: [(id: Program.ID, name: String)]

    init(in db: Reading) throws {
        let (organization, me) = (try db.organization, try db.me)
        items = Item.allCases.filter { $0.holder != .profile || db.actor.has(.supporter) }
        openings = try Opening.ofMine(in: db)
        programs = try db.all(
            """
            SELECT g.id, g.name FROM membership m
            JOIN program g ON g.organization_id = m.organization_id AND g.id = m.program_id
            WHERE m.organization_id = \(organization) AND m.person_id = \(me) AND m.role = \(Role.participant)
            ORDER BY g.name, g.id
            """
        ) { (id: try $0["id"], name: try $0["name"]) }
    }

    func title(_ words: Words) -> String { words("privacy.title") }

    func shown(_ words: Words) -> Value {
        [
            "readers": .list(
                Self.readers.map {
                    ["who": .text(words("privacy.\($0).who")), "sees": .text(words("privacy.\($0).sees"))]
                }),
            "items": .list(
                items.map {
                    [
                        "path": .text("/privacy/items/\($0.rawValue)"),
                        "text": .text(words("wall.item.\($0.rawValue)"))
                    ]
                }),
            "openings": .list(openings.map { $0.told(words) }),
            "programs": .list(programs.map { ["path": .text("/consent/\($0.id)"), "program": .text($0.name)] })
        ]
    }
}

extension Opening {
    /// What the person it is about reads of it.
    func told(_ words: Words) -> Value {
        let key = verdict.map { "openings.told.\($0.rawValue)" } ?? "openings.told.open"
        return [
            "text": .text(
                words("openings.told", ["name": openerName, "when": words.dayAndTime(openedAt)])),
            "until": .text(words("openings.until", ["when": words.dayAndTime(endsAt)])),
            "reason": .text(words("openings.told.reason", ["reason": reason ?? words("text.unreadable")])),
            "verdict": .text(words(key))
        ]
    }
}
