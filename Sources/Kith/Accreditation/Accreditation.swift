import Storage

/// What a program shows to those who ask whether its groups are safe and good: what went wrong and what was learned, and
/// numbers with the records behind them.
package enum Accreditation {
    static let migrations = [
        Migration(
            "2026-11-28-incidents",
            """
            CREATE TABLE incident (
                organization_id TEXT NOT NULL,
                id TEXT NOT NULL UNIQUE,
                program_id TEXT NOT NULL,
                kind TEXT NOT NULL,
                happened_on TEXT NOT NULL,
                words TEXT NOT NULL,
                state TEXT NOT NULL CHECK (state IN ('open', 'reviewed', 'closed')),
                author_id TEXT NOT NULL,
                recorded_at TEXT NOT NULL,
                due_at TEXT,
                review TEXT,
                reviewed_at TEXT,
                reviewed_by TEXT,
                lessons TEXT,
                closed_at TEXT,
                closed_by TEXT,
                PRIMARY KEY (organization_id, id),
                CHECK ((state = 'open') = (due_at IS NOT NULL)),
                CHECK ((state = 'open') = (reviewed_at IS NULL)),
                CHECK ((state = 'closed') = (closed_at IS NOT NULL)),
                CHECK (reviewed_by <> author_id),
                FOREIGN KEY (organization_id, program_id) REFERENCES program (organization_id, id),
                FOREIGN KEY (organization_id, author_id) REFERENCES person (organization_id, id)
            );
            CREATE INDEX incident_program ON incident (organization_id, program_id, state, recorded_at);
            CREATE TABLE incident_told (
                organization_id TEXT NOT NULL,
                incident_id TEXT NOT NULL,
                whom TEXT NOT NULL,
                told_on TEXT NOT NULL,
                told_by TEXT NOT NULL,
                PRIMARY KEY (organization_id, incident_id, whom, told_on),
                FOREIGN KEY (organization_id, incident_id) REFERENCES incident (organization_id, id),
                FOREIGN KEY (organization_id, told_by) REFERENCES person (organization_id, id)
            );
            """)
    ]

    package static let feature = Feature(
        name: "Accreditation", migrations: migrations, routes: Incident.routes + QualityMeasure.routes,
        events: [.incidentRecorded, .incidentTold, .incidentReviewed, .incidentClosed],
        orphans: [
            OrphanCheck("incidents that nobody reviewed, two weeks after somebody was to") { now in
                "SELECT id FROM incident WHERE state = 'open' AND due_at < \(now.adding(days: -14))"
            }
        ],
        raised: [RaisedWork("incidents.raised", at: "/incidents", for: [.supervisor], query: Incident.waiting)])
}
