import Storage

extension OwnSheet {
    /// Writes down the sheet of the person asking. One without an answer is deleted, and nobody reads it any more.
    package func keep(in db: Writing) throws {
        guard !isEmpty else { return try Self.delete(in: db) }
        let (organization, me) = (try db.organization, try db.me)
        let sealed = try db.writingKey(of: me, in: organization).seal(text, as: Self.place(of: me))
        try db.run(
            """
            INSERT INTO \(Self.tables.sheet) (organization_id, person_id, answers, changed_at)
            VALUES (\(organization), \(me), \(sealed), \(db.now))
            ON CONFLICT (organization_id, person_id) DO UPDATE SET answers = excluded.answers,
                changed_at = excluded.changed_at
            """)
        db.record(Event(Self.events.kept, of: me.text, about: me))
    }

    /// Deletes the sheet of the person asking; a second time changes nothing.
    package static func delete(in db: Writing) throws {
        let (organization, me) = (try db.organization, try db.me)
        try db.run("DELETE FROM \(tables.share) WHERE organization_id = \(organization) AND person_id = \(me)")
        let deleted = try db.run(
            "DELETE FROM \(tables.sheet) WHERE organization_id = \(organization) AND person_id = \(me)")
        guard deleted > 0 else { return }
        db.record(Event(events.deleted, of: me.text, about: me))
    }

    /// Lets the supporter of a match read the sheet, or no longer.
    /// - Throws: ``Problem/notFound`` unless it is a match of theirs as a participant; ``Problem/conflict(_:)`` with
    ///   `….none` when there is nothing to share, and `….over` when the two are not in touch.
    package static func share(_ isShared: Bool, by match: Match.ID, in db: Writing) throws {
        let (organization, me) = (try db.organization, try db.me)
        let found = try db.first(
            """
            SELECT m.program_id, m.status, (SELECT 1 FROM \(tables.sheet) h WHERE h.organization_id = m.organization_id
                AND h.person_id = m.participant_id) AS sheet
            FROM match m WHERE m.organization_id = \(organization) AND m.id = \(match) AND m.participant_id = \(me)
            """
        ) {
            (
                program: try $0["program_id"] as Program.ID, status: try $0["status"] as Match.Status,
                isThere: try $0["sheet"] as Int? != nil
            )
        }
        guard let found else { throw Problem.notFound }
        let changed: Int
        if isShared {
            guard found.isThere else { throw Problem.conflict("\(code).none") }
            guard found.status == .active else { throw Problem.conflict("\(code).over") }
            changed = try db.run(
                """
                INSERT INTO \(tables.share) (organization_id, match_id, person_id, since)
                VALUES (\(organization), \(match), \(me), \(db.now)) ON CONFLICT DO NOTHING
                """)
        } else {
            changed = try db.run(
                "DELETE FROM \(tables.share) WHERE organization_id = \(organization) AND match_id = \(match)")
        }
        guard changed > 0 else { return }
        let kind: EventKind = isShared ? events.shared : events.unshared
        db.record(Event(kind, of: match.text, about: me, in: found.program))
    }
}
