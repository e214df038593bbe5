import Storage
import Web

/// What follows from what somebody said, in plain words and with the answers that led to it.
struct NeedsSaidScreen: Screen {
    static let template = "needs-checks/said"

    let check: NeedsCheck
    let referral: Referral
    let door: NeedsCheck.Door
    /// What was raised, where people were called, and who has it in hand.
    let raised: (concern: Concern, owner: String?)?
    let mayAnswerAgain: Bool

    init(_ door: NeedsCheck.Door, in db: Reading) throws {
        (check, referral) = try door.newest(in: db)
        self.door = door
        mayAnswerAgain = referral.asksForNeeds(by: try PublishedPolicy.current(of: referral.program, in: db).policy)
        let house = referral.organization
        raised = try check.concern.flatMap { try Concern.load($0, of: house, in: db) }.map {
            ($0, try db.name(of: $0.acknowledgedBy))
        }
    }

    func title(_ words: Words) -> String { words("needs-check.thanks") }

    func shown(_ words: Words) -> Value {
        let soon = referral.due.flatMap { $0 > words.now && referral.isOpen ? $0 : nil }
        let named = ["name": raised?.owner ?? ""]
        let called =
            switch raised?.concern.state {
            case .acknowledged: words("concerns.raised.heading.acknowledged", named)
            case .closed: words("concerns.raised.heading.closed", named)
            case .escalating where raised?.concern.nobodyAt != nil: words("concerns.raised.alone")
            default: words("needs-check.follows.people")
            }
        func follows(_ consequence: NeedsCheck.Consequence, _ text: String) -> Value {
            check.reason(for: consequence, to: .themselves, words).map { ["text": .text(text), "because": .text($0)] }
                ?? .nothing
        }
        return [
            "people": follows(.people, called),
            // Only whoever raised it reads it.
            "concernPath": check.writtenBy == nil
                ? Value(check.concern.map { door.path(of: $0).string }) : .nothing,
            "numbers": follows(.numbers, words("needs-check.follows.numbers")),
            "sooner": follows(
                .sooner,
                soon.map { words("needs-check.follows.sooner", ["when": words.dayAndTime($0)]) }
                    ?? words("needs-check.follows.sooner-now")),
            "clinic": follows(.clinic, words("needs-check.follows.clinic")),
            "same": .flag(check.consequences.isEmpty), "answers": check.shownAnswers(words),
            "unreadable": .flag(check.answers == nil), "when": .text(words.ago(check.saidAt)),
            "againPath": mayAnswerAgain ? .text(door.action.string) : .nothing, "backPath": .text(door.back.string)
        ]
    }
}
