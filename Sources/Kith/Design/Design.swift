import Web

/// Every part that pages are made of, in each of its states, on one page for whoever builds them. Only the demonstration
/// shows it.
package enum Design {
    package static let feature = Feature(name: "Design", routes: routes)

    static let routes: [Route] = [
        .get("/design", .anyone) { visit in
            guard visit.platform.isDemonstration else { throw Problem.notFound }
            return try await visit.show { _ in DesignScreen() }
        }
    ]
}

/// The parts with made-up words. Texts of the product stand where they come with a part.
struct DesignScreen: Screen {
    static let template = "design/parts"

    func title(_ words: Words) -> String { "Design" }

    func shown(_ words: Words) -> Value {
        let kinds = fields(words, FieldErrors(), typed: Form())
        var errors = FieldErrors()
        for field in Self.names { errors.add("required", for: field) }
        let wrong = fields(words, errors, typed: Form())
        return [
            "invalid": .flag(false),
            "calm": .list(kinds.map(\.shown)),
            "wrong": shownForm(wrong),
            "chart": Chart(
                "Who waits, and for whom there is no place", "The longest bar is five people.",
                series: ["Waiting", "Missing"],
                bars: [Chart.Bar("Dialysis", [5, 1]), Chart.Bar("Twins", [3, 2]), Chart.Bar("Grief", [2, 0])]
            ).shown(words),
            "messages": .list([
                message(1, "received", "Rosa", "I have been there. The nights were the worst for me too.", words),
                message(2, "mine", "You", "Thank you. When did it become easier?", words, state: "Read")
            ])
        ]
    }

    private static let names = [
        "line", "lines", "email", "telephone", "number", "date", "password", "choice", "checks", "select", "check"
    ]

    private func fields(_ words: Words, _ errors: FieldErrors, typed: Form) -> [Field] {
        let options = [
            Field.Option("one", words("formats.phone")),
            Field.Option("two", words("formats.video"), hint: "With a hint."),
            Field.Option("three", words("formats.in-person"))
        ]
        let kinds: [Field.Kind] = [
            .line, .lines(3), .email, .telephone, .number, .date, .password, .choice(options), .checks(options),
            .select(options), .check
        ]
        return zip(Self.names, kinds).map { name, kind in
            var field = Field(name, kind, "support.reach", required: true, in: typed, errors, words)
            field.id = errors.isEmpty ? name : "wrong-\(name)"
            field.label = "A question of the kind “\(name)”?"
            field.hint = "What helps to answer it."
            return field
        }
    }

    private func message(
        _ sequence: Int, _ side: String, _ name: String, _ body: String, _ words: Words, state: String? = nil
    ) -> Value {
        [
            "side": .text(side == "mine" ? "mine" : ""), "sequence": .number(sequence), "name": .text(name),
            "role": .text(words("roles.\(side == "mine" ? "participant" : "supporter")")),
            "sentAt": .text("2026-03-02T08:00:00Z"), "time": .text("8:00"), "called": .flag(false),
            "edited": .flag(false), "quote": .nothing, "noted": .nothing,
            "content": ["body": .text(body), "picture": .nothing, "voice": .nothing],
            "answerPath": .text("#m\(sequence)"),
            "changePath": .nothing, "reportPath": .nothing, "state": Value(state)
        ]
    }
}
