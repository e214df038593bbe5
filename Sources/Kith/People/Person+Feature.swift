extension Person {
    package static let feature = Feature(
        name: "People", migrations: migrations, routes: routes + Session.routes,
        events: [
            .personAdded, .personCompleted, .personChanged, .roleGiven, .roleEnded, .accountOpened, .passwordChanged,
            .signedIn, .signedOut, .invited, .invitationAccepted, .careRelationAdded, .careRelationEnded,
            .doNotContactSet
        ])
}
