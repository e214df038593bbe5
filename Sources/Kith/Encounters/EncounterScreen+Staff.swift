import Web

extension EncounterScreen {
    /// The page of supporters, coordinators and supervisors, each with what is theirs to do.
    func staff(_ words: Words) -> Value {
        let mayEnter = !relations.isDisjoint(with: [.supporter, .coordinator])
        let isPlanned = encounter.status == .planned
        let people =
            relations.contains(.supporter)
            ? encounter.participantName
            : words("encounters.both", ["one": encounter.supporterName, "other": encounter.participantName])
        return [
            "heading": .text(words("encounters.staff.\(encounter.status.rawValue)", ["name": people])),
            "facts": .list(facts(words)), "link": Value(link),
            "proxy": .flag(encounter.isProxyEntry),
            "settle": isPlanned && mayEnter ? settle(words) : .nothing,
            "editor": editor(words),
            "heavy": .flag(
                relations.contains(.supporter) && [.done, .noAnswer, .cancelled].contains(encounter.status)),
            "withoutNote": withoutNote(words),
            "mayNotRead": .flag(
                encounter.status == .done && note == nil && encounter.withoutNote == nil
                    && !relations.contains(.supporter)),
            "sign": .flag(
                relations.contains(.supporter) && encounter.withoutNote == nil
                    && Note.allows(.sign, in: note?.state, answered: note?.answer)),
            "notReachable": notReachable(words)
        ]
    }

    /// What became of a planned contact.
    private func settle(_ words: Words) -> Value {
        var typed = typed
        // What was planned is what usually took place; how long and what for is asked.
        if typed["mode"] == nil { typed = Form(["mode": [encounter.mode.rawValue]]) }
        return [
            "form": shownForm(heldFields(in: typed, errors, words)),
            "isTime": .flag(encounter.startsAt <= words.now), "goesOn": .flag(encounter.isMatched)
        ]
    }

    /// Where the supporter writes. The person's own words have a place of their own, and no place where the person
    /// wrote them themselves.
    private func editor(_ words: Words) -> Value {
        guard relations.contains(.supporter), mayWrite else { return .nothing }
        var typed = typed
        if typed["text"] == nil {
            typed = Form(["text": [note?.text ?? ""], "words": [note?.personsWords ?? ""]])
        }
        var fields = [Field("text", .lines(6), "notes.text", hinted: true, required: true, in: typed, errors, words)]
        if note?.wordsAreTheirs != true {
            fields.append(Field("words", .lines(4), "notes.words", hinted: true, in: typed, errors, words))
        }
        return [
            "form": shownForm(fields), "asksAgain": .flag(note?.state == .offered || note?.state == .answered),
            "unwanted": .flag(note?.answer == .declined),
            "isNew": .flag(note == nil), "wording": wording(words)
        ]
    }

    private func notReachable(_ words: Words) -> Value {
        guard relations.contains(.supporter), encounter.withoutNote == nil, let note,
            Note.allows(.notReachable, in: note.state)
        else {
            return .nothing
        }
        let reason = Field("reason", .line, "notes.reason", hinted: true, required: true, in: typed, errors, words)
        return ["form": shownForm([reason]), "open": .flag(errors["reason"] != nil)]
    }
}
