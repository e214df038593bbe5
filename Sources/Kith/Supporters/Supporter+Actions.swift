import Foundation
import Storage

extension Supporter {
    /// Makes somebody who has the role known to matching. For coordinators, administrators and the program itself.
    package static func enroll(_ person: Person.ID, _ profile: Profile, in db: Writing) throws {
        guard try mayEnroll(person, in: db) else { throw Problem.notFound }
        let organization = try db.organization
        let known = try db.exists(
            "SELECT 1 FROM supporter WHERE organization_id = \(organization) AND person_id = \(person)")
        guard !known else { throw Problem.conflict("supporter.known-already") }
        try write(profile, of: person, in: db)
        db.record(Event(.supporterEnrolled, of: person.text, about: person))
    }

    private static func mayEnroll(_ person: Person.ID, in db: Reading) throws -> Bool {
        if case .system = db.actor.kind { return true }
        let organization = try db.organization
        let anywhere: SQL = db.actor.has(.administrator) ? "" : "AND program_id IN \(list: db.coordinated)"
        return try db.exists(
            """
            SELECT 1 FROM membership WHERE organization_id = \(organization) AND person_id = \(person)
            AND role = \(Role.supporter) AND ended_at IS NULL \(anywhere)
            """)
    }

    /// A supporter says anew what they bring; the first time makes them known to matching.
    package static func keepOwn(_ profile: Profile, in db: Writing) throws {
        guard db.actor.has(.supporter) else { throw Problem.notAllowed }
        let mine = try mine(in: db)
        // A limit below what somebody carries already would be a promise broken from its first moment.
        guard profile.limit >= mine?.load ?? 0 else { throw Problem.invalid("limit", "below-load") }
        let organization = try db.organization
        let topics = Set(
            try db.values("SELECT DISTINCT code FROM topic WHERE organization_id = \(organization)", as: String.self))
        for statement in profile.statements where !topics.contains(statement.topic) {
            throw Problem.invalid("topic-\(statement.topic)", "not-a-choice")
        }
        try write(profile, of: db.me, in: db)
        db.record(Event(mine == nil ? .supporterEnrolled : .supporterChanged, of: try db.me.text, about: try db.me))
    }

    /// Nobody new is suggested to the person asking until they are back. Nobody asks why.
    package static func pause(returnsOn day: Day? = nil, in db: Writing) throws {
        if let day, day <= db.today { throw Problem.invalid("returns-on", "not-in-future") }
        let (organization, me) = (try db.organization, try db.me)
        guard let supporter = try mine(in: db) else { throw Problem.notFound }
        // The same pause once more is a second click.
        if let pause = supporter.pause, pause.returnsOn == day { return }
        try endPause(of: me, in: db)
        let id: Identifier<Pause> = db.newID()
        try db.run(
            """
            INSERT INTO supporter_pause (organization_id, id, person_id, since, returns_on)
            VALUES (\(organization), \(id), \(me), \(db.now), \(day))
            """)
        db.record(Event(.supporterPaused, of: me.text, about: me))
    }

    /// The person asking has time for somebody new again.
    package static func resume(in db: Writing) throws {
        let me = try db.me
        if try endPause(of: me, in: db) > 0 { db.record(Event(.supporterResumed, of: me.text, about: me)) }
    }

    /// A coordinator confirms, by name, that a supporter has lived through something which anyone may know.
    package static func attest(_ topic: String, of person: Person.ID, in db: Writing) throws {
        _ = try find(person, in: db)
        let attested = try db.run(
            """
            UPDATE supporter_topic SET attested_by = \(db.me)
            WHERE organization_id = \(db.organization) AND person_id = \(person) AND topic = \(topic)
            AND stance = \(Statement.Kind.lived) AND shown_to = \(Statement.Audience.anyone)
            AND attested_by IS DISTINCT FROM \(db.me)
            """)
        guard attested > 0 else {
            let isDone = try db.exists(
                """
                SELECT 1 FROM supporter_topic WHERE organization_id = \(db.organization) AND person_id = \(person)
                AND topic = \(topic) AND stance = \(Statement.Kind.lived)
                AND shown_to = \(Statement.Audience.anyone) AND attested_by = \(db.me)
                """)
            // Confirmed already: a second click.
            if isDone { return }
            throw Problem.notFound
        }
        db.record(Event(.statementAttested, of: person.text, about: person))
    }

