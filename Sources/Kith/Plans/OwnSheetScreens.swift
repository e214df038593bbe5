import Storage
import Web

/// A sheet of one's own: to be read when it is needed, and to be printed.
struct OwnSheetScreen<Sheet: OwnSheet>: Screen {
    static var template: String { Sheet.templates }

    let kept: KeptSheet<Sheet>?
    let readers: [SheetReader]
    /// Whether it is shown, and printed, in larger letters.
    let isLarge: Bool

    init(isLarge: Bool, in db: Reading) throws {
        kept = try Sheet.mine(in: db)
        readers = try Sheet.readers(in: db)
        self.isLarge = isLarge
    }

    func title(_ words: Words) -> String { words("\(Sheet.name).title") }

    func shown(_ words: Words) -> Value {
        let readers = readers.map { reader -> Value in
            [
                "name": .text(reader.name), "path": .text("/matches/\(reader.match)/\(Sheet.name)"),
                "reads": .flag(reader.mayRead), "readsNot": .flag(!reader.mayRead)
            ]
        }
        let open = Sheet.Part.allCases.filter { kept?.sheet?.answers[$0] == nil }
        return [
            "none": .flag(kept == nil), "unreadable": .flag(kept != nil && kept?.sheet == nil),
            "answers": .list(kept?.sheet?.shown("own", words) ?? []),
            // On paper there is room to answer by hand.
            "unanswered": .list(open.map { .text(words("\(Sheet.name).own.\($0.rawValue)")) }),
            "kept": kept.map { ["changed": .text(words("\(Sheet.name).changed", ["day": words.day($0.changedAt)]))] }
                ?? .nothing,
            "sharing": kept == nil || readers.isEmpty ? .nothing : ["readers": .list(readers)],
            "large": .flag(isLarge), "usual": .flag(!isLarge)
        ]
    }
}

/// The sheet of somebody they support, as far as that person shares it.
struct SharedSheetScreen<Sheet: OwnSheet>: Screen {
    static var template: String { "plans/shared" }

    let match: Match.ID
    let name: String
    let kept: KeptSheet<Sheet>

    init(_ match: Match.ID, in db: Reading) throws {
        self.match = match
        (name, kept) = try Sheet.shared(by: match, in: db)
    }

    /// Without the name, which would stand in the list of what a browser has open.
    func title(_ words: Words) -> String { words("\(Sheet.name).link") }

    func shown(_ words: Words) -> Value {
        let note = Sheet.note.flatMap { kept.sheet?.answers[$0] }
        let answers = kept.sheet?.shown("theirs", words) ?? []
        return [
            "path": .text("/matches/\(match)"),
            "heading": .text(words("\(Sheet.name).shared.title", ["name": name])),
            "unreadable": .flag(kept.sheet == nil),
            "answers": .list(note == nil ? answers : []),
            "noted": note.map { ["note": .text($0), "answers": .list(answers)] } ?? .nothing,
            "changed": .text(words("\(Sheet.name).changed", ["day": words.day(kept.changedAt)]))
        ]
    }
}

/// The questions of a sheet.
struct OwnSheetFormScreen<Sheet: OwnSheet>: Screen {
    static var template: String { "\(Sheet.templates)-form" }

    let isNew: Bool
    let edition: Edition
    let form: Form
    let errors: FieldErrors

    init(_ typed: Form? = nil, _ errors: FieldErrors = FieldErrors(), in db: Reading) throws {
        let kept = try Sheet.mine(in: db)
        isNew = kept == nil
        edition = Self.edition(of: kept)
        form = typed ?? Form(edition.fields)
        self.errors = errors
    }

    static func edition(of kept: KeptSheet<Sheet>?) -> Edition { Edition(fields(of: kept?.sheet ?? Sheet([:]))) }

    static func fields(of sheet: Sheet) -> [String: [String]] {
        Dictionary(uniqueKeysWithValues: Sheet.Part.allCases.map { ($0.rawValue, [sheet.answers[$0] ?? ""]) })
    }

    static func read(_ form: Form) throws -> Sheet {
        try form.read { fields in
            Sheet(
                Dictionary(
                    uniqueKeysWithValues: Sheet.Part.allCases.map {
                        ($0, fields.text($0.rawValue, max: Sheet.most, multiline: true))
                    }))
        }
    }

    func title(_ words: Words) -> String { words("\(Sheet.name).\(isNew ? "begin" : "change")") }

    func shown(_ words: Words) -> Value {
        let asked = Sheet.Part.allCases.map { part in
            var field = Field(
                part.rawValue, part == Sheet.note ? .line : .lines(3), "\(Sheet.name).own.\(part.rawValue)",
                hinted: true, in: form, errors, words)
            field.isForOneself = true
            return field
        }
        return shownForm(edition.beside(asked, errors, words)).merging([
            "edition": .text(edition.mark), "mayDelete": .flag(!isNew)
        ])
    }
}

extension OwnSheet {
    /// The answers that were given, each under its question.
    /// - Parameter side: `own` as its writer is asked, `theirs` as somebody else reads it.
    fileprivate func shown(_ side: String, _ words: Words) -> [Value] {
        Part.allCases.filter { side == "own" || $0 != Self.note }.compactMap { part in
            answers[part].map {
                ["question": .text(words("\(Self.name).\(side).\(part.rawValue)")), "answer": .text($0)]
            }
        }
    }
}
