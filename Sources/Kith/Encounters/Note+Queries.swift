import Storage

extension Note {
    /// The note of a contact that was found through the person asking, whoever may read it.
    static func find(on encounter: Encounter, _ db: Reading) throws -> Note? {
        try db.first(
            """
            SELECT n.*, \(TextKey.wrapped(of: "\(encounter.participant)", in: "n.organization_id")) AS wrapped_key
            FROM note n WHERE n.organization_id = \(encounter.organization) AND n.encounter_id = \(encounter.id)
            """
        ) { try Note(row: $0, key: db.key($0["wrapped_key"], of: encounter.participant)) }
    }

    /// The note of a contact, if the person asking may read it.
    package static func read(on encounter: Encounter, in db: Reading) throws -> Note? {
        guard let note = try find(on: encounter, db), note.isVisible(on: encounter.grounds(of: db.actor)) else {
            return nil
        }
        db.disclose(.note, of: encounter.participant)
        return note
    }

    /// The notes of contacts that were found through the person asking, whoever may read them. One statement.
    static func all(on encounters: [Encounter], in db: Reading) throws -> [Note] {
        guard let organization = encounters.first?.organization else { return [] }
        return try db.all(
            """
            SELECT n.*, e.participant_id, \(TextKey.wrapped(of: "e.participant_id", in: "e.organization_id")) AS wrapped_key
            FROM note n JOIN encounter e ON e.organization_id = n.organization_id AND e.id = n.encounter_id
            WHERE n.organization_id = \(organization) AND n.encounter_id IN \(list: encounters.map(\.id))
            """
        ) { try Note(row: $0, key: db.key($0["wrapped_key"], of: $0["participant_id"])) }
    }

    /// What was added, in order.
    package static func addenda(on encounter: Encounter, in db: Reading) throws -> [Addendum] {
        try db.all(
            """
            SELECT a.author_id, a.number, a.text, a.reason, a.at,
                \(TextKey.wrapped(of: "\(encounter.participant)", in: "a.organization_id")) AS wrapped_key
            FROM note_addendum a
            WHERE a.organization_id = \(encounter.organization) AND a.encounter_id = \(encounter.id) ORDER BY a.number
            """
        ) {
            try Addendum(row: $0, of: encounter.id, key: db.key($0["wrapped_key"], of: encounter.participant))
        }
    }

    /// What was written with somebody, by contact, as they may read it: what the supporter still writes is left out.
    /// Whoever calls has established their right to it. Two statements.
    static func all(
        of participant: Person.ID, _ organization: Organization.ID, _ db: Reading
    ) throws -> [Encounter.ID: (note: Note, addenda: [Addendum])] {
        let key = try db.textKey(of: participant, in: organization)
        let theirs: SQL = "e.organization_id = \(organization) AND e.participant_id = \(participant)"
        let notes = try db.all(
            """
            SELECT n.* FROM encounter e
            JOIN note n ON n.organization_id = e.organization_id AND n.encounter_id = e.id
            WHERE \(theirs) AND n.state <> \(State.draft)
            """
        ) { try Note(row: $0, key: key) }
        let addenda = try db.all(
            """
            SELECT a.* FROM encounter e
            JOIN note_addendum a ON a.organization_id = e.organization_id AND a.encounter_id = e.id
            WHERE \(theirs) ORDER BY a.encounter_id, a.number
            """
        ) { row in
            let id: Encounter.ID = try row["encounter_id"]
            return (id: id, addendum: try Addendum(row: row, of: id, key: key))
        }
        let added = Dictionary(grouping: addenda, by: \.id).mapValues { $0.map(\.addendum) }
        return Dictionary(notes.map { ($0.encounter, (note: $0, addenda: added[$0.encounter] ?? [])) }) { $1 }
    }

    /// A contact of the supporter asking whose note is not finished yet.
    package struct Unfinished: Sendable {
        package let encounter: Encounter
        /// nil: not begun.
        package let state: State?
    }

    /// The notes the supporter asking has to finish, the oldest first; also those that wait for the person's answer.
    package static func unfinished(limit: Int = 50, in db: Reading) throws -> [Unfinished] {
        let (organization, me) = (try db.organization, try db.me)
        let found = try db.all(
            """
            SELECT e.*, n.state AS note_state FROM (\(Encounter.everything)
                WHERE e.organization_id = \(organization) AND e.supporter_id = \(me) AND e.status = 'done'
                AND e.due_at IS NOT NULL) AS e
            LEFT JOIN note n ON n.organization_id = e.organization_id AND n.encounter_id = e.id
            ORDER BY e.starts_at, e.id LIMIT \(limit)
            """
        ) { Unfinished(encounter: try Encounter(row: $0), state: try $0["note_state"]) }
        for note in found { db.disclose(.listed, of: note.encounter.participant) }
        return found
    }

    /// The contacts whose notes wait for an answer of the participant asking, the oldest first.
    package static func offered(in db: Reading) throws -> [Encounter] {
        let (organization, me) = (try db.organization, try db.me)
        return try db.all(
            """
            \(Encounter.everything) JOIN note n ON n.organization_id = e.organization_id AND n.encounter_id = e.id
            WHERE e.organization_id = \(organization) AND e.participant_id = \(me) AND n.state = 'offered'
            AND w.reason IS NULL
            ORDER BY e.starts_at, e.id LIMIT 50
            """, Encounter.init(row:))
    }
}
