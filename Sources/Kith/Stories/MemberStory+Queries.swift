import Storage

extension MemberStory {
    /// How many a page lists, and how many of their own somebody sees above them.
    static let pageSize = 20

    /// Where a page begins.
    struct Place: Sendable {
        let at: Instant
        let id: ID

        /// As its link has it.
        var text: String { "\(at)_\(id)" }

        init(at: Instant, id: ID) { (self.at, self.id) = (at, id) }

        init?(_ text: String) {
            let parts = text.split(separator: "_").map(String.init)
            guard parts.count == 2, let at = Instant(parts[0]), let id = ID(untrusted: parts[1]) else { return nil }
            self.init(at: at, id: id)
        }
    }

    private static var columns: SQL {
        "s.*, \(TextKey.wrapped(of: "s.writer_id", in: "s.organization_id")) AS wrapped_key"
    }

    private static func decode(_ row: Row, _ db: Reading) throws -> MemberStory {
        try MemberStory(row: row, db.key(row["wrapped_key"], of: row["writer_id"]))
    }

    /// A condition on the row `s`: it is shown in a program of the person asking, and neither of the two blocks the
    /// other.
    private static func isShown(in db: Reading) throws -> SQL {
        let (organization, me) = (try db.organization, try db.me)
        return """
            s.state = 'shown'
            AND s.program_id IN \(try db.reach(Ground.neighborly))
            AND NOT \(Block.separates("s.writer_id", me, in: organization))
            """
    }

    /// What is shown to the person asking, the newest first.
    package static func shown(
        _ kind: Kind? = nil, in db: Reading
    ) throws -> [MemberStory] { try shown(kind, after: nil, in: db) }

    static func shown(_ kind: Kind?, after place: Place?, in db: Reading) throws -> [MemberStory] {
        let further: SQL = place.map { "AND (s.shown_at, s.id) < (\($0.at), \($0.id))" } ?? ""
        let ofKind: SQL = kind.map { "AND s.kind = \($0)" } ?? ""
        return try db.all(
            """
            SELECT \(columns) FROM member_story s WHERE s.organization_id = \(db.organization)
            AND \(isShown(in: db)) \(ofKind) \(further)
            ORDER BY s.shown_at DESC, s.id DESC LIMIT \(pageSize + 1)
            """
        ) { try decode($0, db) }
    }

    /// One that is shown to the person asking.
    /// - Throws: ``Problem/notFound``.
    static func shown(_ id: ID, in db: Reading) throws -> MemberStory {
        let found = try db.first(
            """
            SELECT \(columns) FROM member_story s WHERE s.organization_id = \(db.organization) AND s.id = \(id)
            AND \(isShown(in: db))
            """
        ) { try decode($0, db) }
        guard let found else { throw Problem.notFound }
        return found
    }

    /// One of the person asking.
    /// - Throws: ``Problem/notFound``.
    package static func own(_ id: ID, in db: Reading) throws -> MemberStory {
        let found = try db.first(
            """
            SELECT \(columns) FROM member_story s WHERE s.organization_id = \(db.organization) AND s.id = \(id)
            AND s.writer_id = \(db.me)
            """
        ) { try decode($0, db) }
        guard let found else { throw Problem.notFound }
        return found
    }

    /// What the person asking wrote, the newest first.
    static func mine(in db: Reading) throws -> [MemberStory] { try written(by: db.me, in: db.organization, db) }

    /// What somebody wrote. Whoever calls has established their right to it.
    static func written(
        by person: Person.ID, in organization: Organization.ID, limit: Int = pageSize, _ db: Reading
    ) throws -> [MemberStory] {
        try db.all(
            """
            SELECT \(columns) FROM member_story s WHERE s.organization_id = \(organization)
            AND s.writer_id = \(person) ORDER BY s.written_at DESC, s.id DESC LIMIT \(limit)
            """
        ) { try decode($0, db) }
    }

    /// Their part of what somebody takes along.
    static let copied = CopiedPart("stories") { person, organization, db in
        try written(by: person, in: organization, limit: 1_000, db).map { story in
            { words in
                let kind = words("stories.kind.\(story.kind.rawValue)")
                return PersonCopy.Line(
                    label: "\(kind): \(words("stories.state.\(story.state.rawValue)"))",
                    text: story.text?.whole ?? words("stories.state.withdrawn"))
            }
        }
    }
}

extension MessageReport {
    /// The person asking reports a story or tip that is shown to them. The same again changes nothing.
    /// - Throws: ``Problem/notFound``; ``Problem/conflict(_:)`` with `report.own`.
    @discardableResult
    package static func make(of id: MemberStory.ID, _ reason: Reason, words: String = "", db: Writing) throws -> ID {
        let story = try MemberStory.shown(id, in: db)
        let piece = Piece(
            id: id.text, writer: story.writer, program: story.program, words: story.text?.whole ?? "",
            shownAt: story.shownAt ?? db.now)
        return try make(of: piece, reason, words: words, db: db)
    }
}
