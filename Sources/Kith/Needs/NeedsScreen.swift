import Matching
import Storage
import Web

/// What is asked for in a program beside what its supporters bring, for its coordinators.
struct NeedsScreen: Screen {
    static let template = "needs/needs"

    let program: ChosenProgram
    let needs: ProgramNeeds

    /// - Throws: ``Problem/notFound`` for a program that the person asking does not coordinate.
    init(_ query: Form, in db: Reading) throws {
        program = try ChosenProgram(query, of: [.coordinator], in: db)
        needs = try ProgramNeeds(of: program.id, in: db)
    }

    func title(_ words: Words) -> String { words("needs.title") }

    func shown(_ words: Words) -> Value {
        let waiting = needs.lines.filter { $0.waiting > 0 }
        let others = needs.lines.filter { $0.waiting == 0 }
        return [
            "program": .text(program.name),
            "others": program.shownOthers { "/needs?program=\($0)" },
            "roundPath": .text("/rounds?program=\(program.id)"),
            "facts": .list([
                fact("needs.waiting", needs.hasMore ? "\(needs.waiting)+" : "\(needs.waiting)", words),
                fact("needs.supporters", "\(needs.supporters)", words), fact("needs.free", "\(needs.free)", words)
            ]),
            "hasAdvice": .flag(!needs.advice.isEmpty), "advice": .list(needs.advice.map { shown($0, words) }),
            "noAdvice": .text(words(needs.waiting == 0 ? "needs.nobody-waits" : "needs.nobody-helps")),
            "chart": waiting.isEmpty ? .nothing : chart(of: waiting, words).shown(words),
            "tables": .list(
                [waiting, others].filter { !$0.isEmpty }.map { lines in
                    [
                        "isOpen": .flag(lines[0].waiting > 0), "lines": .list(lines.map { shown($0, words) }),
                        "heading": .text(
                            lines[0].waiting > 0 ? words("needs.table") : words("needs.also", count: lines.count))
                    ]
                }),
            "hasLines": .flag(!needs.lines.isEmpty),
            "note": .text(words("needs.note", ["weeks": "\(FreedPlaces.weeks)"]))
        ]
    }

    /// How many topics a picture still tells something of.
    private static let charted = 6

    /// How many wait for each topic, and for how many of them no place is free: the most missed first.
    private func chart(of waiting: [ProgramNeeds.Line], _ words: Words) -> Chart {
        let topics = Dictionary(grouping: waiting, by: \.kind.topic).map { topic, lines in
            (topic: topic, waiting: lines.reduce(0) { $0 + $1.waiting }, missing: lines.reduce(0) { $0 + $1.gap })
        }
        let worst = topics.sorted { ($0.missing, $0.waiting, $1.topic) > ($1.missing, $1.waiting, $0.topic) }
        return Chart(
            words("needs.chart"), words("needs.chart.hint"),
            series: [words("needs.column.waiting"), words("needs.column.gap")],
            bars: worst.prefix(Self.charted).map {
                Chart.Bar(needs.topics[$0.topic] ?? $0.topic, [$0.waiting, $0.missing])
            })
    }

    private func fact(_ key: String, _ number: String, _ words: Words) -> Value {
        ["label": .text(words(key)), "text": .text(number)]
    }

    private func shown(_ line: ProgramNeeds.Line, _ words: Words) -> Value {
        [
            "topic": .text(needs.topics[line.kind.topic] ?? line.kind.topic),
            "language": .text(words.language(line.kind.language)),
            "area": .text(line.kind.area ?? words("needs.no-area")),
            "waiting": .number(line.waiting),
            "longest": line.waiting == 0 ? .nothing : .text(words("dates.days", count: line.longest)),
            "asked": .number(line.asked), "supporters": .number(line.supporters), "free": .number(line.free),
            "gap": .number(line.gap), "isShort": .flag(line.gap > 0),
            "took": line.medianDays.map { .text(words("dates.days", count: $0)) } ?? .text(words("needs.nothing")),
            "estimate": .text(line.estimate.said(words))
        ]
    }

    private func shown(_ advice: ProgramNeeds.Advice, _ words: Words) -> Value {
        let behind = advice.behind > 0
        let shorter = advice.days.flatMap { $0 > 0 ? $0 : nil }
        return [
            "whom": .text(
                words(
                    "needs.wanted",
                    ["traits": words.list(advice.traits(words, naming: needs.topics))])),
            "people": .text(words("needs.wanted.people", count: advice.people)),
            "behind": !behind
                ? .nothing
                : .text(
                    shorter.map {
                        words(
                            "needs.wanted.days", count: advice.behind, ["days": words("dates.days", count: $0)])
                    } ?? words("needs.wanted.behind", count: advice.behind))
        ]
    }
}

extension ProgramNeeds.Estimate {
    func said(_ words: Words) -> String {
        switch self {
        case .unknown, .wait(.notEnoughData): words("needs.estimate.unknown")
        case .nobodyFits: words("needs.estimate.nobody")
        case .placeFree: words("needs.estimate.free")
        case .wait(.days(let days)):
            words("needs.estimate.days", ["from": "\(days.lowerBound)", "to": "\(days.upperBound)"])
        case .wait(.atLeast(let days)): words("needs.estimate.at-least", count: days)
        }
    }
}

extension ProgramNeeds.Advice {
    /// “speaks Spanish”, “has lived through: Dialysis”, “has time on Tuesday evenings”
    func traits(_ words: Words, naming topics: [String: String]) -> [String] {
        var traits: [String] = []
        func add(_ key: String, _ value: String) { traits.append(words("needs.trait.\(key)", ["value": value])) }
        if !described.languages.isEmpty { add("languages", words.list(described.languages.map(words.language))) }
        if !described.topics.isEmpty { add("topics", words.list(described.topics.map { topics[$0] ?? $0 })) }
        if !described.areas.isEmpty { add("areas", words.list(described.areas)) }
        if let gender = described.gender { add("gender", gender) }
        if let gender = described.otherGender { add("gender-other", gender) }
        if let year = described.birthYear { add("born", "\(year)") }
        if let culture = described.culture { add("culture", culture) }
        if let culture = described.otherCulture { add("culture-other", culture) }
        if described.isCleared { traits.append(words("needs.trait.cleared")) }
        if let slot {
            let hours = slot.part.hours
            add(
                "time",
                words.hours(
                    WeekHours(weekday: slot.day.rawValue, from: hours.lowerBound, to: hours.upperBound)))
        }
        return traits
    }
}
