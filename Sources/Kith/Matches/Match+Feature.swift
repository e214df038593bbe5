import Storage

extension Match {
    package static let feature = Feature(
        name: "Matches", migrations: migrations, routes: routes,
        events: [
            .matchProposed, .matchAnswered, .matchStarted, .matchEnded, .matchWithdrawn, .waitingStarted, .waitingEnded
        ],
        reactions: reactions, orphans: orphans,
        erasures: [
            { house, person, _ in
                "UPDATE match SET reasons = '[]' WHERE organization_id = \(house) AND participant_id = \(person)"
            }
        ])
}
