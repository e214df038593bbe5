import HTTPTypes
import Hummingbird
import Web

/// The pages after set-up: a test mail, where to practice, and what to do next. For whoever did it, for an hour.
struct FirstStepsScreen: Screen {
    static let template = "setup/first-steps"

    enum Page: String, Sendable { case mail, practice, end }

    let page: Page
    let token: String
    let told: SetupDoor.Told
    var form = Form()
    var errors = FieldErrors()

    func title(_ words: Words) -> String { words("setup.\(page.rawValue).title") }

    func shown(_ words: Words) -> Value {
        let here = "/first-steps/\(token)"
        var value: [String: Value] = [
            "mail": .nothing, "practice": .flag(page == .practice), "end": .nothing, "invalid": .flag(!errors.isEmpty),
            "nextPath": .text("\(here)/\(page == .mail ? "practice" : "end")"), "signInPath": "/sign-in"
        ]
        switch page {
        case .mail:
            let field = Field(
                "address", .email, "setup.mail.address", hinted: true, required: true, autocomplete: "email", in: form,
                errors, words)
            value["mail"] = [
                "can": .flag(told.hasMail), "actionPath": .text(here), "form": shownForm([field]),
                "sent": .flag(told.trial == "sent"), "failure": failure(words)
            ]
        case .practice: break
        case .end:
            value["end"] = [
                "opened": .text(words("setup.end.opened", ["organization": told.name, "program": told.program]))
            ]
        }
        return .object(Fields(value))
    }

    /// In the words of the page on messages that could not be sent.
    private func failure(_ words: Words) -> Value {
        guard let trial = told.trial, trial != "sent" else { return .nothing }
        let parts = trial.split(separator: ":").map(String.init)
        return .text(words("outbox.failure.\(parts.first ?? "")", ["code": parts.count > 1 ? parts[1] : ""]))
    }
}

extension Setup {
    /// Set-up is done when they are shown, so the link of set-up is none any more; these carry a proof of their own.
    static let sequelRoutes: [Route] = [
        .get("/first-steps/{token}", .anyone) { visit in try show(.mail, visit) },
        .post("/first-steps/{token}", .anyone, sendTrial).taking("address"),
        .get("/first-steps/{token}/practice", .anyone) { visit in try show(.practice, visit) },
        .get("/first-steps/{token}/end", .anyone) { visit in try show(.end, visit) }
    ]

    private static func admit(_ visit: Visit) throws -> (token: String, told: SetupDoor.Told) {
        let token = try visit.parameter("token")
        return (token, try visit.platform.setup.sequel(token, from: visit.client, at: visit.platform.world.now()))
    }

    private static func show(_ page: FirstStepsScreen.Page, _ visit: Visit) throws -> Response {
        let (token, told) = try admit(visit)
        return try visit.show(FirstStepsScreen(page: page, token: token, told: told))
    }

    /// Not by the outbox, which only writes to people of the house: this address is kept nowhere.
    private static func sendTrial(_ visit: Visit) async throws -> Response {
        let form = try await visit.form()
        let (token, told) = try admit(visit)
        do {
            let address = try form.read { fields in
                fields.value("address", code: "not-an-address", standIn: "") { $0.isMailAddress ? $0 : nil }
            }
            let carrier = try visit.platform.setup.carrierForTrial()
            let words = visit.words
            let letter = Letter(
                id: visit.platform.world.newIdentifier(), channel: .email, address: address,
                senderName: words("product.name"), subject: words("setup.mail.subject"), text: words("setup.mail.text"),
                stopAddress: nil)
            do throws(CarryFailure) {
                try await carrier.carry(letter)
                visit.platform.setup.note("sent")
            } catch {
                visit.platform.setup.note(error.code)
            }
            return .seeOther("/first-steps/\(token)")
        } catch let errors as FieldErrors {
            let screen = FirstStepsScreen(page: .mail, token: token, told: told, form: form, errors: errors)
            return try visit.show(screen, status: .unprocessableContent)
        }
    }
}
