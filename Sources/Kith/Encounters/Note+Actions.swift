import Storage

extension Note {
    /// Keeps what the supporter wrote so far. What was offered or answered before has to be offered anew.
    /// - Parameters:
    ///   - words: the person's own words; nil leaves them as they are.
    ///   - revision: the revision that was read; 0 when there was none.
    /// - Throws: ``Problem/conflict(_:)`` with `note.changed-meanwhile` when somebody else was faster, `note.signed`
    ///   when it stays as it is, `note.words-are-theirs` where the person wrote their words themselves.
    package static func write(
        text: String, words: String?, on encounter: Encounter, revision: Int, in db: Writing
    ) throws {
        try checkSupporter(of: encounter, db)
        try Encounter.checkConsent(
            of: encounter.participant, in: encounter.program, of: encounter.organization, db)
        try checkOpen(encounter)
        guard encounter.status == .done else { throw Problem.conflict("note.no-contact-yet") }
        let (text, words) = (text.trimmed, words?.trimmed)
        guard !text.isEmpty || words?.isEmpty == false else { throw Problem.invalid("text", "required") }
        let key = try key(of: encounter, db)
        let sealed = try key.seal(text, "note.text", of: encounter.id.text)
        if revision == 0 {
            let begun = try db.run(
                """
                INSERT INTO note (organization_id, encounter_id, author_id, text, persons_words, words_by, state)
                VALUES (\(encounter.organization), \(encounter.id), \(db.me), \(sealed),
                    \(key.seal(words ?? "", "note.persons_words", of: encounter.id.text)), 'supporter', \(State.draft))
                ON CONFLICT (organization_id, encounter_id) DO NOTHING
                """)
            guard begun > 0 else { throw try obstacle(to: .write, on: encounter, revision: revision, db) }
        } else {
            let note = try find(on: encounter, db)
            if let note, note.wordsAreTheirs, let words, words != note.personsWords, note.state != .signed {
                throw Problem.conflict("note.words-are-theirs")
            }
            let kept = try key.seal(words ?? note?.personsWords ?? "", "note.persons_words", of: encounter.id.text)
            try change(
                """
                text = \(sealed), persons_words = \(kept), state = \(State.draft),
                answer = NULL, answered_at = NULL, reason = NULL, offered_at = NULL
                """, as: .write, on: encounter, revision: revision, in: db)
            // What they did not want was finished; what is written anew is not.
            if note?.answer == .declined {
                try encounter.setDue(db.now.adding(days: Encounter.Due.note), in: db)
            }
        }
        db.record(encounter.event(.noteWritten, by: db.actor))
    }

    /// Lets the person read it and answer.
    package static func offer(on encounter: Encounter, revision: Int, in db: Writing) throws {
        try checkSupporter(of: encounter, db)
        try Encounter.checkConsent(
            of: encounter.participant, in: encounter.program, of: encounter.organization, db)
        try checkText(on: encounter, db)
        try change(
            "state = \(State.offered), offered_at = \(db.now)", as: .offer, on: encounter, revision: revision, in: db)
        db.record(encounter.event(.noteOffered, by: db.actor))
        db.announce(.person(encounter.participant))
    }

    /// What the person says to a note they were offered.
    package enum OwnAnswer: Sendable, Equatable {
        case agreed
        /// - Parameters:
        ///   - words: their own words as they want them.
        ///   - disagreement: what they see differently in the supporter's text; empty when nothing.
        case changed(words: String, disagreement: String)
        case declined
    }

    /// The person answers. The supporter's text stays as it is, whatever they say.
    package static func answer(
        _ answer: OwnAnswer, on encounter: Encounter, revision: Int, in db: Writing
    ) throws {
        guard try db.me == encounter.participant else { throw Problem.notAllowed }
        let kind: Answer
        switch answer {
        case .agreed, .declined:
            kind = answer == .agreed ? .agreed : .declined
            try change(
                """
                state = \(State.answered), answer = \(kind), answered_at = \(db.now), disagreement = NULL
                """, as: .answer, on: encounter, revision: revision, in: db)
        case .changed(let words, let disagreement):
            kind = .changed
            let (words, disagreement) = (words.trimmed, disagreement.trimmed)
            let key = try key(of: encounter, db)
            let note = try find(on: encounter, db)
            let isSame = words == note?.personsWords
            if note?.revision == revision, isSame, disagreement.isEmpty {
                throw Problem.invalid("words", "nothing-changed")
            }
            let kept = disagreement.isEmpty ? nil : disagreement
            try change(
                """
                state = \(State.answered), answer = \(kind), answered_at = \(db.now),
                words_by = CASE WHEN \(isSame) THEN words_by ELSE 'person' END,
                persons_words = \(key.seal(words, "note.persons_words", of: encounter.id.text)),
                disagreement = \(key.seal(kept, "note.disagreement", of: encounter.id.text))
                """, as: .answer, on: encounter, revision: revision, in: db)
        }
        if kind == .declined { try encounter.setDue(nil, in: db) }
        db.record(encounter.event(.noteAnswered, ["answer": kind.rawValue], by: db.actor))
        db.announce(.person(encounter.supporter))
    }

