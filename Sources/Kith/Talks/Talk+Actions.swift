import Storage

extension Talk {
    /// The supporter asking would like to talk with a supervisor of `program`, who sees that they would. Twice is once.
    /// - Throws: ``Problem/invalid(_:)`` for `program` where nobody would talk with them.
    package static func ask(in program: Program.ID, db: Writing) throws {
        guard try choices(in: db).contains(where: { $0.program == program }) else {
            throw Problem.invalid("program", "not-a-choice")
        }
        try Breather.answer(in: db)
        let id: ID = db.newID()
        let asked = try db.run(
            """
            INSERT INTO talk (organization_id, id, program_id, supporter_id, asked_at, due_at)
            VALUES (\(db.organization), \(id), \(program), \(db.me), \(db.now), \(db.now.adding(hours: hours)))
            ON CONFLICT (organization_id, supporter_id) DO NOTHING
            """)
        if asked > 0 { db.record(Event(.talkAsked, of: id.text, about: try db.me, in: program)) }
    }

    /// The supporter asking needs it no longer.
    package static func takeBack(in db: Writing) throws {
        guard let mine = try mine(in: db) else { return }
        try mine.end("taken-back", in: db)
    }

    /// The two have talked.
    func held(in db: Writing) throws { try end("held", in: db) }

    private func end(_ how: String, in db: Writing) throws {
        let organization = try db.organization
        try db.run("DELETE FROM talk WHERE organization_id = \(organization) AND id = \(id)")
        db.record(Event(.talkEnded, of: id.text, about: supporter, in: program, ["how": how]))
        db.announce(.person(supporter))
    }

    /// Whoever no longer supports in a program is owed no talk there.
    static func followRole(_ event: Event, in db: Writing) throws {
        guard event.details["role"] == Role.supporter.rawValue, let person = event.subject, let program = event.program,
            let organization = db.actor.organization ?? event.organization
        else { return }
        let ended = try db.values(
            """
            DELETE FROM talk WHERE organization_id = \(organization) AND program_id = \(program)
            AND supporter_id = \(person) RETURNING id
            """, as: ID.self)
        for id in ended {
            var over = Event(.talkEnded, of: id.text, about: person, in: program, ["how": "over"])
            over.organization = organization
            db.record(over)
        }
    }
}
