import Storage
import Web

/// A page with one form about groups: a heading, questions under headings, one button.
struct GroupFormScreen: Screen {
    static let template = "groups/form"

    typealias Section = (heading: String, hint: String?, fields: [Field])

    /// Its texts are `key.title` and `key.button`.
    let key: String
    /// What it is about, a name of a group.
    var name: String?
    let backPath: String
    let actionPath: String
    var hidden: [(name: String, value: String)] = []
    var edition: Edition?
    var errors = FieldErrors()
    /// The agreements that somebody reads before the questions.
    var text: String?
    let sections: @Sendable (Words) -> [Section]

    func title(_ words: Words) -> String { words("\(key).title") }

    func shown(_ words: Words) -> Value {
        var sections = sections(words)
        if let edition {
            sections = sections.map { ($0.heading, $0.hint, edition.beside($0.fields, errors, words)) }
        }
        return Value.object(Fields(shownForm(sections))).merging([
            "name": Value(name), "backPath": .text(backPath), "path": .text(actionPath),
            "button": .text(words("\(key).button")), "invalid": .flag(!errors.isEmpty), "hasLines": .flag(text != nil),
            "edition": Value(edition?.mark), "changed": .flag(errors[Edition.field] != nil),
            "lines": text?.lines ?? .list([]),
            "hidden": .list(hidden.map { ["name": .text($0.name), "value": .text($0.value)] })
        ])
    }
}

// MARK: - Kinds of groups

extension GroupType {
    /// As the form has it.
    var fields: [String: [String]] { plan.fields.merging(["agreements": [agreements.text]]) { $1 } }
}

extension GroupType.Plan {
    var fields: [String: [String]] {
        [
            "name": [name], "summary": [summary], "role": [facilitators.role.rawValue],
            "topic": [facilitators.topic].compactMap(\.self), "training": [facilitators.training].compactMap(\.self),
            "facilitators": ["\(facilitators.count)"], "each": facilitators.membersEach.map { ["\($0)"] } ?? [],
            "block-hours": ["\(facilitators.blockHours)"], "least": ["\(leastMembers)"], "most": ["\(mostMembers)"],
            "agenda": [agenda.joined(separator: "\n")], "bereaved": isForBereaved ? ["yes"] : [],
            "ages": [ages.rawValue], "attachments": takesAttachments ? ["yes"] : []
        ]
    }

    init(_ fields: inout FieldReader) {
        self.init(
            name: fields.text("name", required: true, max: GroupType.longestName),
            summary: fields.text("summary", required: true, max: GroupType.longestText, multiline: true))
        facilitators.role = fields.choice("role", of: Role.self)
        facilitators.topic = fields.text("topic", max: 100).ifNotEmpty
        facilitators.training = fields.text("training", max: GroupType.longestText, multiline: true).ifNotEmpty
        facilitators.count = fields.integer("facilitators", in: GroupType.Facilitators.counts)
        facilitators.membersEach = fields.optionalInteger("each", in: GroupType.members)
        facilitators.blockHours = fields.integer("block-hours", in: GroupType.blockHours)
        isForBereaved = fields.flag("bereaved")
        takesAttachments = fields.flag("attachments")
        ages = fields.choice("ages", of: GroupType.Ages.self)
        leastMembers = fields.integer("least", in: 0...500)
        mostMembers = fields.integer("most", in: GroupType.members)
        agenda = fields.text("agenda", max: GroupType.longestText, multiline: true).split(whereSeparator: \.isNewline)
            .map { String($0).trimmed }.filter { !$0.isEmpty }
        if agenda.count > GroupType.mostLines {
            fields.fail("agenda", "too-many-lines", ["max": "\(GroupType.mostLines)"])
        }
    }
}

extension GroupFormScreen {
    /// A new kind of group, or one that is changed.
    init(
        type: GroupType?, for program: Program.ID?, _ form: Form? = nil, _ errors: FieldErrors = FieldErrors(),
        in db: Reading
    ) throws {
        let programs = try Program.all(of: db.organization, in: db).filter { db.coordinated.contains($0.id) }
        guard let chosen = type?.program ?? program ?? programs.first?.id, programs.contains(where: { $0.id == chosen })
        else { throw Problem.notFound }
        let topics = try db.all(
            """
            SELECT code, name FROM topic WHERE organization_id = \(db.organization) AND program_id = \(chosen)
            ORDER BY name, code
            """
        ) { Field.Option(try $0["code"], try $0["name"]) }
        let kept = type?.fields ?? GroupType.Plan(name: "", summary: "").fields
        let typed = form ?? Form(kept)
        self.init(
            key: type == nil ? "group-type.new" : "group-type.change", name: programs.first { $0.id == chosen }?.name,
            backPath: "/groups", actionPath: type.map { "/groups/types/\($0.id)" } ?? "/groups/types",
            hidden: type == nil ? [("program", chosen.text)] : [], edition: type.map { Edition($0.fields) },
            errors: errors
        ) { words in
            func field(_ name: String, _ kind: Field.Kind, hinted: Bool = false, required: Bool = false) -> Field {
                Field(
                    name, kind, "group-type.\(name)", hinted: hinted, required: required, in: typed, errors, words)
            }
            let roles = GroupType.Facilitators.roles.map {
                Field.Option($0.rawValue, words("group-type.role.\($0.rawValue)"))
            }
            let ages = GroupType.Ages.allCases.map {
                Field.Option(
                    $0.rawValue, words("group-type.ages.\($0.rawValue)"),
                    hint: $0 == .youngPeople ? words("group-type.ages.young-people-hint") : nil)
            }
            let counts = GroupType.Facilitators.counts.map { Field.Option("\($0)", "\($0)") }
            return [
                (
                    words("group-type.about"), nil,
                    [
                        field("name", .line, required: true), field("summary", .lines(3), hinted: true, required: true),
                        field("ages", .choice(ages), hinted: true, required: true),
                        field("agenda", .lines(5), hinted: true), field("bereaved", .check, hinted: true),
                        field("attachments", .check, hinted: true)
                    ]
                ),
                (
                    words("group-type.who-facilitates"), nil,
                    [
                        field("role", .choice(roles), required: true), field("topic", .select(topics), hinted: true),
                        field("training", .lines(2), hinted: true),
                        field("facilitators", .choice(counts), required: true),
                        field("each", .number, hinted: true),
                        field("block-hours", .number, hinted: true, required: true)
                    ]
                ),
                (
                    words("group-type.members"), nil,
                    [field("least", .number, required: true), field("most", .number, required: true)]
                ),
                (
                    words("group-type.agreements-heading"), nil,
                    [field("agreements", .lines(6), hinted: true, required: true)]
                )
            ]
        }
    }
}

extension String {
    var ifNotEmpty: String? { isEmpty ? nil : self }

    /// Each line that is not empty, for a template.
    var lines: Value {
        .list(split(whereSeparator: \.isNewline).map { String($0).trimmed }.filter { !$0.isEmpty }.map(Value.text))
    }
}
