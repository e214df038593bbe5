import Storage
import Web

/// A few questions about how somebody is, each of which can be skipped.
struct NeedsCheckScreen: Screen {
    static let template = "needs-checks/ask"

    let door: NeedsCheck.Door
    let questions: [NeedsCheck.Question]
    /// Whether a caregiver asked for somebody else.
    let isForOther: Bool
    /// In the language of the person, where a coordinator reads the questions to them and Kith speaks it.
    let spoken: Strings?
    /// Whether they answered before.
    let hasSaid: Bool
    let once: String
    let form: Form
    let errors: FieldErrors

    init(
        _ door: NeedsCheck.Door, in translations: Translations, _ form: Form = Form(),
        _ errors: FieldErrors = FieldErrors(), db: Reading
    ) throws {
        let (referral, questions) = try door.referral(in: db)
        (self.door, self.questions, self.form, self.errors) = (door, questions, form, errors)
        isForOther = referral.forOther && referral.origin == .own
        once = form["once"] ?? db.world.newIdentifier()
        guard door.teller == .coordinator else {
            hasSaid = try NeedsCheck.newest(of: referral, db) != nil
            spoken = nil
            return
        }
        hasSaid = false
        let language = try db.value(
            "SELECT language FROM person WHERE organization_id = \(db.organization) AND id = \(referral.person)",
            as: String.self)
        spoken = language.flatMap { translations.locales.contains($0) ? translations[$0] : nil }
    }

    func title(_ words: Words) -> String { words("needs-check.title") }

    func shown(_ words: Words) -> Value {
        let isRead = door.teller == .coordinator
        let other = spoken.flatMap { $0.locale == words.strings.locale ? nil : $0 }
        return [
            "form": shownForm(questions.map { $0.field(form, errors, words) }), "once": .text(once),
            "actionPath": .text(door.action.string), "backPath": .text(door.back.string),
            "other": .flag(isForOther && !isRead),
            "read": .flag(isRead), "saidPath": hasSaid ? .text(door.said.string) : .nothing,
            "spoken": other.map(shown) ?? .nothing
        ]
    }

    /// What to read aloud.
    private func shown(_ spoken: Strings) -> Value {
        [
            "language": .text(spoken.locale),
            "lines": .list(
                questions.map { question in
                    let answers = question.answers.map { spoken("needs-check.\(question.rawValue).\($0)") }
                    return [
                        "question": .text(spoken("needs-check.\(question.rawValue)")),
                        "answers": .text(answers.joined(separator: " · "))
                    ]
                })
        ]
    }

    /// What was answered; what is left out was skipped.
    /// - Throws: ``FieldErrors`` where an answer is none that is offered.
    static func read(_ form: Form) throws -> [NeedsCheck.Question: String] {
        try form.read { fields in
            var answers: [NeedsCheck.Question: String] = [:]
            for question in NeedsCheck.Question.allCases {
                answers[question] = fields.optionalValue(question.rawValue, code: "not-a-choice") {
                    question.answers.contains($0) ? $0 : nil
                }
            }
            if answers.isEmpty { fields.fail(NeedsCheck.Question.safe.rawValue, "one-answer") }
            return answers
        }
    }
}
