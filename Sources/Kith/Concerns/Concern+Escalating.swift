import Storage

extension Concern {
    /// Climbs as far as this moment asks for, and calls whoever is on the way: all of it in the transaction around it, so
    /// that a crash leaves the concern where it was. Where there is nothing to do it changes nothing.
    func climb(in db: Writing) throws {
        guard state == .escalating else { return }
        let ladder = try StaffedLadder.of(program, in: organization, db: db)
        let rungs = ladder.rungs(without: excluded)
        var (next, isAlone) = (escalation, false)
        var isUndelivered = try self.isUndelivered(next, ladder, db)
        var hasFailed = isUndelivered
        // Each turn of the loop climbs one rung, and a round is never begun for a failure alone.
        for _ in 0...rungs.count {
            guard let step = next.advance(on: rungs, at: db.now, isUndelivered: isUndelivered) else { break }
            if isDrill, step == .nobody || next.round >= Self.drillRounds { return try endUnanswered(in: db) }
            guard case .call(let rung) = step else {
                isAlone = true
                break
            }
            try call(rungs[rung - 1].people, by: ladder.ladder.rungs[rung - 1].channel, at: next, in: db)
            isUndelivered = try self.isUndelivered(next, ladder, db)
            hasFailed = hasFailed || isUndelivered
        }
        try keep(next, isAlone: isAlone, hasFailed: hasFailed, in: db)
    }

    /// Whoever is not called: the person it is about, and whoever raised it, who knows.
    var excluded: Set<Person.ID> { Set([about, raisedBy].compactMap { $0 }) }

    private func keep(_ next: Escalation, isAlone: Bool, hasFailed: Bool, in db: Writing) throws {
        let begins = (nobody: isAlone && nobodyAt == nil, failing: hasFailed && undeliveredAt == nil)
        let isCalling = next != escalation && !isAlone && next.rung > 0
        guard next != escalation || begins.nobody || begins.failing else { return }
        try db.run(
            """
            UPDATE concern SET round = \(next.round), rung = \(next.rung), due_at = \(next.due),
                nobody_at = \(isAlone ? nobodyAt ?? db.now : isCalling ? nil : nobodyAt),
                undelivered_at = \(hasFailed ? undeliveredAt ?? db.now : undeliveredAt)
            WHERE organization_id = \(organization) AND id = \(id) AND state = 'escalating'
            """)
        for (begins, what) in [(begins.nobody, Turn.What.nobody), (begins.failing, .undelivered)] where begins {
            try note(what, in: db)
            db.record(event(.concernUndelivered, ["reason": what.rawValue]))
        }
    }

    /// Calls people: in Kith they see it at once, and outside Kith they are told that there is something. Calling the same
    /// rung twice calls nobody twice.
    func call(
        _ people: [Person.ID], by channel: ContactChannel.Kind, at place: Escalation, in db: Writing
    ) throws {
        for person in people {
            let calling = try OutgoingMessage.call(
                person, isDrill ? .drill : .concern, in: program, of: organization, by: channel, db: db)
            var (message, by, failure): (OutgoingMessage.ID?, ContactChannel.Kind?, String?) = (nil, nil, nil)
            switch calling {
            case .leaves(let id, let channel): (message, by) = (id, channel)
            case .fails(let why): failure = why
            }
            try db.run(
                """
                INSERT INTO concern_call (organization_id, concern_id, round, rung, person_id, at, channel, message_id,
                    failure)
                VALUES (\(organization), \(id), \(place.round), \(place.rung), \(person), \(db.now), \(by), \(message),
                    \(failure))
                ON CONFLICT (organization_id, concern_id, round, rung, person_id) DO NOTHING
                """)
            db.announce(.person(person))
        }
        db.record(
            event(
                .concernCalled,
                ["round": "\(place.round + 1)", "rung": "\(place.rung)", "people": "\(people.count)"]))
    }

    /// Whether it is known that the last calls reached nobody who is still there: nothing could leave, or what left the
    /// house came back. What was tried and not taken counts as well; it is tried again beside.
    private func isUndelivered(_ place: Escalation, _ ladder: StaffedLadder, _ db: Reading) throws -> Bool {
        let calls = try db.all(
            """
            SELECT k.person_id, m.id AS message, m.state, m.attempts FROM concern_call k
            LEFT JOIN outgoing_message m ON m.organization_id = k.organization_id AND m.id = k.message_id
            WHERE k.organization_id = \(organization) AND k.concern_id = \(id) AND k.round = \(place.round)
                AND k.rung = \(place.rung)
            """
        ) { row -> (person: Person.ID, isUnderWay: Bool) in
            guard let state: OutgoingMessage.State = try row["state"] else { return (try row["person_id"], false) }
            let attempts: Int = try row["attempts"]
            return (try row["person_id"], state == .sent || state == .waiting && attempts == 0)
        }
        guard !calls.isEmpty else { return false }
        let there = Set(ladder.callees.map(\.person))
        return !calls.contains { $0.isUnderWay && there.contains($0.person) }
    }

