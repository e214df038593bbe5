extension Encounter {
    package static let feature = Feature(name: "Encounters", migrations: migrations)
}
