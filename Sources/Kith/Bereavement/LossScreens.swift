import Storage
import Web

/// Where a coordinator writes down that somebody died, and reads beforehand what follows.
struct NewLossScreen: Screen {
    static let template = "bereavement/new"

    let name: String?
    let isSupporter: Bool
    /// The page they came from; the form is sent to `/loss` below it.
    let path: String
    let form: Form
    let errors: FieldErrors

    init(
        of subject: Loss.Subject, from path: String, _ form: Form = Form(), _ errors: FieldErrors = FieldErrors(),
        in db: Reading
    ) throws {
        guard db.actor.has(.coordinator, in: subject.program) else { throw Problem.notFound }
        name = try db.value(
            "SELECT name FROM person WHERE organization_id = \(db.organization) AND id = \(subject.person)")
        db.disclose(.listed, of: subject.person)
        isSupporter = subject.isSupporter
        (self.path, self.form, self.errors) = (path, form, errors)
    }

    func title(_ words: Words) -> String { words("losses.new.title") }

    func shown(_ words: Words) -> Value {
        [
            "name": Value(name), "isSupporter": .flag(isSupporter), "backPath": .text(path),
            "actionPath": .text("\(path)/loss"),
            "form": shownForm([.diedOn(form, errors, words)]), "invalid": .flag(!errors.isEmpty)
        ]
    }
}

/// Where somebody says that a person they cared for died.
struct OwnLossScreen: Screen {
    static let template = "bereavement/own"

    let cared: [Cared]
    let form: Form
    let errors: FieldErrors

    /// Somebody the person asking cares for.
    struct Cared: Sendable {
        let id: CareRelation.ID
        let name: String?
        let relation: String
    }

    init(_ form: Form = Form(), _ errors: FieldErrors = FieldErrors(), in db: Reading) throws {
        cared = try Self.cared(in: db)
        guard !cared.isEmpty else { throw Problem.notFound }
        let only = cared.count == 1 ? Form(["who": [cared[0].id.text]]) : form
        (self.form, self.errors) = (form.names.isEmpty ? only : form, errors)
    }

    static func cared(in db: Reading) throws -> [Cared] {
        try db.all(
            """
            SELECT c.id, c.relation, coalesce(p.called, p.name) AS name FROM care_relation c
            LEFT JOIN person p ON p.organization_id = c.organization_id AND p.id = c.cared_for_id
            WHERE c.organization_id = \(db.organization) AND c.caregiver_id = \(db.me) AND c.ended_at IS NULL
            AND NOT EXISTS (SELECT 1 FROM loss l WHERE l.organization_id = c.organization_id
                AND l.care_relation_id = c.id AND l.state <> 'mistaken')
            ORDER BY c.created_at, c.id LIMIT 20
            """
        ) { Cared(id: try $0["id"], name: try $0["name"], relation: try $0["relation"]) }
    }

    func title(_ words: Words) -> String { words("losses.own.title") }

    func shown(_ words: Words) -> Value {
        let people = cared.map { cared in
            let kind = words("losses.own.\(CareRelation.kinds.contains(cared.relation) ? cared.relation : "other")")
            return Field.Option(cared.id.text, cared.name ?? kind)
        }
        let fields = [
            Field("who", .choice(people), "losses.own.who", required: true, in: form, errors, words),
            .diedOn(form, errors, words)
        ]
        return ["form": shownForm(fields), "invalid": .flag(!errors.isEmpty)]
    }
}

extension Field {
    fileprivate static func diedOn(_ form: Form, _ errors: FieldErrors, _ words: Words) -> Field {
        Field("died-on", .date, "losses.died-on", hinted: true, in: form, errors, words)
    }
}

/// What there is to do after deaths, for those who coordinate.
struct LossesScreen: Screen {
    static let template = "bereavement/list"

    /// For how many days what is done stays on the list.
    static let shownDays = 60

    let told: [Loss.Line]
    let talks: [Mourner]
    let recent: [Loss.Line]

    init(in db: Reading) throws {
        told = try Loss.lines("l.state = 'told' ORDER BY l.due_at, l.id LIMIT 100", in: db)
        talks = try Mourner.toSpeakWith(in: db)
        recent = try Loss.lines(
            """
            l.state <> 'told' AND l.told_at > \(db.now.adding(days: -Self.shownDays))
            ORDER BY l.told_at DESC, l.id DESC LIMIT 50
            """, in: db)
    }

    func title(_ words: Words) -> String { words("losses.title") }

