import Storage

extension Wall {
    /// Records that were opened beyond what a role sees.
    package static let migrations = [
        Migration(
            "2026-11-27-record-opening",
            """
            CREATE TABLE record_opening (
                organization_id TEXT NOT NULL,
                id TEXT NOT NULL,
                person_id TEXT NOT NULL,
                program_id TEXT NOT NULL,
                referral_id TEXT NOT NULL,
                opened_by TEXT NOT NULL,
                reason TEXT NOT NULL,
                opened_at TEXT NOT NULL,
                ends_at TEXT NOT NULL,
                review_due_at TEXT NOT NULL,
                reviewed_at TEXT,
                reviewed_by TEXT,
                verdict TEXT CHECK (verdict IN ('justified', 'not-justified')),
                PRIMARY KEY (organization_id, id),
                CHECK ((reviewed_at IS NULL) = (reviewed_by IS NULL)),
                CHECK ((reviewed_at IS NULL) = (verdict IS NULL)),
                CHECK (reviewed_by <> opened_by),
                CHECK (person_id <> opened_by),
                FOREIGN KEY (organization_id, person_id) REFERENCES person (organization_id, id),
                FOREIGN KEY (organization_id, program_id) REFERENCES program (organization_id, id),
                FOREIGN KEY (organization_id, opened_by) REFERENCES person (organization_id, id),
                FOREIGN KEY (organization_id, reviewed_by) REFERENCES person (organization_id, id)
            );
            CREATE INDEX record_opening_person ON record_opening (organization_id, person_id, opened_at);
            CREATE INDEX record_opening_by ON record_opening (organization_id, opened_by, ends_at);
            CREATE INDEX record_opening_review ON record_opening (organization_id, program_id, review_due_at)
                WHERE reviewed_at IS NULL;
            """)
    ]
}
