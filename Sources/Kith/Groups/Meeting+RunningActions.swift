import Storage
import Web

extension RunningMeeting {
    /// Begins it: from now on people can say that they are here.
    /// - Throws: ``Problem/conflict(_:)`` with `meeting.too-few-facilitators` while not enough of them are named for it,
    ///   `meeting.too-early` long before its time, `meeting.over` once it was called off or closed.
    package func start(in db: Writing) throws {
        if meeting.state == .running { return }
        guard meeting.isComing else { throw Problem.conflict("meeting.over") }
        guard db.now >= meeting.startsAt.adding(minutes: -Self.earliest) else {
            throw Problem.conflict("meeting.too-early")
        }
        guard isStaffed(at: db.now) else { throw Problem.conflict("meeting.too-few-facilitators") }
        try move(to: .running, from: Array(Meeting.State.coming), in: db)
        try db.run(
            """
            INSERT INTO meeting_run (organization_id, meeting_id, code, started_at, started_by)
            VALUES (\(meeting.organization), \(meeting.id), \(Self.code(from: db.world.randomBytes(6))), \(db.now),
                \(db.actor.logName))
            """)
        db.record(group.event(.meetingStarted, of: meeting.id.text))
    }

    /// Six letters and digits that nobody takes for each other.
    static func code(from bytes: [UInt8]) -> String {
        let letters = Array("ABCDEFGHJKLMNPQRSTUVWXYZ23456789")
        return String(bytes.map { letters[Int($0 & 31)] })
    }

    /// A facilitator notes that somebody is here, or that this was a mistake.
    package func arrive(_ member: GroupMember.ID, isHere: Bool = true, in db: Writing) throws {
        guard meeting.state == .running else { throw Problem.conflict("meeting.not-running") }
        guard let guest = guests.first(where: { $0.member == member }) else { throw Problem.notFound }
        guard (guest.arrivedAt != nil) != isHere else { return }
        if isHere {
            try Self.arrive(guest.person, by: "tap", meeting.id, group, in: db)
        } else {
            try db.run(
                """
                DELETE FROM meeting_attendance WHERE organization_id = \(meeting.organization)
                AND meeting_id = \(meeting.id) AND person_id = \(guest.person) AND came IS NULL
                """)
            db.record(Self.event(.arrivalUndone, guest.person, meeting.id, group))
        }
    }

    /// The person asking says that they are here, by the code that they were shown.
    /// - Throws: ``Problem/invalid(_:)`` for `code` where no meeting of a group of theirs has it at this moment.
    package static func arrive(code: String, in db: Writing) throws {
        let (organization, me) = (try db.organization, try db.me)
        let code = code.withWesternDigits.uppercased().filter { $0.isLetter || $0.isNumber }
        let found = try db.first(
            """
            SELECT m.id, m.group_id FROM meeting_run u
            JOIN meeting m ON m.organization_id = u.organization_id AND m.id = u.meeting_id AND m.state = 'running'
            JOIN group_member r ON r.organization_id = m.organization_id AND r.group_id = m.group_id
                AND r.person_id = \(me) AND r.joined_at IS NOT NULL AND r.ended_at IS NULL
            WHERE u.organization_id = \(organization) AND u.code = \(code) AND u.closed_at IS NULL
            """
        ) { (meeting: try $0["id"] as Meeting.ID, group: try $0["group_id"] as Group.ID) }
        guard let found else { throw Problem.invalid("code", "not-this-code") }
        try arrive(me, by: "code", found.meeting, Group.load(found.group, of: organization, in: db), in: db)
    }

    /// - Parameter way: how it is known: `tap`, `code` or `room`.
    static func arrive(
        _ person: Person.ID, by way: String, _ meeting: Meeting.ID, _ group: Group, in db: Writing
    ) throws {
        let isNew = try db.run(
            """
            INSERT INTO meeting_attendance (organization_id, meeting_id, person_id, arrived_at, way)
            VALUES (\(group.organization), \(meeting), \(person), \(db.now), \(way))
            ON CONFLICT (organization_id, meeting_id, person_id) DO NOTHING
            """)
        if isNew > 0 { db.record(event(.memberArrived, person, meeting, group, ["way": way])) }
    }

