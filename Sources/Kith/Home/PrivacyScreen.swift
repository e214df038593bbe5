import Storage
import Web

/// Who can see what of a participant, said in plain words, and the ways to change it.
struct PrivacyScreen: Screen {
    static let template = "home/privacy"

    /// Whose rules are said, in this order.
    static let readers = ["supporter", "coordinator", "supervisor", "referrer", "administrator"]

    let programs: [(id: Program.ID, name: String)]

    init(in db: Reading) throws {
        let (organization, me) = (try db.organization, try db.me)
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
            "programs": .list(programs.map { ["path": .text("/consent/\($0.id)"), "program": .text($0.name)] })
        ]
    }
}
