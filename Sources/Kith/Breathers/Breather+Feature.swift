import Storage

extension Breather {
    /// What is heavy for supporters. It stands before them, as their places follow from it.
    package static let feature = Feature(
        name: "Breathers", migrations: migrations, events: [.roomChanged],
        erasures: [
            { house, person, _ in
                "DELETE FROM breather WHERE organization_id = \(house) AND person_id = \(person)"
            }
        ])
}
