import Storage

extension Audit {
    /// What was done, and what was shown of whom to whom.
    package static let migrations = [
        Migration(
            "2026-11-21-audit",
            """
            CREATE TABLE event (
                organization_id TEXT NOT NULL,
                id TEXT NOT NULL,
                kind TEXT NOT NULL,
                actor TEXT NOT NULL,
                subject_id TEXT,
                program_id TEXT,
                object_id TEXT,
                details JSONB NOT NULL,
                at TEXT NOT NULL,
                PRIMARY KEY (organization_id, id)
            );
            CREATE INDEX event_subject ON event (organization_id, subject_id, at);
            CREATE INDEX event_object ON event (organization_id, object_id, at);
            CREATE TABLE disclosure (
                organization_id TEXT NOT NULL,
                subject_id TEXT NOT NULL,
                at TEXT NOT NULL,
                id TEXT NOT NULL,
                actor TEXT NOT NULL,
                what TEXT NOT NULL,
                PRIMARY KEY (organization_id, subject_id, at, id)
            );
            """)
    ]
}
