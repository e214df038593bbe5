import Storage

extension Talk {
    /// A row is there as long as the talk is owed. Who asked for how many is kept nowhere.
    package static let migrations = [
        Migration(
            "2026-12-09-talks",
            """
            CREATE TABLE talk (
                organization_id TEXT NOT NULL,
                id TEXT NOT NULL,
                program_id TEXT NOT NULL,
                supporter_id TEXT NOT NULL,
                asked_at TEXT NOT NULL,
                due_at TEXT NOT NULL,
                PRIMARY KEY (organization_id, id),
                UNIQUE (organization_id, supporter_id),
                FOREIGN KEY (organization_id, program_id) REFERENCES program (organization_id, id),
                FOREIGN KEY (organization_id, supporter_id) REFERENCES person (organization_id, id)
            );
            CREATE INDEX talk_program ON talk (organization_id, program_id, due_at);
            """)
    ]
}
