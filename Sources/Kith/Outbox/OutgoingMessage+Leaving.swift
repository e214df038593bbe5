import Storage

/// A message that one worker has claimed and may hand over now, with all that this takes.
struct Leaving: Sendable {
    let message: OutgoingMessage
    let address: String
    let language: String
    let names: NeutralNames?
    /// Who holds the claim; a later holder makes this one worthless.
    let claim: String
    var calendars: [Letter.CalendarPart] = []
}

extension Platform {
    /// Claims the message of a channel that has been due longest, and asks once more, right before it leaves, whether it
    /// may. A claim ends by itself, so that nothing is lost with a process that is gone.
    ///
    /// Claims are no acts of anybody, so unlike ``write(as:access:_:)`` this changes rows without an event.
    /// - Returns: nil when nothing is due; `.settled` when what was due is not to leave now.
    /// - Parameter host: the name of this site.
    func claim(_ channel: ContactChannel.Kind, for seconds: Int, at host: String) async throws -> Claim? {
        let (world, token) = (world, world.newIdentifier())
        let (claim, house) = try await store.write { writer -> (Claim?, Organization.ID?) in
            let now = world.now()
            let due = try writer.first(
                """
                UPDATE outgoing_message SET claimed_by = \(token), claimed_until = \(now.adding(seconds: seconds))
                WHERE id = (SELECT id FROM outgoing_message WHERE channel = \(channel) AND state = 'waiting'
                    AND due_at <= \(now) AND (claimed_until IS NULL OR claimed_until <= \(now))
                    ORDER BY due_at, id LIMIT 1)
                RETURNING organization_id, id, person_id, program_id, notice, seat_id, meeting_id, is_of_steps, channel,
                    attempts, created_at, released_at
                """, OutgoingMessage.init(row:))
            guard let message = due else { return (nil, nil) }
            let db = Writing(writer, as: .system(of: message.organization), in: world)
            var claim = try message.decide(claim: token, in: db)
            if channel == .email, case .leaving(var leaving) = claim {
                let enclosing = Enclosing(
                    message: message, address: leaving.address, host: host, words: words(in: leaving.language))
                leaving.calendars = try features.compactMap(\.enclosing).flatMap { try $0(enclosing, db) }
                claim = .leaving(leaving)
            }
            try Audit.append(db.events, by: db.actor, at: now, in: world, to: writer)
            return (claim, db.events.isEmpty ? nil : message.organization)
        }
        unsealed.note(house)
        return claim
    }

    enum Claim: Sendable {
        case leaving(Leaving)
        case settled
    }
}

extension OutgoingMessage {
    fileprivate func decide(claim: String, in db: Writing) throws -> Platform.Claim {
        if isReleased, notice.isChosen || notice.isUrgent {
            // They have seen for themselves, and nothing has left: there is nothing to keep.
            return try drop(in: db)
        }
        if let meeting, try !Meeting.awaitsReminder(meeting, of: person, in: organization, db: db) {
            // It was moved or called off, or has begun: another reminder comes in time, or none is needed.
            try Meeting.forgetReminder(meeting, of: person, in: organization, db: db)
            return try drop(in: db)
        }
        if isOfSteps, try !Goal.Step.awaitReminder(person, in: organization, putAt: createdAt, db: db) {
            // They are done or set aside, need no reminder any more, or it is too late for one.
            return try drop(in: db)
        }
        if notice.isQuestion,
            try !EncounterQuestion.stands(in: id.text, of: organization, db: db)
        {
            // It was moved or called off, or told of meanwhile.
            return try drop(in: db)
        }
        let reach = try Reachability.of(person, in: program, of: organization, db: db)
        switch reach.decision(on: .notice(notice), by: channel, at: db.now) {
        case .go(let address):
            let names = try NeutralNames.chosen(by: organization, in: db)
            return .leaving(
                Leaving(message: self, address: address, language: reach.language, names: names, claim: claim))
        case .wait(let until):
            try change("due_at = \(until)", in: db)
        case .refuse(let refusal):
            try change(
                """
                state = \(State.withheld), failure = \(refusal), due_at = NULL, ended_at = \(db.now),
                released_at = coalesce(released_at, \(db.now))
                """, in: db)
            db.record(event(.noticeWithheld, because: refusal.rawValue))
        }
        return .settled
    }

    private func drop(in db: Writing) throws -> Platform.Claim {
        try db.run("DELETE FROM outgoing_message WHERE organization_id = \(organization) AND id = \(id)")
        return .settled
    }

    private func change(_ assignments: SQL, in db: Writing) throws {
        try db.run(
            """
            UPDATE outgoing_message SET \(assignments), claimed_by = NULL, claimed_until = NULL
            WHERE organization_id = \(organization) AND id = \(id)
            """)
    }
}

extension Platform {
    /// Writes down what became of a message that was handed over. When the claim has ended meanwhile and another holds it,
    /// nothing is changed: the other tells.
    func settle(_ leaving: Leaving, _ outcome: Result<Void, CarryFailure>) async throws {
        let world = world
        try await store.write { writer in
            let (message, now) = (leaving.message, world.now())
            let db = Writing(writer, as: .system(of: message.organization), in: world)
            let attempts = message.attempts + 1
            let assignments: SQL
            var event: Event?
            switch outcome {
            case .success:
                // Of a new message, nothing more is told until they have looked in.
                let released: SQL =
                    message.notice == .message ? "released_at" : "coalesce(released_at, \(now))"
                assignments =
                    "state = 'sent', due_at = NULL, ended_at = \(now), failure = NULL, released_at = \(released)"
                event = message.event(.noticeSent)
            case .failure(.interrupted):
                assignments = "due_at = due_at"
            case .failure(let failure) where failure.isFinal || attempts >= OutgoingMessage.mostAttempts:
                assignments = """
                    state = 'stuck', attempts = \(attempts), failure = \(failure.code),
                    due_at = \(now.adding(days: OutgoingMessage.daysToSeeToIt))
                    """
                event = message.event(.noticeStuck, because: failure.code)
            case .failure(let failure):
                let next = now.adding(seconds: OutgoingMessage.seconds(afterAttempt: attempts, in: world))
                assignments = "attempts = \(attempts), failure = \(failure.code), due_at = \(next)"
            }
            let changed = try db.run(
                """
                UPDATE outgoing_message SET \(assignments), claimed_by = NULL, claimed_until = NULL
                WHERE organization_id = \(message.organization) AND id = \(message.id)
                AND claimed_by = \(leaving.claim) AND state = 'waiting'
                """)
            guard changed > 0, let event else { return }
            try Audit.append([event], by: db.actor, at: now, in: world, to: writer)
        }
        unsealed.note(leaving.message.organization)
    }

    /// Ends every claim: of a process before this one, where only one can hold the database.
    package func releaseClaims() async throws {
        try await store.write { writer in
            _ = try writer.run(
                """
                UPDATE outgoing_message SET claimed_by = NULL, claimed_until = NULL
                WHERE state = 'waiting' AND claimed_by IS NOT NULL
                """)
            try writer.run("UPDATE text_reply SET claimed_by = NULL, claimed_until = NULL WHERE claimed_by IS NOT NULL")
        }
    }
}

extension OutgoingMessage {
    /// How long an administrator has to see to what is stuck before it is late.
    static let daysToSeeToIt = 7
}
