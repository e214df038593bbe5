import Storage

extension ModerationItem {
    /// Opens an item, or finds the one that is open about the same person; what is more pressing brings its time forward.
    /// Reports become one for each conversation, for that is where a decision works.
    /// - Parameter sealing: what is kept with it, once its identifier is known.
    static func open(
        _ kind: Kind, about person: Person.ID, in program: Program.ID, conversation: Conversation.ID?,
        message: Message.ID? = nil, answering: Int? = nil, match: Match.ID? = nil, due: Instant, db: Writing,
        sealing: (ID) throws -> (words: String?, note: String?) = { _ in (nil, nil) }
    ) throws -> ID {
        let organization = try db.organization
        if kind != .held {
            let open = try db.first(
                """
                UPDATE moderation_item SET due_at = CASE WHEN due_at > \(due) THEN \(due) ELSE due_at END, answer = NULL
                WHERE organization_id = \(organization) AND program_id = \(program) AND about_id = \(person)
                AND kind = \(kind) AND state = 'open' AND (\(match == nil) OR match_id = \(match))
                AND (\(kind != .report) OR conversation_id = \(conversation)
                    OR \(conversation == nil) AND conversation_id IS NULL AND message_id = \(message))
                RETURNING id, claimed_by
                """
            ) { (id: try $0["id"] as ID, owner: try $0["claimed_by"] as Person.ID?) }
            if let open {
                if kind == .worry {
                    try db.run(
                        """
                        UPDATE moderation_item SET words = \(sealing(open.id).words)
                        WHERE organization_id = \(organization) AND id = \(open.id)
                        """)
                }
                if let owner = open.owner { db.announce(.person(owner)) }
                return open.id
            }
        }
        let id: ID = db.newID()
        let sealed = try sealing(id)
        try db.run(
            """
            INSERT INTO moderation_item (organization_id, id, program_id, kind, about_id, conversation_id, message_id,
                match_id, words, content_note, answers, opened_at, state, due_at)
            VALUES (\(organization), \(id), \(program), \(kind), \(person), \(conversation), \(message), \(match),
                \(sealed.words), \(sealed.note), \(answering), \(db.now), 'open', \(due))
            """)
        var event = Event(.moderationOpened, of: id.text, in: program, ["kind": kind.rawValue])
        event.organization = organization
        db.record(event)
        return id
    }

    /// What waits to be read under this identifier waits no longer, for whoever wrote it has taken it back or changed it.
    /// Nothing of its words is kept.
    static func drop(of piece: String, in db: Writing) throws {
        let organization = try db.organization
        let open = try db.all(
            """
            SELECT * FROM moderation_item WHERE organization_id = \(organization) AND message_id = \(piece)
            AND kind = 'held' AND conversation_id IS NULL AND state = 'open'
            """, ModerationItem.init(row:))
        for item in open {
            try db.run("DELETE FROM moderation_turn WHERE organization_id = \(organization) AND item_id = \(item.id)")
            try db.run("DELETE FROM moderation_item WHERE organization_id = \(organization) AND id = \(item.id)")
            db.record(item.event(.moderationDropped))
            if let owner = item.claimedBy { db.announce(.person(owner)) }
        }
        try db.run(
            """
            UPDATE moderation_item SET words = NULL, content_note = NULL WHERE organization_id = \(organization)
            AND message_id = \(piece) AND kind = 'held' AND conversation_id IS NULL
            """)
    }

    /// A match needs somebody to look. It is not said why.
    static func noteMatch(
        _ match: Match.ID, about participant: Person.ID, in program: Program.ID, conversation: Conversation.ID,
        db: Writing
    ) throws {
        _ = try open(
            .match, about: participant, in: program, conversation: conversation, match: match,
            due: db.now.adding(hours: Kind.match.hours), db: db)
    }

    /// The person asking has it from now on.
    /// - Throws: ``Problem/conflict(_:)`` with `moderation.claimed` when somebody else was faster, `moderation.over`,
    ///   `moderation.somebody-else` for whoever decided what is appealed.
    package func claim(in db: Writing) throws {
        let me = try db.me
        if claimedBy == me { return }
        guard isOpen else { throw Problem.conflict("moderation.over") }
        guard state != .appealed || decidedBy != me else { throw Problem.conflict("moderation.somebody-else") }
        let claimed = try db.run(
            """
            UPDATE moderation_item SET claimed_by = \(me), claimed_at = \(db.now) WHERE organization_id = \(organization)
            AND id = \(id) AND claimed_by IS NULL AND due_at IS NOT NULL
            """)
        guard claimed > 0 else { throw Problem.conflict("moderation.claimed") }
        try note(.claimed, in: db)
        db.record(event(.moderationClaimed))
    }

