import Storage

extension CalendarFeed {
    package static let feature = Feature(
        name: "Calendars", migrations: migrations, routes: routes,
        events: [.calendarMade, .calendarEnded, .calendarChosen],
        reactions: [
            (.encounterRescheduled, PlannedTime.followContact), (.encounterCancelled, PlannedTime.followContact),
            (.roleEnded, followRole)
        ],
        orphans: [
            OrphanCheck("addresses of calendars of people who are in no program any more") { _ in
                """
                SELECT f.id FROM calendar_feed f WHERE f.ended_at IS NULL AND NOT EXISTS (
                    SELECT 1 FROM membership m WHERE m.organization_id = f.organization_id
                    AND m.person_id = f.person_id AND m.ended_at IS NULL)
                """
            }
        ],
        afterRestore: [
            // Which of them were ended since, the backup does not know; a new one is a tap away.
            { now in "UPDATE calendar_feed SET ended_at = \(now) WHERE ended_at IS NULL" }
        ],
        erasures: [
            { house, person, _ in
                "DELETE FROM calendar_feed WHERE organization_id = \(house) AND person_id = \(person)"
            },
            { house, person, _ in
                "DELETE FROM calendar_choice WHERE organization_id = \(house) AND person_id = \(person)"
            },
            { house, person, _ in
                "DELETE FROM calendar_mail WHERE organization_id = \(house) AND person_id = \(person)"
            }
        ], enclosing: enclose)
}
