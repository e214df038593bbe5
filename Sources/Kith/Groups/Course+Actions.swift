import Storage

extension Course {
    /// Makes a course, without sessions yet.
    /// - Throws: ``Problem/notAllowed`` unless a coordinator of the program or the program itself asks;
    ///   ``Problem/invalid(_:)`` by field.
    package static func make(_ plan: Plan, for program: Program.ID, in db: Writing) throws -> ID {
        try GroupType.checkCoordinates(program, db)
        try Problem.check(plan.flaws)
        if let same = try named(plan.title, in: program, db) {
            // The same once more is a second click.
            guard same.plan == plan else { throw Problem.invalid("title", "used") }
            return same.id
        }
        let id: ID = db.newID()
        try db.run(
            """
            INSERT INTO course (organization_id, id, program_id, title, language, needed, created_at, created_by)
            VALUES (\(db.organization), \(id), \(program), \(plan.title.trimmed), \(plan.language), \(plan.needed),
                \(db.now), \(db.actor.logName))
            """)
        db.record(Event(.courseMade, of: id.text, in: program))
        return id
    }

    /// Says anew what it is.
    /// - Throws: ``Problem/conflict(_:)`` with `course.in-use` for another number of sessions that are needed.
    package func change(to plan: Plan, in db: Writing) throws {
        try GroupType.checkCoordinates(program, db)
        try Problem.check(plan.flaws)
        guard plan != self.plan else { return }
        if let other = try Self.named(plan.title, in: program, db), other.id != id {
            throw Problem.invalid("title", "used")
        }
        if plan.needed != self.plan.needed { try checkNotInUse() }
        try db.run(
            """
            UPDATE course SET title = \(plan.title.trimmed), language = \(plan.language), needed = \(plan.needed)
            WHERE organization_id = \(organization) AND id = \(id)
            """)
        db.record(event(.courseChanged))
    }

    /// Puts a session behind the last.
    @discardableResult
    package func add(_ content: Session.Content, in db: Writing) throws -> Session.ID {
        try GroupType.checkCoordinates(program, db)
        try Problem.check(content.flaws)
        if let same = try titled(content.title, db) {
            guard same.content.text == content.text else { throw Problem.invalid("title", "used") }
            return same.id
        }
        try checkNotInUse()
        guard sessions < Self.mostSessions else { throw Problem.conflict("course.full") }
        let session: Session.ID = db.newID()
        try db.run(
            """
            INSERT INTO course_session (organization_id, id, course_id, place, title, text)
            VALUES (\(organization), \(session), \(id), \(sessions + 1), \(content.title.trimmed), \(content.text))
            """)
        db.record(event(.sessionAdded, session))
        return session
    }

    /// Writes a session anew; at any time, since that changes nothing of who came to what.
    package func change(_ session: Session, to content: Session.Content, in db: Writing) throws {
        try GroupType.checkCoordinates(program, db)
        try Problem.check(content.flaws)
        guard content != session.content else { return }
        if let other = try titled(content.title, db), other.id != session.id { throw Problem.invalid("title", "used") }
        try db.run(
            """
            UPDATE course_session SET title = \(content.title.trimmed), text = \(content.text)
            WHERE organization_id = \(organization) AND id = \(session.id)
            """)
        db.record(event(.sessionChanged, session.id))
    }

    /// Puts a session at another place; those between move up or down by one.
    package func move(_ session: Session, to place: Int, in db: Writing) throws {
        try GroupType.checkCoordinates(program, db)
        guard place != session.place, (1...sessions).contains(place) else { return }
        try checkNotInUse()
        let (least, most) = (min(place, session.place), max(place, session.place))
        try db.run(
            """
            UPDATE course_session SET place = CASE WHEN id = \(session.id) THEN CAST(\(place) AS BIGINT)
                ELSE place + CAST(\(place < session.place ? 1 : -1) AS BIGINT) END
            WHERE organization_id = \(organization) AND course_id = \(id) AND place BETWEEN \(least) AND \(most)
            """)
        db.record(event(.sessionMoved, session.id))
    }

    package func remove(_ session: Session, in db: Writing) throws {
        try GroupType.checkCoordinates(program, db)
        try checkNotInUse()
        try db.run("DELETE FROM course_session WHERE organization_id = \(organization) AND id = \(session.id)")
        try db.run(
            """
            UPDATE course_session SET place = place - 1
            WHERE organization_id = \(organization) AND course_id = \(id) AND place > \(session.place)
            """)
        db.record(event(.sessionRemoved, session.id))
    }

    private func titled(_ title: String, _ db: Reading) throws -> Session? {
        try db.first(
            """
            SELECT * FROM course_session WHERE organization_id = \(organization) AND course_id = \(id)
            AND title = \(title.trimmed)
            """, Session.init(row:))
    }

    private func checkNotInUse() throws {
        if isInUse { throw Problem.conflict("course.in-use") }
    }

    private func event(_ kind: EventKind, _ session: Session.ID? = nil) -> Event {
        Event(kind, of: session?.text ?? id.text, in: program)
    }

    /// Whether a group of the program can go through a course: it is one of the program's, and can be completed.
    static func check(_ course: ID?, for program: Program.ID, in db: Reading) throws {
        guard let course else { return }
        guard let found = try one("c.id = \(course)", of: program, in: db) else {
            throw Problem.invalid("course", "not-a-choice")
        }
        guard found.sessions >= found.plan.needed else { throw Problem.invalid("course", "course-too-short") }
    }
}
