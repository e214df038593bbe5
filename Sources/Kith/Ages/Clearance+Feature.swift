import Storage

extension Clearance {
    /// Who may be with people who are under age. What follows from it, matches and groups do themselves.
    package static let feature = Feature(
        name: "Ages", migrations: migrations, events: [.clearanceGiven, .clearanceEnded],
        reactions: [(.roleEnded, followRole)],
        orphans: [
            OrphanCheck("clearances whose last day was over for two days") { now in
                """
                SELECT id FROM minor_clearance WHERE ended_at IS NULL
                AND ends_on < \(now.countedDay.adding(days: -2))
                """
            },
            OrphanCheck("clearances of people who support nobody any more") { _ in
                """
                SELECT k.id FROM minor_clearance k WHERE k.ended_at IS NULL AND NOT EXISTS (SELECT 1 FROM membership m
                    WHERE m.organization_id = k.organization_id AND m.person_id = k.person_id AND m.role = 'supporter'
                    AND m.ended_at IS NULL)
                """
            }
        ],
        erasures: [
            { house, person, _ in
                "DELETE FROM minor_clearance WHERE organization_id = \(house) AND person_id = \(person)"
            }
        ])
}
