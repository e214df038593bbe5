import Storage
import Web

/// “Stories and tips” of the programs of whoever reads: what is shown, the newest first, and above it what they wrote.
struct StoriesScreen: Screen {
    static let template = "stories/list"

    let kind: MemberStory.Kind?
    let stories: [MemberStory]
    let next: MemberStory.Place?
    let mine: [MemberStory]
    let me: Person.ID
    let mayWrite: Bool

    init(_ kind: MemberStory.Kind? = nil, after place: MemberStory.Place? = nil, in db: Reading) throws {
        self.kind = kind
        me = try db.me
        let found = try MemberStory.shown(kind, after: place, in: db)
        stories = Array(found.prefix(MemberStory.pageSize))
        let last = found.count > MemberStory.pageSize ? stories.last : nil
        next = last.flatMap { story in story.shownAt.map { MemberStory.Place(at: $0, id: story.id) } }
        mine = place == nil && kind == nil ? try MemberStory.mine(in: db) : []
        mayWrite = MemberStory.writers.contains { db.actor.has($0) }
    }

    func title(_ words: Words) -> String { words("stories.title") }

    func shown(_ words: Words) -> Value {
        let filters: [(MemberStory.Kind?, String)] = [(nil, "all"), (.story, "stories"), (.tip, "tips")]
        let query = kind.map { "kind=\($0.rawValue)&" } ?? ""
        return [
            "mayWrite": .flag(mayWrite), "hasMine": .flag(!mine.isEmpty),
            "mine": .list(
                mine.map { story in
                    let kind = words("stories.kind.\(story.kind.rawValue)")
                    return [
                        "path": .text("/stories/\(story.id)"), "title": Value(story.text.map(\.heading)),
                        "kind": .text(kind), "state": .text(words("stories.state.\(story.state.rawValue)"))
                    ]
                }),
            "filters": .list(
                filters.map { kind, key in
                    [
                        "path": .text(kind.map { "/stories?kind=\($0.rawValue)" } ?? "/stories"),
                        "text": .text(words("stories.filter.\(key)")), "here": .flag(kind == self.kind)
                    ]
                }),
            "stories": .list(
                stories.compactMap { story in
                    story.text.map { $0.shown(on: story.shownAt, words) }.map { shown in
                        let report: Value =
                            story.writer == me ? .nothing : .text("/stories/\(story.id)/report")
                        return shown.merging(Fields(["reportPath": report]))
                    }
                }),
            "nextPath": next.map { .text("/stories?\(query)after=\($0.text)") } ?? .nothing
        ]
    }
}

extension MemberStory.Text {
    /// Its title, or how it begins.
    var heading: String {
        guard title.isEmpty else { return title }
        return body.count > 60 ? String(body.prefix(59)) + "…" : body
    }

    /// As others see it; without a moment, as they will. Only the month is told: a day may give somebody away.
    func shown(on moment: Instant?, _ words: Words) -> Value {
        let date = moment.map { moment in
            let (year, month, _) = words.day(of: moment).parts
            return words("stories.month", ["month": words("dates.month.\(month)"), "year": String(year)])
        }
        return [
            "kind": .text(words("stories.kind.\(kind.rawValue)")), "title": title.isEmpty ? .nothing : .text(title),
            "body": .text(body), "language": .text(language), "month": Value(date),
            "name": shownAs.isEmpty ? .nothing : .text(shownAs)
        ]
    }
}

/// A story or tip that somebody wants to report.
struct StoryReportScreen: Screen {
    static let template = "moderation/report"

    let story: MemberStory
    let form: Form
    let errors: FieldErrors

    init(
        _ id: MemberStory.ID, _ form: Form = Form(), _ errors: FieldErrors = FieldErrors(), in db: Reading
    ) throws {
        story = try MemberStory.shown(id, in: db)
        guard try story.writer != db.me else { throw Problem.notFound }
        (self.form, self.errors) = (form, errors)
    }

    func title(_ words: Words) -> String { words("stories.report.title") }

    func shown(_ words: Words) -> Value {
        let reasons = MessageReport.Reason.allCases.map {
            Field.Option($0.rawValue, words("report.reason.\($0.rawValue)"))
        }
        return [
            "writer": .text(story.text?.shownAs ?? ""), "when": "",
            "body": .text(story.text?.whole ?? words("text.unreadable")),
            "reportPath": .text("/stories/\(story.id)/report"), "backPath": "/stories", "attached": .nothing,
            "block": .nothing,
            "form": shownForm([
                Field("reason", .choice(reasons), "report.reason", required: true, in: form, errors, words),
                Field("words", .lines(3), "report.words", hinted: true, in: form, errors, words)
            ]), "invalid": .flag(!errors.isEmpty)
        ]
    }
}
