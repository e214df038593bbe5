import Storage

extension Referral {
    /// Writes down what the person wishes for in a supporter, in place of what was written before.
    /// - Throws: ``Problem/conflict(_:)`` with `referral.already-closed`; ``Problem/invalid(_:)`` for `topics` that the
    ///   program does not have.
    package func keep(_ wishes: Wishes, in db: Writing) throws {
        guard isOpen else { throw Problem.conflict("referral.already-closed") }
        let topics = Set(try Program.topics(of: program, in: db).map(\.code))
        guard topics.isSuperset(of: wishes.topics) else { throw Problem.invalid("topics", "not-a-choice") }
        try db.run(
            """
            INSERT INTO referral_wish (organization_id, referral_id, wishes)
            VALUES (\(organization), \(id), \(wishes.json))
            ON CONFLICT (organization_id, referral_id) DO UPDATE SET wishes = excluded.wishes
            """)
        db.record(event(.wishesTold))
    }
}

extension EventKind {
    /// Somebody said what they wish for in a supporter.
    package static let wishesTold = EventKind("referral.wishes-told")
}
