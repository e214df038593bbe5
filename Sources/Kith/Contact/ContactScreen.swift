import Hummingbird
import Storage
import Web

/// “How we may reach you”: one's own page, with the way to stop all contact at its end.
struct ContactScreen: Screen {
    static let template = "contact/own"

    let form: ContactForm
    let invalid: Bool

    init(_ typed: Form? = nil, _ errors: FieldErrors = FieldErrors(), in db: Reading) throws {
        form = try ContactForm(for: db.me, typed, errors, in: db)
        invalid = !errors.isEmpty
    }

    func title(_ words: Words) -> String { words("contact.title") }

    func shown(_ words: Words) -> Value {
        let details = form.details
        let object = form.shown(words).merging([
            "invalid": .flag(invalid), "byStaff": Value(form.byStaff(words)),
            "stopped": .flag(details.hasStoppedContact), "prohibited": .flag(details.doNotContact),
            "asks": .flag(details.mayBeContacted), "mayStop": .flag(!details.hasStoppedContact)
        ])
        return object
    }
}

extension Contact {
    static let routes: [Route] = [
        .get("/reach", .signedIn) { visit in try await visit.show { try ContactScreen(in: $0) } },
        .post("/reach", .signedIn) { visit in
            let form = try await visit.form()
            return try await visit.submit {
                try await visit.write { db in
                    let answers = try ContactForm(for: db.me, form, in: db)
                    guard answers.details.mayBeContacted else { throw Problem.conflict("contact.stopped") }
                    try answers.keep(in: db)
                }
            } next: {
                "/reach"
            } again: {
                try ContactScreen(form, $0, in: $1)
            }
        },
        // One click, without a question: whoever needs it may have little time.
        .post("/reach/stop", .signedIn) { visit in
            _ = try await visit.form()
            try await visit.write { try Person.stopContact(in: $0) }
            return .seeOther("/reach")
        },
        .post("/reach/again", .signedIn) { visit in
            _ = try await visit.form()
            try await visit.write { try Person.allowContact(in: $0) }
            return .seeOther("/reach")
        }
    ]
}
