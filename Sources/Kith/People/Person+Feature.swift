extension Person {
    package static let feature = Feature(
        name: "People", migrations: migrations,
        routes: routes + staffRoutes + Session.routes + Account.routes
            + Proof.routes,
        events: [
            .personAdded, .personCompleted, .personChanged, .roleGiven, .roleEnded, .accessEnded,
            .accountOpened, .passwordChanged,
            .signedIn, .signedOut, .identityProved, .signInRuleSet, .invited, .invitationAccepted, .careRelationAdded,
            .careRelationEnded,
            .doNotContactSet
        ],
        reactions: [(.programOpened, administer)])
}