    /// The supporter could not ask the person, and says why.
    package static func recordNotReachable(
        because reason: String, on encounter: Encounter, revision: Int, in db: Writing
    ) throws {
        try checkSupporter(of: encounter, db)
        guard !reason.trimmed.isEmpty else { throw Problem.invalid("reason", "required") }
        try checkText(on: encounter, db)
        try change(
            """
            state = \(State.answered), answer = \(Answer.notReachable), answered_at = \(db.now),
            reason = \(key(of: encounter, db).seal(reason.trimmed, "note.reason", of: encounter.id.text))
            """, as: .notReachable, on: encounter, revision: revision, in: db)
        db.record(encounter.event(.noteAnswered, ["answer": Answer.notReachable.rawValue], by: db.actor))
    }

    /// The supporter signs. From here on nothing changes it any more. What the person does not want is not signed.
    package static func sign(on encounter: Encounter, revision: Int, in db: Writing) throws {
        try checkSupporter(of: encounter, db)
        try change(
            "state = \(State.signed), signed_at = \(db.now)", as: .sign, on: encounter, revision: revision, in: db)
        try encounter.setDue(nil, in: db)
        db.record(encounter.event(.noteSigned, by: db.actor))
        db.announce(.person(encounter.participant))
    }

    /// Adds to a signed note, with the reason. Either of the two may.
    package static func add(_ text: String, because reason: String, to encounter: Encounter, in db: Writing) throws {
        let (me, relations) = (try db.me, encounter.relations(of: db.actor))
        guard !relations.isDisjoint(with: [.supporter, .participant]) else { throw Problem.notAllowed }
        var errors: [String: String] = [:]
        if text.trimmed.isEmpty { errors["addition"] = "required" }
        if reason.trimmed.isEmpty { errors["why"] = "required" }
        try Problem.check(errors)
        guard let note = try find(on: encounter, db), allows(.add, in: note.state) else {
            throw Problem.conflict("note.not-now")
        }
        let before = try addenda(on: encounter, in: db)
        // The same words once more are a second click.
        if let last = before.last, (last.author, last.text, last.reason) == (me, text.trimmed, reason.trimmed) {
            return
        }
        let key = try key(of: encounter, db)
        let number = 1 + before.count
        let id = "\(encounter.id) \(number)"
        try db.run(
            """
            INSERT INTO note_addendum (organization_id, encounter_id, number, author_id, text, reason, at)
            VALUES (\(encounter.organization), \(encounter.id), \(number), \(me),
                \(key.seal(text.trimmed, "note_addendum.text", of: id)),
                \(key.seal(reason.trimmed, "note_addendum.reason", of: id)), \(db.now))
            """)
        db.record(encounter.event(.noteAmended, by: db.actor))
        db.announce(.person(me == encounter.supporter ? encounter.participant : encounter.supporter))
    }
}

extension Note {
    /// The one statement that changes a note: only the revision that was read, only in a state that allows the step,
    /// and so never one that is signed.
    private static func change(
        _ assignments: SQL, as step: Step, on encounter: Encounter, revision: Int, in db: Writing
    ) throws {
        try checkOpen(encounter)
        let states = State.allCases.filter { allows(step, in: $0) }
        let unwanted: SQL = step == .sign ? "AND answer <> \(Answer.declined)" : ""
        let changed = try db.run(
            """
            UPDATE note SET \(assignments), revision = revision + 1
            WHERE organization_id = \(encounter.organization) AND encounter_id = \(encounter.id)
            AND revision = \(revision) AND state IN \(list: states) \(unwanted)
            """)
        guard changed > 0 else { throw try obstacle(to: step, on: encounter, revision: revision, db) }
    }

    /// Why a change found nothing to change.
    private static func obstacle(
        to step: Step, on encounter: Encounter, revision: Int, _ db: Reading
    ) throws -> Problem {
        guard let note = try find(on: encounter, db) else { return .conflict("note.not-now") }
        if note.state == .signed { return .conflict("note.signed") }
        guard note.revision == revision else { return .conflict("note.changed-meanwhile") }
        return .conflict(step == .sign && note.answer == .declined ? "note.declined" : "note.not-now")
    }

    /// Whoever writes it, a note is kept under the key of the person it is about.
    private static func key(of encounter: Encounter, _ db: Writing) throws -> TextKey {
        try db.writingKey(of: encounter.participant, in: encounter.organization)
    }

    /// What was settled without a note gets none any more.
    private static func checkOpen(_ encounter: Encounter) throws {
        guard encounter.withoutNote == nil else { throw Problem.conflict("note.settled-without") }
    }

    /// The note is the supporter's own: nobody writes or signs it for them.
    private static func checkSupporter(of encounter: Encounter, _ db: Reading) throws {
        guard encounter.relations(of: db.actor).contains(.supporter) else { throw Problem.notAllowed }
    }

    private static func checkText(on encounter: Encounter, _ db: Reading) throws {
        guard let note = try find(on: encounter, db), note.state != .signed, note.text.isEmpty else { return }
        throw Problem.invalid("text", "required")
    }
}
