import Storage

/// Somebody who was close to a person who died, or stands by somebody who was. They read of it where they look first, in
/// plain words, and somebody of the program speaks with them.
package struct Mourner: Sendable, Equatable {
    package enum Bond: String, Sendable, CaseIterable, SQLConvertible, SQLDecodable {
        case caredForThem = "cared-for-them"
        case supportedThem = "supported-them"
        /// Supports the one who cared for whoever died.
        case supportsCarer = "supports-carer"
        case supportedByThem = "supported-by-them"

        /// Within how many hours somebody speaks with them; nil: only if they ask.
        var hours: Int? {
            switch self {
            case .caredForThem: 48
            case .supportedThem, .supportedByThem: 24
            case .supportsCarer: nil
            }
        }
    }

    package enum Answer: String, Sendable, CaseIterable, SQLConvertible, SQLDecodable {
        case talk, fine
    }

    package let loss: Loss.ID
    package let person: Person.ID
    package let name: String
    package let bond: Bond
    /// Whom it is about for them: who died, or the carer whom they support; nil where Kith does not know who died.
    package let about: Person.ID?
    package let aboutName: String?
    package let state: Loss.State
    package let diedOn: Day?
    package let due: Instant?
    package let answer: Answer?
    package let spokenAt: Instant?

    init(row: Row) throws {
        loss = try row["loss_id"]
        person = try row["person_id"]
        name = try row["name"]
        bond = try row["bond"]
        about = try row["about_id"]
        aboutName = try row["about_name"]
        state = try row["state"]
        diedOn = try row["died_on"]
        due = try row["due_at"]
        answer = try row["answer"]
        spokenAt = try row["spoken_at"]
    }

    /// For how many days the first page says it to somebody who does not answer.
    static let shownDays = 60

    private static func all(_ condition: SQL, in db: Reading) throws -> [Mourner] {
        let found = try db.all(
            """
            SELECT m.loss_id, m.person_id, coalesce(p.called, p.name) AS name, m.bond, m.about_id,
                coalesce(a.called, a.name) AS about_name, l.state, l.died_on, m.due_at, m.answer, m.spoken_at
            FROM mourner m JOIN loss l ON l.organization_id = m.organization_id AND l.id = m.loss_id
            JOIN person p ON p.organization_id = m.organization_id AND p.id = m.person_id
            LEFT JOIN person a ON a.organization_id = m.organization_id AND a.id = m.about_id
            WHERE m.organization_id = \(db.organization) AND \(condition)
            """, Mourner.init(row:))
        for mourner in found {
            for person in [mourner.person, mourner.about].compactMap(\.self) where person != db.actor.person {
                db.disclose(.listed, of: person)
            }
        }
        return found
    }

    /// What the person asking is told on their first page, until they say how they are.
    package static func told(of bonds: [Bond], in db: Reading) throws -> [Mourner] {
        try all(
            """
            m.person_id = \(db.me) AND m.answered_at IS NULL AND m.bond IN \(list: bonds)
            AND m.since > \(db.now.adding(days: -shownDays)) ORDER BY m.since DESC LIMIT 5
            """, in: db)
    }

    /// Everybody after a loss, for its program.
    package static func all(after loss: Loss, in db: Reading) throws -> [Mourner] {
        try all("m.loss_id = \(loss.id) ORDER BY m.bond, p.name, m.person_id LIMIT 200", in: db)
    }

    /// With whom somebody of the programs of the person asking has to speak, the most urgent first.
    static func toSpeakWith(in db: Reading) throws -> [Mourner] {
        try all(
            """
            m.due_at IS NOT NULL AND m.program_id IN \(db.programs(seeing: .care, as: [.coordinator]))
            ORDER BY m.due_at, m.person_id LIMIT 100
            """, in: db)
    }
}

// MARK: - Groups

extension Mourner {
    /// For how many days groups are offered to somebody after a loss.
    static let offeredDays = 365

    /// Groups for people who have lost somebody, where the person asking cared for somebody who died and may join them.
    package static func groups(in db: Reading) throws -> [(name: String, code: String)] {
        let (organization, me) = (try db.organization, try db.me)
        return try db.all(
            """
            SELECT g.name, g.code FROM support_group g
            JOIN group_type t ON t.organization_id = g.organization_id AND t.id = g.type_id AND t.is_for_bereaved
            WHERE g.organization_id = \(organization) AND g.state <> 'ended'
            AND g.program_id IN \(db.reach(.participant))
            AND EXISTS (SELECT 1 FROM mourner m JOIN loss l ON l.organization_id = m.organization_id AND l.id = m.loss_id
                WHERE m.organization_id = \(organization) AND m.person_id = \(me) AND m.bond = \(Bond.caredForThem)
                AND m.since > \(db.now.adding(days: -offeredDays)) AND l.state <> \(Loss.State.mistaken))
            AND NOT EXISTS (SELECT 1 FROM group_member r WHERE r.organization_id = g.organization_id
                AND r.group_id = g.id AND r.person_id = \(me) AND r.ended_at IS NULL)
            ORDER BY g.name, g.id LIMIT 5
            """
        ) { (try $0["name"], try $0["code"]) }
    }
}

