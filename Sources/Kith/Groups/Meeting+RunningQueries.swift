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
            SELECT code, started_at, minutes FROM meeting_run WHERE organization_id = \(meeting.organization)
            AND meeting_id = \(meeting.id)
            """
        ) { (code: try $0["code"] as String, at: try $0["started_at"] as Instant, minutes: try $0["minutes"] as Int?) }
        let guests = try guests(of: meeting, group, db)
        for guest in guests { db.disclose(.listed, of: guest.person) }
        return RunningMeeting(
            meeting: meeting, group: group, type: try GroupType.load(group.type, of: group.organization, in: db),
            guests: guests, facilitators: try meeting.facilitators(in: db), code: run?.code, startedAt: run?.at,
            minutes: run?.minutes)
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

    /// Meetings that the person asking facilitates and that begin or run about now.
    package static func mine(in db: Reading) throws -> [(meeting: Meeting, name: String)] {
        let (organization, me) = (try db.organization, try db.me)
        return try db.all(
            """
            SELECT m.*, 0 AS facilitators, g.name FROM meeting m
            JOIN meeting_facilitator f ON f.organization_id = m.organization_id AND f.meeting_id = m.id
                AND f.person_id = \(me)
            JOIN support_group g ON g.organization_id = m.organization_id AND g.id = m.group_id
            WHERE m.organization_id = \(organization) AND m.state IN ('planned', 'moved', 'running')
            AND m.starts_at > \(db.now.adding(days: -7)) AND m.starts_at < \(db.now.adding(days: 7))
            ORDER BY m.starts_at, m.id LIMIT 20
            """
        ) { (try Meeting(row: $0), try $0["name"]) }
    }
}
