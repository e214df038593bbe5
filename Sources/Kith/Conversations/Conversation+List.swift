import Storage

extension Conversation {
    /// A conversation of the person asking, in a list.
    package struct Line: Sendable {
        package let id: ID
        /// The other of the pair, or the title of the group.
        package let name: String
        /// Of the other; nil in a group.
        package let role: MemberRole?
        /// When the last message was sent; nil when there is none.
        package let lastAt: Instant?
        /// What the list is ordered by: the last message, or else when it was opened.
        package let orderedAt: Instant
        /// Messages not read yet; counting stops at ``Conversation/countLimit``.
        package let unread: Int
        package let isClosed: Bool
        /// Whether the person asking has left.
        package let hasLeft: Bool
    }

    /// The conversations of the person asking, the ones written in last first. One statement.
    /// - Parameter after: the last line of the page before.
    package static func lines(
        after: (at: Instant, id: ID)? = nil, limit: Int, in db: Reading
    ) throws -> [Line] {
        let organization = try db.organization
        // What was written after they left does not show, not even by its moment.
        let at: SQL = "CASE WHEN m.left_at IS NULL OR c.last_at < m.left_at THEN c.last_at ELSE m.left_at END"
        let further: SQL = after.map { "AND (\(at), c.id) < (\($0.at), \($0.id))" } ?? ""
        let lines = try db.all(
            """
            SELECT c.id, c.title, c.last_sequence, m.left_sequence, \(at) AS at, c.closed_at, m.left_at, o.person_id,
                o.role, coalesce(p.called, p.name) AS name, \(unread(by: "m")) AS unread
            FROM \(mine) \(withOther)
            WHERE m.organization_id = \(organization) AND \(isMine(in: db)) \(further)
            ORDER BY at DESC, c.id DESC LIMIT \(limit)
            """
        ) { row in
            let (at, closedAt, leftAt): (Instant, Instant?, Instant?) = (
                try row["at"], try row["closed_at"], try row["left_at"]
            )
            let (title, name, person): (String?, String?, Person.ID?) = (
                try row["title"], try row["name"], try row["person_id"]
            )
            let (last, left): (Int, Int?) = (try row["last_sequence"], try row["left_sequence"])
            let line = Line(
                id: try row["id"], name: title ?? name ?? "", role: try row["role"],
                lastAt: left ?? last == 0 ? nil : at, orderedAt: at, unread: try row["unread"],
                isClosed: closedAt != nil, hasLeft: leftAt != nil)
            return (line: line, person: person)
        }
        for case (let line, let person?) in lines where line.role == .participant { db.disclose(.listed, of: person) }
        return lines.map(\.line)
    }
}
