import Storage
import Web

/// What went wrong in the programs of the person asking: what waits for a review first.
struct IncidentsScreen: Screen {
    static let template = "accreditation/incidents"

    let incidents: [(incident: Incident, program: String)]

    init(in db: Reading) throws { incidents = try Incident.all(in: db) }

    func title(_ words: Words) -> String { words("incidents.title") }

    func shown(_ words: Words) -> Value {
        [
            "incidents": .list(
                incidents.map { incident, program in
                    [
                        "path": .text("/incidents/\(incident.id)"),
                        "kind": .text(words("incidents.kind.\(incident.kind.rawValue)")),
                        "program": .text(program), "day": .text(words.day(incident.happenedOn)),
                        "tag": .text(
                            incident.due.map(words.due) ?? words("incidents.state.\(incident.state.rawValue)")),
                        "late": .flag(incident.due.map { $0 < words.now } ?? false)
                    ]
                })
        ]
    }
}

struct NewIncidentScreen: Screen {
    static let template = "accreditation/new-incident"

    let programs: [(id: Program.ID, name: String)]
    /// Under which it is written down; the same however often this page is sent.
    let once: String
    let form: Form
    let errors: FieldErrors

    init(_ form: Form = Form(), _ errors: FieldErrors = FieldErrors(), in db: Reading) throws {
        programs = try Program.named(db.reach(Incident.readers), in: db)
        once = form["once"] ?? db.world.newIdentifier()
        (self.form, self.errors) = (form, errors)
    }

    func title(_ words: Words) -> String { words("incidents.new") }

    func shown(_ words: Words) -> Value {
        let kinds = Incident.Kind.allCases.map { Field.Option($0.rawValue, words("incidents.kind.\($0.rawValue)")) }
        let fields = [
            Field(
                "program", .select(programs.map { Field.Option($0.id.text, $0.name) }), "incidents.program",
                required: true, in: form, errors, words),
            Field("kind", .select(kinds), "incidents.what-kind", required: true, in: form, errors, words),
            Field("happened-on", .date, "incidents.when", required: true, in: form, errors, words),
            Field("words", .lines(6), "incidents.words", hinted: true, required: true, in: form, errors, words)
        ]
        return ["form": shownForm(fields), "once": .text(once), "invalid": .flag(!errors.isEmpty)]
    }
}

/// One incident, from what happened to what was learned.
struct IncidentScreen: Screen {
    static let template = "accreditation/incident"

    let incident: Incident
    let texts: (words: String?, review: String?, lessons: String?)
    let told: [(whom: Incident.Told, day: Day)]
    let author: String
    let isMine: Bool
    let form: Form
    let errors: FieldErrors

    init(_ id: Incident.ID, _ form: Form = Form(), _ errors: FieldErrors = FieldErrors(), in db: Reading) throws {
        incident = try Incident.find(id, in: db)
        texts = try incident.texts(in: db)
        told = try db.all(
            """
            SELECT whom, told_on FROM incident_told WHERE organization_id = \(db.organization) AND incident_id = \(id)
            ORDER BY told_on, whom LIMIT 100
            """
        ) { (try $0["whom"], try $0["told_on"]) }
        author = try db.name(of: incident.author) ?? ""
        isMine = try db.me == incident.author
        (self.form, self.errors) = (form, errors)
    }

    func title(_ words: Words) -> String { words("incidents.title") }

    func shown(_ words: Words) -> Value {
        let (isOpen, isReviewed) = (incident.state == .open, incident.state == .reviewed)
        func asked(_ name: String) -> Value {
            shownForm([
                Field(name, .lines(4), "incidents.\(name)", hinted: true, required: true, in: form, errors, words)
            ])
        }
        func text(_ text: String?, _ isThere: Bool) -> Value {
            isThere ? .text(text ?? words("text.unreadable")) : .nothing
        }
        let whom = Incident.Told.allCases.map { Field.Option($0.rawValue, words("incidents.told.\($0.rawValue)")) }
        return [
            "id": .text(incident.id.text), "kind": .text(words("incidents.kind.\(incident.kind.rawValue)")),
            "tag": .text(incident.due.map(words.due) ?? words("incidents.state.\(incident.state.rawValue)")),
            "late": .flag(incident.due.map { $0 < words.now } ?? false),
            "day": .text(words.day(incident.happenedOn)), "words": text(texts.words, true),
            "by": .text(words("incidents.by", ["name": author, "when": words.ago(incident.recordedAt)])),
            "told": .list(
                told.map {
                    ["whom": .text(words("incidents.told.\($0.whom.rawValue)")), "day": .text(words.day($0.day))]
                }),
            "tells": .list([
                Field("whom", .select(whom), "incidents.whom", required: true, in: form, errors, words).shown
            ]),
            "review": text(texts.review, !isOpen), "lessons": text(texts.lessons, incident.state == .closed),
            "ownReview": .flag(isOpen && isMine), "reviews": isOpen && !isMine ? asked("review") : .nothing,
            "closes": isReviewed ? asked("lessons") : .nothing
        ]
    }
}
