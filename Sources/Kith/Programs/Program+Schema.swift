import Storage

extension Program {
    /// Organizations, their sites and programs, the policies, and who sends people.
    package static let migrations = [
        Migration(
            "2026-11-21-programs",
            """
            CREATE TABLE organization (
                id TEXT PRIMARY KEY,
                name TEXT NOT NULL,
                slug TEXT NOT NULL UNIQUE,
                time_zone TEXT NOT NULL,
                locale TEXT NOT NULL,
                created_at TEXT NOT NULL
            );
            CREATE TABLE installation_key (
                name TEXT PRIMARY KEY,
                secret TEXT NOT NULL
            );
            CREATE TABLE site (
                organization_id TEXT NOT NULL REFERENCES organization (id),
                id TEXT NOT NULL,
                name TEXT NOT NULL,
                PRIMARY KEY (organization_id, id)
            );
            CREATE TABLE program (
                organization_id TEXT NOT NULL REFERENCES organization (id),
                id TEXT NOT NULL UNIQUE,
                site_id TEXT,
                name TEXT NOT NULL,
                summary TEXT NOT NULL,
                created_at TEXT NOT NULL,
                PRIMARY KEY (organization_id, id),
                FOREIGN KEY (organization_id, site_id) REFERENCES site (organization_id, id)
            );
            CREATE TABLE program_policy (
                organization_id TEXT NOT NULL,
                program_id TEXT NOT NULL,
                version BIGINT NOT NULL,
                policy JSONB NOT NULL,
                published_by TEXT NOT NULL,
                published_at TEXT NOT NULL,
                PRIMARY KEY (organization_id, program_id, version),
                FOREIGN KEY (organization_id, program_id) REFERENCES program (organization_id, id)
            );
            CREATE TABLE topic (
                organization_id TEXT NOT NULL,
                program_id TEXT NOT NULL,
                code TEXT NOT NULL,
                name TEXT NOT NULL,
                PRIMARY KEY (organization_id, program_id, code),
                FOREIGN KEY (organization_id, program_id) REFERENCES program (organization_id, id)
            );
            CREATE TABLE partner (
                organization_id TEXT NOT NULL REFERENCES organization (id),
                id TEXT NOT NULL,
                name TEXT NOT NULL,
                program_id TEXT NOT NULL,
                token_hash TEXT UNIQUE,
                created_at TEXT NOT NULL,
                ended_at TEXT,
                PRIMARY KEY (organization_id, id),
                FOREIGN KEY (organization_id, program_id) REFERENCES program (organization_id, id)
            );
            """)
    ]
}
