import Foundation
import Storage

extension Referral {
    /// Takes a referral in: it gets an owner, a clock and the policy it will be judged by, in the same moment.
    /// - Returns: the earlier one where the same sending of a form came before.
    /// - Throws: `.conflict("program.nobody-there")` where nobody could take care of it.
    package static func open(_ draft: ReferralDraft, of organization: Organization.ID, in db: Writing) throws
        -> Referral
    {
        if let key = draft.formKey, let earlier = try find(formKey: key, of: organization, in: db) { return earlier }
        let person: Person.ID
        switch draft.who {
        case .known(let known): person = known
        case .new(let details): person = try Person.add(details, to: organization, in: db)
        }
        try Person.give(.participant, in: draft.program, to: person, of: organization, in: db)
        try draft.care?.link(person, of: organization, in: db)
        let published = try PublishedPolicy.current(of: draft.program, in: db)
        // The sender may say that it is urgent, and so may the program's rules; nobody can say that it is not.
        let isUrgentByRule = published.policy.isUrgent(
            reason: draft.reason, topics: draft.wishes.topics, origin: draft.origin.rawValue)
        let priority = isUrgentByRule ? .urgent : draft.priority
        let owner = try newOwner(in: draft.program, of: organization, db)
        let due = db.now.adding(
            hours: published.policy.hours(in: Queue.intake.rawValue, isUrgent: priority == .urgent))
        let id: ID = db.newID()
        let key = try db.writingKey(of: person, in: organization)
        try db.run(
            """
            INSERT INTO referral (organization_id, id, reference, program_id, person_id, origin, partner_id,
                referrer_id, for_other, reason, priority, state, policy_version, queue, owner_id, due_at, received_at,
                reopens_id, form_key)
            VALUES (\(organization), \(id), \(newReference(in: db.world)), \(draft.program), \(person),
                \(draft.origin), \(draft.partner), \(draft.referrer), \(draft.forOther),
                \(key.seal(draft.reason, as: place(of: id, "reason"))), \(priority), \(ReferralState.received), \(published.version), \(Queue.intake), \(owner), \(due),
                \(db.now), \(draft.reopens), \(draft.formKey))
            """)
        try db.run(
            """
            INSERT INTO referral_wish (organization_id, referral_id, wishes)
            VALUES (\(organization), \(id), \(draft.wishes.json(of: id, with: key)))
            """)
        let referral = try load(id, of: organization, in: db)
        try referral.keepStep(ReferralTransition(1, .draft, .send, .received), in: db)
        var details = ["origin": draft.origin.rawValue]
        if isUrgentByRule { details["urgent"] = "by-policy" }
        db.record(referral.event(.referralReceived, details))
        try referral.tell(.received, in: db)
        return referral
    }

    private static func find(formKey: String, of organization: Organization.ID, in db: Reading) throws -> Referral? {
        try db.first(
            "SELECT * FROM referral WHERE organization_id = \(organization) AND form_key = \(formKey)",
            Referral.init(row:))
    }

    /// Keeps a referral that was closed elsewhere, so that its story is known here.
    package static func keepHistory(
        _ draft: ReferralDraft, as state: ReferralState, of organization: Organization.ID, in db: Writing
    ) throws -> ID {
        guard state.isTerminal else { throw Fault("only a closed referral is history") }
        let person: Person.ID
        switch draft.who {
        case .known(let known): person = known
        case .new(let details): person = try Person.add(details, to: organization, in: db)
        }
        let published = try PublishedPolicy.current(of: draft.program, in: db)
        let id: ID = db.newID()
        let key = try db.writingKey(of: person, in: organization)
        try db.run(
            """
            INSERT INTO referral (organization_id, id, reference, program_id, person_id, origin, partner_id,
                for_other, reason, priority, state, policy_version, received_at, closed_at)
            VALUES (\(organization), \(id), \(newReference(in: db.world)), \(draft.program), \(person),
                \(Origin.history), \(draft.partner), \(draft.forOther),
                \(key.seal(draft.reason, as: place(of: id, "reason"))), \(draft.priority), \(state),
                \(published.version), \(db.now), \(db.now))
            """)
        try db.run(
            """
            INSERT INTO referral_wish (organization_id, referral_id, wishes)
            VALUES (\(organization), \(id), \(draft.wishes.json(of: id, with: key)))
            """)
        var event = Event(.historyKept, of: id.text, about: person, in: draft.program)
        event.organization = organization
        db.record(event)
        return id
    }

    /// The program takes this person on.
    package func accept(in db: Writing) throws {
        let moved = try move(.accept, in: db)
        // Whoever agreed before, or comes back, is not asked again.
        let agrees = try Consent.stands(.takePart, for: person, in: program, of: organization, db: db)
        try moved.place(agrees ? .matching : .consent, in: db)
        try moved.tell(.accepted, in: db)
    }

    /// The program cannot help; the reason is one of its policy's.
    package func decline(for reason: String, in db: Writing) throws {
        let policy = try PublishedPolicy.version(policyVersion, of: program, in: db).policy
        guard policy.declineReasons.contains(reason) else { throw Problem.invalid("reason", "not-a-choice") }
        let hasBegun = try hasBegun(in: db)
        let moved = try end(by: .decline, reason: reason, in: db)
        // Before any support it says what became of the letter; afterwards it says how somebody used support.
        try moved.tell(hasBegun ? .closed : .declined, in: db)
    }

