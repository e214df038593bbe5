import Hummingbird
import Web

extension Home {
    /// What people say at the end: on their own page, or behind the link that reference and PIN lead to.
    static let feedbackRoutes: [Route] = [
        .get("/feedback/{id}", .role(.participant)) { visit in
            let id = try visit.id(of: Referral.self)
            return try await visit.show { try FeedbackScreen(id, in: $0) }
        },
        .post("/feedback/{id}", .role(.participant)) { visit in
            let (id, form) = (try visit.id(of: Referral.self), try await visit.form())
            return try await visit.submit {
                let said = try FeedbackAnswers(form)
                try await visit.write { try said.keep(of: FeedbackScreen.ended(id, in: $0), in: $0) }
            } next: {
                "/thanks"
            } again: {
                try FeedbackScreen(id, form, $0, in: $1)
            }
        }.taking("again", "helped", "words"),
        .get("/thanks", .signedIn) { visit in try await visit.show { _ in ThanksScreen() } },
        .get("/progress/{token}/feedback", .anyone) { visit in
            let link = try visit.link(.progress)
            return try await visit.show(by: link) { try FeedbackScreen(by: link, in: $0) }
        },
        .post("/progress/{token}/feedback", .anyone) { visit in
            let (link, form) = (try visit.link(.progress), try await visit.form())
            let token = try visit.parameter("token")
            return try await visit.submit(by: link) {
                let said = try FeedbackAnswers(form)
                try await visit.write(by: link) { try said.keep(of: FeedbackScreen.ended(by: link, in: $0), in: $0) }
            } next: {
                "/progress/\(token)"
            } again: {
                try FeedbackScreen(by: link, form, $0, in: $1)
            }
        }.taking("again", "helped", "words")
    ]
}

/// Two answers and a few words, as typed.
struct FeedbackAnswers: Sendable {
    let helped: String
    let again: String
    let words: String

    init(_ form: Form) throws {
        func one(of values: [String]) -> (String) -> String? { { values.contains($0) ? $0 : nil } }
        (helped, again, words) = try form.read { fields in
            (
                fields.value("helped", code: "required", standIn: "", one(of: ["yes", "partly", "no"])),
                fields.value("again", code: "required", standIn: "", one(of: ["yes", "maybe", "no"])),
                fields.text("words", max: 2_000, multiline: true)
            )
        }
    }

    func keep(of referral: Referral, in db: Writing) throws {
        try referral.giveFeedback(helped: helped, again: again, words: words.isEmpty ? nil : words, in: db)
    }
}
