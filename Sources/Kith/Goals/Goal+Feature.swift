import Storage

extension Goal {
    package static let feature = Feature(
        name: "Goals", migrations: migrations, routes: routes,
        events: [
            .strengthsKept, .goalKept, .goalDeleted, .stepKept, .stepDeleted, .stepReminderSet, .stepReminderEnded,
            .stepReminderDue, .stepReminderMissed, .goalsShared, .goalsUnshared
        ],
        reactions: [(.contactPreferenceSet, Step.followClock)],
        orphans: [
            OrphanCheck("reminders of small steps that nobody looked after, a day after their time") { now in
                "SELECT id FROM goal_step WHERE next_at < \(now.adding(days: -1))"
            },
            OrphanCheck("reminders of small steps that are done, or whose goal is not open") { _ in
                """
                SELECT s.id FROM goal_step s JOIN goal g ON g.organization_id = s.organization_id AND g.id = s.goal_id
                WHERE s.next_at IS NOT NULL AND (s.done_at IS NOT NULL OR g.state <> 'open')
                """
            }
        ],
        afterRestore: [{ now in Step.skipReminders(at: now) }],
        erasures: [
            { house, person, _ in
                "DELETE FROM goal_share WHERE organization_id = \(house) AND person_id = \(person)"
            },
            { house, person, _ in
                "DELETE FROM goal_strengths WHERE organization_id = \(house) AND person_id = \(person)"
            },
            { house, person, _ in
                "DELETE FROM goal_step WHERE organization_id = \(house) AND person_id = \(person)"
            },
            { house, person, _ in "DELETE FROM goal WHERE organization_id = \(house) AND person_id = \(person)" }
        ])
}
