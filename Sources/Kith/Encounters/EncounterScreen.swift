import Web

/// One contact, for whoever may see it: the person has their own page, everybody else the staff's.
package struct EncounterScreen: Screen {
    package static let template = "encounters/show"

    let encounter: Encounter
    let relations: Set<Encounter.Relation>
    /// nil where there is none, or none to be read.
    let note: Note?
    let addenda: [Note.Addendum]
    let typed: Form
    let errors: FieldErrors
    /// Why what was sent could not be kept, though nothing was wrong with it; what was typed is still there.
    let obstacle: String?

    package init(
        _ id: Encounter.ID, typed: Form = Form(), errors: FieldErrors = FieldErrors(), obstacle: String? = nil,
        in db: Reading
    ) throws {
        encounter = try Encounter.find(id, in: db)
        relations = encounter.relations(of: db.actor)
        note = try Note.read(on: encounter, in: db)
        addenda = try note?.state == .signed ? Note.addenda(on: encounter, in: db) : []
        (self.typed, self.errors, self.obstacle) = (typed, errors, obstacle)
    }

    var isOwn: Bool { relations.contains(.participant) }

    package func title(_ words: Words) -> String { words("encounters.title.\(encounter.status.rawValue)") }

    package func shown(_ words: Words) -> Value {
        [
            "own": isOwn ? own(words) : .nothing, "staff": isOwn ? .nothing : staff(words),
            "id": .text(encounter.id.text), "note": note.map { shown($0, words) } ?? .nothing,
            "additionForm": additionForm(words), "revision": .number(note?.revision ?? 0),
            "obstacle": obstacle.map { .text(words("problems.\($0)")) } ?? .nothing,
            "kept": .list(kept.map { ["paragraphs": .list(paragraphs($0))] }),
            "invalid": .flag(!errors.isEmpty)
        ]
    }

    /// What both pages say of the contact itself.
    func facts(with: String, _ words: Words) -> [Value] {
        func fact(_ key: String, _ value: String?) -> Value? {
            value.map { ["label": .text(words("encounters.fact.\(key)")), "value": .text($0)] }
        }
        let functions = Encounter.Function.allCases.filter(encounter.functions.contains).map {
            words("encounters.function.\($0.rawValue)")
        }
        return [
            fact("status", words("encounters.status.\(encounter.status.rawValue)")), fact("with", with),
            fact("when", words.dayAndTime(encounter.startsAt)),
            fact("mode", words("encounters.mode.\(encounter.mode.rawValue)")),
            fact("place", encounter.mode == .video ? nil : encounter.place),
            fact("minutes", encounter.minutes.map { words("dates.minutes", count: $0) }),
            fact("functions", functions.isEmpty ? nil : functions.joined(separator: ", "))
        ].compactMap { $0 }
    }

    /// The link of a video call, without its scheme, which the page itself writes: it cannot be anything but encrypted.
    var link: String? {
        guard encounter.mode == .video, encounter.status == .planned, let place = encounter.place,
            Encounter.Plan.isLink(place)
        else { return nil }
        return String(place.dropFirst("https://".count))
    }

    private func shown(_ note: Note, _ words: Words) -> Value {
        let answer = note.answer.map { answer -> Value in
            .text(
                words(
                    "notes.answer.\(answer.rawValue)",
                    ["name": encounter.participantName, "when": note.answeredAt.map(words.dayAndTime) ?? ""]))
        }
        return [
            "text": .list(paragraphs(note.text)), "words": .list(paragraphs(note.personsWords)),
            "supporter": .text(encounter.supporterName), "participant": .text(encounter.participantName),
            "disagreements": note.disagreement.map { ["paragraphs": .list(paragraphs($0))] } ?? .nothing,
            "answer": answer ?? .nothing, "reason": Value(note.reason), "signed": note.signedAs(encounter, words),
            "additions": .flag(!addenda.isEmpty),
            "addenda": .list(
                addenda.map { addendum in
                    let isSupporter = addendum.author == encounter.supporter
                    return [
                        "by": .text(isSupporter ? encounter.supporterName : encounter.participantName),
                        "at": .text(words.dayAndTime(addendum.at)), "text": .list(paragraphs(addendum.text)),
                        "reason": .text(addendum.reason)
                    ]
                })
        ]
    }

    /// Open once the note is signed, to the two who wrote it. What was typed for a note that was signed meanwhile is
    /// carried over, so that it is not lost.
    private func additionForm(_ words: Words) -> Value {
        guard note?.state == .signed, !relations.isDisjoint(with: [.supporter, .participant]) else { return .nothing }
        var typed = typed
        if typed["addition"] == nil {
            let carried = ["text", "words", "disagreement"].compactMap { typed[$0] }.filter { !$0.isEmpty }
            typed = Form(["addition": [carried.joined(separator: "\n\n")], "why": typed.all("reason")])
        }
        return shownForm([
            Field("addition", .lines(4), "notes.addition", required: true, in: typed, errors, words),
            Field("why", .line, "notes.why", required: true, in: typed, errors, words)
        ])
    }

    /// What was typed and could not be kept, where no form on the page holds it.
    private var kept: [String] {
        guard obstacle != nil else { return [] }
        var shown: Set<String> = []
        if relations.contains(.supporter), Note.allows(.write, in: note?.state) {
            shown = note?.wordsAreTheirs == true ? ["text", "reason"] : ["text", "words", "reason"]
        } else if isOwn, note?.state == .offered {
            shown = ["words", "disagreement"]
        } else if note?.state == .signed {
            return []
        }
        return ["text", "words", "disagreement", "reason", "addition"].filter { !shown.contains($0) }
            .compactMap { typed[$0] }.filter { !$0.isEmpty }
    }

    func paragraphs(_ text: String) -> [Value] {
        text.split(separator: "\n").map { $0.trimmed }.filter { !$0.isEmpty }.map(Value.text)
    }
}

extension Note {
    fileprivate func signedAs(_ encounter: Encounter, _ words: Words) -> Value {
        guard let signedAt else { return .nothing }
        return .text(words("notes.signed", ["name": encounter.supporterName, "when": words.dayAndTime(signedAt)]))
    }
}
