extension Program {
    package static let feature = Feature(
        name: "Programs", migrations: migrations, routes: routes,
        events: [.organizationOpened, .siteOpened, .programOpened, .policyPublished, .partnerAdded])
}
