import Storage

extension ErasureWish {
    /// What was asked for, and how it ended. The row stays when the person is erased: it names nobody then.
    static let migrations = [
        Migration(
            "2026-12-06-erasure-wish",
            """
            CREATE TABLE erasure_wish (
                organization_id TEXT NOT NULL,
                id TEXT NOT NULL,
                person_id TEXT NOT NULL,
                asked_at TEXT NOT NULL,
                due_at TEXT NOT NULL,
                ended_at TEXT,
                ended_by TEXT,
                ending TEXT CHECK (ending IN ('erased', 'kept', 'withdrawn')),
                reason TEXT CHECK (reason IN ('law', 'claim')),
                kept_until TEXT,
                certificate TEXT,
                PRIMARY KEY (organization_id, id),
                CHECK ((ended_at IS NULL) = (ending IS NULL)),
                CHECK ((ended_at IS NULL) = (ended_by IS NULL)),
                CHECK ((reason IS NOT NULL) = (coalesce(ending, '') = 'kept')),
                CHECK (certificate IS NULL OR coalesce(ending, '') = 'erased'),
                FOREIGN KEY (organization_id, person_id) REFERENCES person (organization_id, id)
            );
            CREATE UNIQUE INDEX erasure_wish_open ON erasure_wish (organization_id, person_id) WHERE ended_at IS NULL;
            CREATE INDEX erasure_wish_due ON erasure_wish (organization_id, due_at, id) WHERE ended_at IS NULL;
            CREATE INDEX erasure_wish_person ON erasure_wish (organization_id, person_id, asked_at);
            """)
    ]

    static let orphans = [
        OrphanCheck("wishes to be deleted that nobody has answered in a month") { now in
            "SELECT id FROM erasure_wish WHERE ended_at IS NULL AND due_at < \(now)"
        }
    ]

    static let raised = [
        RaisedWork("erasures.raised", at: "/erasures", for: [.coordinator, .administrator], query: openCount),
        RaisedWork("erasure.told-kept", at: "/privacy/erasure", for: [.participant], query: keptLately)
    ]

    /// When they asked for it, and what became of that.
    static let copied = CopiedPart("erasure") { person, organization, db in
        try db.all(
            """
            SELECT * FROM erasure_wish WHERE organization_id = \(organization) AND person_id = \(person)
            ORDER BY asked_at, id LIMIT 100
            """, ErasureWish.init(row:)
        ).map { wish in
            { words in
                PersonCopy.Line(
                    label: words("erasure.copy", ["day": words.day(wish.askedAt)]),
                    text: words("erasure.copy.\(wish.ending?.rawValue ?? "open")"))
            }
        }
    }
}
