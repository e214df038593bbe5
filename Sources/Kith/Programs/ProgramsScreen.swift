import Storage
import Web

/// The administrator's page of sites and programs: what is offered where, for whom, and by which policy.
struct ProgramsScreen: Screen {
    static let template = "programs/list"

    let programs: [Program]
    let sites: [Site]
    let policies: [Program.ID: PublishedPolicy]
    /// Those whose words of consent whoever asks may change.
    let mine: Set<Program.ID>
    /// How the last tries to restore a backup went.
    let drills: (good: BackupDrill?, last: BackupDrill?)
    let form: Form
    let errors: FieldErrors
    /// Which of the two forms comes back with errors.
    let returning: Returning

    enum Returning: Sendable { case neither, site, program }

    init(
        _ returning: Returning = .neither, _ form: Form = Form(), _ errors: FieldErrors = FieldErrors(), in db: Reading
    ) throws {
        let organization = try db.organization
        programs = try Program.all(of: organization, in: db)
        sites = try Organization.sites(in: db)
        policies = try PublishedPolicy.all(of: organization, in: db)
        mine = Set(db.actor.roles.filter { $0.role == .administrator }.map(\.program))
        drills = try Backup.drills(in: db)
        (self.returning, self.form, self.errors) = (returning, form, errors)
    }

    func title(_ words: Words) -> String { words("programs.title") }

    func shown(_ words: Words) -> Value {
        let names = Dictionary(sites.map { ($0.id, $0.name) }) { first, _ in first }
        return [
            "programs": .list(
                programs.map { program in
                    let policy = policies[program.id]
                    return [
                        "name": .text(program.name), "summary": .text(program.summary),
                        "textsPath": mine.contains(program.id)
                            ? .text("/programs/\(program.id)/consent-texts") : .nothing,
                        "libraryPath": mine.contains(program.id)
                            ? .text("/programs/\(program.id)/library") : .nothing,
                        "site": Value(program.site.flatMap { names[$0] }),
                        "eligibility": .text(policy?.policy.eligibility ?? ""),
                        "version": .text(words("programs.policy", ["version": "\(policy?.version ?? 0)"]))
                    ]
                }),
            "backup": backup(words), "sites": .list(sites.map { .text($0.name) }),
            "siteForm": shownForm(siteFields(words)), "programForm": shownForm(programFields(words))
        ]
    }

    private func backup(_ words: Words) -> Value {
        func day(_ drill: BackupDrill) -> String { Instant(drill.at).map(words.dayAndTime) ?? drill.at }
        return [
            "text": .text(
                drills.good.map { words("programs.backup.good", ["when": day($0)]) } ?? words("programs.backup.none")),
            "failed": Value(
                drills.last.flatMap { $0.succeeded ? nil : words("programs.backup.failed", ["when": day($0)]) })
        ]
    }

    private func siteFields(_ words: Words) -> [Field] {
        let (form, errors) = returning == .site ? (form, errors) : (Form(), FieldErrors())
        return [
            Field(
                "site-name", .line, "programs.site-name", required: true, autocomplete: "off", in: form, errors, words)
        ]
    }

    private func programFields(_ words: Words) -> [Field] {
        let (form, errors) = returning == .program ? (form, errors) : (Form(), FieldErrors())
        func field(_ name: String, _ kind: Field.Kind, hinted: Bool = false, required: Bool = false) -> Field {
            Field(
                name, kind, "programs.\(name)", hinted: hinted, required: required, autocomplete: "off", in: form,
                errors, words)
        }
        return [
            field("name", .line, required: true),
            field("summary", .lines(2), hinted: true, required: true),
            field("eligibility", .lines(2), hinted: true),
            field("topics", .lines(4), hinted: true),
            field("site", .select(sites.map { Field.Option($0.id.text, $0.name) }))
        ]
    }
}

extension Program {
    static let routes: [Route] = [
        .get("/programs", .role(.administrator)) { visit in try await visit.show { try ProgramsScreen(in: $0) } },
        .post("/sites", .role(.administrator)) { visit in
            let form = try await visit.form()
            return try await visit.submit {
                let name = try form.read { $0.text("site-name", required: true, max: 200) }
                try await visit.write { db in
                    do {
                        _ = try Organization.addSite(named: name, in: db)
                    } catch Problem.invalid(let errors) {
                        // The page has two forms with a name each.
                        throw Problem.invalid("site-name", errors["name"]?.code ?? "required")
                    }
                }
            } next: {
                "/programs"
            } again: {
                try ProgramsScreen(.site, form, $0, in: $1)
            }
        }.taking("site-name"),
        .post("/programs", .role(.administrator)) { visit in
            let form = try await visit.form()
            return try await visit.submit {
                let draft = try form.read { fields in
                    (
                        name: fields.text("name", required: true, max: 200),
                        summary: fields.text("summary", required: true, max: 400, multiline: true),
                        eligibility: fields.text("eligibility", max: 400, multiline: true),
                        topics: fields.text("topics", max: 2_000, multiline: true),
                        site: fields.optionalValue("site", code: "not-a-choice") { Site.ID(untrusted: $0) }
                    )
                }
                try await visit.write { db in
                    if let site = draft.site, try !Organization.sites(in: db).contains(where: { $0.id == site }) {
                        throw Problem.invalid("site", "not-a-choice")
                    }
                    _ = try Program.open(
                        named: draft.name, summary: draft.summary, at: draft.site,
                        policy: Policy(eligibility: draft.eligibility), topics: Topic.all(in: draft.topics), in: db)
                }
            } next: {
                "/programs"
            } again: {
                try ProgramsScreen(.program, form, $0, in: $1)
            }
        }.taking("eligibility", "name", "site", "summary", "topics")
    ]
}

extension Topic {
    /// One a line; what comes twice counts once.
    static func all(in text: String) -> [Topic] {
        text.split(whereSeparator: \.isNewline).map { Topic(named: String($0)) }
            .reduce(into: []) { all, topic in
                if !topic.code.isEmpty, !all.contains(where: { $0.code == topic.code }) { all.append(topic) }
            }
    }
}
