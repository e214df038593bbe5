import Storage
import Web

/// What has become of a wish for support, for the person themselves, without an account.
struct ProgressScreen: Screen {
    static let template = "public/progress"

    /// The one in which it goes on, where it was joined with another.
    let referral: Referral
    /// What they know it by.
    let asked: Referral
    let token: String
    let program: String
    let hasAccount: Bool
    let mayOpenAccount: Bool
    let hasFeedback: Bool
    let waiting: Waiting?
    /// Whether they can say how they are.
    let mayTellNeeds: Bool
    /// Where support is asked for anew.
    let house: String

    init(_ link: SignedLink, in db: Reading) throws {
        asked = try Referral.load(Referral.ID(link.object), of: link.organization, in: db)
        referral = try asked.followed(in: db)
        mayOpenAccount = try asked.mayOpenAccount(in: db)
        token = link.token(in: db.world)
        let found = try db.first(
            """
            SELECT g.name, a.login_key, f.helped, o.slug FROM program g
            JOIN organization o ON o.id = g.organization_id
            LEFT JOIN account a ON a.organization_id = g.organization_id AND a.person_id = \(asked.person)
            LEFT JOIN feedback f ON f.organization_id = g.organization_id AND f.referral_id = \(asked.id)
            WHERE g.organization_id = \(referral.organization) AND g.id = \(referral.program)
            """
        ) { row in
            let (login, helped): (String?, String?) = (try row["login_key"], try row["helped"])
            return (try row["name"] as String, login != nil, helped != nil, try row["slug"] as String)
        }
        guard let found else { throw Problem.notFound }
        (program, hasAccount, hasFeedback, house) = found
        waiting = try Waiting.of(referral, in: db)
        mayTellNeeds =
            try referral.person == asked.person
            && referral.asksForNeeds(by: PublishedPolicy.current(of: referral.program, in: db).policy)
    }

    func title(_ words: Words) -> String { words("progress.title") }

    func shown(_ words: Words) -> Value {
        let stage = referral.queue?.rawValue ?? "ended"
        return [
            "stage": .text(words("progress.stage.\(stage)")), "program": .text(program),
            "asked": .text(words.day(asked.receivedAt)), "reference": .text(asked.reference),
            "place": Value(waiting.map { $0.said(words) }),
            "accountPath": hasAccount || !mayOpenAccount ? .nothing : .text("/progress/\(token)/account"),
            "cancelPath": referral.isOpen && referral.state != .cancellationRequested
                && ReferralState.transitions.contains {
                    $0.from == referral.state && $0.move == .requestCancellation
                } ? .text("/progress/\(token)/cancellation") : .nothing,
            "feedbackPath": referral.mayHaveFeedback && !hasFeedback
                ? .text("/progress/\(token)/feedback") : .nothing,
            "needsPath": mayTellNeeds ? .text("/progress/\(token)/needs") : .nothing,
            "concernPath": .text("/progress/\(token)/concern"), "thanks": .flag(hasFeedback),
            "signIn": .flag(hasAccount),
            "againPath": referral.isOpen ? .nothing : .text("/get-support/\(house)")
        ]
    }
}
