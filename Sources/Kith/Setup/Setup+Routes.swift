import Hummingbird
import Storage
import Web

extension Setup {
    static let routes: [Route] = [
        .get("/setup/{token}", .setup) { visit in try await ask(.organization, visit) },
        .post("/setup/{token}", .setup, takeOrganization).taking("name", "zone", "language"),
        .get("/setup/{token}/program", .setup) { visit in try await ask(.program, visit) },
        .post("/setup/{token}/program", .setup, takeProgram).taking("name", "summary", "eligibility", "topics"),
        .get("/setup/{token}/administrator", .setup) { visit in try await ask(.administrator, visit) },
        .post("/setup/{token}/administrator", .setup, finish).taking("name", "login", "password")
    ]

    private static func ask(_ step: SetupScreen.Step, _ visit: Visit) async throws -> Response {
        let (screen, answers) = (try SetupScreen(step, visit), visit.platform.setup.answers)
        // In their order: each page tells what the one before was answered with.
        let isEarly =
            step == .program && answers.name.isEmpty || step == .administrator && answers.founding == nil
        guard !isEarly else {
            try await visit.read { _ in }
            return .seeOther(SetupScreen.Step.organization.path(screen.token))
        }
        return try await visit.show { _ in screen }
    }

    private static func takeOrganization(_ visit: Visit) async throws -> Response {
        try await take(.organization, then: .program, visit) { form in
            let (name, zone, locale) = try form.read { fields in
                (
                    fields.text("name", required: true, max: 100),
                    fields.value("zone", code: "not-a-choice", standIn: "UTC") {
                        SetupScreen.zones.contains($0) ? $0 : nil
                    },
                    fields.value("language", code: "not-a-choice", standIn: "en") { text in
                        visit.platform.shelf.translations.locales.first { $0 == text }
                    }
                )
            }
            visit.platform.setup.answer { ($0.name, $0.timeZone, $0.locale) = (name, zone, locale) }
        }
    }

    private static func takeProgram(_ visit: Visit) async throws -> Response {
        try await take(.program, then: .administrator, visit) { form in
            let program = try form.read { fields in
                let topics = fields.text("topics", max: 2_000, multiline: true).split(separator: "\n")
                    .map { Topic(named: String($0)) }.filter { !$0.code.isEmpty }
                if Set(topics.map(\.code)).count < topics.count { fields.fail("topics", "setup-same-topic") }
                if topics.count > mostTopics {
                    fields.fail("topics", "too-many-lines", ["max": String(mostTopics)])
                }
                return Founding.FirstProgram(
                    name: fields.text("name", required: true, max: 100), summary: fields.text("summary", max: 500),
                    eligibility: fields.text("eligibility", max: 500), topics: topics)
            }
            visit.platform.setup.answer { $0.program = program }
        }
    }

    private static let mostTopics = 40

    /// Reads one page, and goes on to the next.
    private static func take(
        _ step: SetupScreen.Step, then next: SetupScreen.Step, _ visit: Visit, _ read: (Form) throws -> Void
    ) async throws -> Response {
        let (form, token) = (try await visit.form(), try visit.parameter("token"))
        // Whoever comes too late hears that, not what is wrong with their form.
        try await visit.read { _ in }
        return try await visit.submit {
            try read(form)
        } next: {
            next.path(token)
        } again: { errors, _ in
            try SetupScreen(step, visit, typed: form, errors)
        }
    }

    /// Opens all of it in one transaction: a process killed before has left nothing, and after it everything.
    private static func finish(_ visit: Visit) async throws -> Response {
        let (form, token, world) = (try await visit.form(), try visit.parameter("token"), visit.platform.world)
        try await visit.read { _ in }
        guard let founding = visit.platform.setup.answers.founding else {
            return .seeOther(SetupScreen.Step.organization.path(token))
        }
        return try await visit.submit {
            let (name, login, password) = try form.read { fields in
                let name = fields.text("name", required: true, max: 200)
                let login = fields.text("login", required: true, max: 200)
                let password = fields.secret("password", max: Password.longest)
                let owner = Password.Owner(login: login, names: [name], organization: founding.name)
                fields.judge(password, of: owner, on: visit)
                return (name, login, password)
            }
            let hash = try await Password.hash(password, in: world)
            let draft = PersonDraft(name: name, language: visit.locale)
            try await visit.write { db in
                let person = try founding.begin(with: draft, in: db)
                try Account.open(for: person, of: db.organization, login: login, passwordHash: hash, in: db)
            }
            let next = world.newSecret()
            visit.platform.setup.finish(founding, token: next, at: world.now())
            return next
        } next: { next in
            "/first-steps/\(next.text)"
        } again: { errors, _ in
            try SetupScreen(.administrator, visit, typed: form, errors)
        }
    }
}
