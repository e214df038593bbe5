import Storage

extension Referral {
    /// The sender, or the person it is for, wants to stop. Always a move of the side that asks, whatever else somebody
    /// is in the program.
    ///
    /// A sender who cannot know that it has ended hears that it has stopped; there is nothing left to confirm.
    /// - Throws: `.conflict("referral.already-closed")` for whoever may know that; `.conflict("referral.not-now")`
    ///   for the second time.
    package func requestCancellation(because reason: String?, in db: Writing) throws {
        let asker: StopAsker =
            db.actor.kind == .link(.progress) || db.actor.person == person ? .person : .sender
        if asker == .sender, !isOpen, try mayBeStoppedBySender(in: db) { return try note(.cancelled, in: db) }
        if asker == .sender, state == .cancellationRequested, stopAskedBy == .person {
            try keep(asker, in: db)
            return db.record(event(.stopAsked))
        }
        let moved = try move(.requestCancellation, by: .initiator, words: reason, in: db)
        try moved.keep(asker, in: db)
        try moved.place(.cancellation, in: db)
    }

    /// Stops it for a person whose record is erased: asked by them and confirmed, whatever stage it is at.
    func stop(in db: Writing) throws {
        var referral = self
        if state != .cancellationRequested {
            referral = try move(.requestCancellation, by: .initiator, in: db)
            try referral.keep(.person, in: db)
            referral = try Self.load(id, of: organization, in: db)
        }
        try referral.confirmCancellation(in: db)
    }

    /// The program confirms that it has stopped. The sender hears it as an answer where they asked; that the person
    /// asked themselves is part of how it goes.
    package func confirmCancellation(in db: Writing) throws {
        let moved = try move(.confirmCancellation, in: db)
        try moved.tell(stopAskedBy == .person ? .closed : .cancelled, in: db)
    }

    private func keep(_ asker: StopAsker, in db: Writing) throws {
        try db.run(
            """
            UPDATE referral SET stop_asked_by = \(asker), revision = revision + 1
            WHERE organization_id = \(organization) AND id = \(id)
            """)
    }

    /// Whether the sender may ask to stop, as far as they can know: once, and until they are told of its end.
    package func mayBeStoppedBySender(in db: Reading) throws -> Bool {
        guard origin != .history, mergedInto == nil, !isStopAskedBySender else { return false }
        return try isOpen || !told(in: db).contains { $0.change.isLast }
    }
}
