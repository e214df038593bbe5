import Storage

extension Cover {
    /// The person says what they would like; while it is open they may say something else. For somebody without an account
    /// a coordinator of the program notes what they said.
    ///
    /// Somebody new for good ends the match, kindly and without a reason: the referral goes where somebody is found.
    /// - Throws: ``Problem/conflict(_:)`` with `cover.not-now` where there is nothing to choose any more, and with
    ///   `cover.cannot-wait` where nobody knows when the supporter is back, or it takes too long.
    package func choose(_ choice: Choice, in db: Writing) throws {
        guard try mayChoose(in: db) else { throw Problem.notAllowed }
        // The same once more is a second click.
        if choice == self.choice { return }
        guard isOpen, cause != .left || choice == .new else { throw Problem.conflict("cover.not-now") }
        if choice == .wait, !mayWait(at: db.now) { throw Problem.conflict("cover.cannot-wait") }
        let standIn = try standIn(in: db)
        if standIn?.status == .active { throw Problem.conflict("cover.not-now") }
        try db.run(
            """
            UPDATE cover SET choice = \(choice), chosen_by = \(db.actor.logName), chosen_at = \(db.now)
            WHERE organization_id = \(organization) AND id = \(id)
            """)
        db.record(event(.coverChosen, ["choice": choice.rawValue]))
        switch choice {
        case .wait: try standIn?.endStandIn(in: db)
        case .meanwhile: break
        case .new:
            guard cause != .left else { return }
            return try Match.load(match, of: organization, in: db).endForGood(in: db)
        }
        let chosen = try Self.load(id, of: organization, in: db)
        if choice == .wait { try chosen.wind(in: db) } else { try chosen.windForward(in: db) }
    }

    /// A coordinator has looked and wants to be reminded later: the clock begins anew.
    /// - Throws: ``Problem/conflict(_:)`` with `cover.not-now` when it is over.
    package func look(in db: Writing) throws {
        guard db.isProgramItself || db.actor.has(.coordinator, in: program) else { throw Problem.notAllowed }
        guard isOpen else { throw Problem.conflict("cover.not-now") }
        let due = try windingDue(in: db)
        // Looked at a moment ago: a second click.
        guard due > dueAt.adding(minutes: 1) else { return }
        try setDue(due, in: db)
        db.record(event(.coverLooked))
    }

    private func mayChoose(in db: Reading) throws -> Bool {
        if db.isProgramItself || db.actor.person == participant { return true }
        guard db.actor.has(.coordinator, in: program) else { return false }
        return try !db.exists(
            """
            SELECT 1 FROM account WHERE organization_id = \(organization) AND person_id = \(participant)
            AND disabled_at IS NULL
            """)
    }

    /// A coordinator asks somebody to stand in, and the person whether they would like that. Both say yes or no for
    /// themselves, as with every match.
    /// - Throws: as ``Match/propose(_:for:standingInFor:in:)``; ``Problem/conflict(_:)`` with `cover.waits` where the person
    ///   chose to wait, with `cover.asked-already` where somebody else was asked, with `cover.not-now` when it is over.
    @discardableResult
    package func propose(_ supporter: Person.ID, in db: Writing) throws -> Match {
        guard db.isProgramItself || db.actor.has(.coordinator, in: program) else { throw Problem.notAllowed }
        guard isOpen, cause != .left else { throw Problem.conflict("cover.not-now") }
        if choice == .wait { throw Problem.conflict("cover.waits") }
        if let asked = try standIn(in: db) {
            // The same once more is a second click.
            guard asked.supporter == supporter, asked.status == .proposed else {
                throw Problem.conflict("cover.asked-already")
            }
            return asked
        }
        let referral = try Referral.load(referral, of: organization, in: db)
        return try Match.propose(
            supporter, for: referral, standingInFor: Match.load(match, of: organization, in: db), in: db)
    }
}
