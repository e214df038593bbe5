extension Supporter {
    package static let feature = Feature(
        name: "Supporters", migrations: migrations, routes: routes + clearanceRoutes,
        events: [.supporterEnrolled, .supporterChanged, .supporterPaused, .supporterResumed, .statementAttested])
}