    /// Closes it. In the same transaction: who came, a contact with a short note for each of them, and the hours of those
    /// who facilitated. Where nobody came, it did not take place. A second click changes nothing. However many came, it
    /// takes as many statements, and some more for each whose referral moves on by it.
    /// - Throws: ``Problem/invalid(_:)`` for `minutes`, and for `note` when it names somebody.
    package func close(_ closing: Closing, in db: Writing) throws {
        if [.held, .notHeld].contains(meeting.state) { return }
        guard meeting.state == .running, let startedAt else { throw Problem.conflict("meeting.not-running") }
        let note = closing.note.trimmed
        var errors: [String: String] = [:]
        if !(1...Meeting.minutes.upperBound).contains(closing.minutes) { errors["minutes"] = "not-a-number" }
        if note.count > Self.longestNote { errors["note"] = "too-long" }
        if !closing.keepsNames, !names(in: note).isEmpty { errors["note"] = "names-somebody" }
        try Problem.check(errors)

        var there: [(person: Person.ID, outcome: GroupContact.Outcome)] = []
        var rows: [SQL] = []
        for guest in guests {
            let outcome = closing.outcomes[guest.member] ?? .tookPart
            let came = closing.counts(guest)
            if came { there.append((guest.person, outcome)) }
            rows.append(
                "(\(meeting.organization), \(meeting.id), \(guest.person), \(came), \(came ? outcome : nil))")
        }
        if !rows.isEmpty {
            try db.run(
                """
                INSERT INTO meeting_attendance (organization_id, meeting_id, person_id, came, outcome)
                VALUES \(SQL.joined(rows)) ON CONFLICT (organization_id, meeting_id, person_id)
                    DO UPDATE SET came = excluded.came, outcome = excluded.outcome
                """)
        }
        let occasion = GroupContact.Occasion(
            meeting.id.text, in: group.program, of: group.organization, began: startedAt, minutes: closing.minutes)
        try GroupContact.write(there, at: occasion, in: db)
        try db.run(
            """
            INSERT INTO facilitator_hours (organization_id, meeting_id, person_id, minutes)
            SELECT organization_id, meeting_id, person_id, CAST(\(closing.minutes) AS BIGINT) FROM meeting_facilitator
            WHERE organization_id = \(meeting.organization) AND meeting_id = \(meeting.id)
            """)
        try keep(note, closing.minutes, in: db)
        try move(to: there.isEmpty ? .notHeld : .held, from: [.running], in: db)
        if !there.isEmpty { try GroupCourse.follow(meeting.id, of: group, in: db) }
        let details = ["came": "\(there.count)", "minutes": "\(closing.minutes)"]
        db.record(group.event(.meetingClosed, of: meeting.id.text, details))
    }

    private func keep(_ note: String, _ minutes: Int, in db: Writing) throws {
        let author: Person.ID? = note.isEmpty ? nil : try db.me
        let sealed = try author.map { author in
            try db.writingKey(of: author, in: meeting.organization).seal(note, as: Self.notePlace(meeting.id))
        }
        try db.run(
            """
            UPDATE meeting_run SET closed_at = \(db.now), closed_by = \(db.actor.logName), minutes = \(minutes),
                note = \(sealed), note_author_id = \(author)
            WHERE organization_id = \(meeting.organization) AND meeting_id = \(meeting.id) AND closed_at IS NULL
            """)
    }

    static func notePlace(_ meeting: Meeting.ID) -> TextPlace { TextPlace("meeting_run.note", meeting.text) }

    private func move(to state: Meeting.State, from states: [Meeting.State], in db: Writing) throws {
        let moved = try db.run(
            """
            UPDATE meeting SET state = \(state), changed_at = \(db.now), changed_by = \(db.actor.logName)
            WHERE organization_id = \(meeting.organization) AND id = \(meeting.id) AND state IN \(list: states)
            """)
        guard moved > 0 else { throw Problem.conflict("meeting.over") }
    }

    private static func event(
        _ kind: EventKind, _ person: Person.ID, _ meeting: Meeting.ID, _ group: Group, _ details: [String: String] = [:]
    ) -> Event {
        var event = group.event(kind, of: meeting.text, details)
        event.subject = person
        return event
    }
}
