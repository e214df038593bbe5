import Storage
import Web

/// Whom somebody blocks.
struct BlocksScreen: Screen {
    static let template = "moderation/blocks"

    let blocks: [(person: Person.ID, name: String, at: Instant)]
    let inGroups: [MemberBlock]

    init(in db: Reading) throws { (blocks, inGroups) = (try Block.mine(in: db), try MemberBlock.mine(in: db)) }

    func title(_ words: Words) -> String { words("blocks.title") }

    func shown(_ words: Words) -> Value {
        func lines(_ lines: [(name: String, at: Instant, path: String)]) -> Value {
            .list(
                lines.map {
                    [
                        "name": .text($0.name), "since": .text(words.day($0.at)), "endPath": .text("\($0.path)/ending")
                    ]
                })
        }
        return [
            "blocks": lines(blocks.map { ($0.name, $0.at, "/blocks/\($0.person)") }),
            "inGroups": lines(
                inGroups.map {
                    (words("blocks.in-group", ["name": $0.name, "group": $0.group]), $0.at, "/blocks/groups/\($0.id)")
                }), "hasPairs": .flag(!blocks.isEmpty), "hasGroups": .flag(!inGroups.isEmpty),
            "none": .flag(blocks.isEmpty && inGroups.isEmpty)
        ]
    }
}
