import Storage

extension Passkey {
    static let migration = Migration(
        "2026-11-27-passkeys",
        """
        CREATE TABLE passkey (
            organization_id TEXT NOT NULL,
            id TEXT NOT NULL,
            person_id TEXT NOT NULL,
            credential TEXT NOT NULL UNIQUE,
            public_key BYTEA NOT NULL,
            counter BIGINT NOT NULL,
            browser TEXT,
            created_at TEXT NOT NULL,
            used_at TEXT,
            PRIMARY KEY (organization_id, id),
            FOREIGN KEY (organization_id, person_id) REFERENCES account (organization_id, person_id)
        );
        CREATE INDEX passkey_person ON passkey (organization_id, person_id);
        CREATE TABLE taken_challenge (
            hash TEXT PRIMARY KEY,
            expires_at TEXT NOT NULL
        );
        CREATE INDEX taken_challenge_expires ON taken_challenge (expires_at);
        """)
}
