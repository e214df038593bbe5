import Storage

extension Interop {
    /// What came from outside, and what became of it.
    ///
    /// Of what is not used, the ledger holds type, id and fingerprint only: enough to know that it exists and whether
    /// it changed, and nothing of what it says.
    package static let migrations = [
        Migration(
            "2026-11-21-interop",
            """
            CREATE TABLE received_resource (
                organization_id TEXT NOT NULL REFERENCES organization (id),
                source TEXT NOT NULL,
                type TEXT NOT NULL,
                sent_id TEXT NOT NULL,
                version TEXT,
                fingerprint TEXT,
                outcome TEXT NOT NULL CHECK (outcome IN ('taken', 'kept')),
                unused TEXT,
                person_id TEXT,
                referral_id TEXT,
                received_at TEXT NOT NULL,
                PRIMARY KEY (organization_id, source, type, sent_id),
                CHECK ((outcome = 'taken') = (person_id IS NOT NULL OR referral_id IS NOT NULL)),
                CHECK ((outcome = 'kept') = (unused IS NOT NULL)),
                FOREIGN KEY (organization_id, person_id) REFERENCES person (organization_id, id),
                FOREIGN KEY (organization_id, referral_id) REFERENCES referral (organization_id, id)
            );
            CREATE INDEX received_resource_person ON received_resource (organization_id, person_id)
                WHERE person_id IS NOT NULL;
            CREATE INDEX received_resource_referral ON received_resource (organization_id, referral_id)
                WHERE referral_id IS NOT NULL;
            CREATE TABLE person_identifier (
                organization_id TEXT NOT NULL,
                digest TEXT NOT NULL,
                person_id TEXT NOT NULL,
                PRIMARY KEY (organization_id, digest, person_id),
                FOREIGN KEY (organization_id, person_id) REFERENCES person (organization_id, id)
            );
            CREATE TABLE referral_identifier (
                organization_id TEXT NOT NULL,
                digest TEXT NOT NULL,
                referral_id TEXT NOT NULL,
                PRIMARY KEY (organization_id, digest),
                FOREIGN KEY (organization_id, referral_id) REFERENCES referral (organization_id, id)
            );
            CREATE TABLE referral_exchange (
                organization_id TEXT NOT NULL,
                referral_id TEXT NOT NULL,
                guide TEXT NOT NULL CHECK (guide IN ('gravity', 'bser', 'none')),
                service_request JSONB NOT NULL,
                task JSONB,
                PRIMARY KEY (organization_id, referral_id),
                FOREIGN KEY (organization_id, referral_id) REFERENCES referral (organization_id, id)
            );
            """)
    ]
}