    func shown(_ words: Words) -> Value {
        [
            "told": .list(told.map { shown($0, $0.loss.due, words) }),
            "talks": .list(
                talks.map { mourner in
                    [
                        "path": .text("/losses/\(mourner.loss)"), "name": .text(mourner.name),
                        "bond": .text(mourner.said(words)),
                        "wants": .flag(mourner.answer == .talk),
                        "tag": .text(mourner.due.map(words.due) ?? ""),
                        "late": .flag(mourner.due.map { $0 < words.now } ?? false)
                    ]
                }),
            "recent": .list(recent.map { shown($0, nil, words) }), "hasRecent": .flag(!recent.isEmpty)
        ]
    }

    private func shown(_ line: Loss.Line, _ due: Instant?, _ words: Words) -> Value {
        [
            "path": .text("/losses/\(line.loss.id)"),
            "name": .text(line.name ?? words("losses.unknown", ["name": line.carer ?? ""])),
            "by": line.carer.map { .text(words("losses.told-by", ["name": $0])) } ?? .nothing,
            "tag": .text(due.map(words.due) ?? words("losses.state.\(line.loss.state.rawValue)")),
            "late": .flag(due.map { $0 < words.now } ?? false)
        ]
    }
}

/// One death: what was told, what ended, and with whom to speak.
struct LossScreen: Screen {
    static let template = "bereavement/show"

    let line: Loss.Line
    let mourners: [Mourner]

    init(_ id: Loss.ID, in db: Reading) throws {
        guard let line = try Loss.lines("l.id = \(id)", in: db).first else { throw Problem.notFound }
        self.line = line
        mourners = try Mourner.all(after: line.loss, in: db)
    }

    func title(_ words: Words) -> String { words("losses.title") }

    func shown(_ words: Words) -> Value {
        let loss = line.loss
        return [
            "id": .text(loss.id.text),
            "name": .text(line.name ?? words("losses.unknown", ["name": line.carer ?? ""])),
            "tag": .text(words("losses.state.\(loss.state.rawValue)")),
            "died": loss.diedOn.map { .text(words("losses.died", ["day": words.day($0)])) } ?? .nothing,
            "by": line.carer.map { .text(words("losses.told-by", ["name": $0])) } ?? .nothing,
            "told": .flag(loss.state == .told), "due": Value(loss.due.map(words.due)),
            "ended": .flag(loss.state == .recorded && loss.person != nil),
            "mistaken": .flag(loss.state == .mistaken), "mayTakeBack": .flag(loss.state == .recorded),
            "hasMourners": .flag(!mourners.isEmpty),
            "mourners": .list(
                mourners.map { mourner in
                    [
                        "person": .text(mourner.person.text), "name": .text(mourner.name),
                        "bond": .text(mourner.said(words)),
                        "answer": mourner.answer.map { .text(words("losses.answer.\($0.rawValue)")) } ?? .nothing,
                        "spoken": mourner.spokenAt.map {
                            .text(words("losses.spoken", ["when": words.ago($0)]))
                        } ?? .nothing,
                        "due": mourner.due.map { .text(words.due($0)) } ?? .nothing,
                        "late": .flag(mourner.due.map { $0 < words.now } ?? false)
                    ]
                })
        ]
    }
}

extension Mourner {
    /// How close they were, for the program: “Cared for Rosa North”.
    func said(_ words: Words) -> String {
        words(
            aboutName == nil ? "losses.bond.somebody" : "losses.bond.\(bond.rawValue)", ["name": aboutName ?? ""])
    }

    /// What they read on their first page.
    func told(_ words: Words) -> Value {
        let isMistake = state == .mistaken
        // Before the program has made sure of it, it is known to whoever cared for them from themselves.
        let isOwnWord = state == .told && bond == .caredForThem
        let key = isMistake ? "losses.mistake" : isOwnWord ? "losses.told.by-you" : "losses.told.\(bond.rawValue)"
        let heading = isMistake ? "losses.mistake.heading" : "losses.told.\(isOwnWord ? "by-you-" : "")heading"
        return [
            "heading": .text(words(heading)),
            "text": .text(
                words(
                    aboutName == nil ? "\(key)-unknown" : bond == .supportsCarer && isMistake ? "\(key)-carer" : key,
                    ["name": aboutName ?? ""])),
            "next": isMistake ? .nothing : .text(words("losses.told.next.\(bond.rawValue)")),
            "path": .text("/losses/\(loss)/answer"), "asks": .flag(!isMistake), "mistake": .flag(isMistake)
        ]
    }
}
