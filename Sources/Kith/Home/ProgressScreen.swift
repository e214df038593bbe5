import Storage
import Web

/// What has become of a wish for support, for the person themselves, without an account.
struct ProgressScreen: Screen {
    static let template = "public/progress"

    let referral: Referral
    let token: String
    let program: String
    let hasAccount: Bool
    let waiting: Waiting?

    init(_ link: SignedLink, in db: Reading) throws {
        referral = try Referral.load(Referral.ID(link.object), of: link.organization, in: db)
        token = link.token(in: db.world)
        let found = try db.first(
            """
            SELECT g.name, a.login_key FROM program g LEFT JOIN account a ON a.organization_id = g.organization_id
                AND a.person_id = \(referral.person)
            WHERE g.organization_id = \(referral.organization) AND g.id = \(referral.program)
            """
        ) { (try $0["name"] as String, (try $0["login_key"] as String?) != nil) }
        (program, hasAccount) = found ?? ("", false)
        waiting = try Waiting.of(referral, in: db)
    }

    func title(_ words: Words) -> String { words("progress.title") }

    func shown(_ words: Words) -> Value {
        let stage = referral.queue?.rawValue ?? "ended"
        return [
            "stage": .text(words("progress.stage.\(stage)")), "program": .text(program),
            "asked": .text(words.day(referral.receivedAt)), "reference": .text(referral.reference),
            "place": Value(waiting.map { $0.said(words) }),
            "accountPath": hasAccount || !referral.isOpen ? .nothing : .text("/progress/\(token)/account"),
            "cancelPath": referral.isOpen && referral.state != .cancellationRequested
                && ReferralState.transitions.contains {
                    $0.from == referral.state && $0.move == .requestCancellation
                } ? .text("/progress/\(token)/cancellation") : .nothing,
            "signIn": .flag(hasAccount)
        ]
    }
}
