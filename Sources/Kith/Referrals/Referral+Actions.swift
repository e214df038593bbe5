import Foundation
import Storage

extension Referral {
    /// Takes a referral in: it gets an owner, a clock and the policy it will be judged by, in the same moment.
    package static func open(_ draft: ReferralDraft, of organization: Organization.ID, in db: Writing) throws
        -> Referral
    {
        let person: Person.ID
        switch draft.who {
        case .known(let known): person = known
        case .new(let details): person = try Person.add(details, to: organization, in: db)
        }
        try Person.give(.participant, in: draft.program, to: person, of: organization, in: db)
        try draft.care?.link(person, of: organization, in: db)
        let published = try PublishedPolicy.current(of: draft.program, in: db)
        let owner = try newOwner(in: draft.program, of: organization, db)
        let due = db.now.adding(
            hours: published.policy.hours(in: Queue.intake.rawValue, isUrgent: draft.priority == .urgent))
        let id: ID = db.newID()
        try db.run(
            """
            INSERT INTO referral (organization_id, id, reference, program_id, person_id, origin, partner_id,
                referrer_id, for_other, reason, priority, state, policy_version, queue, owner_id, due_at, received_at,
                reopens_id)
            VALUES (\(organization), \(id), \(newReference(in: db.world)), \(draft.program), \(person),
                \(draft.origin), \(draft.partner), \(draft.referrer), \(draft.forOther), \(draft.reason),
                \(draft.priority), \(ReferralState.received), \(published.version), \(Queue.intake), \(owner), \(due),
                \(db.now), \(draft.reopens))
            """)
        try db.run(
            """
            INSERT INTO referral_wish (organization_id, referral_id, wishes)
            VALUES (\(organization), \(id), \(draft.wishes.json))
            """)
        let referral = try load(id, of: organization, in: db)
        try referral.keepStep(ReferralTransition(1, .draft, .send, .received), reason: nil, in: db)
        db.record(referral.event(.referralReceived, ["origin": draft.origin.rawValue]))
        try referral.tell(.received, in: db)
        return referral
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
        try db.run(
            """
            INSERT INTO referral (organization_id, id, reference, program_id, person_id, origin, partner_id,
                for_other, reason, priority, state, policy_version, received_at, closed_at)
            VALUES (\(organization), \(id), \(newReference(in: db.world)), \(draft.program), \(person),
                \(Origin.history), \(draft.partner), \(draft.forOther), \(draft.reason), \(draft.priority), \(state),
                \(published.version), \(db.now), \(db.now))
            """)
        try db.run(
            """
            INSERT INTO referral_wish (organization_id, referral_id, wishes)
            VALUES (\(organization), \(id), \(draft.wishes.json))
            """)
        var event = Event(.historyKept, of: id.text, about: person, in: draft.program)
        event.organization = organization
        db.record(event)
        return id
    }

    /// The program takes this person on.
    package func accept(in db: Writing) throws {
        let moved = try move(.accept, in: db)
        try moved.place(.consent, in: db)
        try moved.tell(.accepted, in: db)
    }

    /// The program cannot help; the reason is one of its policy's.
    package func decline(for reason: String, in db: Writing) throws {
        let policy = try PublishedPolicy.version(policyVersion, of: program, in: db).policy
        guard policy.declineReasons.contains(reason) else { throw Problem.invalid("reason", "not-a-choice") }
        let moved = try move(.decline, reason: reason, in: db)
        try moved.tell(.declined, in: db)
    }

    /// The sender, or the person who asked for themselves, wants to stop.
    package func requestCancellation(because reason: String?, in db: Writing) throws {
        let moved = try move(.requestCancellation, reason: reason, in: db)
        try moved.place(.cancellation, in: db)
    }

    /// The program confirms that it has stopped.
    package func confirmCancellation(in db: Writing) throws {
        let moved = try move(.confirmCancellation, in: db)
        try moved.tell(.cancelled, in: db)
    }

    /// The story ends well or simply ends: with an outcome and, if there is one, a word to the referrer.
    package func close(as outcome: String, word: String?, in db: Writing) throws {
        guard Self.outcomes.contains(outcome) else { throw Problem.invalid("outcome", "not-a-choice") }
        let moved = try move(.outcome, reason: outcome, in: db)
        try db.run(
            """
            INSERT INTO referral_closing (organization_id, referral_id, outcome, word, closed_by, at)
            VALUES (\(organization), \(id), \(outcome), \(word), \(db.actor.logName), \(db.now))
            """)
        try moved.tell(.closed, in: db)
    }

