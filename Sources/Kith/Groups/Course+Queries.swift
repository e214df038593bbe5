import Storage

extension Course {
    /// The row is `c`.
    private static let everything: SQL = """
        SELECT c.*, (SELECT count(*) FROM course_session s WHERE s.organization_id = c.organization_id
                AND s.course_id = c.id) AS sessions,
            EXISTS (SELECT 1 FROM support_group g WHERE g.organization_id = c.organization_id AND g.course_id = c.id
                AND (g.state <> 'ended' OR EXISTS (SELECT 1 FROM meeting m WHERE m.organization_id = g.organization_id
                    AND m.group_id = g.id AND m.state = 'held' AND m.starts_at >= g.course_since))) AS is_in_use
        FROM course c
        """

    /// The courses of the programs that the person asking coordinates, by title.
    package static func all(in db: Reading) throws -> [Course] {
        try db.all(
            """
            \(everything) WHERE c.organization_id = \(db.organization) AND c.program_id IN \(list: db.coordinated)
            ORDER BY c.title, c.id LIMIT 200
            """, Course.init(row:))
    }

    /// One of a program that the person asking coordinates.
    package static func find(_ id: ID, in db: Reading) throws -> Course {
        let found = try db.first(
            """
            \(everything) WHERE c.organization_id = \(db.organization) AND c.id = \(id)
            AND c.program_id IN \(list: db.coordinated)
            """, Course.init(row:))
        guard let found else { throw Problem.notFound }
        return found
    }

    /// The courses of a program, for whoever has established their right to it.
    static func all(of program: Program.ID, in db: Reading) throws -> [Course] {
        try db.all(
            """
            \(everything) WHERE c.organization_id = \(db.organization) AND c.program_id = \(program)
            ORDER BY c.title, c.id LIMIT 200
            """, Course.init(row:))
    }

    /// The course of a program that has a title.
    static func named(_ title: String, in program: Program.ID, _ db: Reading) throws -> Course? {
        try one("c.title = \(title.trimmed)", of: program, in: db)
    }

    /// One of a program, by a condition on the row `c`; for whoever has established their right to the program.
    static func one(_ condition: SQL, of program: Program.ID, in db: Reading) throws -> Course? {
        try db.first(
            """
            \(everything) WHERE c.organization_id = \(db.organization) AND c.program_id = \(program) AND \(condition)
            """, Course.init(row:))
    }

    /// Its sessions in order. Whoever calls has established their right to it.
    package func sessions(in db: Reading) throws -> [Session] {
        try db.all(
            """
            SELECT * FROM course_session WHERE organization_id = \(organization) AND course_id = \(id)
            ORDER BY place, id
            """, Session.init(row:))
    }
}

extension Course.Session {
    /// One of a course that the person asking may change.
    package static func find(_ id: ID, in db: Reading) throws -> (session: Self, course: Course) {
        let found = try db.first(
            "SELECT * FROM course_session WHERE organization_id = \(db.organization) AND id = \(id)", Self.init(row:))
        guard let found else { throw Problem.notFound }
        return (found, try Course.find(found.course, in: db))
    }
}
