import Storage
import Web

extension Texting {
    /// Asks those who get text messages about contacts that are near, or were: each once for each time it is planned
    /// for.
    static func ask(in organization: Organization.ID, _ db: Writing) throws {
        var asked: Set<Person.ID> = []
        for kind in EncounterQuestion.Kind.allCases {
            for due in try EncounterQuestion.due(kind, in: organization, db: db)
            where !asked.contains(due.participant) {
                let message = try OutgoingMessage.put(
                    kind == .coming ? .coming : .met, to: due.participant, in: due.program, of: organization,
                    only: [.text], db: db)
                guard let message else { continue }
                asked.insert(due.participant)
                try EncounterQuestion.note(kind, of: due, message: message.text, in: organization, db: db)
            }
        }
    }

    /// What somebody said of contacts by text message, for their copy.
    @Sendable
    static func copied(
        _ person: Person.ID, _ organization: Organization.ID, _ db: Reading
    ) throws -> [CopiedPart.Line] {
        try db.all(
            """
            SELECT q.encounter_id, q.kind, q.answer, q.answered_at FROM encounter_question q
            JOIN encounter e ON e.organization_id = q.organization_id AND e.id = q.encounter_id
            WHERE q.organization_id = \(organization) AND e.participant_id = \(person) AND q.answer IS NOT NULL
            ORDER BY q.answered_at, q.message_id
            """
        ) { row in
            let (question, at): (EncounterQuestion, Instant) = (try EncounterQuestion(row: row), try row["answered_at"])
            return { PersonCopy.Line(label: $0.day(at), text: question.said($0) ?? "") }
        }
    }
}

extension EncounterQuestion {
    /// For how many days an answer is taken for one to what was asked last.
    static let daysOpen = 3

    /// What the person asking was asked last by a message that has left, and can answer still. Whoever called something
    /// off a moment ago may say so again.
    package static func open(in db: Reading) throws -> EncounterQuestion? {
        let (organization, me) = (try db.organization, try db.me)
        return try db.first(
            """
            SELECT q.encounter_id, q.kind, q.answer, q.answered_at FROM encounter_question q
            JOIN encounter e ON e.organization_id = q.organization_id AND e.id = q.encounter_id
            JOIN outgoing_message m ON m.organization_id = q.organization_id AND m.id = q.message_id
            WHERE q.organization_id = \(organization) AND e.participant_id = \(me) AND m.state = 'sent'
            AND m.ended_at > \(db.now.adding(days: -daysOpen)) AND e.starts_at = q.starts_at
            AND (q.kind = 'met' OR e.starts_at > \(db.now))
            AND (q.kind = 'met' OR e.status = 'planned' OR q.answer = 'cancelled')
            ORDER BY m.ended_at DESC, q.message_id DESC LIMIT 1
            """, EncounterQuestion.init(row:))
    }
}

extension Platform {
    /// Asks people about their contacts by text message. Does nothing where no answer could come in.
    /// - Throws: the first failure, after all organizations have had their turn.
    package func askAboutContacts() async throws {
        guard world.textDesk != nil, world.carries.contains(.text) else { return }
        let now = world.now()
        let due = try await store.read { try EncounterQuestion.organizations(at: now, in: $0) }
        try await inTurn(due) { organization in
            try await write(as: .system(organization), access: .anyone) { try Texting.ask(in: organization, $0) }
        }
    }
}
