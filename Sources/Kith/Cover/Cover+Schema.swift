import Storage

extension Cover {
    /// Whose supporter is not there, what they chose, and by when somebody has to have looked.
    package static let migrations = [
        Migration(
            "2026-11-30-cover",
            """
            CREATE TABLE cover (
                organization_id TEXT NOT NULL,
                id TEXT NOT NULL,
                match_id TEXT NOT NULL,
                referral_id TEXT NOT NULL,
                program_id TEXT NOT NULL,
                participant_id TEXT NOT NULL,
                supporter_id TEXT NOT NULL,
                cause TEXT NOT NULL CHECK (cause IN ('pause', 'silence', 'apart', 'account', 'left')),
                opened_at TEXT NOT NULL,
                returns_on TEXT,
                due_at TEXT NOT NULL,
                choice TEXT CHECK (choice IN ('wait', 'meanwhile', 'new')),
                chosen_by TEXT,
                chosen_at TEXT,
                stand_in_id TEXT,
                ended_at TEXT,
                ending TEXT CHECK (ending IN ('returned', 'kept', 'found', 'over')),
                PRIMARY KEY (organization_id, id),
                CHECK ((ended_at IS NULL) = (ending IS NULL)),
                CHECK ((choice IS NULL) = (chosen_at IS NULL)),
                CHECK ((choice IS NULL) = (chosen_by IS NULL)),
                CHECK (choice IS NULL OR choice <> 'wait' OR returns_on IS NOT NULL),
                FOREIGN KEY (organization_id, match_id) REFERENCES match (organization_id, id),
                FOREIGN KEY (organization_id, stand_in_id) REFERENCES match (organization_id, id)
            );
            CREATE UNIQUE INDEX cover_open ON cover (organization_id, match_id) WHERE ended_at IS NULL;
            CREATE INDEX cover_list ON cover (organization_id, program_id, due_at, id) WHERE ended_at IS NULL;
            CREATE INDEX cover_participant ON cover (organization_id, participant_id, ended_at);
            CREATE INDEX cover_referral ON cover (organization_id, referral_id) WHERE ended_at IS NULL;
            """)
    ]
}