    /// Somebody else has it from now on. Whoever looks after the program may take it from somebody who is away.
    /// - Throws: ``Problem/invalid(_:)`` for `person`; ``Problem/conflict(_:)`` with `moderation.over`.
    package func handOver(to person: Person.ID, in db: Writing) throws {
        if claimedBy == person { return }
        guard isOpen else { throw Problem.conflict("moderation.over") }
        guard try colleagues(in: db).contains(where: { $0.id == person }) else {
            throw Problem.invalid("person", "not-a-choice")
        }
        try db.run(
            """
            UPDATE moderation_item SET claimed_by = \(person), claimed_at = \(db.now)
            WHERE organization_id = \(organization) AND id = \(id) AND due_at IS NOT NULL
            """)
        try note(.handedOver, to: person, in: db)
        db.record(event(.moderationHandedOver))
        db.announce(.person(person))
    }

    /// What somebody decides.
    package struct Decision: Sendable {
        package let action: Action
        /// The rule it cites, by number, of the version in force.
        package var rule: Int?
        /// To whom it is about; kept under their key.
        package var words = ""
        /// For how long, where the action lasts.
        package var days = 3

        package init(_ action: Action, rule: Int? = nil, words: String = "", days: Int = 3) {
            (self.action, self.rule, self.words, self.days) = (action, rule, words, days)
        }
    }

    /// Decides. What is told to somebody cites a rule of the house, where there are any, or says why in words.
    /// - Throws: ``Problem/conflict(_:)`` with `moderation.not-yours` or `moderation.over`; ``Problem/invalid(_:)`` for
    ///   `action`, `rule`, `words`, `days`.
    package func decide(_ decision: Decision, in db: Writing) throws {
        guard state == .open else { throw Problem.conflict("moderation.over") }
        guard try claimedBy == db.me else { throw Problem.conflict("moderation.not-yours") }
        let rules = decision.action.isTold ? try HouseRules.current(of: program, in: db) : nil
        var errors: [String: String] = [:]
        if !actions.contains(decision.action) { errors["action"] = "not-a-choice" }
        if let rules, !rules.rules.contains(where: { $0.number == decision.rule }) { errors["rule"] = "required" }
        if decision.action.isTold, rules == nil, decision.words.isEmpty { errors["words"] = "required" }
        if decision.action.hasLength, !Moderation.waits.contains(decision.days) { errors["days"] = "not-a-choice" }
        try Problem.check(errors)
        let sealed = try sealed(decision.words, "moderation_item.decision_words", in: db)
        let decided = try db.run(
            """
            UPDATE moderation_item SET state = 'decided', due_at = NULL, decided_by = \(db.me), decided_at = \(db.now),
                action = \(decision.action), rule_version = \(rules?.version),
                rule_number = \(rules == nil ? nil : decision.rule), decision_words = \(sealed)
            WHERE organization_id = \(organization) AND id = \(id) AND state = 'open' AND claimed_by = \(db.me)
            """)
        guard decided > 0 else { throw Problem.conflict("moderation.over") }
        try carryOut(decision, in: db)
        try forgetErased(in: db)
        try note(.decided, in: db)
        var details = ["action": decision.action.rawValue]
        if let rules, let number = decision.rule {
            details.merge(["rule": "\(number)", "version": "\(rules.version)"]) { $1 }
        }
        db.record(event(.moderationDecided, details))
        try tell(decision.action.isTold ? [about] : [], andReporters: kind == .report, in: db)
    }

    /// Whom it is about asks for another look, once.
    /// - Throws: ``Problem/notFound`` for everybody else; ``Problem/conflict(_:)`` with `moderation.no-appeal`.
    package func appeal(_ words: String, in db: Writing) throws {
        guard try about == db.me else { throw Problem.notFound }
        guard let ends = appealEnds, ends > db.now else { throw Problem.conflict("moderation.no-appeal") }
        guard !words.isEmpty else { throw Problem.invalid("words", "required") }
        let sealed = try sealed(words, "moderation_item.appeal_words", in: db)
        let due = db.now.adding(hours: Moderation.appealHours)
        try db.run(
            """
            UPDATE moderation_item SET state = 'appealed', due_at = \(due), claimed_by = NULL, claimed_at = NULL,
                appealed_at = \(db.now), appeal_words = \(sealed)
            WHERE organization_id = \(organization) AND id = \(id) AND state = 'decided'
            """)
        try note(.appealed, in: db)
        db.record(event(.moderationAppealed))
    }

