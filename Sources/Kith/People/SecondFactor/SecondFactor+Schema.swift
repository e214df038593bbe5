import Storage

extension SecondFactor {
    /// Secrets of apps, lists of codes, and sign-ins that wait for their second half.
    static let migration = Migration(
        "2026-11-27-second-factors",
        """
        ALTER TABLE account ADD COLUMN password_is_long BOOLEAN NOT NULL DEFAULT TRUE;
        ALTER TABLE account ADD COLUMN second_factor_since TEXT;
        CREATE TABLE authenticator_app (
            organization_id TEXT NOT NULL,
            person_id TEXT NOT NULL,
            secret TEXT NOT NULL,
            created_at TEXT NOT NULL,
            confirmed_at TEXT,
            last_step BIGINT,
            PRIMARY KEY (organization_id, person_id),
            FOREIGN KEY (organization_id, person_id) REFERENCES account (organization_id, person_id)
        );
        CREATE TABLE recovery_code (
            organization_id TEXT NOT NULL,
            person_id TEXT NOT NULL,
            code_hash TEXT NOT NULL,
            created_at TEXT NOT NULL,
            used_at TEXT,
            PRIMARY KEY (organization_id, person_id, code_hash),
            FOREIGN KEY (organization_id, person_id) REFERENCES account (organization_id, person_id)
        );
        CREATE TABLE half_sign_in (
            token_hash TEXT PRIMARY KEY,
            organization_id TEXT NOT NULL,
            person_id TEXT NOT NULL,
            is_shared BOOLEAN NOT NULL,
            created_at TEXT NOT NULL,
            expires_at TEXT NOT NULL,
            ended_at TEXT,
            FOREIGN KEY (organization_id, person_id) REFERENCES account (organization_id, person_id)
        );
        CREATE INDEX half_sign_in_person ON half_sign_in (organization_id, person_id);
        """)
}
