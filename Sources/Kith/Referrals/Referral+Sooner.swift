import Storage

extension Referral {
    /// It turned out to be urgent: it comes before others from now on, and whoever has it has as long as for an urgent
    /// one that just came, or less where less was left. Its sender is not told. One that is urgent already stays as it
    /// is.
    /// - Returns: it as it is now.
    /// - Throws: `.conflict("referral.already-closed")`.
    @discardableResult
    package func comeSooner(in db: Writing) throws -> Referral {
        guard let queue else { throw Problem.conflict("referral.already-closed") }
        guard priority != .urgent else { return self }
        let policy = try PublishedPolicy.version(policyVersion, of: program, in: db).policy
        let due = db.now.adding(hours: policy.hours(in: Queue.intake.rawValue, isUrgent: true))
        try db.run(
            """
            UPDATE referral SET priority = \(Priority.urgent), sooner_at = \(db.now),
                due_at = CASE WHEN due_at > \(due) THEN CAST(\(due) AS TEXT) ELSE due_at END, revision = revision + 1
            WHERE organization_id = \(organization) AND id = \(id) AND queue = \(queue)
            """)
        db.record(event(.referralSooner))
        if let owner { db.announce(.person(owner)) }
        return try Self.load(id, of: organization, in: db)
    }

    /// Whether its person is asked how they are while it is where it is.
    func asksForNeeds(by policy: Policy) -> Bool {
        isOpen && state != .cancellationRequested && !policy.needs.asked.isEmpty
    }

    /// What its sender may know of it: as it came in. That it became urgent, by what the person said, is not theirs.
    package var prioritySent: Priority { soonerSince == nil ? priority : .routine }
}

extension EventKind {
    /// It became urgent, by something the person said.
    package static let referralSooner = EventKind("referral.sooner")
}
