import Storage
import Web

/// The door to the progress page: reference and PIN.
struct ProgressDoorScreen: Screen {
    static let template = "public/progress-door"
    let form: Form
    let failed: Bool

    func title(_ words: Words) -> String { words("progress.title") }

    func shown(_ words: Words) -> Value {
        var errors = FieldErrors()
        if failed { errors.add("no-such-pin", for: "reference") }
        let fields = [
            Field(
                "reference", .line, "progress.reference", hinted: true, required: true, autocomplete: "off",
                in: form, errors, words),
            Field("pin", .line, "progress.pin", required: true, autocomplete: "off", in: Form(), errors, words)
        ]
        return ["form": shownForm(fields), "invalid": .flag(failed)]
    }
}

/// What has become of a wish for support, for the person themselves, without an account.
struct ProgressScreen: Screen {
    static let template = "public/progress"

    let referral: Referral
    let token: String
    let program: String
    let hasAccount: Bool
    let waitingBefore: Int?
    /// Where support is asked for anew.
    let house: String

    init(_ link: SignedLink, in db: Reading) throws {
        referral = try Referral.load(Referral.ID(link.object), of: link.organization, in: db)
        token = link.token(in: db.world)
        let found = try db.first(
            """
            SELECT g.name, a.login_key, o.slug FROM program g
            JOIN organization o ON o.id = g.organization_id
            LEFT JOIN account a ON a.organization_id = g.organization_id
                AND a.person_id = \(referral.person)
            WHERE g.organization_id = \(referral.organization) AND g.id = \(referral.program)
            """
        ) { (try $0["name"] as String, (try $0["login_key"] as String?) != nil, try $0["slug"] as String) }
        guard let found else { throw Problem.notFound }
        (program, hasAccount, house) = found
        waitingBefore =
            referral.queue != .waiting
            ? nil
            : try db.value(
                """
                SELECT count(*) FROM referral WHERE organization_id = \(referral.organization)
                AND program_id = \(referral.program) AND queue = \(Referral.Queue.waiting)
                AND (received_at, id) < (\(referral.receivedAt), \(referral.id))
                """)
    }

    func title(_ words: Words) -> String { words("progress.title") }

    func shown(_ words: Words) -> Value {
        let stage = referral.queue?.rawValue ?? "ended"
        return [
            "stage": .text(words("progress.stage.\(stage)")), "program": .text(program),
            "asked": .text(words.day(referral.receivedAt)), "reference": .text(referral.reference),
            "place": Value(waitingBefore.map { words("progress.place", ["number": String($0 + 1)]) }),
            "accountPath": hasAccount || !referral.isOpen ? .nothing : .text("/progress/\(token)/account"),
            "cancelPath": referral.isOpen && referral.state != .cancellationRequested
                && ReferralState.transitions.contains {
                    $0.from == referral.state && $0.move == .requestCancellation
                } ? .text("/progress/\(token)/cancellation") : .nothing,
            "signIn": .flag(hasAccount),
            "againPath": referral.isOpen ? .nothing : .text("/get-support/\(house)")
        ]
    }
}
