import Storage

/// Telling members before a meeting, as long before as each chose. Here it is found out who is due; what leaves, to where
/// and at which hour, is the outbox's.
extension Meeting {
    /// Joins meetings `m` that lie ahead, their groups `g`, and members `r` who chose to be told of them by now. Where
    /// seats are limited, those who have one.
    private static func due(at now: Instant) -> SQL {
        let reached: [SQL] = GroupMember.reminders.map {
            "r.reminder_minutes = \($0) AND m.starts_at <= \(now.adding(minutes: $0))"
        }
        return """
            FROM meeting m JOIN support_group g ON g.organization_id = m.organization_id AND g.id = m.group_id
            JOIN group_member r ON r.organization_id = m.organization_id AND r.group_id = m.group_id
                AND r.joined_at IS NOT NULL AND r.ended_at IS NULL
            WHERE m.state IN ('planned', 'moved') AND m.starts_at > \(now) AND r.reminder_minutes IS NOT NULL
            AND m.starts_at <= \(now.adding(minutes: GroupMember.reminders.reduce(0, max)))
            AND (\(SQL.joined(reached, separator: " OR ")))
            AND (g.seats IS NULL OR EXISTS (SELECT 1 FROM meeting_seat s WHERE s.organization_id = m.organization_id
                AND s.meeting_id = m.id AND s.person_id = r.person_id AND s.seat IS NOT NULL))
            """
    }

    /// Whether somebody is still to be told of a meeting: it was neither called off nor moved further away, it has not
    /// begun, and they are still in the group and want it.
    static func awaitsReminder(
        _ meeting: ID, of person: Person.ID, in organization: Organization.ID, db: Reading
    ) throws -> Bool {
        try db.exists(
            """
            SELECT 1 \(due(at: db.now)) AND m.organization_id = \(organization) AND m.id = \(meeting)
            AND r.person_id = \(person)
            """)
    }

    /// Those who are due a reminder in an organization, each once for each time that a meeting is planned for.
    fileprivate static func remind(in organization: Organization.ID, _ db: Writing) throws {
        let due = try db.all(
            """
            SELECT m.id, m.starts_at, r.person_id, g.program_id \(due(at: db.now))
            AND m.organization_id = \(organization) AND \(notReminded)
            ORDER BY m.starts_at, m.id, r.person_id LIMIT \(mostReminders)
            """
        ) {
            (
                meeting: try $0["id"] as ID, startsAt: try $0["starts_at"] as Instant,
                person: try $0["person_id"] as Person.ID, program: try $0["program_id"] as Program.ID
            )
        }
        guard !due.isEmpty else { return }
        let rows: [SQL] = due.map { "(\(organization), \($0.meeting), \($0.person), \($0.startsAt), \(db.now))" }
        // Another process may look at the same moment.
        let noted = try db.all(
            """
            INSERT INTO meeting_reminder (organization_id, meeting_id, person_id, starts_at, noted_at)
            VALUES \(SQL.joined(rows)) ON CONFLICT (organization_id, meeting_id, person_id, starts_at) DO NOTHING
            RETURNING meeting_id, person_id
            """
        ) { "\(try $0["meeting_id"] as String) \(try $0["person_id"] as String)" }
        for one in due where noted.contains("\(one.meeting) \(one.person)") {
            var event = Event(.reminderDue, of: one.meeting.text, about: one.person, in: one.program)
            event.organization = organization
            db.record(event)
        }
    }

    /// Somebody chooses anew when to be reminded. What is due already is not sent at that moment: they have the page before
    /// them. Of what lies further ahead they are told as they chose now, whatever they were told before.
    static func skipReminders(of member: GroupMember, in db: Writing) throws {
        try db.run(
            """
            DELETE FROM meeting_reminder WHERE organization_id = \(member.organization)
            AND person_id = \(member.person) AND starts_at > \(db.now) AND meeting_id IN (SELECT id FROM meeting
                WHERE organization_id = \(member.organization) AND group_id = \(member.group) AND starts_at > \(db.now))
            """)
        try db.run(
            """
            INSERT INTO meeting_reminder (organization_id, meeting_id, person_id, starts_at, noted_at)
            SELECT m.organization_id, m.id, r.person_id, m.starts_at, CAST(\(db.now) AS TEXT) \(due(at: db.now))
            AND m.organization_id = \(member.organization) AND r.id = \(member.id) AND \(notReminded)
            """)
    }

