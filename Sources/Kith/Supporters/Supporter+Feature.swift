extension Supporter {
    package static let feature = Feature(name: "Supporters", migrations: migrations)
}