    /// What a referral can end as.
    package static let outcomes = ["support-completed", "goals-met", "moved-on", "lost-touch", "other-help", "died"]

    /// Takes the story up again: a new referral that points to this one. What has ended stays ended.
    package func reopen(because reason: String, in db: Writing) throws -> Referral {
        guard !isOpen else { throw Problem.conflict("referral.still-open") }
        var draft = ReferralDraft(
            program: program, who: .known(person), origin: origin == .history ? .referrer : origin, partner: partner,
            referrer: referrer ?? (origin == .history ? db.actor.person : nil), reason: reason)
        draft.forOther = forOther
        draft.priority = priority
        draft.wishes = try wishes(in: db)
        draft.reopens = id
        let reopened = try Self.open(draft, of: organization, in: db)
        db.record(reopened.event(.referralReopened, ["reopens": id.text]))
        return reopened
    }

    /// This one is about the same need as `other`, which goes on alone.
    package func merge(into other: Referral, because reason: String, in db: Writing) throws {
        guard other.id != id, other.person == person || other.program == program, other.isOpen else {
            throw Problem.conflict("referral.cannot-merge")
        }
        let moved = try move(.decline, reason: "duplicate: \(reason)", in: db)
        try db.run(
            """
            UPDATE referral SET merged_into_id = \(other.id)
            WHERE organization_id = \(organization) AND id = \(id)
            """)
        db.record(event(.referralMerged, ["into": other.id.text]))
        try moved.tell(.merged, in: db)
    }

    /// Somebody else of the program takes care of it from now on.
    package func hand(to owner: Person.ID, in db: Writing) throws {
        guard isOpen else { throw Problem.conflict("referral.already-closed") }
        let mayOwn = try db.exists(
            """
            SELECT 1 FROM membership WHERE organization_id = \(organization) AND person_id = \(owner)
            AND program_id = \(program) AND role = \(Role.coordinator) AND ended_at IS NULL
            """)
        guard mayOwn else { throw Problem.invalid("owner", "not-a-choice") }
        try db.run(
            """
            UPDATE referral SET owner_id = \(owner), revision = revision + 1
            WHERE organization_id = \(organization) AND id = \(id)
            """)
        db.record(event(.referralOwned, ["owner": owner.text]))
    }

    /// Notes a try to reach the person before anybody supports them. Nobody may try where contact is prohibited.
    package func tryContact(by channel: ContactChannel.Kind, outcome: String, in db: Writing) throws {
        let prohibited = try db.value(
            "SELECT do_not_contact FROM person WHERE organization_id = \(organization) AND id = \(person)",
            as: Bool.self)
        guard prohibited != true else { throw Problem.conflict("referral.contact-prohibited") }
        guard ["reached", "no-answer", "message-left"].contains(outcome) else {
            throw Problem.invalid("outcome", "not-a-choice")
        }
        let attempt: Identifier<ContactChannel> = db.newID()
        try db.run(
            """
            INSERT INTO contact_attempt (organization_id, id, referral_id, channel, outcome, by_id, at)
            VALUES (\(organization), \(attempt), \(id), \(channel), \(outcome), \(db.me), \(db.now))
            """)
        db.record(event(.contactTried, ["channel": channel.rawValue, "outcome": outcome]))
    }

    /// Two questions at the end, and a few words if they like.
    package func giveFeedback(helped: String, again: String, words: String?, in db: Writing) throws {
        try db.run(
            """
            INSERT INTO feedback (organization_id, referral_id, helped, again, words, at)
            VALUES (\(organization), \(id), \(helped), \(again), \(words), \(db.now))
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

    /// The coordinator of the program with the fewest open referrals; failing that an administrator, so that a
    /// referral is never without somebody.
    private static func newOwner(in program: Program.ID, of organization: Organization.ID, _ db: Reading) throws
        -> Person.ID
    {
        let owner = try db.value(
            """
            SELECT m.person_id FROM membership m
            WHERE m.organization_id = \(organization) AND m.ended_at IS NULL
                AND (m.program_id = \(program) AND m.role = \(Role.coordinator) OR m.role = \(Role.administrator))
            ORDER BY CASE WHEN m.role = \(Role.coordinator) THEN 0 ELSE 1 END,
                (SELECT count(*) FROM (SELECT 1 FROM referral r WHERE r.organization_id = m.organization_id
                    AND r.owner_id = m.person_id AND r.queue IS NOT NULL LIMIT 1000) AS load), m.person_id
            LIMIT 1
            """, as: Person.ID.self)
        guard let owner else { throw Problem.conflict("program.nobody-there") }
        return owner
    }
}

extension Wishes {
    /// As stored.
    var json: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        }
    }
}
