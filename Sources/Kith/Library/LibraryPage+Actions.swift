import Storage

extension LibraryPage {
    /// The person asking writes a draft. The same twice is once; the same name with other words is a change.
    /// - Throws: ``Problem/notFound`` unless they write for the program; ``Problem/invalid(_:)`` by field.
    package static func write(_ text: Text, as id: ID, for program: Program.ID, in db: Writing) throws {
        guard mayWrite(for: program, in: db) else { throw Problem.notFound }
        let kept = try db.exists(
            "SELECT 1 FROM library_page WHERE organization_id = \(db.organization) AND id = \(id)")
        if kept { return try find(id, of: program, in: db).change(to: text, in: db) }
        try Problem.check(text.flaws(on: db.today))
        try db.run(
            """
            INSERT INTO library_page (organization_id, id, program_id, kind, state, title, language, body, source,
                review_by, written_at, written_by)
            VALUES (\(db.organization), \(id), \(program), \(text.kind), 'draft', \(text.title.trimmed),
                \(text.language), \(text.body), \(text.source.trimmed), \(text.reviewBy), \(db.now), \(db.me))
            """)
        db.record(Event(.libraryPageWritten, of: id.text, in: program))
    }

    /// Writes it anew; what is published shows the new words at once.
    package func change(to text: Text, in db: Writing) throws {
        guard Self.mayWrite(for: program, in: db) else { throw Problem.notFound }
        guard text != self.text else { return }
        try Problem.check(text.flaws(on: db.today, beside: self.text))
        try update(
            """
            kind = \(text.kind), title = \(text.title.trimmed), language = \(text.language), body = \(text.body),
            source = \(text.source.trimmed), review_by = \(text.reviewBy), written_at = \(db.now),
            written_by = \(db.me)
            """, .libraryPageChanged, db)
    }

    /// Lets everybody of the program read it. Whoever publishes it says that it is right.
    package func publish(in db: Writing) throws {
        guard Self.mayWrite(for: program, in: db) else { throw Problem.notFound }
        guard state != .published else { return }
        let reviewBy = text.reviewBy > db.today ? text.reviewBy : nextReview(db)
        try update(
            """
            state = 'published', published_at = \(db.now), withdrawn_at = NULL, review_by = \(reviewBy),
            reviewed_at = \(db.now), reviewed_by = \(db.me)
            """, .libraryPagePublished, db)
    }

    /// Says that it is still right, and has it looked at again in a year. Twice on a day is once.
    /// - Throws: ``Problem/conflict(_:)`` with `library-page.not-published`.
    package func review(in db: Writing) throws {
        guard Self.mayWrite(for: program, in: db) else { throw Problem.notFound }
        guard state == .published else { throw Problem.conflict("library-page.not-published") }
        let next = nextReview(db)
        let clock = LocalClock(zone: db.actor.timeZone)
        guard reviewedAt.map({ clock.day(of: $0) }) != db.today || text.reviewBy != next else { return }
        try update(
            "reviewed_at = \(db.now), reviewed_by = \(db.me), review_by = \(next)", .libraryPageReviewed, db)
    }

    /// Nobody but those who write sees it from now on; it can be published again.
    package func withdraw(in db: Writing) throws {
        guard Self.mayWrite(for: program, in: db) else { throw Problem.notFound }
        guard state != .withdrawn else { return }
        try update("state = 'withdrawn', withdrawn_at = \(db.now)", .libraryPageWithdrawn, db)
    }

    private func nextReview(_ db: Reading) -> Day { db.today.adding(days: Self.reviewDays) }

    private func update(_ assignments: SQL, _ kind: EventKind, _ db: Writing) throws {
        try db.run(
            "UPDATE library_page SET \(assignments) WHERE organization_id = \(db.organization) AND id = \(id)")
        db.record(Event(kind, of: id.text, in: program))
    }
}
