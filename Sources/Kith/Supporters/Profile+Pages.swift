import Storage
import Web

/// A supporter's own page: what they bring, how many people they can carry, and their pause.
package struct ProfileScreen: Screen {
    package static let template = "supporters/profile"

    let form: Form
    let errors: FieldErrors
    /// What is kept now, as the form has it.
    let edition: Edition
    let topics: [Topic]
    let load: Int
    let pause: Supporter.Pause?
    /// Whether they have filled it in before.
    let isKnown: Bool
    /// Whether they may be with people who are under age, as far as that was ever said.
    let clearance: Clearance?

    package init(in db: Reading) throws {
        try self.init(FieldErrors(), in: db) { Form($0) }
    }

    /// With what was typed, when something about it is wrong.
    init(again form: Form, _ errors: FieldErrors, in db: Reading) throws {
        try self.init(errors, in: db) { _ in form }
    }

    /// With the day of return that was typed, when something about it is wrong; the profile as it is.
    init(pausing form: Form, _ errors: FieldErrors, in db: Reading) throws {
        try self.init(errors, in: db) { saved in
            Form(saved.merging(["returns-on": form.all("returns-on")]) { $1 })
        }
    }

    private init(_ errors: FieldErrors, in db: Reading, _ form: ([String: [String]]) -> Form) throws {
        let mine = try Supporter.mine(in: db)
        let about = try mine?.about ?? Person.aboutMe(in: db)
        edition = Self.edition(of: mine, about)
        self.form = form(edition.fields)
        self.errors = errors
        load = mine?.load ?? 0
        pause = mine?.pause
        isKnown = mine != nil
        topics = try Self.topics(in: db)
        clearance = try Clearance.standing(of: db.me, in: db)
    }

    static func edition(of supporter: Supporter?, _ about: Person.About) -> Edition {
        Edition((supporter?.profile.fields ?? [:]).merging(about.fields) { $1 })
    }

    /// The topics of every program in which the person asking supports people.
    private static func topics(in db: Reading) throws -> [Topic] {
        let organization = try db.organization
        return try db.all(
            """
            SELECT code, min(name) AS name FROM topic WHERE organization_id = \(organization)
            AND program_id IN \(db.reach(.supporter)) GROUP BY code ORDER BY name, code
            """
        ) { Topic(code: try $0["code"], name: try $0["name"]) }
    }

    package func title(_ words: Words) -> String { words("profile.title") }

    package func shown(_ words: Words) -> Value {
        [
            "form": shownForm(edition.beside(fields(words), errors, words)), "edition": .text(edition.mark),
            "load": .text(words("profile.load", count: load)),
            "away": pause.map { .text($0.said(words)) } ?? .nothing,
            "known": .flag(isKnown),
            "clearance": clearance.map { .text(words("profile.clearance", ["day": words.day($0.endsOn)])) } ?? .nothing,
            "return": Field("returns-on", .date, "profile.returns-on", hinted: true, in: form, errors, words).shown,
            "invalid": .flag(!errors.isEmpty)
        ]
    }

    private func fields(_ words: Words) -> [Field] {
        func field(_ name: String, _ kind: Field.Kind, required: Bool = false) -> Field {
            Field(name, kind, "profile.\(name)", hinted: true, required: required, in: form, errors, words)
        }
        // A language written before stays a choice, also when it is not among the usual ones.
        let others = form.all("languages").filter { !Language.offered.contains($0) }
        let languages = (Language.offered + others).map { Field.Option($0, words.language($0)) }
        let formats = Format.allCases.map { Field.Option($0.rawValue, words.format($0)) }
        var fields = [
            field("introduction", .lines(4)), field("limit", .number, required: true),
            field("languages", .checks(languages), required: true), field("formats", .checks(formats), required: true),
            field("areas", .line)
        ]
        var about = AboutForm.fields(form, errors, words)
        about[0].hint = words("profile.about-hint")
        fields += about
        for weekday in 0..<7 {
            var day = Field("hours-\(weekday)", .line, "dates.weekday.\(weekday)", in: form, errors, words)
            day.hint = weekday == 0 ? words("profile.hours-hint") : nil
            fields.append(day)
        }
        let choices = StatementChoice.options(words)
        for (index, topic) in topics.enumerated() {
            var statement = Field("topic-\(topic.code)", .select(choices), "profile.topic", in: form, errors, words)
            statement.label = topic.name
            statement.hint = index == 0 ? words("profile.topics-hint") : nil
            fields.append(statement)
        }
        return fields
    }
}

/// What can be chosen about a topic, as one answer.
enum StatementChoice: String, CaseIterable {
    case livedForAnyone = "lived-anyone"
    case livedForMatched = "lived-matched"
    case livedForNobody = "lived-nobody"
    case notTaken = "not-taken"

    init(_ statement: Supporter.Statement) {
        switch (statement.kind, statement.shownTo) {
        case (.lived, .anyone): self = .livedForAnyone
        case (.lived, .matched): self = .livedForMatched
        case (.lived, .nobody): self = .livedForNobody
        case (.notTaken, _): self = .notTaken
        }
    }

    /// Why somebody does not take a topic on may be read from the topic, so nobody sees it.
    func statement(on topic: String) -> Supporter.Statement {
        switch self {
        case .livedForAnyone: .init(topic, .lived, shownTo: .anyone)
        case .livedForMatched: .init(topic, .lived, shownTo: .matched)
        case .livedForNobody: .init(topic, .lived, shownTo: .nobody)
        case .notTaken: .init(topic, .notTaken, shownTo: .nobody)
        }
    }

    static func options(_ words: Words) -> [Field.Option] {
        [Field.Option("", words("profile.topic.nothing"))]
            + allCases.map { Field.Option($0.rawValue, words("profile.topic.\($0.rawValue)")) }
    }
}

extension Supporter.Profile {
    /// As the form has it.
    var fields: [String: [String]] {
        var fields = [
            "introduction": [introduction], "limit": [String(limit)], "languages": languages,
            "formats": formats.map(\.rawValue), "areas": [areas.joined(separator: ", ")]
        ]
        for (weekday, stretches) in Dictionary(grouping: hours, by: \.weekday) {
            fields["hours-\(weekday)"] = [stretches.map(\.written).joined(separator: ", ")]
        }
        for statement in statements {
            fields["topic-\(statement.topic)"] = [StatementChoice(statement).rawValue]
        }
        return fields
    }
}
