import Storage

extension OutgoingMessage {
    package static let feature = Feature(
        name: "Outbox", migrations: migrations + TextReply.migrations, routes: routes + stopRoutes + invitationRoutes,
        events: [.noticeSent, .noticeWithheld, .noticeStuck, .noticeTriedAgain, .noticeGivenUp],
        reactions: [
            (.messageSent, followMessage), (.messagesSeen, followReading),
            (.encounterPlanned, followVisit), (.encounterRescheduled, followVisit), (.encounterCancelled, followVisit),
            (.encounterAnswered, followAnswer),
            (.meetingMoved, followMeeting), (.meetingCanceled, followMeeting), (.meetingsChanged, followMeetings),
            (.seatGiven, followSeat),
            (.memberJoined, followPlace), (.reminderDue, followReminder), (.stepReminderDue, followSteps),
            (.referralTold, followReferral),
            (.recordOpened, followOpening), (.coverOpened, followCover), (.coverChanged, followCover),
            (.coverEnded, followCover), (.matchProposed, followMatch), (.matchStarted, followMatch),
            (.matchEnded, followMatch), (.supportPauseBegan, followPause), (.supportPauseEnded, followPause),
            (.contactPreferenceSet, followAddress), (.personChanged, followAddress)
        ],
        orphans: [
            OrphanCheck("messages to people that nobody works off, a day after they were due") { now in
                """
                SELECT id FROM outgoing_message WHERE state = 'waiting' AND due_at < \(now.adding(days: -1))
                AND (claimed_until IS NULL OR claimed_until < \(now))
                """
            },
            OrphanCheck("messages to people that are neither sent, waiting, nor given up") { _ in
                """
                SELECT id FROM outgoing_message
                WHERE (state IN ('waiting', 'stuck') AND due_at IS NULL)
                OR (state NOT IN ('waiting', 'stuck') AND ended_at IS NULL)
                """
            },
            OrphanCheck("messages to people that are stuck where nobody administers the program") { _ in
                """
                SELECT o.id FROM outgoing_message o WHERE o.state = 'stuck' AND NOT EXISTS (
                    SELECT 1 FROM membership m WHERE m.organization_id = o.organization_id
                    AND m.program_id = o.program_id AND m.role = 'administrator' AND m.ended_at IS NULL)
                """
            }
        ] + TextReply.orphans,
        raised: [
            RaisedWork("outbox.raised", at: "/outbox", for: [.administrator], query: OutboxScreen.count)
        ],
        afterRestore: [
            // What waited then has most likely been sent since; a note that came twice would puzzle people.
            { now in
                """
                UPDATE outgoing_message SET state = 'given-up', due_at = NULL, ended_at = \(now), released_at = \(now),
                    claimed_by = NULL, claimed_until = NULL
                WHERE state IN ('waiting', 'stuck')
                """
            }
        ],
        erasures: [
            { house, person, _ in
                "DELETE FROM outgoing_message WHERE organization_id = \(house) AND person_id = \(person)"
            }
        ])
}