    @discardableResult
    private static func endPause(of person: Person.ID, in db: Writing) throws -> Int {
        try db.run(
            """
            UPDATE supporter_pause SET ended_at = \(db.now)
            WHERE organization_id = \(db.organization) AND person_id = \(person) AND ended_at IS NULL
            """)
    }

    private static func write(_ profile: Profile, of person: Person.ID, in db: Writing) throws {
        let organization = try db.organization
        try db.run(
            """
            INSERT INTO supporter (organization_id, person_id, introduction, caseload_limit, formats, areas, since)
            VALUES (\(organization), \(person), \(profile.introduction), \(profile.limit),
                \(try json(profile.formats)), \(try json(profile.areas)), \(db.now))
            ON CONFLICT (organization_id, person_id) DO UPDATE SET introduction = excluded.introduction,
                caseload_limit = excluded.caseload_limit, formats = excluded.formats, areas = excluded.areas
            """)
        try writeLanguagesAndHours(profile, of: person, in: db)
        try write(profile.statements, of: person, in: db)
    }

    private static func writeLanguagesAndHours(_ profile: Profile, of person: Person.ID, in db: Writing) throws {
        let organization = try db.organization
        try db.run(
            """
            DELETE FROM supporter_language WHERE organization_id = \(organization) AND person_id = \(person)
            """)
        let languages = Set(profile.languages.map { $0.trimmed }).filter { !$0.isEmpty }.sorted()
        if !languages.isEmpty {
            let rows: [SQL] = languages.map { "(\(organization), \(person), \($0))" }
            try db.run(
                "INSERT INTO supporter_language (organization_id, person_id, language) VALUES \(SQL.joined(rows))")
        }
        try db.run("DELETE FROM supporter_hours WHERE organization_id = \(organization) AND person_id = \(person)")
        let hours = WeekHours.joined(profile.hours)
        if !hours.isEmpty {
            let rows: [SQL] = hours.map { "(\(organization), \(person), \($0.weekday), \($0.from), \($0.to))" }
            try db.run(
                """
                INSERT INTO supporter_hours (organization_id, person_id, weekday, from_hour, to_hour)
                VALUES \(SQL.joined(rows))
                """)
        }
    }

    /// What was confirmed stays confirmed as long as it says the same.
    private static func write(_ statements: [Statement], of person: Person.ID, in db: Writing) throws {
        let organization = try db.organization
        let others: SQL = statements.isEmpty ? "" : "AND topic NOT IN \(list: statements.map(\.topic))"
        try db.run(
            """
            DELETE FROM supporter_topic WHERE organization_id = \(organization) AND person_id = \(person) \(others)
            """)
        guard !statements.isEmpty else { return }
        let byTopic = Dictionary(statements.map { ($0.topic, $0) }) { $1 }
        let rows: [SQL] = byTopic.values.sorted { $0.topic < $1.topic }.map {
            "(\(organization), \(person), \($0.topic), \($0.kind), \($0.shownTo))"
        }
        try db.run(
            """
            INSERT INTO supporter_topic (organization_id, person_id, topic, stance, shown_to)
            VALUES \(SQL.joined(rows))
            ON CONFLICT (organization_id, person_id, topic) DO UPDATE SET stance = excluded.stance,
                shown_to = excluded.shown_to, attested_by = CASE WHEN supporter_topic.stance = excluded.stance
                    THEN supporter_topic.attested_by END
            """)
    }

    private static func json(_ values: [some Encodable]) throws -> String {
        String(decoding: try JSONEncoder().encode(values), as: UTF8.self)
    }
}
