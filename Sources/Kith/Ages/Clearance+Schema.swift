import Storage

extension Clearance {
    /// Who may be with people who are under age, who made sure of it, and until when.
    package static let migrations = [
        Migration(
            "2026-11-29-minor-clearance",
            """
            CREATE TABLE minor_clearance (
                organization_id TEXT NOT NULL,
                id TEXT NOT NULL,
                person_id TEXT NOT NULL,
                kind TEXT NOT NULL CHECK (kind IN ('criminal-record', 'criminal-record-and-registers', 'staff-office')),
                ends_on TEXT NOT NULL,
                given_by TEXT NOT NULL,
                given_at TEXT NOT NULL,
                ended_by TEXT,
                ended_at TEXT,
                PRIMARY KEY (organization_id, id),
                CHECK ((ended_by IS NULL) = (ended_at IS NULL)),
                FOREIGN KEY (organization_id, person_id) REFERENCES person (organization_id, id)
            );
            CREATE UNIQUE INDEX minor_clearance_open ON minor_clearance (organization_id, person_id)
                WHERE ended_at IS NULL;
            CREATE INDEX minor_clearance_person ON minor_clearance (organization_id, person_id, given_at);
            """)
    ]
}
