import Storage
import Web

/// With whom a coordinator should talk about their clinic.
struct OwedTalksScreen: Screen {
    static let template = "needs-checks/owed"

    let owed: [NeedsCheck.Owed]

    init(in db: Reading) throws { owed = try NeedsCheck.owed(in: db) }

    func title(_ words: Words) -> String { words("needs-check.owed") }

    func shown(_ words: Words) -> Value {
        [
            "lines": .list(
                owed.map { line in
                    [
                        "name": .text(line.name), "reference": .text(line.reference),
                        "path": .text("/referrals/\(line.referral)/needs-check"), "due": .text(words.due(line.due)),
                        "late": .flag(line.due < words.now)
                    ]
                })
        ]
    }
}
