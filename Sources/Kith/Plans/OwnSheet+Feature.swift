import Storage

extension HardDayPlan {
    /// Both sheets that people write for themselves: the plan for hard days, and the one for an appointment.
    package static let feature = Feature(
        name: "Plans", migrations: migrations + PreparationSheet.migrations,
        routes: routes + PreparationSheet.routes, events: events.all + PreparationSheet.events.all,
        erasures: erasures + PreparationSheet.erasures)
}

extension OwnSheet {
    fileprivate static var erasures: [@Sendable (Organization.ID, Person.ID, Instant) -> SQL] {
        [
            { house, person, _ in
                "DELETE FROM \(tables.share) WHERE organization_id = \(house) AND person_id = \(person)"
            },
            { house, person, _ in
                "DELETE FROM \(tables.sheet) WHERE organization_id = \(house) AND person_id = \(person)"
            }
        ]
    }
}
