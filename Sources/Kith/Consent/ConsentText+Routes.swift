import Hummingbird
import Web

extension ConsentText {
    static let routes: [Route] = [
        .get("/programs/{id}/consent-texts", .role(.administrator)) { visit in
            let (id, query) = (try visit.id(of: Program.self), try visit.query)
            // Only which words to begin with; no address puts words into the form.
            let chosen = Form(["purpose": query.all("purpose"), "language": query.all("language")])
            return try await visit.show { try ConsentTextsScreen(id, typed: chosen, in: $0) }
        }.asking("language", "purpose"),
        .post("/programs/{id}/consent-texts", .role(.administrator)) { visit in
            let (id, form) = (try visit.id(of: Program.self), try await visit.form())
            return try await visit.submit {
                let (purpose, language, body) = try form.read { fields in
                    (
                        fields.choice("purpose", of: Consent.Purpose.self),
                        fields.value("language", code: "not-a-choice", standIn: "") {
                            ConsentTextsScreen.languages.contains($0) ? $0 : nil
                        }, fields.text("body", required: true, max: longest, multiline: true)
                    )
                }
                try await visit.write { db in
                    guard db.actor.has(.administrator, in: id) else { throw Problem.notFound }
                    let now = try newest(purpose, in: language, of: id, in: db)
                    // The same words once more are no new version.
                    guard now != body else { return }
                    try Edition(["body": [now ?? ""]]).check(form, saving: ["body": [body]])
                    _ = try publish(body: body, purpose: purpose, language: language, program: id, in: db)
                }
            } next: {
                "/programs/\(id)/consent-texts"
            } again: {
                try ConsentTextsScreen(id, typed: form, errors: $0, in: $1)
            }
        }.taking("body", "edition", "language", "purpose")
    ]
}
