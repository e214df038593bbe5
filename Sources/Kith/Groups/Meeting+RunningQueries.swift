import Storage

extension RunningMeeting {
    /// Who runs meetings, and who steps in or enters for them.
    static let relations: Set<Group.Relation> = [.facilitator, .cover, .coordinator, .supervisor]

    /// A meeting that the person asking facilitates or looks after: with everybody who may come, by nickname.
    /// - Throws: ``Problem/notFound`` for everybody else.
    package static func find(_ id: Meeting.ID, in db: Reading) throws -> RunningMeeting {
        let meeting = try Meeting.find(id, as: relations, in: db)
        let group = try Group.find(meeting.group, as: relations, in: db)
        let run = try db.first(
            """
            SELECT u.code, u.started_at, u.minutes, u.note, u.note_author_id,
                \(TextKey.wrapped(of: "u.note_author_id", in: "u.organization_id")) AS wrapped_key
            FROM meeting_run u WHERE u.organization_id = \(meeting.organization) AND u.meeting_id = \(meeting.id)
            """
        ) { row in
            let (note, author): (String?, Person.ID?) = (try row["note"], try row["note_author_id"])
            let key = try author.flatMap { try db.key(row["wrapped_key"], of: $0) }
            return (
                code: try row["code"] as String, at: try row["started_at"] as Instant,
                minutes: try row["minutes"] as Int?, note: note.flatMap { key?.open($0, from: notePlace(meeting.id)) }
            )
        }
        let isOver = meeting.state == .held || meeting.state == .notHeld
        let guests = isOver ? try attendance(of: meeting, db) : try guests(of: meeting, group, db)
        for guest in guests { db.disclose(.listed, of: guest.person) }
        return RunningMeeting(
            meeting: meeting, group: group, type: try GroupType.load(group.type, of: group.organization, in: db),
            guests: guests, facilitators: try meeting.facilitators(in: db), code: run?.code, startedAt: run?.at,
            minutes: run?.minutes, note: run?.note)
    }

    /// Who was there and who was not, as it was written down at its end: also whoever has left since, and nobody who
    /// has joined since.
    private static func attendance(of meeting: Meeting, _ db: Reading) throws -> [Guest] {
        try db.all(
            """
            SELECT r.id, a.person_id, r.nickname, p.name, p.called, a.arrived_at, a.way, a.came, a.outcome
            FROM meeting_attendance a
            JOIN person p ON p.organization_id = a.organization_id AND p.id = a.person_id
            JOIN group_member r ON r.organization_id = a.organization_id
                AND r.id = (SELECT max(x.id) FROM group_member x WHERE x.organization_id = a.organization_id
                    AND x.group_id = \(meeting.group) AND x.person_id = a.person_id AND x.joined_at IS NOT NULL)
            WHERE a.organization_id = \(meeting.organization) AND a.meeting_id = \(meeting.id) AND a.came IS NOT NULL
            ORDER BY r.nickname_key, r.id
            """, Guest.init(row:))
    }

    /// Where seats are limited, those who have one or came without; else everybody. Whoever has left is not there.
    private static func guests(of meeting: Meeting, _ group: Group, _ db: Reading) throws -> [Guest] {
        let seated: SQL = group.plan.seats == nil ? "TRUE" : "s.seat IS NOT NULL"
        return try db.all(
            """
            SELECT r.id, r.person_id, r.nickname, p.name, p.called, a.arrived_at, a.way, a.came, a.outcome
            FROM group_member r JOIN person p ON p.organization_id = r.organization_id AND p.id = r.person_id
            LEFT JOIN meeting_attendance a ON a.organization_id = r.organization_id AND a.meeting_id = \(meeting.id)
                AND a.person_id = r.person_id
            LEFT JOIN meeting_seat s ON s.organization_id = r.organization_id AND s.meeting_id = \(meeting.id)
                AND s.person_id = r.person_id
            WHERE r.organization_id = \(group.organization) AND r.group_id = \(group.id) AND r.joined_at IS NOT NULL
            AND r.ended_at IS NULL AND (\(seated) OR a.person_id IS NOT NULL)
            ORDER BY r.nickname_key, r.id LIMIT 600
            """, Guest.init(row:))
    }
}
