import Storage
import Web

/// A supporter's week on one page, for a coordinator to enter what they told by phone or on paper.
struct WeekScreen: Screen {
    static let template = "encounters/week"

    let week: WeekEntry
    let typed: Form?
    let errors: FieldErrors

    init(
        of person: Person.ID, around day: Day?, _ typed: Form? = nil, _ errors: FieldErrors = FieldErrors(),
        in db: Reading
    ) throws {
        week = try WeekEntry(of: person, around: day, in: db)
        (self.typed, self.errors) = (typed, errors)
    }

    func title(_ words: Words) -> String { words("week.title") }

    func shown(_ words: Words) -> Value {
        let people = week.lines.map { line in (line: line, rows: rows(of: line, words)) }
        let all = people.flatMap { line, rows in
            rows.flatMap { row in
                row.fields.map { field -> Field in
                    var field = field
                    field.label = "\(line.match.participantName): \(field.label)"
                    return field
                }
            }
        }
        let path = "/supporters/\(week.supporter)/week"
        let isShown = Set(all.map(\.name))
        return [
            "gone": .flag(errors.all.contains { !isShown.contains($0.field) }),
            "summary": shownForm(all).merging(["fields": .list([])]), "invalid": .flag(!errors.isEmpty),
            "name": .text(week.name), "backPath": .text("/supporters/\(week.supporter)"),
            "span": .text(
                words("week.span", ["from": words.day(week.monday), "until": words.day(week.monday.adding(days: 6))])),
            "formPath": .text(path), "from": .text("\(week.monday)"), "edition": .text(week.edition.mark),
            "sheetPath": .text("\(path)/sheet?from=\(week.monday)"),
            "beforePath": mayGoBack(words) ? .text("\(path)?from=\(week.monday.adding(days: -7))") : .nothing,
            "afterPath": week.monday.adding(days: 7) <= words.day(of: words.now)
                ? .text("\(path)?from=\(week.monday.adding(days: 7))") : .nothing,
            "empty": .flag(week.lines.isEmpty),
            "people": .list(people.map { shown($0.line, $0.rows, words) })
        ]
    }

    private func mayGoBack(_ words: Words) -> Bool {
        let earliest = words.day(of: words.now).adding(days: -WeekEntry.reach)
        return week.monday > earliest
    }

    private struct Row {
        let key: String
        let heading: String?
        let fields: [Field]
    }

    private func shown(_ line: WeekEntry.Line, _ rows: [Row], _ words: Words) -> Value {
        [
            "name": .text(line.match.participantName), "id": .text("match-\(line.match.id)"),
            "contacts": .list(
                line.contacts.map { contact in
                    [
                        "path": .text("/encounters/\(contact.id)"), "when": .text(words.dayAndTime(contact.startsAt)),
                        "what": .text(words("encounters.status.\(contact.status.rawValue)")),
                        "mode": .text(words("formats.\(contact.mode.rawValue)")),
                        "proxy": .flag(contact.isProxyEntry)
                    ]
                }),
            "rows": .list(
                rows.map { row in
                    [
                        "heading": Value(row.heading),
                        "first": .list(row.fields.prefix(1).map(\.shown)),
                        "narrow": .list(row.fields.dropFirst().dropLast().map(\.shown)),
                        "last": .list(row.fields.suffix(1).map(\.shown))
                    ]
                })
        ]
    }

    /// What was planned, then what can be added: as often as the week before, or as was typed.
    private func rows(of line: WeekEntry.Line, _ words: Words) -> [Row] {
        let planned = line.untold.map { encounter in
            Row(
                key: encounter.id.text,
                heading: words("week.planned", ["when": words.dayAndTime(encounter.startsAt)]),
                fields: fields(encounter.id.text, like: encounter, week.reading(encounter).day, isPlanned: true, words))
        }
        let typedRows = line.keys(WeekEntry.rowsAtMost).lastIndex {
            !(typed?["outcome-\($0)"] ?? "").isEmpty
        }
        let count = max(line.templates.count, (typedRows ?? -1) + 1)
        let added = line.keys(count).enumerated().map { index, key in
            let template = line.templates.indices.contains(index) ? line.templates[index] : nil
            return Row(
                key: key, heading: template.map { words("week.like", ["when": words.day($0.startsAt)]) },
                fields: fields(key, like: template, template.flatMap { week.day(like: $0) }, isPlanned: false, words))
        }
        return planned + added
    }

    private func fields(
        _ key: String, like template: Encounter?, _ day: Day?, isPlanned: Bool, _ words: Words
    ) -> [Field] {
        let form = typed ?? Form(template.map { prefilled($0, key, day) } ?? [:])
        func field(_ name: String, _ kind: Field.Kind, _ label: String, required: Bool = false) -> Field {
            Field("\(name)-\(key)", kind, label, required: required, autocomplete: "off", in: form, errors, words)
        }
        let outcomes = WeekEntry.Outcome.allCases.map {
            Field.Option($0.rawValue, words("week.outcome.\($0.rawValue)"))
        }
        let days = week.days.map { Field.Option("\($0)", words.day($0)) }
        let functions = Encounter.Function.allCases.map {
            Field.Option($0.rawValue, words("encounters.function.\($0.rawValue)"))
        }
        var fields = [
            field(
                "outcome", .select([Field.Option("", words("week.outcome.none"))] + outcomes), "week.outcome",
                required: true),
            field("mode", .select(shownModes(Format.allCases, words)), "encounters.mode", required: true)
        ]
        if !isPlanned {
            fields.append(field("day", .select(days), "encounters.date", required: true))
            var time = field("time", .time, "encounters.time")
            time.hint = words("week.time-hint")
            fields.append(time)
        }
        return fields + [
            field("minutes", .number, "encounters.minutes", required: true),
            field("functions", .checks(functions), "encounters.functions", required: true)
        ]
    }

    /// As it was the week before, but for what became of it: that is told anew each time.
    private func prefilled(_ encounter: Encounter, _ key: String, _ day: Day?) -> [String: [String]] {
        [
            "mode-\(key)": [encounter.mode.rawValue], "day-\(key)": day.map { ["\($0)"] } ?? [],
            "time-\(key)": ["\(week.reading(encounter).time)"],
            "minutes-\(key)": encounter.minutes.map { ["\($0)"] } ?? [],
            "functions-\(key)": encounter.functions.map(\.rawValue).sorted()
        ]
    }
}

/// The same week as an empty sheet, for a supporter to fill in on paper. It says of nobody more than a first name.
struct WeekSheetScreen: Screen {
    static let template = "encounters/week-sheet"

    let week: WeekEntry
    let isLarge: Bool

    init(of person: Person.ID, around day: Day?, isLarge: Bool, in db: Reading) throws {
        week = try WeekEntry(of: person, around: day, in: db)
        self.isLarge = isLarge
    }

    func title(_ words: Words) -> String { words("week.sheet.title") }

    func shown(_ words: Words) -> Value {
        let path = "/supporters/\(week.supporter)/week"
        return [
            "span": .text(
                words("week.span", ["from": words.day(week.monday), "until": words.day(week.monday.adding(days: 6))])),
            "backPath": .text("\(path)?from=\(week.monday)"), "large": .flag(isLarge),
            "herePath": .text("\(path)/sheet?from=\(week.monday)"),
            "functions": .list(
                Encounter.Function.allCases.enumerated().map { index, function in
                    [
                        "number": .text("\(index + 1)"),
                        "text": .text(words("encounters.function.\(function.rawValue)"))
                    ]
                }),
            "people": .list(week.lines.map { .text($0.firstName) })
        ]
    }
}
