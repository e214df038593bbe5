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
            """),
        Migration(
            "2026-11-27-audit-page",
            """
            CREATE TABLE audit_page (
                organization_id TEXT NOT NULL,
                number BIGINT NOT NULL CHECK (number >= 1),
                events BIGINT NOT NULL,
                disclosures BIGINT NOT NULL,
                sealed_at TEXT NOT NULL,
                records TEXT NOT NULL,
                hash TEXT NOT NULL,
                PRIMARY KEY (organization_id, number)
            );
            ALTER TABLE event ADD COLUMN page BIGINT;
            CREATE INDEX event_page ON event (organization_id, page, id);
            ALTER TABLE disclosure ADD COLUMN page BIGINT;
            CREATE INDEX disclosure_page ON disclosure (organization_id, page, id);
            """)
    ]
}
