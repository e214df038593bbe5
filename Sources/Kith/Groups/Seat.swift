import Storage

/// Somebody's seat in a meeting with limited seats, or their turn on its waiting list. Seats have numbers and the table
/// lets nobody have a number that somebody else has, so none is ever given twice.
package struct Seat: Named {
    /// New whenever somebody asks anew.
    package let id: ID
    package let meeting: Meeting.ID
    package let person: Person.ID
    /// nil while they wait.
    package let number: Int?
    /// Who asked first has the lower.
    package let turn: Int

    package var isWaiting: Bool { number == nil }

    init(row: Row) throws {
        id = try row["id"]
        meeting = try row["meeting_id"]
        person = try row["person_id"]
        number = try row["seat"]
        turn = try row["turn"]
    }

    /// The seats and turns of a meeting that were not freed, by turn. Whoever calls has established their right to it.
    package static func all(of meeting: Meeting, in db: Reading) throws -> [Seat] {
        try db.all(
            """
            SELECT * FROM meeting_seat WHERE organization_id = \(meeting.organization) AND meeting_id = \(meeting.id)
            AND freed_at IS NULL ORDER BY turn
            """, Seat.init(row:))
    }

    /// Asks for a seat for the person asking: they have one at once, or stand on the waiting list. Asking twice is asking
    /// once.
    /// - Throws: ``Problem/notFound`` unless they take part in the group; ``Problem/conflict(_:)`` with `meeting.over`, and
    ///   with `meeting.no-seats` where everybody may come.
    @discardableResult
    package static func ask(in meeting: Meeting.ID, db: Writing) throws -> Seat {
        let me = try db.me
        let meeting = try Meeting.find(meeting, as: [.member], in: db)
        let group = try Group.load(meeting.group, of: meeting.organization, in: db)
        guard let seats = group.plan.seats else { throw Problem.conflict("meeting.no-seats") }
        guard meeting.isComing, meeting.startsAt > db.now else { throw Problem.conflict("meeting.over") }
        if let mine = try all(of: meeting, in: db).first(where: { $0.person == me }) { return mine }
        // Freed turns keep their number, or two would have one.
        let last =
            try db.value(
                """
                SELECT coalesce(max(turn), 0) FROM meeting_seat WHERE organization_id = \(meeting.organization)
                AND meeting_id = \(meeting.id)
                """) ?? 0
        let id: ID = db.newID()
        try db.run(
            """
            INSERT INTO meeting_seat (organization_id, meeting_id, person_id, id, seat, asked_at, turn)
            VALUES (\(meeting.organization), \(meeting.id), \(me), \(id), NULL, \(db.now), \(last + 1))
            ON CONFLICT (organization_id, meeting_id, person_id) DO UPDATE SET id = excluded.id,
                asked_at = excluded.asked_at, turn = excluded.turn, seat = NULL, freed_at = NULL
            """)
        let moved = try moveUp(in: meeting, of: group, seats: seats, db)
        let isSeated = moved.contains { $0.person == me }
        db.record(event(.seatAsked, me, meeting, group, ["as": isSeated ? "seated" : "waiting"]))
        for other in moved where other.person != me { db.record(event(.seatGiven, other.person, meeting, group)) }
        guard let mine = try all(of: meeting, in: db).first(where: { $0.person == me }) else { throw Problem.notFound }
        return mine
    }

    /// Frees the seat, or the turn, of the person asking. Whoever waited longest has it in the same transaction.
    package static func free(in meeting: Meeting.ID, db: Writing) throws {
        let meeting = try Meeting.find(meeting, as: [.member], in: db)
        try free(of: db.me, in: meeting, Group.load(meeting.group, of: meeting.organization, in: db), db)
    }

    private static func free(of person: Person.ID, in meeting: Meeting, _ group: Group, _ db: Writing) throws {
        guard meeting.startsAt > db.now else { throw Problem.conflict("meeting.over") }
        let freed = try db.run(
            """
            UPDATE meeting_seat SET seat = NULL, freed_at = \(db.now)
            WHERE organization_id = \(meeting.organization) AND meeting_id = \(meeting.id)
            AND person_id = \(person) AND freed_at IS NULL
            """)
        guard freed > 0 else { return }
        db.record(event(.seatFreed, person, meeting, group))
        guard meeting.isComing, let seats = group.plan.seats else { return }
        for other in try moveUp(in: meeting, of: group, seats: seats, db) {
            db.record(event(.seatGiven, other.person, meeting, group))
        }
    }

    /// Frees all that somebody has in what lies ahead of a group.
    static func freeAll(of person: Person.ID, in group: Group, _ db: Writing) throws {
        let ahead = try db.all(
            """
            \(Meeting.everything) JOIN meeting_seat s ON s.organization_id = m.organization_id AND s.meeting_id = m.id
            WHERE m.organization_id = \(group.organization) AND m.group_id = \(group.id) AND m.starts_at > \(db.now)
            AND s.person_id = \(person) AND s.freed_at IS NULL
            """, Meeting.init(row:))
        for meeting in ahead { try free(of: person, in: meeting, group, db) }
    }

    /// A group has another number of seats now, or none is needed: in all that lies ahead whoever waits moves up.
    static func moveUp(in group: Group, seats: Int?, _ db: Writing) throws {
        let awaited = try db.all(
            """
            \(Meeting.everything) WHERE m.organization_id = \(group.organization) AND m.group_id = \(group.id)
            AND m.starts_at > \(db.now) AND m.state IN ('planned', 'moved') AND EXISTS (SELECT 1 FROM meeting_seat s
                WHERE s.organization_id = m.organization_id AND s.meeting_id = m.id AND s.seat IS NULL
                AND s.freed_at IS NULL) ORDER BY m.starts_at, m.id
            """, Meeting.init(row:))
        for meeting in awaited {
            for seat in try moveUp(in: meeting, of: group, seats: seats ?? Group.seats.upperBound, db) {
                db.record(event(.seatGiven, seat.person, meeting, group))
            }
        }
    }

    /// Gives free seats to whoever waited longest.
    /// - Returns: who has one now that had none.
    private static func moveUp(in meeting: Meeting, of group: Group, seats: Int, _ db: Writing) throws -> [Seat] {
        let all = try all(of: meeting, in: db)
        let moves = moves(of: all, seats: seats)
        for (seat, number) in moves {
            try db.run(
                """
                UPDATE meeting_seat SET seat = \(number) WHERE organization_id = \(meeting.organization)
                AND meeting_id = \(meeting.id) AND person_id = \(seat.person) AND seat IS NULL AND freed_at IS NULL
                """)
        }
        return moves.map(\.seat)
    }

    /// Who gets which seat: those who wait, by turn, the lowest numbers that nobody has.
    static func moves(of all: [Seat], seats: Int) -> [(seat: Seat, number: Int)] {
        let taken = Set(all.compactMap(\.number))
        // Where seats became fewer, whoever has a higher number keeps it, and it counts.
        let free = (1...max(1, seats)).filter { !taken.contains($0) }.prefix(max(0, seats - taken.count))
        let waiting = all.filter(\.isWaiting).sorted { $0.turn < $1.turn }
        return Array(zip(waiting, free)).map { (seat: $0.0, number: $0.1) }
    }

    private static func event(
        _ kind: EventKind, _ person: Person.ID, _ meeting: Meeting, _ group: Group, _ details: [String: String] = [:]
    ) -> Event {
        var event = group.event(kind, of: meeting.id.text, details)
        (event.subject, event.organization) = (person, group.organization)
        return event
    }
}

