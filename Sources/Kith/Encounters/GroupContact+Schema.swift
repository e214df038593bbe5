import Storage

extension GroupContact {
    /// Contacts in groups.
    static let migrations = [
        Migration(
            "2026-11-28-group-contact",
            """
            CREATE TABLE group_contact (
                organization_id TEXT NOT NULL,
                id TEXT NOT NULL,
                program_id TEXT NOT NULL,
                occasion_id TEXT NOT NULL,
                participant_id TEXT NOT NULL,
                starts_at TEXT NOT NULL,
                minutes BIGINT NOT NULL CHECK (minutes BETWEEN 1 AND 1440),
                outcome TEXT NOT NULL CHECK (outcome IN ('took-part', 'was-quiet', 'left-early')),
                created_at TEXT NOT NULL,
                created_by TEXT NOT NULL,
                PRIMARY KEY (organization_id, id),
                UNIQUE (organization_id, occasion_id, participant_id),
                FOREIGN KEY (organization_id, program_id) REFERENCES program (organization_id, id),
                FOREIGN KEY (organization_id, participant_id) REFERENCES person (organization_id, id)
            );
            CREATE INDEX group_contact_participant ON group_contact (organization_id, participant_id, starts_at, id);
            """)
    ]
}
