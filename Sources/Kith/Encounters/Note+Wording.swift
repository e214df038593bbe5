import Screening
import Web

extension Note {
    /// Words that whoever it is about may take otherwise than they were meant. What they said themselves is theirs.
    package static func wordings(in text: String) -> [Wording] {
        (try? WordingBook.shared.get())?.findings(in: text) ?? []
    }
}

extension EncounterScreen {
    /// What the supporter may want to say otherwise, before anybody else reads it: each kind once, with the words found.
    func wording(_ words: Words) -> Value {
        guard let note, note.state == .draft, typed["text"] == nil else { return .nothing }
        let found = Dictionary(grouping: Note.wordings(in: note.text), by: \.kind)
        guard !found.isEmpty else { return .nothing }
        return [
            "title": .text(words("notes.wording.title", ["name": encounter.participantName])),
            "text": .text(words("notes.wording.text", ["name": encounter.participantName])),
            "kinds": .list(
                Wording.Kind.allCases.compactMap { kind in
                    found[kind].map { some in
                        var seen: Set<String> = []
                        let phrases = some.map { String(note.text[$0.range]) }
                            .filter { seen.insert($0.lowercased()).inserted }
                        return [
                            "phrases": .list(phrases.map(Value.text)),
                            "hint": .text(words("notes.wording.\(kind.rawValue)"))
                        ]
                    }
                })
        ]
    }
}