    /// A reminder that was to leave has not: they are due one again when their time comes.
    static func forgetReminder(
        _ meeting: ID, of person: Person.ID, in organization: Organization.ID, db: Writing
    ) throws {
        try db.run(
            """
            DELETE FROM meeting_reminder WHERE organization_id = \(organization) AND meeting_id = \(meeting)
            AND person_id = \(person)
            """)
    }

    /// After a restore: whoever was due by now has most likely been told.
    static func skipReminders(at now: Instant) -> SQL {
        """
        INSERT INTO meeting_reminder (organization_id, meeting_id, person_id, starts_at, noted_at)
        SELECT m.organization_id, m.id, r.person_id, m.starts_at, CAST(\(now) AS TEXT) \(due(at: now)) AND \(notReminded)
        """
    }

    private static let notReminded: SQL = """
        NOT EXISTS (SELECT 1 FROM meeting_reminder k WHERE k.organization_id = m.organization_id AND k.meeting_id = m.id
            AND k.person_id = r.person_id AND k.starts_at = m.starts_at)
        """

    /// How many one transaction takes on.
    private static let mostReminders = 200

    /// Where somebody is due a reminder.
    fileprivate static func reminding(at now: Instant, in db: Reader) throws -> [Organization.ID] {
        try db.values(
            "SELECT DISTINCT m.organization_id \(due(at: now)) AND \(notReminded) ORDER BY 1 LIMIT 500",
            as: Organization.ID.self)
    }

    /// How many days after its end a meeting that nobody has begun counts as not held.
    static let daysUntilMissed = 7

    /// Where a meeting was never begun.
    fileprivate static func missing(at now: Instant, in db: Reader) throws -> [Organization.ID] {
        try db.values(
            "SELECT DISTINCT organization_id FROM meeting WHERE \(isMissed(at: now)) ORDER BY 1 LIMIT 500",
            as: Organization.ID.self)
    }

    private static func isMissed(at now: Instant) -> SQL {
        "state IN ('planned', 'moved') AND ends_at < \(now.adding(days: -daysUntilMissed))"
    }

    /// Meetings that nobody began count as not held.
    fileprivate static func settleMissed(in organization: Organization.ID, _ db: Writing) throws {
        let missed = try db.all(
            """
            UPDATE meeting SET state = \(State.notHeld), changed_at = \(db.now), changed_by = \(db.actor.logName)
            WHERE organization_id = \(organization) AND \(isMissed(at: db.now))
            RETURNING id, (SELECT g.program_id FROM support_group g WHERE g.organization_id = meeting.organization_id
                AND g.id = meeting.group_id) AS program_id
            """
        ) { (id: try $0["id"] as ID, program: try $0["program_id"] as Program.ID) }
        for (id, program) in missed {
            var event = Event(.meetingMissed, of: id.text, in: program)
            event.organization = organization
            db.record(event)
        }
    }
}

extension Platform {
    /// Reminds members of meetings, each as long before as they chose. Does nothing where nothing can leave.
    /// - Throws: the first failure, after all organizations have had their turn.
    package func remindOfMeetings() async throws {
        guard !world.carries.isEmpty else { return }
        let now = world.now()
        let due = try await store.read { try Meeting.reminding(at: now, in: $0) }
        try await inTurn(due) { organization in
            try await write(as: .system(organization), access: .anyone) {
                try Meeting.remind(in: organization, $0)
            }
        }
    }

    /// Sets meetings that nobody began to not held, a week after their end.
    /// - Throws: the first failure, after all organizations have had their turn.
    package func settleMissedMeetings() async throws {
        let now = world.now()
        let due = try await store.read { try Meeting.missing(at: now, in: $0) }
        try await inTurn(due) { organization in
            try await write(as: .system(organization), access: .anyone) {
                try Meeting.settleMissed(in: organization, $0)
            }
        }
    }
}

extension EventKind {
    /// Somebody is due a reminder of a meeting.
    package static let reminderDue = EventKind("meeting.reminder-due")
    /// Nobody began it, and its time is over.
    package static let meetingMissed = EventKind("meeting.missed")
}
