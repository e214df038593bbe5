import Foundation
import Web

/// One question page of set-up.
struct SetupScreen: Screen {
    static let template = "setup/question"

    enum Step: String, CaseIterable, Sendable {
        case organization, program, administrator

        var number: Int { (Self.allCases.firstIndex(of: self) ?? 0) + 1 }

        func path(_ token: String) -> SitePath {
            self == .organization ? "/setup/\(token)" : "/setup/\(token)/\(rawValue)"
        }
    }

    let step: Step
    let token: String
    let answers: SetupDoor.Answers
    /// What was typed into this page, or what was answered before.
    let form: Form
    var errors = FieldErrors()
    /// The languages there are texts in.
    let locales: [Field.Option]

    init(_ step: Step, _ visit: Visit, typed: Form? = nil, _ errors: FieldErrors = FieldErrors()) throws {
        self.step = step
        self.errors = errors
        token = try visit.parameter("token")
        answers = visit.platform.setup.answers
        let translations = visit.platform.shelf.translations
        locales = translations.locales.map { Field.Option($0, translations[$0]("language.name")) }
        form = typed ?? Self.form(step, answers, visit.locale)
    }

    /// Going back to a page shows what was answered there.
    private static func form(_ step: Step, _ answers: SetupDoor.Answers, _ locale: String) -> Form {
        switch step {
        case .organization:
            Form([
                "name": [answers.name], "zone": [answers.timeZone],
                "language": [answers.locale.isEmpty ? locale : answers.locale]
            ])
        case .program:
            Form([
                "name": [answers.program?.name ?? ""], "summary": [answers.program?.summary ?? ""],
                "eligibility": [answers.program?.eligibility ?? ""],
                "topics": [(answers.program?.topics ?? []).map(\.name).joined(separator: "\n")]
            ])
        case .administrator: Form()
        }
    }

    func title(_ words: Words) -> String { words("setup.\(step.rawValue).title") }

    func shown(_ words: Words) -> Value {
        let all = Step.allCases
        let back = step.number > 1 ? all[step.number - 2].path(token).string : nil
        return [
            "form": shownForm(fields(words)), "invalid": .flag(!errors.isEmpty),
            "step": .text(words("setup.step", ["step": String(step.number), "all": String(all.count)])),
            "intro": .text(
                words(
                    "setup.\(step.rawValue).intro",
                    ["organization": answers.name, "program": answers.program?.name ?? ""])),
            "after": step == .organization ? .nothing : .text(words("setup.\(step.rawValue).after")),
            "button": .text(words(step == .administrator ? "setup.administrator.button" : "setup.next")),
            "actionPath": .text(step.path(token).string), "backPath": Value(back)
        ]
    }

    private func fields(_ words: Words) -> [Field] {
        func field(
            _ name: String, _ kind: Field.Kind, hinted: Bool = true, required: Bool = false, _ fill: String? = nil
        ) -> Field {
            Field(
                name, kind, "setup.\(step.rawValue).\(name)", hinted: hinted, required: required, autocomplete: fill,
                in: form, errors, words)
        }
        switch step {
        case .organization:
            let zones = Self.zones.map { Field.Option($0, words.zone($0)) }
            return [
                field("name", .line, required: true, "organization"), field("zone", .select(zones), required: true),
                field("language", .choice(locales), required: true)
            ]
        case .program:
            return [
                field("name", .line, required: true), field("summary", .line), field("eligibility", .line),
                field("topics", .lines(4))
            ]
        case .administrator:
            return [
                field("name", .line, required: true, "name"),
                Field(
                    "login", .line, "invitation.login", hinted: true, required: true, autocomplete: "username",
                    in: form, errors, words),
                Field(
                    "password", .newPassword, "invitation.password", hinted: true, required: true,
                    autocomplete: "new-password", in: Form(), errors, words)
            ]
        }
    }

    /// Those with a name that people use first, then all others.
    static let zones: [String] = {
        let usual = [
            "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Anchorage",
            "Pacific/Honolulu"
        ]
        let others = TimeZone.knownTimeZoneIdentifiers.filter { $0.contains("/") && !usual.contains($0) }
        return usual + others.sorted() + ["UTC"]
    }()
}
