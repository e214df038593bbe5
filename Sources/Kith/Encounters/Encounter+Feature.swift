import Storage

extension Encounter {
    package static let feature = Feature(
        name: "Encounters", migrations: migrations + GroupContact.migrations + EncounterQuestion.migrations,
        routes: WeekEntry.routes + routes + noteRoutes,
        events: [
            .encounterPlanned, .encounterRescheduled, .encounterCancelled, .encounterDone, .encounterNoAnswer,
            .encounterWithoutNote, .encounterAsked, .encounterAnswered, .noteWritten, .noteOffered, .noteAnswered,
            .noteSigned, .noteAmended
        ],
        reactions: [
            (.consentWithdrawn, callOffWithConsent), (.consentWithdrawn, callOffWithChannel),
            (.consentWithdrawn, settleNotesWithConsent), (.consentRefused, callOffWithChannel),
            (.doNotContactSet, callOffWithProhibition), (.referralMoved, callOffWithReferral),
            (.matchEnded, callOffWithMatch), (.matchParted, callOffWithMatch), (.supportPauseBegan, callOffWithPause),
            (.roleEnded, settleWithSupporter)
        ],
        orphans: orphans,
        raised: [RaisedWork("encounters.raised", at: "/encounters/late", query: LateScreen.count)],
        erasures: [
            { house, person, _ in
                "UPDATE encounter SET place = NULL WHERE organization_id = \(house) AND participant_id = \(person)"
            },
            { house, person, _ in
                """
                UPDATE group_contact SET outcome = 'took-part'
                WHERE organization_id = \(house) AND participant_id = \(person)
                """
            }
        ])
}
