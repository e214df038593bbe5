import Storage

extension Concern {
    /// The person asking has it in hand from now on; nobody else is called. Of a drill that is the end.
    /// - Throws: ``Problem/conflict(_:)`` with `concern.acknowledged` when somebody else was faster, `concern.closed`.
    package func acknowledge(in db: Writing) throws {
        let me = try db.me
        if acknowledgedBy == me { return }
        try checkState(.escalating)
        let assignments: SQL =
            isDrill
            ? "state = 'closed', due_at = NULL, closed_at = \(db.now), closed_by = \(db.actor.logName), outcome = \(Outcome.answered)"
            : "state = 'acknowledged', due_at = \(db.now.adding(days: Self.daysToClose))"
        try db.run(
            """
            UPDATE concern SET \(assignments), acknowledged_by = \(me), acknowledged_at = \(db.now), asked_id = NULL
            WHERE organization_id = \(organization) AND id = \(id) AND state = 'escalating'
            """)
        try note(.acknowledged, in: db)
        db.record(event(.concernAcknowledged, ["minutes": "\(max(0, db.now.minutes(since: raisedAt)))"]))
        if isDrill { db.record(event(.concernClosed, ["outcome": Outcome.answered.rawValue])) }
        try releaseCalls(in: db)
        if let raisedBy { db.announce(.person(raisedBy)) }
    }

    /// Asks somebody else to take it. Until they acknowledge it, it climbs like a new one, beginning with them. Whoever
    /// asks for themselves takes it over at once, also from somebody who is away.
    /// - Throws: ``Problem/invalid(_:)`` for `person`; ``Problem/conflict(_:)`` with `concern.closed` or `concern.drill`.
    package func handOver(to person: Person.ID, in db: Writing) throws {
        if state == .escalating, asked == person { return }
        guard !isDrill else { throw Problem.conflict("concern.drill") }
        guard isOpen else { throw Problem.conflict("concern.closed") }
        if try person == db.me { return try takeOver(in: db) }
        let ladder = try StaffedLadder.of(program, in: organization, db: db)
        guard person != about, ladder.callees.contains(where: { $0.person == person }) else {
            throw Problem.invalid("person", "not-a-choice")
        }
        let next = escalation.asking(on: ladder.rungs(without: excluded), at: db.now)
        try escalate(from: next, asking: person, in: db)
        try note(.handedOver, to: person, in: db)
        db.record(event(.concernHandedOver))
        try call([person], by: .email, at: next, in: db)
        try Self.load(id, of: organization, in: db)?.climb(in: db)
    }

    private func takeOver(in db: Writing) throws {
        let me = try db.me
        if state == .escalating { return try acknowledge(in: db) }
        guard acknowledgedBy != me else { return }
        try db.run(
            """
            UPDATE concern SET acknowledged_by = \(me), acknowledged_at = \(db.now)
            WHERE organization_id = \(organization) AND id = \(id) AND state = 'acknowledged'
            """)
        try note(.acknowledged, in: db)
        db.record(event(.concernHandedOver))
        for person in [raisedBy, acknowledgedBy].compactMap({ $0 }) { db.announce(.person(person)) }
    }

    /// Puts it back on the ladder.
    private func escalate(from place: Escalation, asking person: Person.ID? = nil, in db: Writing) throws {
        try db.run(
            """
            UPDATE concern SET state = 'escalating', round = \(place.round), rung = \(place.rung), due_at = \(place.due),
                asked_id = \(person), acknowledged_by = NULL, acknowledged_at = NULL, nobody_at = NULL,
                undelivered_at = NULL
            WHERE organization_id = \(organization) AND id = \(id) AND state <> 'closed'
            """)
    }

    /// Whoever had it in hand has left the program: the ladder is climbed anew.
    static func followRole(_ event: Event, in db: Writing) throws {
        guard let person = event.subject, let program = event.program,
            let organization = db.actor.organization ?? event.organization
        else { return }
        let stays = try db.exists(
            """
            SELECT 1 FROM membership WHERE organization_id = \(organization) AND person_id = \(person)
            AND program_id = \(program) AND role IN \(list: Ladder.callable) AND ended_at IS NULL
            """)
        guard !stays else { return }
        let left = try db.all(
            """
            SELECT * FROM concern WHERE organization_id = \(organization) AND program_id = \(program)
            AND acknowledged_by = \(person) AND state = 'acknowledged' ORDER BY raised_at, id
            """, Concern.init(row:))
        for concern in left {
            try concern.escalate(from: concern.escalation.again(at: db.now), in: db)
            try concern.note(.returned, to: person, in: db)
            db.record(concern.event(.concernReturned))
            try load(concern.id, of: organization, in: db)?.climb(in: db)
        }
    }

    /// How a concern ends.
    package struct Closing: Sendable {
        package let outcome: Outcome
        package let words: String
        /// When somebody looks again.
        package let followUp: Day
        /// The supporter who is offered a talk; nil where none took part.
        package let debrief: Person.ID?

        package init(_ outcome: Outcome, words: String = "", followUp: Day, debrief: Person.ID?) {
            (self.outcome, self.words, self.followUp, self.debrief) = (outcome, words, followUp, debrief)
        }
    }

