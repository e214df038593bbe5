import Storage

extension OutgoingMessage {
    /// How somebody who is on call is told outside Kith; see ``call(_:_:in:of:by:db:)``.
    package enum Calling: Sendable, Equatable {
        /// It is on its way on this channel.
        case leaves(ID, ContactChannel.Kind)
        /// Nothing can leave for them. The code is a word for the administrator's page.
        case fails(String)
    }

    /// Tells somebody who is on call that they are needed, whatever the hour, on the channel asked for or else another.
    /// What waits for them already is not put beside itself: while no server takes anything, nothing piles up.
    package static func call(
        _ person: Person.ID, _ notice: Notice, in program: Program.ID, of organization: Organization.ID,
        by preferred: ContactChannel.Kind, db: Writing
    ) throws -> Calling {
        guard !db.world.carries.isEmpty else { return .fails("no-carrier") }
        let reach = try Reachability.of(person, in: program, of: organization, db: db)
        let channels = [preferred] + [.email, .text].filter { $0 != preferred }
        var refusal: ContactRefusal?
        for channel in channels where db.world.carries.contains(channel) {
            switch reach.decision(on: .notice(notice), by: channel, at: db.now) {
            case .go, .wait:
                let id = try put(notice, to: person, by: channel, in: program, of: organization, db: db)
                return .leaves(id, channel)
            case .refuse(let why): refusal = refusal ?? why
            }
        }
        return .fails(refusal?.rawValue ?? "no-carrier")
    }

    private static func put(
        _ notice: Notice, to person: Person.ID, by channel: ContactChannel.Kind, in program: Program.ID,
        of organization: Organization.ID, db: Writing
    ) throws -> ID {
        let waiting = try db.value(
            """
            SELECT id FROM outgoing_message WHERE organization_id = \(organization) AND person_id = \(person)
            AND notice = \(notice) AND channel = \(channel) AND state = 'waiting' AND released_at IS NULL LIMIT 1
            """, as: ID.self)
        if let waiting { return waiting }
        let id: ID = db.newID()
        try db.run(
            """
            INSERT INTO outgoing_message (organization_id, id, person_id, program_id, notice, is_single, channel, state,
                created_at, due_at)
            VALUES (\(organization), \(id), \(person), \(program), \(notice), \(false), \(channel), \(State.waiting),
                \(db.now), \(db.now))
            """)
        db.announce(.outbox)
        return id
    }

    /// What waits to leave and is no longer needed, because somebody has come.
    package static func release(calls: [ID], of organization: Organization.ID, db: Writing) throws {
        guard !calls.isEmpty else { return }
        try db.run(
            """
            UPDATE outgoing_message SET released_at = \(db.now)
            WHERE organization_id = \(organization) AND id IN \(list: calls) AND state = 'waiting'
            AND released_at IS NULL
            """)
    }
}
