import Hummingbird
import Web

extension MemberStory {
    static let routes: [Route] = reading + writing

    private static let reading: [Route] = [
        .get("/stories", .signedIn) { visit in
            let kind = try visit.query["kind"].flatMap(Kind.init(rawValue:))
            let place = try visit.query["after"].flatMap(Place.init)
            return try await visit.show { try StoriesScreen(kind, after: place, in: $0) }
        }.asking("after", "kind"),
        .get("/stories/{id}/report", .signedIn) { visit in
            let id = try visit.id(of: MemberStory.self)
            return try await visit.show { try StoryReportScreen(id, in: $0) }
        },
        .post("/stories/{id}/report", .signedIn) { visit in
            let (id, form) = (try visit.id(of: MemberStory.self), try await visit.form())
            return try await visit.submit {
                let (reason, words) = try form.read { fields in
                    (
                        fields.choice("reason", of: MessageReport.Reason.self),
                        fields.text("words", max: Moderation.longest, multiline: true)
                    )
                }
                try await visit.write { _ = try MessageReport.make(of: id, reason, words: words, db: $0) }
            } next: {
                "/decisions?new=1"
            } again: {
                try StoryReportScreen(id, form, $0, in: $1)
            }
        }.taking("reason", "words")
    ]

    private static let writing: [Route] = [
        .get("/stories/new", .signedIn) { visit in
            let kind = try visit.query["kind"].flatMap(Kind.init(rawValue:)) ?? .story
            return try await visit.show { try StoryFormScreen(kind, in: $0) }
        }.asking("kind"),
        .post("/stories", .signedIn) { visit in
            let form = try await visit.form()
            let kind = kind(of: form)
            let id = form["once"].flatMap { ID(untrusted: $0) }
            return try await visit.submit {
                let program = try form.read { fields in
                    fields.value("program", code: "not-a-choice", standIn: Program.ID("")) {
                        Program.ID(untrusted: $0)
                    }
                }
                let draft = try read(kind, form)
                return try await visit.write { db -> SitePath in
                    let id = id ?? db.newID()
                    let help = try keep(draft, as: id, for: program, in: db)
                    return help.map { "/help/\($0)" as SitePath } ?? "/stories/\(id)"
                }
            } next: {
                $0
            } again: {
                try StoryFormScreen(kind, form, $0, in: $1)
            }
        }.taking("kind", "language", "once", "program", "shown-as", "text", "title"),
        .get("/stories/{id}", .signedIn) { visit in
            let id = try visit.id(of: MemberStory.self)
            return try await visit.show { try OwnStoryScreen(id, in: $0) }
        },
        .get("/stories/{id}/form", .signedIn) { visit in
            let id = try visit.id(of: MemberStory.self)
            return try await visit.show { try StoryFormScreen(changing: id, in: $0) }
        },
        .post("/stories/{id}", .signedIn) { visit in
            let (id, form) = (try visit.id(of: MemberStory.self), try await visit.form())
            return try await visit.submit {
                let draft = try read(kind(of: form), form)
                return try await visit.write { db -> SitePath in
                    let story = try own(id, in: db)
                    try Edition(story.text?.fields ?? [:]).check(form, saving: draft.text.fields)
                    let help = try keep(draft, as: id, for: story.program, in: db)
                    return help.map { "/help/\($0)" as SitePath } ?? "/stories/\(id)"
                }
            } next: {
                $0
            } again: {
                try StoryFormScreen(changing: id, form, $0, in: $1)
            }
        }.taking(Edition.field, "kind", "language", "shown-as", "text", "title"),
        .post("/stories/{id}/agreement", .signedIn) { visit in
            let (id, form) = (try visit.id(of: MemberStory.self), try await visit.form())
            let words = OwnStoryScreen.agreement(visit.words)
            return try await visit.submit {
                let mayStay = try form.read { fields in
                    _ = fields.choice("agree", of: Agreement.self)
                    return fields.flag("may-stay")
                }
                try await visit.write {
                    try own(id, in: $0).agree(to: words, mark: form["mark"] ?? "", mayStay: mayStay, in: $0)
                }
            } next: {
                "/stories/\(id)"
            } again: {
                try OwnStoryScreen(id, form, $0, in: $1)
            }
        }.taking("agree", "mark", "may-stay"),
        .post("/stories/{id}/withdrawal", .signedIn) { visit in
            let id = try visit.id(of: MemberStory.self)
            _ = try await visit.form()
            try await visit.write { try own(id, in: $0).withdraw(in: $0) }
            return .seeOther("/stories/\(id)")
        }.taking()
    ]

    private enum Agreement: String, CaseIterable { case yes }

    private static func kind(of form: Form) -> Kind { form["kind"].flatMap(Kind.init(rawValue:)) ?? .story }

    private static func read(_ kind: Kind, _ form: Form) throws -> Draft {
        let text = try form.read { fields in
            Text(
                kind,
                title: kind == .story ? fields.text("title", required: true, max: longestTitle) : "",
                fields.text("text", required: true, max: kind.most, multiline: true),
                as: fields.text("shown-as", max: longestName), in: fields.language("language"))
        }
        return try Draft(text)
    }
}