    /// Somebody else has looked again. Taking a decision back undoes what it did.
    package func settle(_ outcome: Outcome, words: String = "", in db: Writing) throws {
        guard state == .appealed else { throw Problem.conflict("moderation.over") }
        guard try claimedBy == db.me else { throw Problem.conflict("moderation.not-yours") }
        guard try decidedBy != db.me else { throw Problem.conflict("moderation.somebody-else") }
        let sealed = try sealed(words, "moderation_item.outcome_words", in: db)
        let settled = try db.run(
            """
            UPDATE moderation_item SET state = 'settled', due_at = NULL, settled_by = \(db.me), settled_at = \(db.now),
                outcome = \(outcome), outcome_words = \(sealed)
            WHERE organization_id = \(organization) AND id = \(id) AND state = 'appealed' AND claimed_by = \(db.me)
            """)
        guard settled > 0 else { throw Problem.conflict("moderation.over") }
        if outcome == .takenBack { try undo(in: db) }
        try note(.settled, in: db)
        db.record(event(.appealDecided, ["outcome": outcome.rawValue]))
        try tell([about], andReporters: false, in: db)
    }

    /// Words to whom it is about or by them, under their key; none where there are none, or they were erased.
    private func sealed(_ words: String, _ column: StaticString, in db: Writing) throws -> String? {
        guard !words.isEmpty else { return nil }
        do {
            return try db.writingKey(of: about, in: organization).seal(words, as: place(column))
        } catch Problem.notFound { return nil }
    }

    /// Whoever is told reads it on their own page; outside Kith they hear only that there is something new.
    private func tell(_ people: [Person.ID], andReporters: Bool, in db: Writing) throws {
        var told = people
        if andReporters {
            told += try db.values(
                """
                SELECT DISTINCT reporter_id FROM moderation_report WHERE organization_id = \(organization)
                AND item_id = \(id)
                """, as: Person.ID.self)
        }
        for person in told {
            try OutgoingMessage.put(.message, to: person, in: program, of: organization, db: db)
            db.announce(.person(person))
        }
    }

    /// Words of people who were erased while it was open are not kept any longer.
    private func forgetErased(in db: Writing) throws {
        try db.run(
            """
            DELETE FROM moderation_evidence WHERE organization_id = \(organization) AND item_id = \(id)
            AND writer_id IN (SELECT person_id FROM person_key WHERE organization_id = \(organization)
                AND destroyed_at IS NOT NULL)
            """)
    }

    /// Somebody asked for a person, and a person has them in hand: nobody else need look at what they wrote.
    static func followConcern(_ event: Event, in db: Writing) throws {
        guard let concern = event.object, let organization = db.actor.organization ?? event.organization else { return }
        let answered = try db.all(
            """
            UPDATE moderation_item SET state = 'decided', due_at = NULL, action = \(Action.asked), decided_at = \(db.now),
                decided_by = (SELECT c.acknowledged_by FROM concern c WHERE c.organization_id = \(organization)
                    AND c.id = \(concern))
            WHERE organization_id = \(organization) AND kind = 'worry' AND state = 'open' AND answer = 'person'
            AND EXISTS (SELECT 1 FROM concern c WHERE c.organization_id = \(organization) AND c.id = \(concern)
                AND c.about_id = moderation_item.about_id AND c.program_id = moderation_item.program_id
                AND c.acknowledged_by IS NOT NULL)
            RETURNING *
            """, ModerationItem.init(row:))
        for item in answered {
            try item.note(.decided, in: db)
            db.record(item.event(.moderationDecided, ["action": Action.asked.rawValue]))
        }
    }

    /// Whoever had it no longer looks after the program: it is the program's again.
    static func followRole(_ event: Event, in db: Writing) throws {
        guard let person = event.subject, let program = event.program,
            let organization = db.actor.organization ?? event.organization
        else { return }
        let stays = try db.exists(
            """
            SELECT 1 FROM membership WHERE organization_id = \(organization) AND person_id = \(person)
            AND program_id = \(program) AND role IN \(list: HouseRules.publishers) AND ended_at IS NULL
            """)
        guard !stays else { return }
        let left = try db.all(
            """
            UPDATE moderation_item SET claimed_by = NULL, claimed_at = NULL WHERE organization_id = \(organization)
            AND program_id = \(program) AND claimed_by = \(person) AND due_at IS NOT NULL RETURNING *
            """, ModerationItem.init(row:))
        for item in left {
            try item.note(.returned, to: person, in: db)
            db.record(item.event(.moderationReturned))
        }
    }
}
