import Storage

extension ErasureWish {
    /// The most that are shown and counted; the most pressing come first.
    static let shownCount = 50

    /// A wish, and who has it.
    struct Asked: Sendable {
        let wish: ErasureWish
        /// Nil once they are erased.
        let name: String?
    }

    /// The one of the person asking that is open, or else the latest, if they have ever asked.
    package static func own(in db: Reading) throws -> ErasureWish? { try latest(of: db.me, in: db) }

    /// Somebody's. Whoever calls has established their right to it.
    static func latest(of person: Person.ID, in db: Reading) throws -> ErasureWish? {
        try db.first(
            """
            SELECT * FROM erasure_wish WHERE organization_id = \(db.organization) AND person_id = \(person)
            ORDER BY CASE WHEN ended_at IS NULL THEN 0 ELSE 1 END, asked_at DESC, id DESC LIMIT 1
            """, ErasureWish.init(row:))
    }

    /// - Throws: ``Problem/notFound``.
    package static func find(_ id: ID, in db: Reading) throws -> ErasureWish { try asked(id, in: db).wish }

    static func asked(_ id: ID, in db: Reading) throws -> Asked {
        guard let asked = try all("AND w.id = \(id)", in: db).first else { throw Problem.notFound }
        return asked
    }

    static func isOpen(_ id: ID, in db: Reading) throws -> Bool {
        try db.exists(
            """
            SELECT 1 FROM erasure_wish WHERE organization_id = \(db.organization) AND id = \(id) AND ended_at IS NULL
            """)
    }

    /// What stands before the person asking, the most pressing first.
    static func open(in db: Reading) throws -> [Asked] { try all("AND w.ended_at IS NULL", in: db) }

    private static func all(_ condition: SQL, in db: Reading) throws -> [Asked] {
        let found = try db.all(
            """
            SELECT w.*, p.name FROM erasure_wish w
            JOIN person p ON p.organization_id = w.organization_id AND p.id = w.person_id
            WHERE w.organization_id = \(db.organization) \(condition) AND \(isWithinReach(in: db))
            ORDER BY w.due_at, w.id LIMIT \(shownCount)
            """
        ) { row in
            let wish = try ErasureWish(row: row)
            return Asked(wish: wish, name: wish.ending == .erased ? nil : try row["name"])
        }
        for asked in found where asked.name != nil { db.disclose(.listed, of: asked.wish.person) }
        return found
    }

    /// Before whoever coordinates a program in which they take part or did, whether they were referred to it or not, and
    /// before nobody who may not know that.
    private static func isWithinReach(in db: Reading) throws -> SQL {
        let place = Wall.Record(person: "b.person_id", program: "b.program_id")
        return """
            EXISTS (SELECT 1 FROM membership b WHERE b.organization_id = w.organization_id
                AND b.person_id = w.person_id AND b.role = \(Role.participant)
                AND \(try db.reach(.request, of: place, as: [.coordinator, .standIn])))
            """
    }

    static func openCount(in db: Reading) throws -> SQL {
        """
        SELECT count(*) FROM (SELECT 1 AS one FROM erasure_wish w WHERE w.organization_id = \(try db.organization)
            AND w.ended_at IS NULL AND \(try isWithinReach(in: db)) LIMIT \(shownCount)) AS s
        """
    }

    /// Whether the person asking was told within a month that it has to wait.
    static func keptLately(in db: Reading) throws -> SQL {
        """
        SELECT count(*) FROM erasure_wish WHERE organization_id = \(try db.organization)
        AND person_id = \(try db.me) AND ending = 'kept' AND ended_at > \(db.now.adding(hours: -24 * days))
        """
    }
}
