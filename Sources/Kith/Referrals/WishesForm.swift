import Foundation
import Storage
import Web

/// The questions about what somebody wishes for in a supporter: the same for the person themselves and for the
/// coordinator who asks them. Every one may be skipped.
struct WishesForm: Sendable {
    let topics: [Topic]
    /// Where supporters of the program meet people, so that an area is spelled as they spell it.
    let areas: [String]
    /// What was written down before.
    let before: Wishes
    /// The person's own language.
    let language: String

    /// Three statements.
    init(for referral: Referral, of language: String, in db: Reading) throws {
        topics = try Program.topics(of: referral.program, in: db)
        let lists = try db.values(
            """
            SELECT s.areas FROM supporter s WHERE s.organization_id = \(referral.organization)
            AND s.person_id IN (SELECT m.person_id FROM membership m WHERE m.organization_id = \(referral.organization)
                AND m.program_id = \(referral.program) AND m.role = \(Role.supporter) AND m.ended_at IS NULL)
            """, as: String.self)
        areas = Set(try lists.flatMap { try JSONDecoder().decode([String].self, from: Data($0.utf8)) }).sorted()
        before = try referral.wishes(in: db)
        self.language = language
    }

    private var languages: [String] {
        let known = before.languages + [language]
        return Language.offered
            + known.filter { !Language.offered.contains($0) }.reduce(into: []) { all, code in
                if !all.contains(code) { all.append(code) }
            }
    }

    func fields(_ form: Form, _ errors: FieldErrors, _ words: Words) -> [Field] {
        func field(_ name: String, _ kind: Field.Kind, hinted: Bool = false) -> Field {
            Field(name, kind, "wish.\(name)", hinted: hinted, autocomplete: "off", in: form, errors, words)
        }
        let topics = topics.map { Field.Option($0.code, $0.name) }
        let languages = languages.map { Field.Option($0, words.language($0)) }
        var fields: [Field] = []
        if !topics.isEmpty {
            fields += [field("topics", .checks(topics), hinted: true), field("topic-first", .select(topics))]
        }
        for attribute in ["gender", "age", "culture"] {
            let none = [Field.Option("", words("wish.choice.none"))]
            let choices = WishChoice.allCases.map {
                Field.Option($0.rawValue, words("wish.choice.\(attribute).\($0.rawValue)"))
            }
            fields.append(field("wish-\(attribute)", .select(none + choices), hinted: attribute == "gender"))
        }
        let formats = Format.allCases.map { Field.Option($0.rawValue, words.format($0)) }
        fields += [field("formats", .checks(formats), hinted: true)]
        var area = field("wish-area", .line)
        area.hint = words(
            areas.isEmpty ? "wish.area-hint" : "wish.area-hint-known", ["areas": words.list(areas)])
        fields.append(area)
        for weekday in 0..<7 {
            var day = Field("hours-\(weekday)", .line, "dates.weekday.\(weekday)", in: form, errors, words)
            day.hint = weekday == 0 ? words("wish.hours-hint") : nil
            fields.append(day)
        }
        return fields + [
            field("languages", .checks(languages), hinted: true), field("language-first", .select(languages)),
            field("wish-words", .lines(3), hinted: true)
        ]
    }

    /// What the form says.
    /// - Parameter about: what the person tells about themselves in the same form: nothing can be compared with what was
    ///   not told.
    func read(_ form: Form, _ fields: inout FieldReader, comparedWith about: Person.About) -> Wishes {
        var wishes = Wishes()
        let languages = languages
        let first = fields.optionalValue("language-first", code: "not-a-choice") { languages.contains($0) ? $0 : nil }
        wishes.languages = ordered(
            form.all("languages"), first: first, before: before.languages + [language], among: languages,
            "languages", &fields)
        let codes = topics.map(\.code)
        let topic = fields.optionalValue("topic-first", code: "not-a-choice") { codes.contains($0) ? $0 : nil }
        wishes.topics = ordered(
            form.all("topics"), first: topic, before: before.topics, among: codes, "topics", &fields)
        wishes.formats = fields.choices("formats", of: Format.self)
        let area = fields.text("wish-area", max: 100)
        wishes.area = area.isEmpty ? nil : area
        for weekday in 0..<7 {
            wishes.hours +=
                fields.optionalValue("hours-\(weekday)", code: "not-hours") { WeekHours.reading($0, on: weekday) } ?? []
        }
        wishes.gender = wish("gender", isTold: about.gender != nil, &fields)
        wishes.age = wish("age", isTold: about.birthYear != nil, &fields)
        wishes.culture = wish("culture", isTold: about.culture != nil, &fields)
        let own = fields.text("wish-words", max: 600, multiline: true)
        wishes.words = own.isEmpty ? nil : own
        return wishes
    }

    /// What was chosen: the one that matters most first, then as it was before, then as it is offered.
    private func ordered(
        _ chosen: [String], first: String?, before: [String], among all: [String], _ name: String,
        _ fields: inout FieldReader
    ) -> [String] {
        let chosen = chosen.filter { !$0.isEmpty }
        if !chosen.allSatisfy(all.contains) { fields.fail(name, "not-a-choice") }
        let order = (first.map { [$0] } ?? []) + before + all
        return order.reduce(into: []) { list, code in
            if chosen.contains(code) || code == first, !list.contains(code) { list.append(code) }
        }
    }

    private func wish(_ name: String, isTold: Bool, _ fields: inout FieldReader) -> Wishes.Wish {
        guard let choice = fields.optionalChoice("wish-\(name)", of: WishChoice.self) else { return .init() }
        if !isTold { fields.fail("wish-\(name)", "tell-first") }
        return choice.wish
    }
}

/// A wish about gender, age or culture as one answer; none is no answer.
enum WishChoice: String, CaseIterable {
    case same
    case onlySame = "only-same"
    case different
    case onlyDifferent = "only-different"

    init?(_ wish: Wishes.Wish) {
        switch (wish.kind, wish.must) {
        case (.none, _): return nil
        case (.same, false): self = .same
        case (.same, true): self = .onlySame
        case (.different, false): self = .different
        case (.different, true): self = .onlyDifferent
        }
    }

    var wish: Wishes.Wish {
        switch self {
        case .same: .init(.same)
        case .onlySame: .init(.same, must: true)
        case .different: .init(.different)
        case .onlyDifferent: .init(.different, must: true)
        }
    }
}

extension Wishes {
    /// As the form has it.
    var fields: [String: [String]] {
        func choice(_ wish: Wish) -> [String] { WishChoice(wish).map { [$0.rawValue] } ?? [] }
        var fields: [String: [String]] = [
            "languages": languages, "language-first": Array(languages.prefix(1)), "topics": topics,
            "topic-first": Array(topics.prefix(1)), "formats": formats.map(\.rawValue),
            "wish-area": area.map { [$0] } ?? [], "wish-words": words.map { [$0] } ?? [],
            "wish-gender": choice(gender), "wish-age": choice(age), "wish-culture": choice(culture)
        ]
        for (weekday, stretches) in Dictionary(grouping: hours, by: \.weekday) {
            fields["hours-\(weekday)"] = [stretches.map(\.written).joined(separator: ", ")]
        }
        return fields
    }
}
