import Web

extension EncounterScreen {
    /// The participant's page: when, who, how; and the note they were offered, to agree, change or decline.
    func own(_ words: Words) -> Value {
        let isOffered = note?.state == .offered && encounter.withoutNote == nil
        // A note of which only the state may be known is being written or changed.
        let isBeingWritten = encounter.status == .done && note == nil && encounter.withoutNote == nil
        return [
            "heading": .text(
                words("encounters.own.\(encounter.status.rawValue)", ["name": encounter.supporterName])),
            "facts": .list(facts(words)), "link": Value(link),
            "waiting": isBeingWritten
                ? .text(words("notes.own.waiting", ["name": encounter.supporterName])) : .nothing,
            "withoutNote": withoutNote(words),
            "consentPath": agreed == nil ? .nothing : .text("/consent/\(encounter.program)"),
            "offer": isOffered ? offer(words) : .nothing
        ]
    }

    private func offer(_ words: Words) -> Value {
        var typed = typed
        if typed["words"] == nil { typed = Form(["words": [note?.personsWords ?? ""]]) }
        let fields = [
            Field("words", .lines(4), "notes.own.words", hinted: true, in: typed, errors, words),
            Field("disagreement", .lines(4), "notes.own.disagreement", hinted: true, in: typed, errors, words)
        ]
        return ["form": shownForm(fields), "open": .flag(!errors.isEmpty || obstacle != nil)]
    }
}
