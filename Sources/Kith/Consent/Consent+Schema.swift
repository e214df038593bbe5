import Storage

extension Consent {
    /// What people agree to, in which words, and since when no longer.
    package static let migrations = [
        Migration(
            "2026-11-21-consent",
            """
            CREATE TABLE consent_text (
                organization_id TEXT NOT NULL,
                id TEXT NOT NULL,
                program_id TEXT NOT NULL,
                purpose TEXT NOT NULL,
                language TEXT NOT NULL,
                version BIGINT NOT NULL,
                body TEXT NOT NULL,
                published_by TEXT NOT NULL,
                published_at TEXT NOT NULL,
                PRIMARY KEY (organization_id, id),
                UNIQUE (organization_id, program_id, purpose, language, version),
                FOREIGN KEY (organization_id, program_id) REFERENCES program (organization_id, id)
            );
            CREATE TABLE consent (
                organization_id TEXT NOT NULL,
                id TEXT NOT NULL,
                person_id TEXT NOT NULL,
                program_id TEXT NOT NULL,
                purpose TEXT NOT NULL,
                text_id TEXT NOT NULL,
                granted BOOLEAN NOT NULL,
                method TEXT NOT NULL CHECK (method IN ('browser', 'paper', 'voice')),
                signed_as TEXT NOT NULL,
                reason TEXT,
                witness TEXT,
                recorded_by TEXT NOT NULL,
                given_at TEXT NOT NULL,
                ended_at TEXT,
                ended_by TEXT,
                PRIMARY KEY (organization_id, id),
                CHECK (method <> 'paper' OR reason IS NOT NULL),
                CHECK (method <> 'voice' OR witness IS NOT NULL),
                FOREIGN KEY (organization_id, person_id) REFERENCES person (organization_id, id),
                FOREIGN KEY (organization_id, program_id) REFERENCES program (organization_id, id),
                FOREIGN KEY (organization_id, text_id) REFERENCES consent_text (organization_id, id)
            );
            CREATE UNIQUE INDEX consent_standing ON consent (organization_id, person_id, program_id, purpose)
                WHERE ended_at IS NULL;
            """)
    ]
}
