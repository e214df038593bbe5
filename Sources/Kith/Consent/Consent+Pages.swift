import Web

/// What all consent pages show of one purpose.
struct ConsentQuestion: Sendable {
    let text: ConsentText
    /// The answer that stands, if any was given.
    let standing: Consent.Entry?

    static func all(
        for subject: ConsentSubject, history: [Consent.Entry], _ db: Reading
    ) throws -> [ConsentQuestion] {
        try ConsentText.current(of: subject.program, for: subject.language, in: db).map { text in
            ConsentQuestion(
                text: text,
                standing: history.first { $0.consent.purpose == text.purpose && $0.consent.endedAt == nil })
        }
    }

    var name: String { "answer-\(text.purpose.rawValue)" }

    /// Nothing is ticked unless the person just ticked it, for these very words.
    func field(in form: Form, _ errors: FieldErrors, _ words: Words) -> Field {
        let key = "consent.purpose.\(text.purpose.rawValue)"
        var field = Field(
            name,
            .choice([
                Field.Option("yes", words("consent.answer.yes")), Field.Option("no", words("consent.answer.no"))
            ]), "\(key).question", in: form, errors, words)
        if errors[name]?.code == "new-words" { field.values = [] }
        return field
    }

    func shown(_ field: Field, for language: String, _ words: Words) -> Value {
        let isTranslated = text.language != ConsentText.fallback || language.hasPrefix(ConsentText.fallback)
        return [
            "title": .text(words("consent.purpose.\(text.purpose.rawValue).title")),
            "paragraphs": .list(text.paragraphs.map(Value.text)), "language": .text(text.language),
            "translated": .flag(isTranslated),
            "textName": .text("text-\(text.purpose.rawValue)"), "textID": .text(text.id.text),
            "state": .text(state(words)), "field": field.shown
        ]
    }

    private func state(_ words: Words) -> String {
        guard let standing else { return words("consent.state.open") }
        let key = standing.consent.granted ? "consent.state.yes" : "consent.state.no"
        return words(key, ["day": words.day(standing.consent.givenAt)])
    }
}

/// A person's own page: the words, an answer to each purpose, what stands, and everything they ever answered.
package struct OwnConsentScreen: Screen {
    package static let template = "consent/own"

    let subject: ConsentSubject
    let questions: [ConsentQuestion]
    let history: [Consent.Entry]
    let typed: Form
    let errors: FieldErrors

    package init(
        _ program: Program.ID, typed: Form = Form(), errors: FieldErrors = FieldErrors(), in db: Reading
    ) throws {
        subject = try ConsentSubject.own(in: program, db)
        history = try Consent.history(of: subject.person, in: program, db: db)
        questions = try ConsentQuestion.all(for: subject, history: history, db)
        (self.typed, self.errors) = (typed, errors)
    }

    package func title(_ words: Words) -> String { words("consent.own.title") }

    package func shown(_ words: Words) -> Value {
        let fields = questions.map { $0.field(in: typed, errors, words) }
        let name = Field("name", .line, "consent.own.name", hinted: true, required: true, in: typed, errors, words)
        return [
            "program": .text(subject.programName), "programID": .text(subject.program.text),
            "mayAnswer": .flag(subject.isParticipant && !questions.isEmpty),
            "summary": shownForm(fields + [name]).merging(["fields": []]),
            "questions": .list(zip(questions, fields).map { $0.shown($1, for: subject.language, words) }),
            "name": name.shown,
            "standing": .list(shownStanding(history, words)),
            "history": .list(history.map { shownEntry($0, words) })
        ]
    }
}

/// A coordinator's page: what to read aloud, and what the person answered on paper or by voice.
package struct RecordConsentScreen: Screen {
    package static let template = "consent/record"

    let referral: String
    let subject: ConsentSubject
    let questions: [ConsentQuestion]
    let history: [Consent.Entry]
    let typed: Form
    let errors: FieldErrors

    package init(
        referral: String, typed: Form = Form(), errors: FieldErrors = FieldErrors(), in db: Reading
    ) throws {
        self.referral = referral
        subject = try ConsentSubject.referred(by: referral, db)
        history = try Consent.history(of: subject.person, in: subject.program, db: db)
        questions = try ConsentQuestion.all(for: subject, history: history, db)
        (self.typed, self.errors) = (typed, errors)
    }

    package func title(_ words: Words) -> String { words("consent.record.title") }

    package func shown(_ words: Words) -> Value {
        let answers = questions.map { $0.field(in: typed, errors, words) }
        let ways = ["voice", "paper"].map { Field.Option($0, words("consent.method.\($0)")) }
        let others = [
            Field("how", .choice(ways), "consent.record.how", required: true, in: typed, errors, words),
            Field("witness", .line, "consent.record.witness", hinted: true, in: typed, errors, words),
            Field("reason", .line, "consent.record.reason", hinted: true, in: typed, errors, words),
            Field("name", .line, "consent.record.name", hinted: true, required: true, in: typed, errors, words)
        ]
        return [
            "person": .text(subject.name), "program": .text(subject.programName), "referralID": .text(referral),
            "mayAnswer": .flag(subject.isParticipant && !questions.isEmpty),
            "summary": shownForm(answers + others).merging(["fields": []]),
            "questions": .list(zip(questions, answers).map { $0.shown($1, for: subject.language, words) }),
            "others": .list(others.map(\.shown)),
            "standing": .list(shownStanding(history, words)),
            "history": .list(history.map { shownEntry($0, words) })
        ]
    }
}

/// What can be taken back.
private func shownStanding(_ history: [Consent.Entry], _ words: Words) -> [Value] {
    Consent.Purpose.allCases.compactMap { purpose in
        let entry = history.first { $0.consent.purpose == purpose && $0.consent.endedAt == nil }
        guard let consent = entry?.consent, consent.granted else { return nil }
        return [
            "title": .text(words("consent.purpose.\(purpose.rawValue).title")), "purpose": .text(purpose.rawValue),
            "since": .text(words("consent.state.yes", ["day": words.day(consent.givenAt)]))
        ]
    }
}

private func shownEntry(_ entry: Consent.Entry, _ words: Words) -> Value {
    let consent = entry.consent
    let method = words("consent.method.\(consent.method.rawValue)")
    return [
        "title": .text(words("consent.purpose.\(consent.purpose.rawValue).title")),
        "answer": .text(words(consent.granted ? "consent.answer.yes" : "consent.answer.no")),
        "given": .text(words.dayAndTime(consent.givenAt)),
        "ended": consent.endedAt.map { .text(words.dayAndTime($0)) } ?? .nothing,
        "words": .text(words("consent.version", ["version": "\(entry.version)", "language": entry.language])),
        "how": .text(words("consent.signed", ["method": method, "name": consent.signedAs])),
        "reason": Value(consent.reason), "witness": Value(consent.witness)
    ]
}
