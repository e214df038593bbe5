import Storage

extension NeedsCheck {
    /// Answers are sealed; that a talk is owed, or that a concern was raised, is not, so that both can be looked after.
    package static let migrations = [
        Migration(
            "2026-12-12-needs-check",
            """
            CREATE TABLE needs_check (
                organization_id TEXT NOT NULL,
                id TEXT NOT NULL,
                referral_id TEXT NOT NULL,
                person_id TEXT NOT NULL,
                answers TEXT NOT NULL,
                policy_version BIGINT NOT NULL,
                said_at TEXT NOT NULL,
                written_by TEXT,
                concern_id TEXT,
                talk_due_at TEXT,
                talked_at TEXT,
                talked_by TEXT,
                PRIMARY KEY (organization_id, id),
                CHECK ((talked_at IS NULL) = (talked_by IS NULL)),
                CHECK (talked_at IS NULL OR talk_due_at IS NOT NULL),
                FOREIGN KEY (organization_id, referral_id) REFERENCES referral (organization_id, id),
                FOREIGN KEY (organization_id, person_id) REFERENCES person (organization_id, id),
                FOREIGN KEY (organization_id, written_by) REFERENCES person (organization_id, id),
                FOREIGN KEY (organization_id, concern_id) REFERENCES concern (organization_id, id),
                FOREIGN KEY (organization_id, talked_by) REFERENCES person (organization_id, id)
            );
            CREATE INDEX needs_check_referral ON needs_check (organization_id, referral_id, said_at);
            CREATE INDEX needs_check_person ON needs_check (organization_id, person_id);
            CREATE INDEX needs_check_owed ON needs_check (organization_id, talk_due_at)
                WHERE talk_due_at IS NOT NULL AND talked_at IS NULL;
            """)
    ]
}
