import Storage

extension Match {
    /// Who was proposed to whom, why, what both said, and who waits.
    package static let migrations = [
        Migration(
            "2026-11-21-match",
            """
            CREATE TABLE match (
                organization_id TEXT NOT NULL,
                id TEXT NOT NULL,
                referral_id TEXT NOT NULL,
                program_id TEXT NOT NULL,
                participant_id TEXT NOT NULL,
                supporter_id TEXT NOT NULL,
                status TEXT NOT NULL CHECK (status IN ('proposed', 'active', 'declined', 'withdrawn', 'ended')),
                points BIGINT NOT NULL,
                reasons JSONB NOT NULL,
                weights_version BIGINT NOT NULL,
                proposed_by TEXT NOT NULL,
                proposed_at TEXT NOT NULL,
                started_at TEXT,
                ended_at TEXT,
                end_reason TEXT CHECK (end_reason IN ('asked', 'away', 'closed', 'consent')),
                PRIMARY KEY (organization_id, id),
                CHECK (participant_id <> supporter_id),
                CHECK ((status = 'ended' OR status = 'active') = (started_at IS NOT NULL)),
                CHECK ((status IN ('proposed', 'active')) = (ended_at IS NULL)),
                CHECK ((status = 'ended') = (end_reason IS NOT NULL)),
                FOREIGN KEY (organization_id, referral_id) REFERENCES referral (organization_id, id),
                FOREIGN KEY (organization_id, participant_id) REFERENCES person (organization_id, id),
                FOREIGN KEY (organization_id, supporter_id) REFERENCES supporter (organization_id, person_id)
            );
            CREATE UNIQUE INDEX match_open ON match (organization_id, referral_id)
                WHERE status IN ('proposed', 'active');
            CREATE INDEX match_supporter ON match (organization_id, supporter_id, status);
            CREATE INDEX match_participant ON match (organization_id, participant_id, status);
            CREATE INDEX match_freed ON match (organization_id, program_id, ended_at) WHERE status = 'ended';
            CREATE TABLE match_answer (
                organization_id TEXT NOT NULL,
                match_id TEXT NOT NULL,
                side TEXT NOT NULL CHECK (side IN ('participant', 'supporter')),
                answer TEXT NOT NULL CHECK (answer IN ('yes', 'no')),
                answered_by TEXT NOT NULL,
                at TEXT NOT NULL,
                PRIMARY KEY (organization_id, match_id, side),
                FOREIGN KEY (organization_id, match_id) REFERENCES match (organization_id, id)
            );
            CREATE TABLE waiting (
                organization_id TEXT NOT NULL,
                id TEXT NOT NULL,
                referral_id TEXT NOT NULL,
                program_id TEXT NOT NULL,
                since TEXT NOT NULL,
                counts BOOLEAN NOT NULL,
                ended_at TEXT,
                PRIMARY KEY (organization_id, id),
                FOREIGN KEY (organization_id, referral_id) REFERENCES referral (organization_id, id)
            );
            CREATE UNIQUE INDEX waiting_open ON waiting (organization_id, referral_id) WHERE ended_at IS NULL;
            CREATE INDEX waiting_line ON waiting (organization_id, program_id, since) WHERE ended_at IS NULL;
            """),
        Migration("2026-11-29-match-apart", "ALTER TABLE match ADD COLUMN apart_at TEXT;"),
        // Somebody stands in for a supporter who is not there: besides the one match of the referral there may be one that
        // names it.
        Migration(
            "2026-11-30-match-stand-in",
            """
            ALTER TABLE match ADD COLUMN stands_in_for TEXT;
            DROP INDEX match_open;
            CREATE UNIQUE INDEX match_open ON match (organization_id, referral_id)
                WHERE status IN ('proposed', 'active') AND stands_in_for IS NULL;
            CREATE UNIQUE INDEX match_stand_in ON match (organization_id, stands_in_for)
                WHERE status IN ('proposed', 'active') AND stands_in_for IS NOT NULL;
            """),
        // Somebody wanted somebody new while their supporter was not there.
        Migration(
            "2026-11-30-match-wanted-new", "ALTER TABLE match ADD COLUMN wanted_new BOOLEAN NOT NULL DEFAULT FALSE;"),
        // All parts of the score as numbers, and by which weights a program ranks.
        Migration(
            "2026-11-30-match-weights",
            """
            ALTER TABLE match ADD COLUMN parts JSONB;
            CREATE TABLE match_weights (
                organization_id TEXT NOT NULL,
                program_id TEXT NOT NULL,
                version BIGINT NOT NULL CHECK (version > 1),
                points JSONB NOT NULL,
                answers BIGINT,
                returns_to BIGINT,
                report JSONB NOT NULL,
                approved_by TEXT NOT NULL,
                approved_at TEXT NOT NULL,
                PRIMARY KEY (organization_id, program_id, version),
                CHECK ((answers IS NULL) = (returns_to IS NOT NULL)),
                FOREIGN KEY (organization_id, program_id) REFERENCES program (organization_id, id),
                FOREIGN KEY (organization_id, approved_by) REFERENCES person (organization_id, id)
            );
            """)
    ]
}
