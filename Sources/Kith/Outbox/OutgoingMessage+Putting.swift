import Storage

extension OutgoingMessage {
    /// How long whoever is looking at Kith has to see for themselves, before they are told that there is something.
    static let graceMinutes = 3

    /// Puts a notice in the outbox, in the transaction of what it is about, if the rule lets it leave.
    ///
    /// There is at most one of a kind for each person until it has left; of a new message, until they have looked in.
    /// - Returns: the message's identifier, or nil when there is one already or nothing may leave.
    @discardableResult
    package static func put(
        _ notice: Notice, to person: Person.ID, in program: Program.ID, of organization: Organization.ID,
        about seat: Seat.ID? = nil, before meeting: Meeting.ID? = nil, ofSteps: Bool = false,
        only channels: Set<ContactChannel.Kind> = [.email, .text],
        after grace: Int = 0, db: Writing
    ) throws -> ID? {
        let carried = db.world.carries.intersection(channels)
        guard !carried.isEmpty else { return nil }
        // Each seat has a link of its own, and each meeting and step its moment.
        let isSingle = notice.isChosen && seat == nil && meeting == nil && !ofSteps
        if isSingle {
            let isThere = try db.exists(
                """
                SELECT 1 FROM outgoing_message WHERE organization_id = \(organization) AND person_id = \(person)
                AND notice = \(notice) AND released_at IS NULL AND is_single
                """)
            if isThere { return nil }
        }
        let due = db.now.adding(minutes: grace)
        let reach = try Reachability.of(person, in: program, of: organization, db: db)
        guard let channel = reach.channel(for: notice, among: carried, at: due) else { return nil }
        let decision = reach.decision(on: .notice(notice), by: channel, at: due)
        let leaves = if case .wait(let until) = decision { until } else { due }
        let id: ID = db.newID()
        let isNew = try db.run(
            """
            INSERT INTO outgoing_message (organization_id, id, person_id, program_id, notice, seat_id, meeting_id,
                is_of_steps, is_single, channel, state, created_at, due_at)
            VALUES (\(organization), \(id), \(person), \(program), \(notice), \(seat), \(meeting),
                \(ofSteps), \(isSingle), \(channel), \(State.waiting), \(db.now), \(leaves))
            ON CONFLICT (organization_id, person_id, notice) WHERE released_at IS NULL AND is_single
            DO NOTHING
            """)
        guard isNew > 0 else { return nil }
        db.announce(.outbox)
        return id
    }

    /// Whoever has looked in need not be told any more of what came before.
    static func release(_ notice: Notice, for person: Person.ID, of organization: Organization.ID, db: Writing) throws {
        guard !db.world.carries.isEmpty else { return }
        try db.run(
            """
            UPDATE outgoing_message SET released_at = \(db.now) WHERE organization_id = \(organization)
            AND person_id = \(person) AND notice = \(notice) AND released_at IS NULL AND is_single
            """)
    }
}
