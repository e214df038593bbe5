extension Match {
    package static let feature = Feature(name: "Matches", migrations: migrations)
}
