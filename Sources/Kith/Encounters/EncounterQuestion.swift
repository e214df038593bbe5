import Storage
import Web

/// What somebody is asked of a contact by text message, and what they say: nothing else of theirs is in the record of a
/// contact but what they say in its note.
package struct EncounterQuestion: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable, SQLConvertible, SQLDecodable {
        /// Before it: does it suit?
        case coming
        /// After it: did it take place?
        case met
    }

    package enum Answer: String, Sendable, CaseIterable, SQLConvertible, SQLDecodable {
        case yes, no
        /// They called it off.
        case cancelled
    }

    package let encounter: Encounter.ID
    package let kind: Kind
    package let answer: Answer?
    package let answeredAt: Instant?

    init(row: Row) throws {
        encounter = try row["encounter_id"]
        kind = try row["kind"]
        answer = try row["answer"]
        answeredAt = try row["answered_at"]
    }

    static let migrations = [
        Migration(
            "2026-12-01-encounter-questions",
            """
            CREATE TABLE encounter_question (
                organization_id TEXT NOT NULL,
                encounter_id TEXT NOT NULL,
                kind TEXT NOT NULL CHECK (kind IN ('coming', 'met')),
                starts_at TEXT NOT NULL,
                message_id TEXT NOT NULL,
                asked_at TEXT NOT NULL,
                answer TEXT CHECK (answer IN ('yes', 'no', 'cancelled')),
                answered_at TEXT,
                PRIMARY KEY (organization_id, encounter_id, kind, starts_at),
                CHECK ((answer IS NULL) = (answered_at IS NULL)),
                FOREIGN KEY (organization_id, encounter_id) REFERENCES encounter (organization_id, id)
            );
            CREATE INDEX encounter_question_message ON encounter_question (organization_id, message_id);
            CREATE INDEX encounter_planned ON encounter (starts_at) WHERE status = 'planned';
            """)
    ]

    /// Somebody who is to be asked.
    package struct Due: Sendable {
        package let encounter: Encounter.ID
        package let participant: Person.ID
        package let program: Program.ID
        package let startsAt: Instant
    }

    /// Planned contacts `e` whose person gets text messages and is to be asked at this moment: whether it suits, in the
    /// day before; whether it took place, from two hours after it, for two days. For each time it is planned for, once.
    private static func due(_ kind: Kind, at now: Instant) -> SQL {
        let time: SQL =
            switch kind {
            case .coming: "e.starts_at > \(now) AND e.starts_at <= \(now.adding(hours: 24))"
            case .met: "e.starts_at <= \(now.adding(hours: -2)) AND e.starts_at > \(now.adding(hours: -48))"
            }
        return """
            FROM encounter e LEFT JOIN contact_preference c ON c.organization_id = e.organization_id
                AND c.person_id = e.participant_id
            WHERE e.status = 'planned' AND \(time) AND (c.way IS NULL OR c.way = 'text')
            AND ' ' || coalesce(c.unwanted, '') || ' ' NOT LIKE '% reminder %'
            AND EXISTS (SELECT 1 FROM contact_channel t WHERE t.organization_id = e.organization_id
                AND t.person_id = e.participant_id AND t.kind = 'text' AND t.may_leave_message AND t.ended_at IS NULL)
            AND EXISTS (SELECT 1 FROM consent s WHERE s.organization_id = e.organization_id
                AND s.person_id = e.participant_id AND s.program_id = e.program_id AND s.purpose = 'contact-text'
                AND s.granted AND s.ended_at IS NULL)
            AND NOT EXISTS (SELECT 1 FROM encounter_question q WHERE q.organization_id = e.organization_id
                AND q.encounter_id = e.id AND q.kind = \(kind) AND q.starts_at = e.starts_at)
            AND NOT EXISTS (SELECT 1 FROM encounter_question q
                JOIN encounter x ON x.organization_id = q.organization_id AND x.id = q.encounter_id
                WHERE x.organization_id = e.organization_id AND x.participant_id = e.participant_id
                AND q.answer IS NULL AND q.asked_at > \(now.adding(hours: -hoursAlone)))
            """
    }

    /// For how many hours a question that nobody answered stands alone, so that a “yes” is never one to another.
    static let hoursAlone = 6

    /// Where somebody is to be asked.
    package static func organizations(at now: Instant, in db: Reader) throws -> [Organization.ID] {
        let found = try Kind.allCases.flatMap { kind in
            try db.values(
                "SELECT DISTINCT e.organization_id \(due(kind, at: now)) LIMIT 500", as: Organization.ID.self)
        }
        return Set(found).sorted()
    }

    package static func due(_ kind: Kind, in organization: Organization.ID, db: Reading) throws -> [Due] {
        try db.all(
            """
            SELECT e.id, e.participant_id, e.program_id, e.starts_at \(due(kind, at: db.now))
            AND e.organization_id = \(organization) ORDER BY e.starts_at, e.id LIMIT 100
            """
        ) {
            Due(
                encounter: try $0["id"], participant: try $0["participant_id"], program: try $0["program_id"],
                startsAt: try $0["starts_at"])
        }
    }

    /// Notes that it is on its way to them in this message.
    package static func note(
        _ kind: Kind, of due: Due, message: String, in organization: Organization.ID, db: Writing
    ) throws {
        try db.run(
            """
            INSERT INTO encounter_question (organization_id, encounter_id, kind, starts_at, message_id, asked_at)
            VALUES (\(organization), \(due.encounter), \(kind), \(due.startsAt), \(message), \(db.now))
            """)
        var event = Event(
            .encounterAsked, of: due.encounter.text, about: due.participant, in: due.program, ["kind": kind.rawValue])
        event.organization = organization
        db.record(event)
    }

    /// Whether what a message asks is still to be asked: it was neither called off, told of nor moved, nor is it too
    /// late.
    static func stands(in message: String, of organization: Organization.ID, db: Reading) throws -> Bool {
        try db.exists(
            """
            SELECT 1 FROM encounter_question q
            JOIN encounter e ON e.organization_id = q.organization_id AND e.id = q.encounter_id
            WHERE q.organization_id = \(organization) AND q.message_id = \(message) AND e.status = 'planned'
            AND e.starts_at = q.starts_at AND (q.kind = 'met' OR e.starts_at > \(db.now))
            """)
    }

    /// What was said of a contact, in the order in which it was.
    package static func answered(of encounter: Encounter, in db: Reading) throws -> [EncounterQuestion] {
        try db.all(
            """
            SELECT encounter_id, kind, answer, answered_at FROM encounter_question
            WHERE organization_id = \(encounter.organization) AND encounter_id = \(encounter.id)
            AND answer IS NOT NULL ORDER BY answered_at, kind
            """, EncounterQuestion.init(row:))
    }

    /// Keeps what the person asking says. A contact they call off is called off, as theirs; whatever else they say is
    /// for their supporter to read, and changes nothing by itself.
    package func take(_ answer: Answer, in db: Writing) throws {
        let found = try Encounter.find(encounter, in: db)
        guard db.actor.person == found.participant else { throw Problem.notAllowed }
        guard self.answer != .cancelled else { return }
        try db.run(
            """
            UPDATE encounter_question SET answer = \(answer), answered_at = \(db.now)
            WHERE organization_id = \(found.organization) AND encounter_id = \(encounter) AND kind = \(kind)
            AND starts_at = \(found.startsAt)
            """)
        db.record(
            found.event(.encounterAnswered, ["kind": kind.rawValue, "answer": answer.rawValue], by: db.actor))
        if answer == .cancelled { try found.callOffByPerson(in: db) }
        db.announce(.person(found.supporter))
    }

    package func said(_ words: Words) -> String? {
        answer.map { words("encounters.said.\(kind.rawValue).\($0.rawValue)") }
    }
}

extension EventKind {
    /// Somebody is asked about a contact by text message. Details: `kind`.
    package static let encounterAsked = EventKind("encounter.asked")
    /// They answered. Details: `kind`, `answer`.
    package static let encounterAnswered = EventKind("encounter.answered")
}
