import Storage
import Web

extension Supporter {
    /// Whether a supporter may be with people who are under age, as their coordinator says.
    static let clearanceRoutes: [Route] = [
        .post("/supporters/{id}/clearance", .role(.coordinator)) { visit in
            let (person, form) = (try visit.id(of: Person.self), try await visit.form())
            return try await visit.submit {
                let (check, day) = try form.read { fields in
                    let check = fields.choice("check", of: Clearance.Check.self)
                    let date = fields.date("ends-on")
                    return (check, Day(year: date.year, month: date.month, day: date.day))
                }
                guard let day else { throw Problem.invalid("ends-on", "not-a-date") }
                try await visit.write { try Clearance.give(check, until: day, to: person, in: $0) }
            } next: {
                "/supporters/\(person)"
            } again: {
                try SupporterScreen(person, form, $0, in: $1)
            }
        }.taking("check", "ends-on", "ends-on-*"),
        .post("/supporters/{id}/clearance/ending", .role(.coordinator)) { visit in
            let person = try visit.id(of: Person.self)
            _ = try await visit.form()
            try await visit.write { try Clearance.takeBack(from: person, in: $0) }
            return .seeOther("/supporters/\(person)")
        }.taking()
    ]
}

extension SupporterScreen {
    /// What stands, what was before, and the form for a new one.
    func clearance(_ words: Words) -> Value {
        let standing = clearances.first { $0.stands(on: day) }
        let past = clearances.filter { $0.id != standing?.id }
        let checks = Clearance.Check.allCases.map { Field.Option($0.rawValue, words("clearance.check.\($0.rawValue)")) }
        let fields = [
            Field("check", .choice(checks), "clearance.check", required: true, in: form, errors, words),
            Field("ends-on", .date, "clearance.ends-on", hinted: true, required: true, in: form, errors, words)
        ]
        return [
            "standing": standing.map {
                [
                    "text": .text(words("clearance.stands", ["day": words.day($0.endsOn)])),
                    "given": .text($0.saidGiven(words))
                ]
            } ?? .nothing,
            "past": .list(past.map { .text("\($0.saidGiven(words)) \($0.saidEnded(words))") }),
            "hasPast": .flag(!past.isEmpty), "isOwn": .flag(isOwn), "form": shownForm(fields),
            "open": .flag(!errors.isEmpty),
            "button": .text(words(standing == nil ? "clearance.give" : "clearance.renew"))
        ]
    }
}

extension Clearance {
    /// “Criminal record, by Ana Alvarez on May 3, 2026.”
    func saidGiven(_ words: Words) -> String {
        words(
            "clearance.given",
            [
                "check": words("clearance.check.\(check.rawValue)"), "name": givenBy ?? words("clearance.program"),
                "day": words.day(givenAt)
            ])
    }

    /// Until when it held.
    func saidEnded(_ words: Words) -> String {
        guard let endedAt, let endedBy else { return words("clearance.until", ["day": words.day(endsOn)]) }
        return words("clearance.ended", ["day": words.day(endedAt), "name": endedBy])
    }
}
