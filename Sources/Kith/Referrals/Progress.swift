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

extension Referral {
    /// Whether its reference and PIN lead to a page of one's own: while it, or the one it was joined with, is open. Never
    /// to another record: that two are the same person is for staff to say, and they may be wrong.
    func mayOpenAccount(in db: Reading) throws -> Bool {
        let goesOn = try followed(in: db)
        return goesOn.isOpen && goesOn.person == person
    }
}
