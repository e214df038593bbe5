import Storage
import Web

extension LibraryPage.Text {
    init(_ fields: inout FieldReader) {
        let kind = fields.choice("kind", of: LibraryPage.Kind.self)
        let title = fields.text("title", required: true, max: LibraryPage.longestTitle)
        let body = fields.text("text", required: true, max: LibraryPage.longest, multiline: true)
        let date = fields.date("review-by")
        self.init(
            kind, title: title, body, in: fields.language("language"),
            from: fields.text("source", max: LibraryPage.longestSource),
            reviewBy: Day(year: date.year, month: date.month, day: date.day) ?? Day(daysSince1970: 0))
    }
}

/// The questions of a page, and how what is in them reads.
struct LibraryPageForm: Screen {
    static let template = "library/form"

    let program: Program
    /// nil: a new one.
    let page: LibraryPage.ID?
    let once: String
    let edition: Edition
    let form: Form
    let errors: FieldErrors

    /// - Throws: ``Problem/notFound`` unless the person asking writes for the program.
    init(
        newFor id: Program.ID, _ typed: Form? = nil, _ errors: FieldErrors = FieldErrors(), in db: Reading
    ) throws {
        guard LibraryPage.mayWrite(for: id, in: db) else { throw Problem.notFound }
        program = try Program.find(id, in: db)
        (page, edition, self.errors) = (nil, Edition([:]), errors)
        once = typed?["once"].flatMap { LibraryPage.ID(untrusted: $0) }?.text ?? db.world.newIdentifier()
        form =
            typed
            ?? Form([
                "kind": [LibraryPage.Kind.reading.rawValue],
                "review-by": [db.today.adding(days: LibraryPage.reviewDays).description]
            ])
    }

    init(
        changing id: LibraryPage.ID, of program: Program.ID, _ typed: Form? = nil,
        _ errors: FieldErrors = FieldErrors(), in db: Reading
    ) throws {
        let found = try LibraryPage.find(id, of: program, in: db)
        self.program = try Program.find(program, in: db)
        (page, edition, once, self.errors) = (id, Edition(found.text.fields), "", errors)
        form = typed ?? Form(edition.fields)
    }

    func title(_ words: Words) -> String { words(page == nil ? "library-page.new" : "library-page.change") }

    func shown(_ words: Words) -> Value {
        func field(_ name: String, _ kind: Field.Kind, hinted: Bool = false, required: Bool = true) -> Field {
            Field(name, kind, "library-page.\(name)", hinted: hinted, required: required, in: form, errors, words)
        }
        // Most write in the language that they read.
        let language = Form(["language": [form["language"] ?? words.strings.locale]])
        let kinds = LibraryPage.Kind.allCases.map {
            Field.Option(
                $0.rawValue, words("library.kind.\($0.rawValue)"), hint: words("library-page.kind.\($0.rawValue)"))
        }
        let fields = [
            field("title", .line), field("kind", .choice(kinds)),
            Field(
                "language", .select(languages(words)), "library-page.language", required: true, in: language, errors,
                words),
            field("text", .lines(16), hinted: true), field("source", .line, hinted: true, required: false),
            field("review-by", .date, hinted: true)
        ]
        let list = "/programs/\(program.id)/library"
        return shownForm(edition.beside(fields, errors, words)).merging([
            "program": .text(program.name), "path": .text(page.map { "\(list)/\($0)" } ?? list),
            "isNew": .flag(page == nil), "once": .text(once), "edition": .text(edition.mark),
            "changed": .flag(errors[Edition.field] != nil), "measure": measure(words)
        ])
    }

    /// How what stands in the form reads.
    private func measure(_ words: Words) -> Value {
        let kind = form["kind"].flatMap(LibraryPage.Kind.init(rawValue:)) ?? .reading
        let (body, language) = (form["text"] ?? "", form["language"] ?? "en")
        guard !body.trimmed.isEmpty else { return .nothing }
        return LibraryPage.Text(kind, title: "", body, in: language, reviewBy: Day(daysSince1970: 0)).measure
            .shown(in: language, words)
    }
}
