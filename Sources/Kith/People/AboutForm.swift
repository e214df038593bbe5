import Web

/// The questions about oneself that may count in matching; the same for whoever wants support, whoever gives it, and the
/// coordinator who asks. Nobody needs to answer any.
enum AboutForm {
    /// Words offered for gender. Others that were written down before stay a choice.
    static let genders = ["woman", "man", "nonbinary", "another"]

    static func fields(_ form: Form, _ errors: FieldErrors, _ words: Words) -> [Field] {
        var genders = genders.map { Field.Option($0, words("about.gender.\($0)")) }
        genders += form.all("gender").filter { !$0.isEmpty && !Self.genders.contains($0) }.map { Field.Option($0, $0) }
        return [
            Field(
                "birth-year", .number, "about.birth-year", hinted: true, autocomplete: "off", in: form, errors, words),
            Field("gender", .select(genders), "about.gender", in: form, errors, words),
            Field(
                "culture", .line, "about.culture", hinted: true, autocomplete: "off", in: form, errors, words)
        ]
    }

    /// - Parameter year: this year; nobody is born after it.
    static func read(_ fields: inout FieldReader, in year: Int) -> Person.About {
        func told(_ text: String) -> String? { text.isEmpty ? nil : text }
        return Person.About(
            birthYear: fields.optionalInteger("birth-year", in: 1_900...max(1_900, year)),
            gender: told(fields.text("gender", max: 60)), culture: told(fields.text("culture", max: 60)))
    }
}

extension Person.About {
    /// As the form has it.
    var fields: [String: [String]] {
        // However it was written down before, it is the same answer.
        let gender = gender.map { gender in
            AboutForm.genders.first { $0 == gender.trimmed.lowercased() } ?? gender
        }
        return [
            "birth-year": birthYear.map { [String($0)] } ?? [], "gender": gender.map { [$0] } ?? [],
            "culture": culture.map { [$0] } ?? []
        ]
    }
}
