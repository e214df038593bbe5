import Storage

extension CalendarFeed {
    /// Addresses of calendars, what people chose of theirs, and how often contacts were changed.
    package static let migrations = [
        Migration(
            "2026-11-28-calendar",
            """
            CREATE TABLE calendar_feed (
                organization_id TEXT NOT NULL,
                id TEXT NOT NULL,
                person_id TEXT NOT NULL,
                token_hash TEXT NOT NULL UNIQUE,
                made_at TEXT NOT NULL,
                ended_at TEXT,
                PRIMARY KEY (organization_id, id),
                FOREIGN KEY (organization_id, person_id) REFERENCES person (organization_id, id)
            );
            CREATE UNIQUE INDEX calendar_feed_one ON calendar_feed (organization_id, person_id) WHERE ended_at IS NULL;
            CREATE TABLE calendar_choice (
                organization_id TEXT NOT NULL,
                person_id TEXT NOT NULL,
                shows_places BOOLEAN NOT NULL,
                by_mail BOOLEAN NOT NULL,
                set_at TEXT NOT NULL,
                PRIMARY KEY (organization_id, person_id),
                FOREIGN KEY (organization_id, person_id) REFERENCES person (organization_id, id)
            );
            CREATE TABLE calendar_mail (
                organization_id TEXT NOT NULL,
                person_id TEXT NOT NULL,
                planned_id TEXT NOT NULL,
                sequence BIGINT NOT NULL,
                message_id TEXT NOT NULL,
                PRIMARY KEY (organization_id, person_id, planned_id),
                FOREIGN KEY (organization_id, person_id) REFERENCES person (organization_id, id)
            );
            CREATE TABLE encounter_revision (
                organization_id TEXT NOT NULL,
                encounter_id TEXT NOT NULL,
                sequence BIGINT NOT NULL CHECK (sequence > 0),
                changed_at TEXT NOT NULL,
                PRIMARY KEY (organization_id, encounter_id),
                FOREIGN KEY (organization_id, encounter_id) REFERENCES encounter (organization_id, id)
            );
            """)
    ]
}
