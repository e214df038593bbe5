import Storage

extension Match {
    package static let feature = Feature(
        name: "Matches", migrations: migrations, routes: routes + roundRoutes,
        events: [
            .matchProposed, .matchAnswered, .matchStarted, .matchEnded, .matchWithdrawn, .matchParted, .matchRejoined,
            .matchKept, .matchWeightsApproved, .waitingStarted, .waitingEnded
        ],
        reactions: reactions + ageReactions, orphans: orphans + ageOrphans + standInOrphans,
        erasures: [
            { house, person, _ in
                """
                UPDATE match SET reasons = '[]', parts = NULL
                WHERE organization_id = \(house) AND participant_id = \(person)
                """
            }
        ])
}
