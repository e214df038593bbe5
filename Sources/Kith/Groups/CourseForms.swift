import Storage
import Web

extension Course.Plan {
    /// As the form has it.
    var fields: [String: [String]] { ["title": [title], "language": [language], "needed": ["\(needed)"]] }

    init(_ fields: inout FieldReader) {
        self.init(
            title: fields.text("title", required: true, max: Course.longestTitle),
            language: fields.language("language"),
            needed: fields.integer("needed", in: 1...Course.mostSessions))
    }
}

extension Course.Session.Content {
    /// As the form has it.
    var fields: [String: [String]] { ["title": [title], "text": [text]] }

    init(_ fields: inout FieldReader) {
        self.init(
            title: fields.text("title", required: true, max: Course.longestTitle),
            text: fields.text("text", required: true, max: Markdown.longest, multiline: true))
    }
}

extension GroupFormScreen {
    /// A new course of a program, or one that is changed.
    init(
        course: Course?, for program: Program.ID?, _ form: Form? = nil, _ errors: FieldErrors = FieldErrors(),
        in db: Reading
    ) throws {
        let programs = try Program.all(of: db.organization, in: db).filter { db.coordinated.contains($0.id) }
        guard let chosen = programs.first(where: { $0.id == course?.program ?? program ?? programs.first?.id }) else {
            throw Problem.notFound
        }
        let typed = form ?? Form(course?.plan.fields ?? ["language": ["en"]])
        self.init(
            key: course == nil ? "course.new" : "course.change", name: chosen.name,
            backPath: course.map { "/courses/\($0.id)" } ?? "/courses",
            actionPath: course.map { "/courses/\($0.id)/plan" } ?? "/courses",
            hidden: course == nil ? [("program", chosen.id.text)] : [],
            edition: course.map { Edition($0.plan.fields) }, errors: errors
        ) { words in
            func field(_ name: String, _ kind: Field.Kind, hinted: Bool = false) -> Field {
                Field(name, kind, "course.\(name)", hinted: hinted, required: true, in: typed, errors, words)
            }
            return [
                (
                    words("course.about"), nil,
                    [
                        Field("title", .line, "course.name", required: true, in: typed, errors, words),
                        field("language", .select(languages(words))),
                        field("needed", .number, hinted: true)
                    ]
                )
            ]
        }
    }

    /// A new session of a course, or one that is written anew.
    init(session: Course.Session?, of course: Course, _ form: Form? = nil, _ errors: FieldErrors = FieldErrors()) {
        let kept = session?.content.fields
        let typed = form ?? Form(kept ?? [:])
        self.init(
            key: session == nil ? "course.session.new" : "course.session.change", name: course.plan.title,
            backPath: "/courses/\(course.id)",
            actionPath: session.map { "/courses/sessions/\($0.id)" } ?? "/courses/\(course.id)/sessions",
            edition: kept.map { Edition($0) }, errors: errors
        ) { words in
            [
                (
                    words("course.session.about"), nil,
                    [
                        Field("title", .line, "course.session.name", required: true, in: typed, errors, words),
                        Field(
                            "text", .lines(16), "course.session.text", hinted: true, required: true, in: typed, errors,
                            words)
                    ]
                )
            ]
        }
    }
}
