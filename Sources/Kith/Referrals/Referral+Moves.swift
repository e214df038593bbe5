import Storage

extension Referral {
    /// Moves by the table, keeps the step, and ends the clock where the move ends the referral.
    /// - Parameters:
    ///   - side: given only where the program itself follows from what somebody of the other side did.
    ///   - reason: a code.
    ///   - words: what was said about it.
    @discardableResult
    package func move(
        _ move: ReferralMove, by side: ReferralSide? = nil, reason: String? = nil, words: String? = nil, in db: Writing
    ) throws -> Referral {
        let transition = try state.after(move, by: side ?? self.side(of: db.actor))
        if transition.to.isTerminal {
            try db.run(
                """
                UPDATE referral SET state = \(transition.to), queue = NULL, closed_at = \(db.now),
                    revision = revision + 1
                WHERE organization_id = \(organization) AND id = \(id)
                """)
        } else {
            try db.run(
                """
                UPDATE referral SET state = \(transition.to), revision = revision + 1
                WHERE organization_id = \(organization) AND id = \(id)
                """)
        }
        try keepStep(transition, reason: reason, words: words, in: db)
        db.record(
            event(
                .referralMoved, ["move": move.rawValue, "row": "\(transition.row)", "to": transition.to.businessStatus])
        )
        return try Self.load(id, of: organization, in: db)
    }

    /// Moves to an end by the way the table has for it. Where that leads over a contact, none is arranged: the step says
    /// so.
    func end(
        by move: ReferralMove, as side: ReferralSide? = nil, reason: String? = nil, words: String? = nil, in db: Writing
    ) throws -> Referral {
        var referral = self
        for step in state.path(to: move) ?? [move] {
            let isLast = step == move
            referral = try referral.move(
                step, by: side, reason: isLast ? reason : Self.onPaper, words: isLast ? words : nil, in: db)
        }
        return referral
    }

    /// The reason of a step that only the table asks for.
    static let onPaper = "on-paper"
    /// The reason of the step by which it was joined with another.
    package static let duplicate = "duplicate"

    /// Puts an open referral in a queue and starts that queue's clock by the policy it is judged by.
    package func place(_ queue: Queue, in db: Writing) throws {
        guard isOpen else { throw Problem.conflict("referral.already-closed") }
        let policy = try PublishedPolicy.version(policyVersion, of: program, in: db).policy
        let due = db.now.adding(hours: policy.hours(in: queue.rawValue, isUrgent: priority == .urgent))
        try db.run(
            """
            UPDATE referral SET queue = \(queue), due_at = \(due), revision = revision + 1
            WHERE organization_id = \(organization) AND id = \(id)
            """)
        db.record(event(.referralPlaced, ["queue": queue.rawValue]))
    }

    /// Starts the clock of support anew for referrals that are in that queue, after a contact of many at once: a
    /// statement for each policy and urgency. The contact is what the log holds.
    package static func goOn(_ referrals: [Referral], in db: Writing) throws {
        for (version, those) in Dictionary(grouping: referrals, by: \.policyVersion).sorted(by: { $0.key < $1.key }) {
            guard let first = those.first else { continue }
            let policy = try PublishedPolicy.version(version, of: first.program, in: db).policy
            for isUrgent in [true, false] {
                let ids = those.filter { ($0.priority == .urgent) == isUrgent }.map(\.id)
                guard !ids.isEmpty else { continue }
                let due = db.now.adding(hours: policy.hours(in: Queue.support.rawValue, isUrgent: isUrgent))
                try db.run(
                    """
                    UPDATE referral SET due_at = \(due), revision = revision + 1
                    WHERE organization_id = \(first.organization) AND id IN \(list: ids) AND queue = \(Queue.support)
                    """)
            }
        }
    }

    /// Tells whoever sent it, and whoever sent what was joined with it, once per change. They read it on their page, by
    /// their link, or in the FHIR Task, as far as the person released it. What came without a sender keeps its changes
    /// too: a later one that is joined with it may have one.
    package func tell(_ change: ReferralChange, in db: Writing) throws {
        try note(change, in: db)
        guard let change = change.forJoined else { return }
        for other in try joined(in: db) { try other.note(change, in: db) }
    }

    /// Notes a change for this one's own sender.
    func note(_ change: ReferralChange, in db: Writing) throws {
        let isNew = try db.run(
            """
            INSERT INTO referral_notice (organization_id, referral_id, change, at)
            VALUES (\(organization), \(id), \(change), \(db.now))
            ON CONFLICT (organization_id, referral_id, change) DO NOTHING
            """)
        guard isNew > 0, partner != nil || referrer != nil else { return }
        db.record(event(.referralTold, ["change": change.rawValue]))
    }

    /// Which side of the referral somebody stands on. Staff of the program received it; everybody else who may touch it
    /// sent it.
    func side(of actor: Actor) -> ReferralSide {
        switch actor.kind {
        case .person:
            actor.has(.coordinator, in: program) || actor.has(.supporter, in: program)
                || actor.has(.supervisor, in: program) ? .recipient : .initiator
        case .partner, .visitor, .link, .enrolling: .initiator
        case .system: .recipient
        }
    }

    func keepStep(
        _ transition: ReferralTransition, reason: String? = nil, words: String? = nil, in db: Writing
    ) throws {
        let sealed = try seal(words, "step", in: db)
        try db.run(
            """
            INSERT INTO referral_step (organization_id, referral_id, number, row_number, move, state, actor, reason,
                words, at)
            SELECT \(organization), \(id), coalesce(max(number), 0) + 1, CAST(\(transition.row) AS BIGINT),
                \(transition.move.rawValue), \(transition.to), \(db.actor.logName), \(reason),
                \(sealed), \(db.now)
            FROM referral_step WHERE organization_id = \(organization) AND referral_id = \(id)
            """)
    }

    func event(_ kind: EventKind, _ details: [String: String] = [:]) -> Event {
        var event = Event(kind, of: id.text, about: person, in: program, details)
        event.organization = organization
        return event
    }
}
