import Storage

extension Opening {
    /// Opens somebody's record to the supervisor asking. Whoever has it open already keeps that one.
    /// Its routes ask for a fresh proof first.
    /// - Parameter referral: the referral whose reference they gave.
    /// - Throws: ``Problem/notFound`` unless they supervise the program; ``Problem/conflict(_:)`` with `opening.own`;
    ///   ``Problem/invalid(_:)`` for `reason`.
    package static func open(
        _ person: Person.ID, in program: Program.ID, by referral: String, because reason: String, db: Writing
    ) throws -> ID {
        let (organization, me) = (try db.organization, try db.me)
        guard db.actor.has(.supervisor, in: program) else { throw Problem.notFound }
        guard person != me else { throw Problem.conflict("opening.own") }
        guard !reason.trimmed.isEmpty else { throw Problem.invalid("reason", "required") }
        if let open = try mine(in: db).first(where: { $0.person == person && $0.program == program }) { return open.id }
        let policy = try PublishedPolicy.current(of: program, in: db).policy
        let hours = policy.openingHours ?? usualHours
        let id: ID = db.newID()
        let sealed = try db.writingKey(of: person, in: organization).seal(reason.trimmed, as: place(id))
        try db.run(
            """
            INSERT INTO record_opening (organization_id, id, person_id, program_id, referral_id, opened_by, reason,
                opened_at, ends_at, review_due_at)
            VALUES (\(organization), \(id), \(person), \(program), \(referral), \(me), \(sealed), \(db.now),
                \(db.now.adding(hours: hours)), \(db.now.adding(hours: policy.openingReviewHours ?? usualReviewHours)))
            """)
        db.record(Event(.recordOpened, of: id.text, about: person, in: program, ["hours": "\(hours)"]))
        db.announce(.person(person))
        return id
    }

    /// Whoever opened it is done.
    package func close(in db: Writing) throws {
        let ended = try db.run(
            """
            UPDATE record_opening SET ends_at = \(db.now)
            WHERE organization_id = \(db.organization) AND id = \(id) AND opened_by = \(db.me) AND ends_at > \(db.now)
            """)
        guard ended > 0 else { return }
        db.record(Event(.recordClosed, of: id.text, about: person, in: program))
    }

    /// Somebody else says whether the reason was good enough. A no ends it at once.
    /// - Throws: ``Problem/notFound`` for whoever opened it, whoever it is about, and outside the program;
    ///   ``Problem/conflict(_:)`` with `opening.reviewed` the second time.
    package func review(_ verdict: Verdict, in db: Writing) throws {
        let me = try db.me
        let mayReview = db.actor.has(.supervisor, in: program) || db.actor.has(.administrator, in: program)
        guard mayReview, me != openedBy, me != person else { throw Problem.notFound }
        let end: SQL =
            verdict == .notJustified ? "CASE WHEN ends_at > \(db.now) THEN \(db.now) ELSE ends_at END" : "ends_at"
        let reviewed = try db.run(
            """
            UPDATE record_opening SET reviewed_at = \(db.now), reviewed_by = \(me), verdict = \(verdict),
                ends_at = \(end)
            WHERE organization_id = \(db.organization) AND id = \(id) AND reviewed_at IS NULL
            """)
        guard reviewed > 0 else { throw Problem.conflict("opening.reviewed") }
        db.record(
            Event(.openingReviewed, of: id.text, about: person, in: program, ["verdict": verdict.rawValue]))
    }
}
