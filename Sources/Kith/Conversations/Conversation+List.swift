import Storage

extension Conversation {
    /// A conversation of the person asking, in a list.
    package struct Line: Sendable {
        package let id: ID
        package let person: Person.ID
        package let name: String
        package let role: Role
        /// When the last message was sent; nil when there is none.
        package let lastAt: Instant?
        /// What the list is ordered by: the last message, or else when it was opened.
        package let orderedAt: Instant
        /// Messages not read yet; counting stops at ``Conversation/countLimit``.
        package let unread: Int
        package let isClosed: Bool
    }

    /// The conversations of the person asking, the ones written in last first. One statement.
    /// - Parameter after: the last line of the page before.
    package static func lines(
        after: (at: Instant, id: ID)? = nil, limit: Int, in db: Reading
    ) throws -> [Line] {
        let organization = try db.organization
        let further: SQL = after.map { "AND (c.last_at, c.id) < (\($0.at), \($0.id))" } ?? ""
        let lines = try db.all(
            """
            SELECT c.id, c.last_sequence, c.last_at, c.closed_at, o.person_id, o.role,
                coalesce(p.called, p.name) AS name,
                \(unread(by: "m")) AS unread
            FROM \(mine) CROSS JOIN \(others)
            WHERE m.organization_id = \(organization) AND \(isMine(in: db)) AND \(isOther) \(further)
            ORDER BY c.last_at DESC, c.id DESC LIMIT \(limit)
            """
        ) { row in
            let at: Instant = try row["last_at"]
            let closedAt: Instant? = try row["closed_at"]
            return Line(
                id: try row["id"], person: try row["person_id"], name: try row["name"], role: try row["role"],
                lastAt: try row["last_sequence"] == 0 ? nil : at, orderedAt: at, unread: try row["unread"],
                isClosed: closedAt != nil)
        }
        for line in lines where line.role == .participant { db.disclose(.listed, of: line.person) }
        return lines
    }
}
