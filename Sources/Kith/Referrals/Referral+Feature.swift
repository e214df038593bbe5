extension Referral {
    package static let feature = Feature(name: "Referrals", migrations: migrations)
}
