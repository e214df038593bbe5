extension Program {
    package static let feature = Feature(
        name: "Programs", migrations: migrations,
        events: [.organizationOpened, .siteOpened, .programOpened, .policyPublished, .partnerAdded])
}
