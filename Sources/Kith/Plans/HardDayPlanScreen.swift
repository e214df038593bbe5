import Storage
import Web

/// “My plan for hard days”: to be read on one.
struct HardDayPlanScreen: Screen {
    static let template = "plans/hard-days"

    let kept: HardDayPlan.Kept?
    let readers: [HardDayPlan.Reader]

    init(in db: Reading) throws {
        kept = try HardDayPlan.mine(in: db)
        readers = try HardDayPlan.readers(in: db)
    }

    func title(_ words: Words) -> String { words("hard-days.title") }

    func shown(_ words: Words) -> Value {
        let readers = readers.map { reader -> Value in
            [
                "name": .text(reader.name), "path": .text("/matches/\(reader.match)/hard-days"),
                "reads": .flag(reader.mayRead), "readsNot": .flag(!reader.mayRead)
            ]
        }
        return [
            "none": .flag(kept == nil), "unreadable": .flag(kept != nil && kept?.plan == nil),
            "answers": .list(kept?.plan?.shown("own", words) ?? []),
            "kept": kept.map { ["changed": .text(words("hard-days.changed", ["day": words.day($0.changedAt)]))] }
                ?? .nothing,
            "sharing": kept == nil || readers.isEmpty ? .nothing : ["readers": .list(readers)]
        ]
    }
}

/// The plan of somebody they support, as far as that person shares it.
struct SharedHardDayPlanScreen: Screen {
    static let template = "plans/shared"

    let match: Match.ID
    let name: String
    let kept: HardDayPlan.Kept

    init(_ match: Match.ID, in db: Reading) throws {
        self.match = match
        (name, kept) = try HardDayPlan.shared(by: match, in: db)
    }

    /// Without the name, which would stand in the list of what a browser has open.
    func title(_ words: Words) -> String { words("hard-days.link") }

    func shown(_ words: Words) -> Value {
        [
            "path": .text("/matches/\(match)"), "heading": .text(words("hard-days.shared.title", ["name": name])),
            "unreadable": .flag(kept.plan == nil),
            "answers": .list(kept.plan?.shown("theirs", words) ?? []),
            "changed": .text(words("hard-days.changed", ["day": words.day(kept.changedAt)]))
        ]
    }
}

/// The questions of the plan.
struct HardDayPlanFormScreen: Screen {
    static let template = "plans/form"

    let isNew: Bool
    let edition: Edition
    let form: Form
    let errors: FieldErrors

    init(_ typed: Form? = nil, _ errors: FieldErrors = FieldErrors(), in db: Reading) throws {
        let kept = try HardDayPlan.mine(in: db)
        isNew = kept == nil
        edition = Self.edition(of: kept)
        form = typed ?? Form(edition.fields)
        self.errors = errors
    }

    static func edition(of kept: HardDayPlan.Kept?) -> Edition {
        Edition(fields(of: kept?.plan ?? HardDayPlan()))
    }

    static func fields(of plan: HardDayPlan) -> [String: [String]] {
        Dictionary(uniqueKeysWithValues: HardDayPlan.Part.allCases.map { ($0.rawValue, [plan.answers[$0] ?? ""]) })
    }

    static func read(_ form: Form) throws -> HardDayPlan {
        try form.read { fields in
            HardDayPlan(
                Dictionary(
                    uniqueKeysWithValues: HardDayPlan.Part.allCases.map {
                        ($0, fields.text($0.rawValue, max: HardDayPlan.most, multiline: true))
                    }))
        }
    }

    func title(_ words: Words) -> String { words(isNew ? "hard-days.begin" : "hard-days.change") }

    func shown(_ words: Words) -> Value {
        let asked = HardDayPlan.Part.allCases.map { part in
            var field = Field(
                part.rawValue, .lines(3), "hard-days.own.\(part.rawValue)", hinted: true, in: form, errors, words)
            field.isForOneself = true
            return field
        }
        return shownForm(edition.beside(asked, errors, words)).merging([
            "edition": .text(edition.mark), "mayDelete": .flag(!isNew)
        ])
    }
}

extension HardDayPlan {
    /// The answers that were given, each under its question.
    /// - Parameter side: `own` as its writer is asked, `theirs` as somebody else reads it.
    fileprivate func shown(_ side: String, _ words: Words) -> [Value] {
        Part.allCases.compactMap { part in
            answers[part].map {
                ["question": .text(words("hard-days.\(side).\(part.rawValue)")), "answer": .text($0)]
            }
        }
    }
}
