import Foundation
import Web

/// What somebody reads before they ask that everything about them is deleted, and what became of that.
struct OwnErasureScreen: Screen {
    static let template = "erasure/own"

    let wish: ErasureWish?
    /// Who works here, or has, cannot be erased by anybody.
    let hasWorked: Bool

    init(in db: Reading) throws {
        wish = try ErasureWish.own(in: db)
        hasWorked = try Erasure.hasWorked(db.me, in: db)
    }

    func title(_ words: Words) -> String { words("erasure.title") }

    func shown(_ words: Words) -> Value {
        let open = wish.flatMap { $0.isOpen ? $0 : nil }
        let kept = wish.flatMap { $0.ending == .kept ? $0 : nil }
        return [
            "asked": open.map { words("erasure.asked", ["day": words.day($0.dueAt)]) }.map(Value.text) ?? .nothing,
            "kept": kept.map { .text($0.saidKept(words)) } ?? .nothing,
            "ask": .flag(open == nil && !hasWorked), "staff": .flag(hasWorked)
        ]
    }
}

extension ErasureWish {
    /// Why it has to stay for now, to the person it is about.
    func saidKept(_ words: Words) -> String {
        guard let reason else { return "" }
        return words("erasure.kept.\(reason.rawValue)", ["day": keptUntil.map { words.day($0) } ?? ""])
    }
}

/// Who asks to be deleted, for the coordinators of their programs.
struct ErasuresScreen: Screen {
    static let template = "erasure/list"

    let asked: [ErasureWish.Asked]

    init(in db: Reading) throws { asked = try ErasureWish.open(in: db) }

    func title(_ words: Words) -> String { words("erasures.title") }

    func shown(_ words: Words) -> Value {
        [
            "lines": .list(
                asked.map { asked in
                    let isLate = asked.wish.dueAt < words.now
                    return [
                        "path": .text("/erasures/\(asked.wish.id)"), "name": Value(asked.name),
                        "asked": .text(words("erasures.asked", ["day": words.day(asked.wish.askedAt)])),
                        "late": .flag(isLate),
                        "due": .text(
                            words(
                                isLate ? "erasures.late" : "erasures.due", ["day": words.day(asked.wish.dueAt)]))
                    ]
                }),
            "empty": .flag(asked.isEmpty)
        ]
    }
}

/// One wish: what to look at first, the two answers, and afterwards the certificate.
struct ErasureScreen: Screen {
    static let template = "erasure/show"

    let asked: ErasureWish.Asked
    let form: Form
    let errors: FieldErrors

    init(_ id: ErasureWish.ID, _ form: Form = Form(), _ errors: FieldErrors = FieldErrors(), in db: Reading) throws {
        asked = try ErasureWish.asked(id, in: db)
        (self.form, self.errors) = (form, errors)
    }

    func title(_ words: Words) -> String { words(asked.wish.certificate == nil ? "erasures.one" : "erasures.done") }

    func shown(_ words: Words) -> Value {
        let (wish, path) = (asked.wish, "/erasures/\(asked.wish.id)")
        let sure = Field("sure", .check, "erasures.sure", required: true, in: form, errors, words)
        let reason = Field(
            "reason",
            .choice(ErasureWish.Reason.allCases.map { .init($0.rawValue, words("erasures.reason.\($0.rawValue)")) }),
            "erasures.reason", required: true, in: form, errors, words)
        let until = Field("until", .date, "erasures.until", hinted: true, required: true, in: form, errors, words)
        return [
            "name": Value(asked.name),
            "asked": .text(words("erasures.asked", ["day": words.day(wish.askedAt)])),
            "due": .text(words("erasures.due", ["day": words.day(wish.dueAt)])),
            "open": .flag(wish.isOpen),
            "invalid": .flag(!errors.isEmpty),
            "erasePath": .text("\(path)/erasure"), "eraseForm": shownForm([sure]),
            "keepPath": .text("\(path)/keeping"), "keepForm": shownForm([reason, until]),
            "kept": wish.ending == .kept ? .text(wish.saidKept(words)) : .nothing,
            "withdrawn": .flag(wish.ending == .withdrawn),
            "certificate": wish.certificate.flatMap { shown($0, words) } ?? .nothing
        ]
    }

    private func shown(_ text: String, _ words: Words) -> Value? {
        guard let certificate = try? JSONDecoder().decode(Erasure.Certificate.self, from: Data(text.utf8)) else {
            return nil
        }
        let at = asked.wish.endedAt ?? asked.wish.askedAt
        return [
            // On paper there is no today, and no year that goes without saying.
            "when": .text("\(words.day(of: at)), \(words.time(at))"),
            "number": .text(certificate.person),
            "rows": .text(words("erasures.rows", count: certificate.rows.values.reduce(0, +))),
            "text": .text(text)
        ]
    }
}