    /// A drill that went around and found nobody says so, and ends.
    private func endUnanswered(in db: Writing) throws {
        try db.run(
            """
            UPDATE concern SET state = 'closed', due_at = NULL, closed_at = \(db.now), closed_by = \(db.actor.logName),
                outcome = \(Outcome.unanswered), asked_id = NULL
            WHERE organization_id = \(organization) AND id = \(id) AND state = 'escalating'
            """)
        try note(.closed, in: db)
        db.record(event(.concernClosed, ["outcome": Outcome.unanswered.rawValue]))
        try releaseCalls(in: db)
    }

    /// What is still on its way to people is not needed any more, unless another concern calls them as well.
    func releaseCalls(in db: Writing) throws {
        let calls = try db.values(
            """
            SELECT k.message_id FROM concern_call k WHERE k.organization_id = \(organization) AND k.concern_id = \(id)
                AND k.message_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM concern_call o
                    JOIN concern c ON c.organization_id = o.organization_id AND c.id = o.concern_id
                    WHERE o.organization_id = k.organization_id AND o.message_id = k.message_id
                    AND o.concern_id <> k.concern_id AND c.state = 'escalating')
            """, as: OutgoingMessage.ID.self)
        try OutgoingMessage.release(calls: Array(Set(calls)), of: organization, db: db)
    }

    /// What happened to a concern besides its calls.
    struct Turn: Sendable {
        enum What: String, Sendable, CaseIterable, SQLConvertible, SQLDecodable {
            case nobody, undelivered, acknowledged
            case handedOver = "handed-over"
            case returned, closed
        }

        let what: What
        let at: Instant
        let person: String?
        let other: String?
    }

    func note(_ what: Turn.What, to other: Person.ID? = nil, in db: Writing) throws {
        try db.run(
            """
            INSERT INTO concern_turn (organization_id, concern_id, id, at, what, person_id, other_id)
            VALUES (\(organization), \(id), \(db.world.newIdentifier()), \(db.now), \(what), \(db.actor.person), \(other))
            """)
    }
}

extension Platform {
    /// Climbs every ladder that has to be climbed at this moment, and starts the drills whose time has come. Each concern
    /// has a transaction of its own, so that one that fails holds up no other. Several processes may do it at once.
    /// - Throws: the first failure, after all have had their turn.
    package func escalate() async throws {
        let now = world.now()
        let (open, drills) = try await store.read { reader in
            let open = try reader.all(
                "SELECT organization_id, id FROM concern WHERE state = 'escalating' ORDER BY due_at, id LIMIT 500"
            ) { (try $0["organization_id"] as Organization.ID, try $0["id"] as Concern.ID) }
            let drills = try reader.all(
                "SELECT organization_id, program_id FROM ladder WHERE next_drill_at <= \(now) ORDER BY next_drill_at"
            ) { (try $0["organization_id"] as Organization.ID, try $0["program_id"] as Program.ID) }
            return (open, drills)
        }
        var failure: (any Error)?
        do {
            try await inTurn(drills) { drill in
                let (organization, program) = drill
                try await climbing(organization) { try Drill.startDue(in: program, db: $0) }
            }
        } catch { failure = error }
        try await inTurn(open) { concern in
            let (organization, id) = concern
            try await climbing(organization) { try Concern.load(id, of: organization, in: $0)?.climb(in: $0) }
        }
        if let failure { throw failure }
    }

    /// Waiting a little longer, or less, is no act of anybody, so unlike ``write(as:access:isPresence:_:)`` this may
    /// change rows without an event.
    private func climbing(
        _ organization: Organization.ID, _ work: @escaping @Sendable (Writing) throws -> Void
    ) async throws {
        let (world, beforeStatement) = (world, beforeStatement)
        let announcements = try await store.write { writer in
            writer.beforeStatement = beforeStatement
            let db = Writing(writer, as: .system(of: organization), in: world)
            try work(db)
            try Audit.append(db.events, by: db.actor, at: db.now, in: world, to: writer)
            return db.announcements
        }
        unsealed.note(organization)
        announce(announcements)
    }
}
