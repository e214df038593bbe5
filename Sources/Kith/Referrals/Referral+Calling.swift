import Storage

extension Referral {
    /// The person asks to be called: whoever has the referral has as long for it as for an urgent one that just came,
    /// or less where less was left.
    package func askForCall(in db: Writing) throws {
        guard let queue else { throw Problem.conflict("referral.already-closed") }
        let policy = try PublishedPolicy.version(policyVersion, of: program, in: db).policy
        let due = db.now.adding(hours: policy.hours(in: Queue.intake.rawValue, isUrgent: true))
        try db.run(
            """
            UPDATE referral SET due_at = CASE WHEN due_at > \(due) THEN CAST(\(due) AS TEXT) ELSE due_at END,
                call_asked_at = \(db.now), revision = revision + 1
            WHERE organization_id = \(organization) AND id = \(id) AND queue = \(queue)
            """)
        db.record(event(.callAsked))
        if let owner { db.announce(.person(owner)) }
    }

    /// The newest open referral of any of these people.
    package static func newestOpen(
        of people: [Person.ID], in organization: Organization.ID, db: Reading
    ) throws -> Referral? {
        guard !people.isEmpty else { return nil }
        return try db.first(
            """
            SELECT * FROM referral WHERE organization_id = \(organization) AND person_id IN \(list: people)
            AND queue IS NOT NULL ORDER BY received_at DESC, id DESC LIMIT 1
            """, Referral.init(row:))
    }

    /// Takes in somebody of whom nothing but a number is known, in the first program that somebody takes care of; nil
    /// where none is.
    package static func open(
        for number: TextNumber, named name: String, speaking language: String, isUrgent: Bool,
        of organization: Organization.ID, in db: Writing
    ) throws -> Referral? {
        guard let program = try Program.staffed(of: organization, in: db).first else { return nil }
        var person = PersonDraft(name: name, language: language)
        // They wrote from it, and nobody knows who else reads there.
        person.channels = [.phone, .text].map {
            ContactChannel(kind: $0, address: number.text, mayLeaveMessage: false)
        }
        var draft = ReferralDraft(program: program.id, who: .new(person), origin: .own, reason: "")
        draft.priority = isUrgent ? .urgent : .routine
        draft.wishes.languages = [language]
        return try open(draft, of: organization, in: db)
    }

    /// Takes in somebody who was here before: where they were last.
    package static func open(
        again person: Person.ID, isUrgent: Bool, of organization: Organization.ID, in db: Writing
    ) throws -> Referral? {
        let staffed = try Program.staffed(of: organization, in: db)
        let last = try db.value(
            """
            SELECT program_id FROM referral WHERE organization_id = \(organization) AND person_id = \(person)
            ORDER BY received_at DESC, id DESC LIMIT 1
            """, as: Program.ID.self)
        guard let program = staffed.first(where: { $0.id == last }) ?? staffed.first else { return nil }
        var draft = ReferralDraft(program: program.id, who: .known(person), origin: .own, reason: "")
        draft.priority = isUrgent ? .urgent : .routine
        return try open(draft, of: organization, in: db)
    }
}

extension EventKind {
    /// The person asked, by text message, that somebody calls them.
    package static let callAsked = EventKind("referral.call-asked")
}
