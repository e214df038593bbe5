import Storage
import Web

/// The words of a program, for whoever runs it: what people read now, for each purpose and language, what they read
/// before, and a form for new ones.
package struct ConsentTextsScreen: Screen {
    package static let template = "consent/texts"

    struct Version: Sendable {
        let text: ConsentText
        let publishedAt: Instant
    }

    /// The languages words can be published in; signed languages have no written words.
    package static let languages = ["en", "es", "zh", "vi", "ar", "so", "ht", "fr", "pt", "ru"]

    let program: Program
    let versions: [Version]
    let typed: Form
    /// The newest words of the purpose and language that are chosen, as the form has them.
    let edition: Edition?
    let errors: FieldErrors

    /// - Parameters:
    ///   - id: a program that the person asking administers.
    ///   - typed: what was typed; with a purpose and a language alone, the newest words of these are the beginning.
    /// - Throws: ``Problem/notFound`` for any other program.
    package init(
        _ id: Program.ID, typed: Form = Form(), errors: FieldErrors = FieldErrors(), in db: Reading
    ) throws {
        guard db.actor.has(.administrator, in: id) else { throw Problem.notFound }
        program = try Program.find(id, in: db)
        versions = try db.all(
            """
            SELECT * FROM consent_text WHERE organization_id = \(db.organization) AND program_id = \(id)
            ORDER BY purpose, language, version DESC LIMIT 500
            """
        ) { Version(text: try ConsentText(row: $0), publishedAt: try $0["published_at"]) }
        let (purpose, language) = (typed["purpose"], typed["language"])
        let newest = versions.first { $0.text.purpose.rawValue == purpose && $0.text.language == language }
        edition = newest.map { Edition(["body": [$0.text.body]]) }
        if typed["body"] == nil, let newest {
            self.typed = Form(["purpose": [purpose ?? ""], "language": [language ?? ""], "body": [newest.text.body]])
        } else {
            self.typed = typed
        }
        self.errors = errors
    }

    package func title(_ words: Words) -> String { words("consent.texts.title") }

    package func shown(_ words: Words) -> Value {
        let purposes = Consent.Purpose.allCases.map {
            Field.Option($0.rawValue, words("consent.purpose.\($0.rawValue).title"))
        }
        let languages = Self.languages.map { Field.Option($0, words("languages.\($0)")) }
        let fields = [
            Field("purpose", .select(purposes), "consent.texts.purpose", required: true, in: typed, errors, words),
            Field("language", .select(languages), "consent.texts.language", required: true, in: typed, errors, words),
            Field("body", .lines(14), "consent.texts.body", hinted: true, required: true, in: typed, errors, words)
        ]
        return [
            "program": .text(program.name), "actionPath": .text(path),
            "form": shownForm(edition?.beside(fields, errors, words) ?? fields), "edition": Value(edition?.mark),
            "purposes": .list(Consent.Purpose.allCases.map { shown($0, words) }), "invalid": .flag(!errors.isEmpty)
        ]
    }

    private var path: String { "/programs/\(program.id)/consent-texts" }

    private func shown(_ purpose: Consent.Purpose, _ words: Words) -> Value {
        let ofPurpose = Dictionary(grouping: versions.filter { $0.text.purpose == purpose }, by: \.text.language)
        // English first, since it stands in for every language without words.
        let others = ofPurpose.keys.filter { !Self.languages.contains($0) }.sorted()
        return [
            "title": .text(words("consent.purpose.\(purpose.rawValue).title")),
            "languages": .list(
                (Self.languages + others).compactMap { language -> Value? in
                    guard let all = ofPurpose[language], let newest = all.first else { return nil }
                    return [
                        "code": .text(language), "language": .text(words("languages.\(language)")),
                        "now": shown(newest, words),
                        "paragraphs": .list(newest.text.paragraphs.map(Value.text)),
                        "hasEarlier": .flag(all.count > 1),
                        "earlier": .list(
                            all.dropFirst().map { version in
                                [
                                    "line": shown(version, words),
                                    "paragraphs": .list(version.text.paragraphs.map(Value.text))
                                ]
                            }),
                        "changePath": .text("\(path)?purpose=\(purpose.rawValue)&language=\(language)#body")
                    ]
                })
        ]
    }

    private func shown(_ version: Version, _ words: Words) -> Value {
        .text(
            words(
                "consent.texts.version", ["version": "\(version.text.version)", "day": words.day(version.publishedAt)])
        )
    }
}
