import Storage

extension Encounter {
    /// That a contact took place and has no finished note, and never will: who settled it so, when and why.
    package struct WithoutNote: Sendable, Equatable {
        package enum Reason: String, Sendable, CaseIterable, SQLConvertible, SQLDecodable {
            /// The person no longer takes part, so nothing more is written about them.
            case consentEnded = "consent-ended"
            /// Whoever had to write it no longer supports in the program, and nobody writes it for them.
            case supporterLeft = "supporter-left"
        }

        package let reason: Reason
        package let by: String
        package let at: Instant

        /// Nil where nothing of the kind was settled.
        init?(row: Row) throws {
            let (reason, by, at): (Reason?, String?, Instant?) = (
                try row["without_note_reason"], try row["without_note_by"], try row["without_note_at"]
            )
            guard let reason, let by, let at else { return nil }
            (self.reason, self.by, self.at) = (reason, by, at)
        }
    }

    /// Whoever no longer takes part is written about no more. What they agreed to or put right themselves may still be
    /// signed; all else ends here, an unfinished draft as well.
    static func settleNotesWithConsent(_ event: Event, in db: Writing) throws {
        guard event.details["purpose"] == Consent.Purpose.takePart.rawValue, let person = event.subject,
            let program = event.program, let organization = db.actor.organization ?? event.organization
        else { return }
        try settleWithoutNote(
            because: .consentEnded, where: "e.participant_id = \(person) AND e.program_id = \(program)",
            of: organization, in: db)
    }

    /// Nothing waits for the pen of somebody who has left, and nothing stays planned with them.
    static func settleWithSupporter(_ event: Event, in db: Writing) throws {
        guard event.details["role"] == Role.supporter.rawValue, let person = event.subject,
            let program = event.program, let organization = db.actor.organization ?? event.organization
        else { return }
        let theirs: SQL = "e.supporter_id = \(person) AND e.program_id = \(program)"
        try callOff(try planned(where: theirs, of: organization, db), because: "supporter-left", in: db)
        try settleWithoutNote(because: .supporterLeft, where: theirs, of: organization, in: db)
    }

    /// Settles a contact at once that took place where nobody can write its note.
    func settleWhereNobodyWrites(in db: Writing) throws {
        let one: SQL = "e.id = \(id)"
        if try !Consent.stands(.takePart, for: participant, in: program, of: organization, db: db) {
            try Self.settleWithoutNote(because: .consentEnded, where: one, of: organization, in: db)
            return
        }
        let isThere = try db.exists(
            """
            SELECT 1 FROM membership WHERE organization_id = \(organization) AND person_id = \(supporter)
            AND program_id = \(program) AND role = \(Role.supporter) AND ended_at IS NULL
            """)
        if !isThere { try Self.settleWithoutNote(because: .supporterLeft, where: one, of: organization, in: db) }
    }

    private static func settleWithoutNote(
        because reason: WithoutNote.Reason, where condition: SQL, of organization: Organization.ID, in db: Writing
    ) throws {
        // What the person has said yes to can be signed without them, but not without the one who wrote it.
        let kept: SQL =
            switch reason {
            case .consentEnded: "(n.state = 'signed' OR n.answer IN ('agreed', 'changed', 'declined'))"
            case .supporterLeft: "(n.state = 'signed' OR n.answer = 'declined')"
            }
        let open = try db.all(
            """
            \(everything) WHERE e.organization_id = \(organization) AND e.status = 'done' AND \(condition)
            AND w.reason IS NULL AND NOT EXISTS (SELECT 1 FROM note n WHERE n.organization_id = e.organization_id
                AND n.encounter_id = e.id AND \(kept))
            ORDER BY e.starts_at, e.id
            """, Encounter.init(row:))
        for encounter in open {
            try db.run(
                """
                INSERT INTO encounter_without_note (organization_id, encounter_id, reason, settled_by, at)
                VALUES (\(organization), \(encounter.id), \(reason), \(db.actor.logName), \(db.now))
                """)
            try encounter.setDue(nil, in: db)
            var event = Event(
                .encounterWithoutNote, of: encounter.id.text, about: encounter.participant, in: encounter.program,
                ["reason": reason.rawValue])
            event.organization = organization
            db.record(event)
            for person in [encounter.participant, encounter.supporter] { db.announce(.person(person)) }
        }
    }

    /// Says until when there is something to do; nil: nothing any more.
    func setDue(_ due: Instant?, in db: Writing) throws {
        try db.run(
            """
            UPDATE encounter SET due_at = \(due) WHERE organization_id = \(organization) AND id = \(id)
            """)
    }
}
