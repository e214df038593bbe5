import Storage

extension Cover {
    package static let feature = Feature(
        name: "Cover", migrations: migrations, routes: routes,
        events: [.coverOpened, .coverChanged, .coverChosen, .coverLooked, .coverEnded], reactions: reactions,
        orphans: orphans,
        raised: [
            RaisedWork(at: "/cover", for: [.coordinator]) { try raised(for: .coordinator, in: $0) },
            RaisedWork(at: "/cover", for: [.supervisor]) { try raised(for: .supervisor, in: $0) }
        ],
        erasures: [
            { house, person, _ in
                """
                UPDATE cover SET choice = NULL, chosen_by = NULL, chosen_at = NULL
                WHERE organization_id = \(house) AND participant_id = \(person)
                """
            }
        ])
}
