import Web

/// One contact, for whoever may see it: the person has their own page, everybody else the staff's.
package struct EncounterScreen: Screen {
    package static let template = "encounters/show"

    let encounter: Encounter
    let relations: Set<Encounter.Relation>
    let grounds: Set<Ground>
    /// nil where there is none, or none to be read.
    let note: Note?
    let addenda: [Note.Addendum]
    /// What the person said last of what a planned contact needs.
    let agreed: (purpose: Consent.Purpose, answer: Consent.LastAnswer)?
    /// What they said of it by text message.
    let said: [EncounterQuestion]
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
        grounds = encounter.grounds(of: db.actor)
        note = encounter.status == .done ? try Note.read(on: encounter, in: db) : nil
        addenda = try note?.state == .signed ? Note.addenda(on: encounter, in: db) : []
        agreed = encounter.status == .planned ? try Self.agreed(for: encounter, db) : nil
        said = try EncounterQuestion.answered(of: encounter, in: db)
        (self.typed, self.errors, self.obstacle) = (typed, errors, obstacle)
    }

    private static func agreed(
        for encounter: Encounter, _ db: Reading
    ) throws -> (purpose: Consent.Purpose, answer: Consent.LastAnswer)? {
        let purpose = encounter.mode.channel.map(Consent.Purpose.contact) ?? .takePart
        let answers = try Consent.lastAnswers(
            of: encounter.participant, in: encounter.program, of: encounter.organization, db: db)
        return answers[purpose].map { (purpose, $0) }
    }

    var isOwn: Bool { relations.contains(.participant) }

    private var isStaffOnly: Bool { relations.isDisjoint(with: [.participant, .supporter]) }

    package func title(_ words: Words) -> String { words("encounters.title.\(encounter.status.rawValue)") }

    package func shown(_ words: Words) -> Value {
        [
            "own": isOwn ? own(words) : .nothing, "staff": isOwn ? .nothing : staff(words),
            "id": .text(encounter.id.text),
            "backPath": .text(isStaffOnly ? "/encounters?referral=\(encounter.referral)" : "/encounters"),
            "note": note.map { shown($0, words) } ?? .nothing,
            "additionForm": additionForm(words), "revision": .number(note?.revision ?? 0),
            "obstacle": obstacle.map { .text(words("problems.\($0)")) } ?? .nothing,
            "kept": .list(kept.map { ["paragraphs": .list(paragraphs($0))] }),
            "invalid": .flag(!errors.isEmpty)
        ]
    }

    /// What both pages say of the contact itself, below a heading that says what became of it and with whom.
    func facts(_ words: Words) -> [Value] {
        func fact(_ key: String, _ value: String?) -> Value? {
            value.map { ["label": .text(words("encounters.fact.\(key)")), "value": .text($0)] }
        }
        let functions = Encounter.Function.allCases.filter(encounter.functions.contains).map {
            words("encounters.function.\($0.rawValue)")
        }
        let texts = said.compactMap { one -> Value? in
            guard let text = one.said(words), let at = one.answeredAt else { return nil }
            return fact("said", words("encounters.said-at", ["said": text, "when": words.dayAndTime(at)]))
        }
        return [
            fact("when", words.dayAndTime(encounter.startsAt)),
            fact("mode", words("encounters.mode.\(encounter.mode.rawValue)")),
            fact("place", encounter.mode == .video || !seesPlace ? nil : encounter.place),
            fact("minutes", encounter.minutes.map { words("dates.minutes", count: $0) }),
            fact("functions", functions.isEmpty ? nil : words.list(functions)),
            agreed.map { agreed in
                [
                    "label": .text(words("consent.purpose.\(agreed.purpose.rawValue).title")),
                    "value": .text(
                        words(
                            agreed.answer.standing == .yes ? "consent.state.yes" : "consent.state.no",
                            ["day": words.day(agreed.answer.since)]))
                ]
            }
        ].compactMap { $0 } + texts
    }

    /// Why there is no note and never will be, where that is so.
    func withoutNote(_ words: Words) -> Value {
        guard let without = encounter.withoutNote else { return .nothing }
        return .text(words("notes.without.\(without.reason.rawValue)", ["when": words.dayAndTime(without.at)]))
    }

    /// An address or a number is for whoever arranges it, and no supervisor does.
    private var seesPlace: Bool { Wall.allows(.place, on: grounds) }

    /// The link of a video call, without its scheme, which the page itself writes: it cannot be anything but encrypted.
    /// Only the two who meet can join.
    var link: String? {
        guard !isStaffOnly, encounter.mode == .video, encounter.status == .planned, let place = encounter.place,
            Encounter.Plan.isLink(place)
        else { return nil }
        return String(place.dropFirst("https://".count))
    }

    private func shown(_ note: Note, _ words: Words) -> Value {
        let answer = note.answer.map { answer -> Value in
            .text(
                words(
                    "notes.\(isOwn ? "own.answered" : "answer").\(answer.rawValue)",
                    ["name": encounter.participantName, "when": note.answeredAt.map(words.dayAndTime) ?? ""]))
        }
        return [
            "text": .list(paragraphs(note.isReadable ? note.text : words("text.unreadable"))),
            "words": .list(paragraphs(note.personsWords)),
            "supporter": .text(encounter.supporterName),
            "wordsTitle": .text(words(isOwn ? "notes.own.words" : "notes.by-person")),
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
        if relations.contains(.supporter), mayWrite {
            shown = note?.wordsAreTheirs == true ? ["text", "reason"] : ["text", "words", "reason"]
        } else if isOwn, note?.state == .offered {
            shown = ["words", "disagreement"]
        } else if note?.state == .signed {
            return []
        }
        return ["text", "words", "disagreement", "reason", "addition"].filter { !shown.contains($0) }
            .compactMap { typed[$0] }.filter { !$0.isEmpty }
    }

    /// Whether its supporter can write or change the note.
    var mayWrite: Bool {
        encounter.status == .done && encounter.withoutNote == nil && Note.allows(.write, in: note?.state)
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
