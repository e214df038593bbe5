extension Person {
    package static let feature = Feature(
        name: "People", migrations: migrations,
        events: [
            .personAdded, .roleGiven, .roleEnded, .accountOpened, .passwordChanged, .signedIn, .signedOut, .invited,
            .invitationAccepted, .careRelationAdded, .doNotContactSet
        ])
}
