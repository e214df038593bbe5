import Storage

extension Encounter {
    package static let feature = Feature(
        name: "Encounters", migrations: migrations, routes: routes + noteRoutes,
        events: [
            .encounterPlanned, .encounterRescheduled, .encounterCancelled, .encounterDone, .encounterNoAnswer,
            .noteWritten, .noteOffered, .noteAnswered, .noteSigned, .noteAmended
        ],
        reactions: [
            (.consentWithdrawn, callOffWithConsent), (.referralMoved, callOffWithReferral),
            (EventKind("match.ended"), callOffWithMatch)
        ],
        orphans: [
            OrphanCheck("contacts planned two days ago and not settled") { now in
                "SELECT id FROM encounter WHERE status = 'planned' AND starts_at < \(now.adding(hours: -48))"
            },
            OrphanCheck("contacts of two weeks ago without a note that was signed or declined") { now in
                """
                SELECT e.id FROM encounter e WHERE e.status = 'done' AND e.settled_at < \(now.adding(days: -14))
                AND NOT EXISTS (SELECT 1 FROM note n WHERE n.organization_id = e.organization_id
                    AND n.encounter_id = e.id AND (n.state = 'signed' OR n.answer = 'declined'))
                """
            },
            OrphanCheck("notes offered two weeks ago and not answered") { now in
                "SELECT encounter_id FROM note WHERE state = 'offered' AND offered_at < \(now.adding(days: -14))"
            }
        ])
}
