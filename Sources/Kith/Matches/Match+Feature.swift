extension Match {
    package static let feature = Feature(
        name: "Matches", migrations: migrations, routes: routes,
        events: [
            .matchProposed, .matchAnswered, .matchStarted, .matchEnded, .matchWithdrawn, .waitingStarted, .waitingEnded
        ],
        reactions: reactions, orphans: orphans)
}
