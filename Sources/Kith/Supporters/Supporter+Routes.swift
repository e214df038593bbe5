import Storage
import Web

extension Supporter {
    static let routes: [Route] = [
        .get("/supporters", .role(.coordinator)) { visit in
            try await visit.show { try RosterScreen(in: $0) }
        },
        .get("/supporters/{id}", .role(.coordinator)) { visit in
            let person = try visit.id(of: Person.self)
            return try await visit.show { try SupporterScreen(person, in: $0) }
        },
        .post("/supporters/{id}/attestation", .role(.coordinator)) { visit in
            let person = try visit.id(of: Person.self)
            let topic = try await visit.form().read { $0.text("topic", required: true) }
            try await visit.write { try Supporter.attest(topic, of: person, in: $0) }
            return .seeOther("/supporters/\(person)")
        }.taking("topic"),
        .get("/profile", .role(.supporter)) { visit in
            try await visit.show { try ProfileScreen(in: $0) }
        },
        .post("/profile", .role(.supporter)) { visit in
            let form = try await visit.form()
            return try await visit.submit {
                try await visit.write { try keep(form, in: $0) }
            } next: {
                "/profile"
            } again: {
                try ProfileScreen(again: form, $0, in: $1)
            }
        }.taking(
            "areas", "birth-year", "culture", "edition", "formats", "gender", "hours-*", "introduction", "languages",
            "limit", "returns-on", "returns-on-*", "topic-*"),
        .post("/profile/pause", .role(.supporter)) { visit in
            let form = try await visit.form()
            return try await visit.submit {
                let day = try form.read { fields in
                    fields.optionalDate("returns-on").flatMap { Day(year: $0.year, month: $0.month, day: $0.day) }
                }
                try await visit.write { try Supporter.pause(returnsOn: day, in: $0) }
            } next: {
                "/profile"
            } again: {
                try ProfileScreen(pausing: form, $0, in: $1)
            }
        }.taking("returns-on", "returns-on-*"),
        .post("/profile/resume", .role(.supporter)) { visit in
            _ = try await visit.form()
            try await visit.write { try Supporter.resume(in: $0) }
            return .seeOther("/profile")
        }.taking()
    ]

    /// Writes down what a supporter said about themselves.
    private static func keep(_ form: Form, in db: Writing) throws {
        let (read, about) = try form.read { fields in
            let profile = try Profile(from: form, &fields)
            return (profile, AboutForm.read(&fields, in: db.today.parts.year))
        }
        var profile = read
        let (before, asked) = (try mine(in: db), form.topicsAsked)
        // What the form did not ask about, such as another program's topics, stays.
        profile.statements += before?.profile.statements.filter { !asked.contains($0.topic) } ?? []
        let edition = ProfileScreen.edition(of: before, try before?.about ?? Person.aboutMe(in: db))
        let saved = profile.fields.merging(about.fields) { $1 }
        try edition.check(form, saving: saved)
        if before != nil, edition.isKept(saved) { return }
        try keepOwn(profile, in: db)
        try Person.tell(about, in: db)
    }
}

extension Form {
    /// The topics the form asked about, whatever was answered.
    fileprivate var topicsAsked: Set<String> {
        Set(names.filter { $0.hasPrefix("topic-") }.map { String($0.dropFirst("topic-".count)) })
    }
}

extension Supporter.Profile {
    fileprivate init(from form: Form, _ fields: inout FieldReader) throws {
        self.init(
            introduction: fields.text("introduction", max: 600, multiline: true),
            limit: fields.integer("limit", in: 0...50),
            formats: fields.choices("formats", of: Format.self, required: true),
            areas: fields.text("areas", max: 300).split(whereSeparator: { ",،".contains($0) }).map(\.trimmed)
                .filter { !$0.isEmpty },
            languages: form.all("languages").map(\.trimmed).filter { !$0.isEmpty && $0.utf8.count <= 35 })
        if languages.isEmpty { fields.fail("languages", "required") }
        for weekday in 0..<7 {
            hours +=
                fields.optionalValue("hours-\(weekday)", code: "not-hours") {
                    WeekHours.reading($0, on: weekday)
                } ?? []
        }
        for topic in form.topicsAsked.sorted() {
            if let choice = fields.optionalChoice("topic-\(topic)", of: StatementChoice.self) {
                statements.append(choice.statement(on: topic))
            }
        }
    }
}
