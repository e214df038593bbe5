import Storage

extension SupportPause {
    static let migrations = [
        Migration(
            "2026-12-10-support-pause",
            """
            CREATE TABLE support_pause (
                organization_id TEXT NOT NULL,
                id TEXT NOT NULL,
                person_id TEXT NOT NULL,
                since TEXT NOT NULL,
                returns_on TEXT,
                ended_at TEXT,
                PRIMARY KEY (organization_id, id),
                FOREIGN KEY (organization_id, person_id) REFERENCES person (organization_id, id)
            );
            CREATE UNIQUE INDEX support_pause_open ON support_pause (organization_id, person_id)
                WHERE ended_at IS NULL;
            CREATE INDEX support_pause_person ON support_pause (organization_id, person_id, since);
            """)
    ]

    package static let feature = Feature(
        name: "Pauses", migrations: migrations, routes: routes, events: [.supportPauseBegan, .supportPauseEnded],
        orphans: [
            OrphanCheck("pauses of people who are supported, two days after their day of return") { now in
                """
                SELECT id FROM support_pause WHERE ended_at IS NULL
                AND returns_on < \(now.adding(days: -2).countedDay)
                """
            }
        ],
        copied: copied,
        erasures: [
            { house, person, _ in
                "DELETE FROM support_pause WHERE organization_id = \(house) AND person_id = \(person)"
            }
        ])

    /// From when until when.
    static let copied = CopiedPart("pauses") { person, organization, db in
        try db.all(
            """
            SELECT *, ended_at FROM support_pause WHERE organization_id = \(organization) AND person_id = \(person)
            ORDER BY since, id LIMIT 100
            """
        ) { row in (pause: try SupportPause(row: row), endedAt: try row["ended_at"] as Instant?) }
        .map { pause, endedAt in
            { words in
                .init(
                    label: words("support-pause.copy", ["day": words.day(pause.since)]),
                    text: endedAt.map { words("support-pause.copy.ended", ["day": words.day($0)]) }
                        ?? pause.said(words))
            }
        }
    }
}
