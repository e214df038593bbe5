extension Person {
    package static let feature = Feature(
        name: "People", migrations: migrations, routes: routes + staffRoutes + Session.routes,
        events: [
            .personAdded, .personCompleted, .roleGiven, .roleEnded, .accessEnded, .accountOpened, .passwordChanged,
            .signedIn, .signedOut, .invited, .invitationAccepted, .careRelationAdded, .doNotContactSet
        ],
        reactions: [(.programOpened, administer)])
}
