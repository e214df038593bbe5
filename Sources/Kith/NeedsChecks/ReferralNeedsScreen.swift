import Storage
import Web

/// What the person of a referral said about how they are, for those who work on it, with what to do now.
struct ReferralNeedsScreen: Screen {
    static let template = "needs-checks/referral"

    let referral: Referral
    let name: String
    let checks: [NeedsCheck]
    let mayAsk: Bool
    let isCoordinator: Bool

    /// - Throws: ``Problem/notFound`` for whoever the rules let see the request, and not this.
    init(_ id: Referral.ID, in db: Reading) throws {
        referral = try Referral.findOnBoard(id, in: db)
        guard Wall.allows(.needsCheck, on: referral.grounds(of: db.actor)) else { throw Problem.notFound }
        isCoordinator = db.actor.has(.coordinator, in: referral.program)
        name = try db.name(of: referral.person) ?? ""
        checks = try NeedsCheck.all(of: referral, in: db)
        mayAsk =
            try isCoordinator
            && referral.asksForNeeds(by: PublishedPolicy.current(of: referral.program, in: db).policy)
    }

    func title(_ words: Words) -> String { words("needs-check.single") }

    func shown(_ words: Words) -> Value {
        [
            "name": .text(name), "backPath": .text("/referrals/\(referral.id)"),
            "askPath": mayAsk ? .text("/referrals/\(referral.id)/needs-check/new") : .nothing,
            "checks": .list(checks.map { shown($0, words) })
        ]
    }

    private func shown(_ check: NeedsCheck, _ words: Words) -> Value {
        func follows(_ consequence: NeedsCheck.Consequence) -> Value {
            check.reason(for: consequence, to: .staff, words).map { ["because": .text($0)] } ?? .nothing
        }
        let when = words.dayAndTime(check.saidAt)
        return [
            "when": .text(when),
            "by": .text(
                check.writtenBy.map { words("needs-check.written-by", ["name": $0]) }
                    ?? words("needs-check.by-themselves")),
            "answers": check.shownAnswers(words), "unreadable": .flag(check.answers == nil),
            "people": follows(.people), "concernPath": Value(check.concern.map { "/concerns/\($0)" }),
            "numbers": check.consequences[.people] == nil ? follows(.numbers) : .nothing,
            "sooner": follows(.sooner), "clinic": follows(.clinic),
            "talkPath": check.isTalkOwed && isCoordinator && referral.isOpen
                ? .text("/needs-checks/\(check.id)/talk") : .nothing,
            "talkDue": Value(check.isTalkOwed && referral.isOpen ? check.talkDue.map(words.due) : nil),
            "late": .flag(check.talkDue.map { $0 < words.now } ?? false),
            "talked": Value(
                check.talkedAt.map {
                    words("needs-check.talked-on", ["day": words.day($0), "name": check.talkedBy ?? ""])
                })
        ]
    }
}
