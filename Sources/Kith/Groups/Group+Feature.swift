import Storage

extension Group {
    package static let feature = Feature(
        name: "Groups", migrations: migrations + RunningMeeting.migrations + Course.migrations,
        routes: routes + RunningMeeting.routes + Course.routes,
        events: [
            .groupTypeMade, .groupTypeChanged, .agreementsPublished, .groupMade, .groupChanged, .groupStarted,
            .groupEnded, .meetingsChanged, .facilitatorAdded, .facilitatorEnded, .placeAsked, .memberJoined,
            .memberEnded,
            .agreementsAccepted, .memberChanged, .seriesSet, .seriesExtended, .seriesEnded, .meetingsPlanned,
            .meetingMoved,
            .meetingCanceled, .meetingStaffed, .seatAsked, .seatGiven, .seatFreed, .meetingStarted, .memberArrived,
            .arrivalUndone, .meetingClosed, .reminderDue, .meetingMissed, .courseMade, .courseChanged,
            .sessionAdded, .sessionChanged, .sessionMoved, .sessionRemoved, .courseCompleted, .partingSettled
        ],
        reactions: [(.roleEnded, followRole), (.consentWithdrawn, followConsent)] + ageReactions,
        orphans: [
            OrphanCheck("groups that go on where nobody coordinates the program") { _ in
                """
                SELECT g.id FROM support_group g WHERE g.state <> 'ended' AND NOT EXISTS (SELECT 1 FROM membership m
                    WHERE m.organization_id = g.organization_id AND m.program_id = g.program_id
                    AND m.role = 'coordinator' AND m.ended_at IS NULL)
                """
            },
            OrphanCheck("series of group meetings that were not planned ahead, a week past the time") { now in
                """
                SELECT id FROM group_series WHERE ended_at IS NULL AND (planned_through IS NULL
                    OR planned_through < \(now.adding(days: GroupSeries.daysAhead - 14)))
                """
            },
            OrphanCheck("people who have waited for a place in a group for a month") { now in
                """
                SELECT id FROM group_member WHERE joined_at IS NULL AND ended_at IS NULL
                AND asked_at < \(now.adding(days: -30))
                """
            },
            OrphanCheck("meetings that nobody closed, three days after their time") { now in
                "SELECT id FROM meeting WHERE state = 'running' AND ends_at < \(now.adding(days: -3))"
            }
        ] + conversationOrphans + ageOrphans,
        raised: [
            RaisedWork("groups.raised.blocked", at: "/groups") { try Meeting.blocked(in: $0) },
            RaisedWork("groups.raised.waiting", at: "/groups", query: GroupMember.waiting)
        ] + GroupParting.raised,
        afterRestore: [{ Meeting.skipReminders(at: $0) }],
        erasures: [
            { house, person, _ in
                "DELETE FROM group_parting WHERE organization_id = \(house) AND person_id = \(person)"
            },
            { house, person, now in
                """
                UPDATE group_member SET nickname = NULL, nickname_key = NULL, words = NULL,
                    ended_at = coalesce(ended_at, \(now)), ending = coalesce(ending, 'left')
                WHERE organization_id = \(house) AND person_id = \(person)
                """
            },
            { house, person, now in
                """
                UPDATE conversation_member SET left_at = \(now), left_sequence = joined_sequence - 1
                WHERE organization_id = \(house) AND person_id = \(person) AND left_at IS NULL
                AND conversation_id IN (SELECT conversation_id FROM support_group WHERE organization_id = \(house))
                """
            },
            { house, person, _ in
                "DELETE FROM course_completion WHERE organization_id = \(house) AND person_id = \(person)"
            },
            { house, person, _ in
                "DELETE FROM meeting_seat WHERE organization_id = \(house) AND person_id = \(person)"
            },
            { house, person, _ in
                "DELETE FROM meeting_reminder WHERE organization_id = \(house) AND person_id = \(person)"
            },
            { house, person, _ in
                """
                UPDATE meeting_attendance SET arrived_at = NULL, way = NULL, outcome = NULL
                WHERE organization_id = \(house) AND person_id = \(person)
                """
            }
        ])

    /// Whoever no longer works in a program facilitates no group of it, and whoever no longer takes part is in none.
    private static func followRole(_ event: Event, in db: Writing) throws {
        guard let person = event.subject, let program = event.program,
            let role = event.details["role"].flatMap(Role.init(rawValue:)),
            let organization = db.actor.organization ?? event.organization
        else { return }
        if role == .participant {
            try endMemberships(of: person, in: program, of: organization, db)
            return
        }
        guard GroupType.Facilitators.roles.contains(role) else { return }
        // What the kind of group asks for may be another role by now than the one that they were taken for.
        let groups = try db.values(
            """
            SELECT g.id FROM support_group g JOIN group_type t ON t.organization_id = g.organization_id AND t.id = g.type_id
            JOIN group_facilitator f ON f.organization_id = g.organization_id AND f.group_id = g.id
                AND f.ended_at IS NULL AND f.person_id = \(person)
            WHERE g.organization_id = \(organization) AND g.program_id = \(program) AND NOT EXISTS (
                SELECT 1 FROM membership m WHERE m.organization_id = g.organization_id AND m.person_id = \(person)
                AND m.program_id = g.program_id AND m.role = t.facilitator_role AND m.ended_at IS NULL)
            ORDER BY g.id
            """, as: ID.self)
        for id in groups { try load(id, of: organization, in: db).release(facilitator: person, in: db) }
    }

    /// Whoever takes back that they take part is in no group of the program.
    private static func followConsent(_ event: Event, in db: Writing) throws {
        guard event.details["purpose"] == Consent.Purpose.takePart.rawValue, let person = event.subject,
            let program = event.program, let organization = db.actor.organization ?? event.organization
        else { return }
        try endMemberships(of: person, in: program, of: organization, db)
    }

    private static func endMemberships(
        of person: Person.ID, in program: Program.ID, of organization: Organization.ID, _ db: Writing
    ) throws {
        let members = try db.all(
            """
            SELECT r.* FROM group_member r JOIN support_group g ON g.organization_id = r.organization_id
                AND g.id = r.group_id
            WHERE r.organization_id = \(organization) AND r.person_id = \(person) AND g.program_id = \(program)
            AND r.ended_at IS NULL ORDER BY r.id
            """, GroupMember.init(row:))
        for member in members { try member.end(.left, in: db) }
    }
}