// MARK: - What follows

extension Mourner {
    /// The person asking says whether they want to talk with somebody. Whoever does is spoken with within a day.
    /// - Throws: ``Problem/notFound`` unless it was told to them.
    package static func answer(_ answer: Answer, to loss: Loss.ID, in db: Writing) throws {
        let (organization, me) = (try db.organization, try db.me)
        let found = try db.first(
            """
            SELECT m.program_id, m.answer, m.due_at, l.state FROM mourner m
            JOIN loss l ON l.organization_id = m.organization_id AND l.id = m.loss_id
            WHERE m.organization_id = \(organization) AND m.loss_id = \(loss) AND m.person_id = \(me)
            """
        ) {
            (
                program: try $0["program_id"] as Program.ID, answer: try $0["answer"] as Answer?,
                due: try $0["due_at"] as Instant?, state: try $0["state"] as Loss.State
            )
        }
        guard let found else { throw Problem.notFound }
        guard found.answer != answer else { return }
        let wanted = db.now.adding(hours: 24)
        let due: Instant? = answer == .talk && found.state != .mistaken ? min(found.due ?? wanted, wanted) : found.due
        try db.run(
            """
            UPDATE mourner SET answer = \(answer), answered_at = \(db.now), due_at = \(due),
                spoken_at = CASE WHEN \(answer == .talk) THEN NULL ELSE spoken_at END,
                spoken_by = CASE WHEN \(answer == .talk) THEN NULL ELSE spoken_by END
            WHERE organization_id = \(organization) AND loss_id = \(loss) AND person_id = \(me)
            """)
        db.record(
            Event(.mournerAnswered, of: loss.text, about: me, in: found.program, ["answer": answer.rawValue]))
    }
}

extension Loss {
    /// A coordinator has spoken with somebody, or found that they would rather not.
    package func spokeWith(_ person: Person.ID, in db: Writing) throws {
        guard db.actor.has(.coordinator, in: program) else { throw Problem.notAllowed }
        let changed = try db.run(
            """
            UPDATE mourner SET due_at = NULL, spoken_at = \(db.now), spoken_by = \(db.actor.logName)
            WHERE organization_id = \(organization) AND loss_id = \(id) AND person_id = \(person)
            AND spoken_at IS NULL
            """)
        if changed > 0 { db.record(Event(.mournerSpokenWith, of: id.text, about: person, in: program)) }
    }

    func mourn(_ person: Person.ID, as bond: Mourner.Bond, about: Person.ID?, in db: Writing) throws {
        try mourn("SELECT \(person) AS person_id, CAST(\(about) AS TEXT) AS about_id", as: bond, in: db)
    }

    func tellSupporters(of carer: Person.ID, in db: Writing) throws {
        try mourn(
            """
            SELECT supporter_id AS person_id, participant_id AS about_id FROM match
            WHERE organization_id = \(organization) AND participant_id = \(carer) AND status = 'active'
            """, as: .supportsCarer, in: db)
    }

    /// Everybody who was close to whoever died. Whoever was so in two ways counts for the closer one.
    func mournAll(in db: Writing) throws {
        let carers: SQL = """
            SELECT caregiver_id FROM care_relation
            WHERE organization_id = \(organization) AND cared_for_id = \(person) AND ended_at IS NULL
            """
        try mourn(
            "SELECT c.caregiver_id AS person_id, \(person) AS about_id FROM (\(carers)) c", as: .caredForThem, in: db)
        try mourn(
            """
            SELECT supporter_id AS person_id, participant_id AS about_id FROM match
            WHERE organization_id = \(organization) AND participant_id = \(person) AND status = 'active'
            """, as: .supportedThem, in: db)
        try mourn(
            """
            SELECT participant_id AS person_id, supporter_id AS about_id FROM match
            WHERE organization_id = \(organization) AND supporter_id = \(person) AND status = 'active'
            """, as: .supportedByThem, in: db)
        try mourn(
            """
            SELECT supporter_id AS person_id, participant_id AS about_id FROM match
            WHERE organization_id = \(organization) AND participant_id IN (\(carers)) AND status = 'active'
            """, as: .supportsCarer, in: db)
    }

    /// - Parameter people: selects `person_id` and `about_id`.
    private func mourn(_ people: SQL, as bond: Mourner.Bond, in db: Writing) throws {
        let due = bond.hours.map { db.now.adding(hours: $0) }
        try db.run(
            """
            INSERT INTO mourner (organization_id, loss_id, person_id, program_id, bond, about_id, since, due_at)
            SELECT \(organization), \(id), w.person_id, \(program), \(bond), min(w.about_id), \(db.now),
                CAST(\(due) AS TEXT)
            FROM (\(people)) w WHERE w.person_id IS NOT NULL GROUP BY w.person_id
            ON CONFLICT (organization_id, loss_id, person_id) DO NOTHING
            """)
    }
}