    /// Whether a first contact has taken place.
    private func hasBegun(in db: Reading) throws -> Bool {
        try db.exists(
            """
            SELECT 1 FROM referral_notice WHERE organization_id = \(organization) AND referral_id = \(id)
            AND change = \(ReferralChange.firstContact)
            """)
    }

    /// The story ends well or simply ends: with an outcome and, if there is one, a word to the referrer.
    package func close(as outcome: String, word: String?, in db: Writing) throws {
        // That somebody died is recorded once, and all that runs ends with it.
        guard Self.outcomes.contains(outcome), outcome != Self.died else {
            throw Problem.invalid("outcome", "not-a-choice")
        }
        try end(by: .outcome, reason: outcome, in: db).finish(as: outcome, word: word, in: db)
    }

    /// Keeps how it ended, and tells whoever sent it.
    private func finish(as outcome: String, word: String? = nil, in db: Writing) throws {
        let sealed = try seal(word, "word", in: db)
        try db.run(
            """
            INSERT INTO referral_closing (organization_id, referral_id, outcome, word, closed_by, at)
            VALUES (\(organization), \(id), \(outcome), \(sealed), \(db.actor.logName), \(db.now))
            """)
        try tell(.closed, in: db)
        // Whoever asked to stop hears that it has stopped, whatever else they may know.
        if isStopAskedBySender { try note(.cancelled, in: db) }
    }

    /// Ends because the person died, at whatever stage, whoever recorded it.
    package func endWithDeath(in db: Writing) throws {
        var referral = self
        if state == .received {
            referral = try referral.move(.accept, by: .recipient, reason: Self.onPaper, in: db)
        }
        // Somebody who is under way by an arrangement outside has no row to an outcome.
        let last: ReferralMove = referral.state.path(to: .outcome) == nil ? .decline : .outcome
        try referral.end(by: last, as: .recipient, reason: Self.died, in: db).finish(as: Self.died, in: db)
    }

    /// What a referral can end as.
    package static let outcomes = ["support-completed", "goals-met", "moved-on", "lost-touch", "other-help", died]
    package static let died = "died"

    /// Notes a try to reach the person before anybody supports them. Nobody may try where contact is prohibited, nor by
    /// a way that the person said no to; a way that they were not asked about yet is how they are asked.
    package func tryContact(by channel: ContactChannel.Kind, outcome: String, in db: Writing) throws {
        let prohibited = try db.value(
            "SELECT do_not_contact FROM person WHERE organization_id = \(organization) AND id = \(person)",
            as: Bool.self)
        guard prohibited != true else { throw Problem.conflict("referral.contact-prohibited") }
        let refused = try Consent.refusedChannels(of: person, in: program, of: organization, db: db)
        guard !refused.contains(channel) else { throw Problem.conflict("referral.channel-refused") }
        guard ["reached", "no-answer", "message-left"].contains(outcome) else {
            throw Problem.invalid("outcome", "not-a-choice")
        }
        // The same try by the same person within seconds is a second click.
        let isClickedTwice = try db.exists(
            """
            SELECT 1 FROM contact_attempt WHERE organization_id = \(organization) AND referral_id = \(id)
            AND channel = \(channel) AND outcome = \(outcome) AND by_id = \(db.me)
            AND at > \(Instant(milliseconds: db.now.milliseconds - 10_000))
            """)
        if isClickedTwice { return }
        let attempt: Identifier<ContactChannel> = db.newID()
        try db.run(
            """
            INSERT INTO contact_attempt (organization_id, id, referral_id, channel, outcome, by_id, at)
            VALUES (\(organization), \(attempt), \(id), \(channel), \(outcome), \(db.me), \(db.now))
            """)
        if outcome == "reached" {
            try db.run(
                """
                UPDATE referral SET call_asked_at = NULL WHERE organization_id = \(organization) AND id = \(id)
                AND call_asked_at IS NOT NULL
                """)
        }
        db.record(event(.contactTried, ["channel": channel.rawValue, "outcome": outcome]))
    }

    /// Whether there was support to look back on.
    var mayHaveFeedback: Bool { state == .completed }

    /// Two questions at the end, and a few words if they like.
    package func giveFeedback(helped: String, again: String, words: String?, in db: Writing) throws {
        let sealed = try seal(words, "feedback", in: db)
        try db.run(
            """
            INSERT INTO feedback (organization_id, referral_id, helped, again, words, at)
            VALUES (\(organization), \(id), \(helped), \(again), \(sealed), \(db.now))
            ON CONFLICT (organization_id, referral_id) DO UPDATE SET helped = excluded.helped,
                again = excluded.again, words = excluded.words, at = excluded.at
            """)
        db.record(event(.feedbackGiven))
    }

    /// Eight signs from an alphabet without vowels and without signs that look alike, in two groups.
    private static func newReference(in world: World) -> String {
        let alphabet = Array("BCDFGHJKLMNPQRSTVWXZ23456789")
        let signs = world.randomBytes(8).map { alphabet[Int($0) % alphabet.count] }
        return String(signs[0..<4]) + "-" + String(signs[4..<8])
    }
}

extension Referral {
    /// A text about its person as it is stored; nil where there is none.
    func seal(_ text: String?, _ name: String, in db: Writing) throws -> String? {
        guard let text else { return nil }
        return try db.writingKey(of: person, in: organization).seal(text, as: Self.place(of: id, name))
    }
}
