import Storage

extension Reading {
    /// Whose records the person asking has open at this moment, as the right side of `IN`.
    package var opened: SQL {
        get throws {
            let (organization, me) = (try organization, try me)
            return """
                (SELECT b.person_id FROM record_opening b WHERE b.organization_id = \(organization)
                AND b.opened_by = \(me) AND b.ends_at > \(now))
                """
        }
    }
}

extension Opening {
    /// What the person asking has open at this moment, the first to end first.
    package static func mine(in db: Reading) throws -> [Opening] {
        try all("o.opened_by = \(try db.me) AND o.ends_at > \(db.now) ORDER BY o.ends_at, o.id LIMIT 20", in: db)
    }

    /// What the person asking has open, by its identifier.
    /// - Throws: ``Problem/notFound`` for anybody else's, and once it has ended.
    package static func open(_ id: ID, in db: Reading) throws -> Opening {
        guard let found = try mine(in: db).first(where: { $0.id == id }) else { throw Problem.notFound }
        return found
    }

    /// What waits for a word of the person asking, as a supervisor or administrator, the most pressing first.
    package static func toReview(in db: Reading) throws -> [Opening] {
        try all("\(waits(db)) AND o.reviewed_at IS NULL ORDER BY o.review_due_at, o.id LIMIT 50", in: db)
    }

    /// One that the person asking may say a word on, or has.
    package static func toReview(_ id: ID, in db: Reading) throws -> Opening {
        guard let found = try all("\(waits(db)) AND o.id = \(id)", in: db).first else { throw Problem.notFound }
        return found
    }

    /// How many wait past their time, counted to a limit.
    static func overdue(in db: Reading) throws -> SQL {
        """
        SELECT count(*) FROM (SELECT 1 FROM record_opening o WHERE o.organization_id = \(try db.organization)
            AND \(try waits(db)) AND o.reviewed_at IS NULL AND o.review_due_at < \(db.now) LIMIT 100) AS late
        """
    }

    /// Whoever opened the record of the person asking, the newest first.
    package static func ofMine(limit: Int = 20, in db: Reading) throws -> [Opening] {
        try all("o.person_id = \(try db.me) ORDER BY o.opened_at DESC, o.id DESC LIMIT \(limit)", in: db)
    }

    private static func waits(_ db: Reading) throws -> SQL {
        """
        o.program_id IN \(try db.reach(.supervisor, .administrator)) AND o.opened_by <> \(try db.me) AND o.person_id <> \(try db.me)
        """
    }

    private static func all(_ condition: SQL, in db: Reading) throws -> [Opening] {
        let organization = try db.organization
        return try db.all(
            """
            SELECT o.*, p.name AS opener_name, r.name AS reviewer_name,
                \(TextKey.wrapped(of: "o.person_id", in: "o.organization_id")) AS wrapped_key
            FROM record_opening o
            JOIN person p ON p.organization_id = o.organization_id AND p.id = o.opened_by
            LEFT JOIN person r ON r.organization_id = o.organization_id AND r.id = o.reviewed_by
            WHERE o.organization_id = \(organization) AND \(condition)
            """
        ) { try Opening(row: $0, key: db.key($0["wrapped_key"], of: $0["person_id"])) }
    }
}
