import Storage
import Web

/// A story or tip of the person asking: exactly as it will be shown, what it waits for, and what they can do.
struct OwnStoryScreen: Screen {
    static let template = "stories/own"

    let story: MemberStory
    let form: Form
    let errors: FieldErrors

    init(
        _ id: MemberStory.ID, _ form: Form = Form(), _ errors: FieldErrors = FieldErrors(), in db: Reading
    ) throws {
        story = try MemberStory.own(id, in: db)
        (self.form, self.errors) = (form, errors)
    }

    /// What their yes is to, as they read it.
    static func agreement(_ words: Words) -> String {
        ["stories.agree.who", "stories.agree.first", "stories.agree.back"].map { words($0) }.joined(separator: " ")
    }

    func title(_ words: Words) -> String { words("stories.own.\(story.kind.rawValue)") }

    func shown(_ words: Words) -> Value {
        let state = story.state
        let isThere = story.text != nil && state != .withdrawn
        let stays = [Field.Option("yes", words("stories.may-stay"))]
        return [
            "path": .text("/stories/\(story.id)"), "state": .text(words("stories.state.\(state.rawValue)")),
            "about": .text(words("stories.about.\(state.rawValue)")),
            "unreadable": .flag(story.text == nil && state != .withdrawn),
            "preview": story.text.map { $0.shown(on: story.shownAt, words) } ?? .nothing,
            "agreement": state == .draft && isThere
                ? [
                    "mark": .text(story.mark), "text": .text(Self.agreement(words)),
                    "form": shownForm([
                        Field(
                            "agree", .choice([Field.Option("yes", words("stories.agree.yes"))]), "stories.agree",
                            required: true, in: form, errors, words),
                        Field("may-stay", .checks(stays), "stories.stay", hinted: true, in: form, errors, words)
                    ])
                ] : .nothing,
            "decided": .flag(state == .returned || state == .declined), "mayChange": .flag(isThere),
            "mayWithdraw": .flag(isThere), "invalid": .flag(!errors.isEmpty)
        ]
    }
}

/// The questions of a story or tip.
struct StoryFormScreen: Screen {
    static let template = "stories/form"

    let kind: MemberStory.Kind
    /// nil: a new one.
    let story: MemberStory.ID?
    let programs: [(id: Program.ID, name: String)]
    let once: String
    let edition: Edition
    let form: Form
    let errors: FieldErrors

    /// - Throws: ``Problem/notFound`` for whoever takes part or supports nowhere.
    init(
        _ kind: MemberStory.Kind, _ typed: Form? = nil, _ errors: FieldErrors = FieldErrors(), in db: Reading
    ) throws {
        programs = try Program.named(db.reach(MemberStory.writers), in: db)
        guard !programs.isEmpty else { throw Problem.notFound }
        (self.kind, self.errors, story, edition) = (kind, errors, nil, Edition([:]))
        let fresh: MemberStory.ID = Identifier(db.world.newIdentifier())
        once = typed?["once"].flatMap { MemberStory.ID(untrusted: $0) }?.text ?? fresh.text
        let language: String? = try db.value(
            "SELECT language FROM person WHERE organization_id = \(db.organization) AND id = \(db.me)")
        let name = db.actor.name.split(separator: " ").first.map(String.init) ?? ""
        form =
            typed
            ?? Form([
                "shown-as": [name], "language": [Language.key(language ?? "en")],
                "program": programs.count == 1 ? [programs[0].id.text] : []
            ])
    }

    init(
        changing id: MemberStory.ID, _ typed: Form? = nil, _ errors: FieldErrors = FieldErrors(), in db: Reading
    ) throws {
        let found = try MemberStory.own(id, in: db)
        guard found.state != .withdrawn else { throw Problem.conflict("story.over") }
        (kind, story, programs, once, self.errors) = (found.kind, id, [], "", errors)
        edition = Edition(found.text?.fields ?? [:])
        form = typed ?? Form(edition.fields)
    }

    func title(_ words: Words) -> String {
        words(story == nil ? "stories.write.\(kind.rawValue)" : "stories.change")
    }

    func shown(_ words: Words) -> Value {
        var fields: [Field] = []
        if kind == .story {
            fields.append(Field("title", .line, "stories.field.title", required: true, in: form, errors, words))
        }
        fields.append(
            Field(
                "text", .lines(kind == .story ? 10 : 4), "stories.field.\(kind.rawValue)", hinted: true,
                required: true, in: form, errors, words))
        fields.append(Field("shown-as", .line, "stories.field.name", hinted: true, in: form, errors, words))
        let offered = languages(words)
        fields.append(Field("language", .select(offered), "stories.field.language", in: form, errors, words))
        if programs.count > 1 {
            let options = programs.map { Field.Option($0.id.text, $0.name) }
            fields.append(
                Field("program", .select(options), "stories.field.program", required: true, in: form, errors, words))
        }
        let only = programs.count == 1 ? programs[0].id.text : nil
        return shownForm(edition.beside(fields, errors, words)).merging([
            "path": .text(story.map { "/stories/\($0)" } ?? "/stories"), "isNew": .flag(story == nil),
            "kind": .text(kind.rawValue), "once": .text(once), "program": Value(only),
            "edition": .text(edition.mark), "shownNow": .flag(story != nil)
        ])
    }
}
