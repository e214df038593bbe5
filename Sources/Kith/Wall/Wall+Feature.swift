import Storage

extension Wall {
    package static let feature = Feature(
        name: "Wall", migrations: migrations, events: [.recordOpened, .recordClosed, .openingReviewed],
        orphans: [
            OrphanCheck("opened records that nobody reviewed, three days past the time") { now in
                """
                SELECT id FROM record_opening WHERE reviewed_at IS NULL AND review_due_at < \(now.adding(hours: -72))
                """
            }
        ],
        raised: [
            RaisedWork(
                "openings.raised", at: "/openings", for: [.supervisor, .administrator], query: Opening.overdue)
        ])
}
