import Storage

extension Supporter {
    /// What supporters bring, when they have time, and how many people they can carry.
    package static let migrations = [
        Migration(
            "2026-11-21-supporter",
            """
            CREATE TABLE supporter (
                organization_id TEXT NOT NULL,
                person_id TEXT NOT NULL,
                introduction TEXT NOT NULL,
                caseload_limit BIGINT NOT NULL CHECK (caseload_limit >= 0),
                formats JSONB NOT NULL,
                areas JSONB NOT NULL,
                since TEXT NOT NULL,
                PRIMARY KEY (organization_id, person_id),
                FOREIGN KEY (organization_id, person_id) REFERENCES person (organization_id, id)
            );
            CREATE TABLE supporter_language (
                organization_id TEXT NOT NULL,
                person_id TEXT NOT NULL,
                language TEXT NOT NULL,
                PRIMARY KEY (organization_id, person_id, language),
                FOREIGN KEY (organization_id, person_id) REFERENCES supporter (organization_id, person_id)
            );
            CREATE TABLE supporter_topic (
                organization_id TEXT NOT NULL,
                person_id TEXT NOT NULL,
                topic TEXT NOT NULL,
                stance TEXT NOT NULL CHECK (stance IN ('lived', 'not-taken')),
                shown_to TEXT NOT NULL CHECK (shown_to IN ('anyone', 'matched', 'nobody')),
                attested_by TEXT,
                PRIMARY KEY (organization_id, person_id, topic),
                FOREIGN KEY (organization_id, person_id) REFERENCES supporter (organization_id, person_id)
            );
            CREATE TABLE supporter_hours (
                organization_id TEXT NOT NULL,
                person_id TEXT NOT NULL,
                weekday BIGINT NOT NULL CHECK (weekday BETWEEN 0 AND 6),
                from_hour BIGINT NOT NULL CHECK (from_hour BETWEEN 0 AND 23),
                to_hour BIGINT NOT NULL CHECK (to_hour BETWEEN 1 AND 24),
                PRIMARY KEY (organization_id, person_id, weekday, from_hour),
                CHECK (from_hour < to_hour),
                FOREIGN KEY (organization_id, person_id) REFERENCES supporter (organization_id, person_id)
            );
            CREATE TABLE supporter_pause (
                organization_id TEXT NOT NULL,
                id TEXT NOT NULL,
                person_id TEXT NOT NULL,
                since TEXT NOT NULL,
                returns_on TEXT,
                ended_at TEXT,
                PRIMARY KEY (organization_id, id),
                FOREIGN KEY (organization_id, person_id) REFERENCES supporter (organization_id, person_id)
            );
            CREATE UNIQUE INDEX supporter_pause_open ON supporter_pause (organization_id, person_id)
                WHERE ended_at IS NULL;
            """)
    ]
}