    /// Closes it: with what came of it, a day on which somebody looks again, and a talk offered to the supporter who
    /// raised it, or who is in it.
    /// - Throws: ``Problem/notAllowed`` unless the person asking has it in hand; ``Problem/invalid(_:)`` for `outcome`,
    ///   `follow-up`, `debrief`; ``Problem/conflict(_:)`` with `concern.closed`.
    package func close(_ closing: Closing, in db: Writing) throws {
        guard isOpen else { throw Problem.conflict("concern.closed") }
        guard state == .acknowledged, try acknowledgedBy == db.me else { throw Problem.conflict("concern.not-yours") }
        var errors: [String: String] = [:]
        if !Outcome.choices.contains(closing.outcome) { errors["outcome"] = "not-a-choice" }
        let days = closing.followUp.daysSince1970 - db.today.daysSince1970
        if days < Self.followUpDays.lowerBound { errors["follow-up"] = "not-in-future" }
        if days > Self.followUpDays.upperBound { errors["follow-up"] = "too-far-ahead" }
        let offered = try debriefChoices(in: db)
        let isFit = closing.debrief.map { person in offered.people.contains { $0.id == person } } ?? !offered.isOwed
        if !isFit { errors["debrief"] = "not-a-choice" }
        try Problem.check(errors)
        let sealed =
            try closing.words.isEmpty
            ? nil : keyHolder.map { try db.writingKey(of: $0, in: organization).seal(closing.words, as: outcomePlace) }
        try db.run(
            """
            UPDATE concern SET state = 'closed', due_at = NULL, closed_at = \(db.now), closed_by = \(db.actor.logName),
                outcome = \(closing.outcome), outcome_words = \(sealed), follow_up_on = \(closing.followUp),
                debrief_id = \(closing.debrief)
            WHERE organization_id = \(organization) AND id = \(id) AND state = 'acknowledged'
            """)
        try note(.closed, in: db)
        db.record(event(.concernClosed, ["outcome": closing.outcome.rawValue]))
        for person in Set([raisedBy, closing.debrief].compactMap { $0 }) { db.announce(.person(person)) }
    }

    /// The supporters who can be offered a talk: whoever raised it, if they support people, to whom it is owed; else
    /// whoever supports somebody in it. Never whoever it is about.
    package func debriefChoices(in db: Reading) throws -> (people: [(id: Person.ID, name: String)], isOwed: Bool) {
        func supporters(_ condition: SQL) throws -> [(id: Person.ID, name: String)] {
            try db.all(
                """
                SELECT DISTINCT p.id, p.name FROM person p
                JOIN membership m ON m.organization_id = p.organization_id AND m.person_id = p.id
                    AND m.program_id = \(program) AND m.role = \(Role.supporter) AND m.ended_at IS NULL
                WHERE p.organization_id = \(organization) AND \(condition) ORDER BY p.name, p.id
                """
            ) { (id: try $0["id"], name: try $0["name"]) }.filter { $0.id != about }
        }
        if let raisedBy {
            let owed = try supporters("p.id = \(raisedBy)")
            if !owed.isEmpty { return (owed, true) }
        }
        let concerned = excluded.sorted()
        guard !concerned.isEmpty else { return ([], false) }
        let supporting = try supporters(
            """
            EXISTS (SELECT 1 FROM match x WHERE x.organization_id = p.organization_id AND x.supporter_id = p.id
                AND x.program_id = \(program) AND x.participant_id IN \(list: concerned) AND x.status = 'active')
            """)
        return (supporting, false)
    }

    /// Somebody has looked again.
    package func followUp(in db: Writing) throws {
        guard state == .closed, !isDrill else { throw Problem.conflict("concern.still-open") }
        guard followedUpAt == nil else { return }
        try db.run(
            """
            UPDATE concern SET followed_up_at = \(db.now)
            WHERE organization_id = \(organization) AND id = \(id) AND followed_up_at IS NULL
            """)
        db.record(event(.concernFollowedUp))
    }

    /// The supporter says whether they would like to talk. A no ends it; they may say yes later, and no reason is asked.
    package func answerDebrief(_ wants: Bool, in db: Writing) throws {
        guard try debriefed == db.me, state == .closed else { throw Problem.notFound }
        let answer = wants ? "yes" : "no"
        guard debriefAnswer != answer else { return }
        guard debriefedAt == nil || debriefAnswer == "no" else { throw Problem.conflict("concern.debriefed") }
        try db.run(
            """
            UPDATE concern SET debrief_answer = \(answer), debriefed_at = \(wants ? nil : db.now)
            WHERE organization_id = \(organization) AND id = \(id)
            """)
        db.record(event(.debriefAnswered, ["answer": answer]))
        if let acknowledgedBy { db.announce(.person(acknowledgedBy)) }
    }

    /// They have talked.
    package func noteDebrief(in db: Writing) throws {
        guard state == .closed, debriefAnswer == "yes" else { throw Problem.conflict("concern.no-debrief") }
        guard debriefedAt == nil else { return }
        try db.run(
            """
            UPDATE concern SET debriefed_at = \(db.now) WHERE organization_id = \(organization) AND id = \(id)
            AND debriefed_at IS NULL
            """)
        db.record(event(.debriefHeld))
    }

    private func checkState(_ expected: State) throws {
        guard state != expected else { return }
        throw Problem.conflict(state == .closed ? "concern.closed" : "concern.acknowledged")
    }
}
