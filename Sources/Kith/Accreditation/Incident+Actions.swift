import Storage

extension Incident {
    static let readers: [Role] = [.coordinator, .supervisor]

    /// The person asking writes down what happened.
    /// - Parameter id: new for each page that asks, so that a form sent twice is one incident.
    /// - Throws: ``Problem/notFound`` unless they coordinate or supervise the program; ``Problem/invalid(_:)`` for a day to
    ///   come and for no words.
    package static func record(
        _ kind: Kind, on day: Day, _ words: String, as id: ID, in program: Program.ID, db: Writing
    ) throws {
        let (organization, me) = (try db.organization, try db.me)
        guard readers.contains(where: { db.actor.has($0, in: program) }) else { throw Problem.notFound }
        var errors: [String: String] = [:]
        if day > db.today { errors["happened-on"] = "not-past" }
        if words.isEmpty { errors["words"] = "required" }
        try Problem.check(errors)
        let sealed = try db.writingKey(of: me, in: organization).seal(words, as: Text.words.place(in: id))
        let added = try db.run(
            """
            INSERT INTO incident (organization_id, id, program_id, kind, happened_on, words, state, author_id,
                recorded_at, due_at)
            VALUES (\(organization), \(id), \(program), \(kind), \(day), \(sealed), \(State.open), \(me), \(db.now),
                \(db.now.adding(days: daysToReview)))
            ON CONFLICT DO NOTHING
            """)
        if added > 0 { db.record(Event(.incidentRecorded, of: id.text, in: program, ["kind": kind.rawValue])) }
    }

    /// Somebody outside was told. The same on the same day is once.
    package func tell(_ whom: Told, in db: Writing) throws {
        let added = try db.run(
            """
            INSERT INTO incident_told (organization_id, incident_id, whom, told_on, told_by)
            VALUES (\(organization), \(id), \(whom), \(db.today), \(db.me))
            ON CONFLICT (organization_id, incident_id, whom, told_on) DO NOTHING
            """)
        if added > 0 { db.record(event(.incidentTold, ["whom": whom.rawValue])) }
    }

    /// Somebody else says what they make of it.
    /// - Throws: ``Problem/conflict(_:)`` with `incident.own` for whoever wrote it down, `incident.not-now` when it is
    ///   reviewed already.
    package func review(_ words: String, in db: Writing) throws {
        guard try db.me != author else { throw Problem.conflict("incident.own") }
        guard state == .open else { throw Problem.conflict("incident.not-now") }
        guard !words.isEmpty else { throw Problem.invalid("review", "required") }
        try db.run(
            """
            UPDATE incident SET state = \(State.reviewed), due_at = NULL, review = \(seal(words, as: .review, in: db)),
                reviewed_at = \(db.now), reviewed_by = \(db.me)
            WHERE organization_id = \(organization) AND id = \(id) AND state = \(State.open)
            """)
        db.record(event(.incidentReviewed))
    }

    /// Ends it with what was learned.
    /// - Throws: ``Problem/conflict(_:)`` with `incident.not-now` before the review and after the end.
    package func close(_ lessons: String, in db: Writing) throws {
        guard state == .reviewed else { throw Problem.conflict("incident.not-now") }
        guard !lessons.isEmpty else { throw Problem.invalid("lessons", "required") }
        try db.run(
            """
            UPDATE incident SET state = \(State.closed), lessons = \(seal(lessons, as: .lessons, in: db)),
                closed_at = \(db.now), closed_by = \(db.me)
            WHERE organization_id = \(organization) AND id = \(id) AND state = \(State.reviewed)
            """)
        db.record(event(.incidentClosed))
    }
}

extension Incident {
    /// One of a program that the person asking coordinates or supervises.
    package static func find(_ id: ID, in db: Reading) throws -> Incident {
        let found = try db.first(
            """
            SELECT * FROM incident WHERE organization_id = \(db.organization) AND id = \(id)
            AND program_id IN \(db.reach(readers))
            """, Incident.init(row:))
        guard let found else { throw Problem.notFound }
        return found
    }

    static func all(in db: Reading) throws -> [(incident: Incident, program: String)] {
        try db.all(
            """
            SELECT i.*, g.name AS program FROM incident i
            JOIN program g ON g.organization_id = i.organization_id AND g.id = i.program_id
            WHERE i.organization_id = \(db.organization) AND i.program_id IN \(db.reach(readers))
            ORDER BY CASE i.state WHEN 'open' THEN 0 WHEN 'reviewed' THEN 1 ELSE 2 END, i.recorded_at DESC, i.id LIMIT 200
            """
        ) { (try Incident(row: $0), try $0["program"]) }
    }

    /// How many wait for a review, in the programs of the person asking.
    static func waiting(in db: Reading) throws -> SQL {
        """
        SELECT count(*) FROM incident WHERE organization_id = \(try db.organization) AND state = \(State.open)
        AND program_id IN \(try db.reach(readers))
        """
    }
}
