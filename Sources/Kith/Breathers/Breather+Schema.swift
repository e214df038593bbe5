import Storage

extension Breather {
    /// One row for each supporter at most: the next tap takes the place of the last one.
    package static let migrations = [
        Migration(
            "2026-12-09-breathers",
            """
            CREATE TABLE breather (
                organization_id TEXT NOT NULL,
                person_id TEXT NOT NULL,
                since TEXT NOT NULL,
                ends_at TEXT NOT NULL,
                ended_at TEXT,
                is_answered BOOLEAN NOT NULL DEFAULT FALSE,
                PRIMARY KEY (organization_id, person_id),
                CHECK (ends_at > since),
                FOREIGN KEY (organization_id, person_id) REFERENCES person (organization_id, id)
            );
            """)
    ]
}
