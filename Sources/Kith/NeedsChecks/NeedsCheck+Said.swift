import Web

extension NeedsCheck {
    /// What was answered, in the words that were asked and in their order.
    func said(
        _ words: Words, of questions: Set<Question> = Set(Question.allCases)
    ) -> [(question: String, answer: String)] {
        Question.allCases.filter(questions.contains).compactMap { question in
            answers?[question].map { (question.asked(words), question.said($0, words)) }
        }
    }

    /// The same as sentences.
    private func sentences(_ words: Words, of questions: Set<Question> = Set(Question.allCases)) -> String {
        said(words, of: questions).map { words("needs-check.said", ["question": $0.question, "answer": $0.answer]) }
            .joined(separator: " ")
    }

    /// All of it, for its owner.
    func text(_ words: Words) -> String { answers == nil ? words("text.unreadable") : sentences(words) }

    func shownAnswers(_ words: Words) -> Value {
        .list(said(words).map { ["question": .text($0.question), "answer": .text($0.answer)] })
    }

    /// The answers that led to something, in a line for `reader`; nil where it did not follow.
    func reason(for consequence: Consequence, to reader: Reader, _ words: Words) -> String? {
        guard let because = consequences[consequence] else { return nil }
        let key = reader == .themselves ? "needs-check.because" : "needs-check.because-they"
        return words(key, ["said": sentences(words, of: because)])
    }

    enum Reader { case themselves, staff }
}

extension NeedsRules.Question {
    func asked(_ words: Words) -> String { words("needs-check.\(rawValue)") }

    func said(_ answer: String, _ words: Words) -> String { words("needs-check.\(rawValue).\(answer)") }

    /// The question with its answers, none of them chosen.
    func field(_ form: Form, _ errors: FieldErrors, _ words: Words) -> Field {
        let options = answers.map { Field.Option($0, said($0, words)) }
        let isHinted = [.safe, .days, .health].contains(self)
        return Field(rawValue, .choice(options), "needs-check.\(rawValue)", hinted: isHinted, in: form, errors, words)
    }
}
