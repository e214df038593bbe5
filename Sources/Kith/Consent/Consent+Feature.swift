extension Consent {
    package static let feature = Feature(
        name: "Consent", migrations: migrations,
        events: [.consentTextPublished, .consentGiven, .consentRefused, .consentWithdrawn])
}