extension SignedLink {
    /// Frees a seat without an account. It names the seat and nobody; once the meeting has begun it frees nothing.
    package static func seat(_ seat: Seat.ID, of organization: Organization.ID, until expires: Instant) -> SignedLink {
        SignedLink(.seat, of: organization, to: seat.text, until: expires)
    }
}

extension Seat {
    /// The seat behind a link; nil once it was freed, or asked for anew.
    static func held(by link: SignedLink, in db: Reading) throws -> (seat: Seat, meeting: Meeting)? {
        let seat = try db.first(
            """
            SELECT * FROM meeting_seat WHERE organization_id = \(link.organization) AND id = \(link.object)
            AND freed_at IS NULL
            """, Seat.init(row:))
        guard let seat else { return nil }
        let meeting = try db.first(
            "\(Meeting.everything) WHERE m.organization_id = \(link.organization) AND m.id = \(seat.meeting)",
            Meeting.init(row:))
        return meeting.map { (seat, $0) }
    }

    /// Frees it. Whoever waited longest has it in the same transaction; a second click changes nothing.
    static func free(by link: SignedLink, in db: Writing) throws {
        guard let (seat, meeting) = try held(by: link, in: db) else { return }
        try free(of: seat.person, in: meeting, Group.load(meeting.group, of: meeting.organization, in: db), db)
    }
}
