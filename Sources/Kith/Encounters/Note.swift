import Storage

/// What two people wrote down about a contact. The person's own words stand apart from the supporter's; the person is
/// offered it to agree, change or decline; then the supporter signs, and from then on it stays as it is.
package struct Note: Sendable {
    package enum State: String, Sendable, CaseIterable, SQLConvertible, SQLDecodable {
        /// The supporter is writing; nobody else sees it.
        case draft
        /// The person can read and answer it.
        case offered
        case answered
        case signed
    }

    package enum Answer: String, Sendable, CaseIterable, SQLConvertible, SQLDecodable {
        case agreed
        /// They put their own words right, or wrote what they see differently.
        case changed
        case declined
        /// They could not be asked; the supporter says why.
        case notReachable = "not-reachable"
    }

    package let encounter: Encounter.ID
    package let author: Person.ID
    package let text: String
    /// The person's own words; empty when there are none.
    package let personsWords: String
    /// Whether the person wrote or changed their words themselves; then the supporter leaves them alone.
    package let wordsAreTheirs: Bool
    package let state: State
    package let answer: Answer?
    package let answeredAt: Instant?
    /// Why they could not be asked.
    package let reason: String?
    /// What the person sees differently, beside the supporter's text and never in place of it.
    package let disagreement: String?
    package let offeredAt: Instant?
    package let signedAt: Instant?
    /// Counts changes. Whoever changes it says which they have read.
    package let revision: Int
    /// False when its texts can no longer be read, and stand here empty: the record of the person was erased, or what
    /// is stored is damaged.
    package let isReadable: Bool

    /// - Parameter key: of the person it is about, whoever wrote it.
    init(row: Row, key: TextKey?) throws {
        encounter = try row["encounter_id"]
        author = try row["author_id"]
        var kept = KeptTexts(key, id: encounter.text)
        text = kept.open(try row["text"], "note.text") ?? ""
        personsWords = kept.open(try row["persons_words"], "note.persons_words") ?? ""
        reason = kept.open(try row["reason"], "note.reason")
        disagreement = kept.open(try row["disagreement"], "note.disagreement")
        isReadable = kept.areReadable
        wordsAreTheirs = try row["words_by"] == "person"
        state = try row["state"]
        answer = try row["answer"]
        answeredAt = try row["answered_at"]
        offeredAt = try row["offered_at"]
        signedAt = try row["signed_at"]
        revision = try row["revision"]
    }

    /// What was added after it was signed.
    package struct Addendum: Sendable {
        package let author: Person.ID
        package let text: String
        package let reason: String
        package let at: Instant

        /// Texts that can no longer be read stand here empty.
        init(row: Row, of encounter: Encounter.ID, key: TextKey?) throws {
            author = try row["author_id"]
            let number: Int = try row["number"]
            var kept = KeptTexts(key, id: "\(encounter) \(number)")
            text = kept.open(try row["text"], "note_addendum.text") ?? ""
            reason = kept.open(try row["reason"], "note_addendum.reason") ?? ""
            at = try row["at"]
        }
    }
}

extension Note {
    /// What can be done with a note.
    package enum Step: Sendable, CaseIterable {
        case write, offer, answer, notReachable, sign, add
    }

    /// Whether a step is possible in a state; a state that is nil has no note yet. Nothing but additions after signing,
    /// no signature without an answer, and none against a no.
    package static func allows(_ step: Step, in state: State?, answered answer: Answer? = nil) -> Bool {
        switch (step, state) {
        case (.sign, .answered) where answer == .declined: false
        case (.write, nil), (.write, .draft), (.write, .offered), (.write, .answered): true
        case (.offer, .draft): true
        case (.answer, .offered): true
        case (.notReachable, .draft), (.notReachable, .offered): true
        case (.sign, .answered): true
        case (.add, .signed): true
        default: false
        }
    }

    /// Whether nothing is left to do: signed, or not wanted by the person.
    package var isFinished: Bool { state == .signed || answer == .declined }

    /// What it is to the rules of the wall, in its state.
    package var item: Item {
        switch state {
        case .draft: .draft
        case .offered, .answered: .offeredNote
        case .signed: .note
        }
    }

    /// Whether somebody may read it.
    package func isVisible(on grounds: Set<Ground>) -> Bool { Wall.allows(item, on: grounds) }

    /// The longest of each text, in characters.
    package static let longest = (text: 4_000, words: 2_000, reason: 500)
}

/// All name in `entered_by` who did it.
extension EventKind {
    package static let noteWritten = EventKind("note.written")
    package static let noteOffered = EventKind("note.offered")
    /// Details: `answer`.
    package static let noteAnswered = EventKind("note.answered")
    package static let noteSigned = EventKind("note.signed")
    package static let noteAmended = EventKind("note.amended")
}
