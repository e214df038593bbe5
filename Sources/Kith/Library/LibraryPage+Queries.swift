import Storage

extension LibraryPage {
    /// Who reads the pages of a program.
    package static let readers: [Role] = [.participant, .supporter, .coordinator, .supervisor, .administrator]
    /// Who writes them.
    package static let writers: [Role] = [.coordinator, .administrator]

    static func mayWrite(for program: Program.ID, in db: Reading) -> Bool {
        writers.contains { db.actor.has($0, in: program) }
    }

    /// One line of the list that readers see.
    struct Line: Sendable {
        let id: ID
        let kind: Kind
        let title: String
        let language: String
        let program: (id: Program.ID, name: String)
    }

    /// How many pages a list shows; a program keeps far fewer, and a list that is cut says so.
    static let most = 200

    private static let everything: SQL = """
        SELECT l.*, coalesce(p.called, p.name) AS reviewer FROM library_page l
        LEFT JOIN person p ON p.organization_id = l.organization_id AND p.id = l.reviewed_by
        """

    /// What is published in the programs of the person asking. That somebody reads it is not written down.
    static func published(in db: Reading) throws -> [Line] {
        try db.all(
            """
            SELECT l.id, l.kind, l.title, l.language, l.program_id, g.name FROM library_page l
            JOIN program g ON g.organization_id = l.organization_id AND g.id = l.program_id
            WHERE l.organization_id = \(db.organization) AND l.state = 'published'
            AND l.program_id IN \(db.reach(readers)) ORDER BY l.title, l.id LIMIT \(most)
            """
        ) {
            Line(
                id: try $0["id"], kind: try $0["kind"], title: try $0["title"], language: try $0["language"],
                program: (try $0["program_id"], try $0["name"]))
        }
    }

    /// How many pages of the programs for which the person asking writes are past the day of their review.
    static func late(in db: Reading) throws -> SQL {
        """
        SELECT count(*) FROM (SELECT 1 AS one FROM library_page l WHERE l.organization_id = \(try db.organization)
            AND l.program_id IN \(try db.reach(writers)) AND l.state = 'published' AND l.review_by < \(db.today)
            LIMIT 100) AS late
        """
    }

    /// One that is published in a program of the person asking.
    /// - Throws: ``Problem/notFound``.
    package static func published(_ id: ID, in db: Reading) throws -> LibraryPage {
        let found = try db.first(
            """
            \(everything) WHERE l.organization_id = \(db.organization) AND l.id = \(id) AND l.state = 'published'
            AND l.program_id IN \(db.reach(readers))
            """, LibraryPage.init(row:))
        guard let found else { throw Problem.notFound }
        return found
    }

    /// All pages of a program, for those who write them: what is published by the day of its review, then drafts, then
    /// what was withdrawn.
    /// - Throws: ``Problem/notFound`` unless the person asking writes for the program.
    package static func all(of program: Program.ID, in db: Reading) throws -> [LibraryPage] {
        guard mayWrite(for: program, in: db) else { throw Problem.notFound }
        return try db.all(
            """
            \(everything) WHERE l.organization_id = \(db.organization) AND l.program_id = \(program)
            ORDER BY CASE l.state WHEN 'published' THEN 0 WHEN 'draft' THEN 1 ELSE 2 END, l.review_by, l.title, l.id
            LIMIT \(most)
            """, LibraryPage.init(row:))
    }

    /// One page of a program, for those who write them.
    /// - Throws: ``Problem/notFound``.
    package static func find(_ id: ID, of program: Program.ID, in db: Reading) throws -> LibraryPage {
        guard mayWrite(for: program, in: db) else { throw Problem.notFound }
        let found = try db.first(
            """
            \(everything) WHERE l.organization_id = \(db.organization) AND l.program_id = \(program) AND l.id = \(id)
            """, LibraryPage.init(row:))
        guard let found else { throw Problem.notFound }
        return found
    }
}
