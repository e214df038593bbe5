import Storage

extension HardDayPlan {
    /// The sheets that people write for themselves: the plan for hard days, the one for an appointment, and their story.
    package static let feature = Feature(
        name: "Plans", migrations: migrations + PreparationSheet.migrations + StorySheet.migrations,
        routes: routes + PreparationSheet.routes + StorySheet.routes,
        events: events.all + PreparationSheet.events.all + StorySheet.events.all,
        erasures: erasures + PreparationSheet.erasures + StorySheet.erasures)
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
