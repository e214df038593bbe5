import Storage

extension Encounter {
    /// Contacts between two people and the notes they write together.
    package static let migrations = [
        Migration(
            "2026-11-21-encounter",
            """
            CREATE TABLE encounter (
                organization_id TEXT NOT NULL,
                id TEXT NOT NULL,
                program_id TEXT NOT NULL,
                referral_id TEXT NOT NULL,
                match_id TEXT NOT NULL,
                supporter_id TEXT NOT NULL,
                participant_id TEXT NOT NULL,
                status TEXT NOT NULL CHECK (status IN ('planned', 'done', 'no-answer', 'cancelled')),
                mode TEXT NOT NULL CHECK (mode IN ('in-person', 'phone', 'video', 'messages')),
                starts_at TEXT NOT NULL,
                minutes BIGINT CHECK (minutes BETWEEN 1 AND 1440),
                place TEXT,
                daily_management BOOLEAN NOT NULL DEFAULT FALSE,
                emotional_support BOOLEAN NOT NULL DEFAULT FALSE,
                linkage_to_care BOOLEAN NOT NULL DEFAULT FALSE,
                ongoing_availability BOOLEAN NOT NULL DEFAULT FALSE,
                created_at TEXT NOT NULL,
                created_by TEXT NOT NULL,
                settled_at TEXT,
                settled_by TEXT,
                due_at TEXT,
                PRIMARY KEY (organization_id, id),
                CHECK ((status = 'planned') = (settled_at IS NULL)),
                CHECK ((settled_at IS NULL) = (settled_by IS NULL)),
                CHECK (status <> 'done' OR (minutes IS NOT NULL AND (daily_management OR emotional_support
                    OR linkage_to_care OR ongoing_availability))),
                CHECK (status <> 'planned' OR due_at IS NOT NULL),
                CHECK (status IN ('planned', 'done') OR due_at IS NULL),
                FOREIGN KEY (organization_id, referral_id) REFERENCES referral (organization_id, id),
                FOREIGN KEY (organization_id, match_id) REFERENCES match (organization_id, id),
                FOREIGN KEY (organization_id, supporter_id) REFERENCES person (organization_id, id),
                FOREIGN KEY (organization_id, participant_id) REFERENCES person (organization_id, id)
            );
            CREATE INDEX encounter_supporter ON encounter (organization_id, supporter_id, status, starts_at);
            CREATE INDEX encounter_participant ON encounter (organization_id, participant_id, status, starts_at);
            CREATE INDEX encounter_supporter_past ON encounter (organization_id, supporter_id, starts_at, id)
                WHERE status <> 'planned';
            CREATE INDEX encounter_participant_past ON encounter (organization_id, participant_id, starts_at, id)
                WHERE status <> 'planned';
            CREATE INDEX encounter_referral ON encounter (organization_id, referral_id, starts_at);
            CREATE INDEX encounter_open ON encounter (organization_id, supporter_id, starts_at)
                WHERE due_at IS NOT NULL;
            CREATE INDEX encounter_due ON encounter (organization_id, program_id, due_at) WHERE due_at IS NOT NULL;
            CREATE TABLE encounter_without_note (
                organization_id TEXT NOT NULL,
                encounter_id TEXT NOT NULL,
                reason TEXT NOT NULL CHECK (reason IN ('consent-ended', 'supporter-left')),
                settled_by TEXT NOT NULL,
                at TEXT NOT NULL,
                PRIMARY KEY (organization_id, encounter_id),
                FOREIGN KEY (organization_id, encounter_id) REFERENCES encounter (organization_id, id)
            );
            CREATE TABLE note (
                organization_id TEXT NOT NULL,
                encounter_id TEXT NOT NULL,
                author_id TEXT NOT NULL,
                text TEXT NOT NULL,
                persons_words TEXT NOT NULL,
                words_by TEXT NOT NULL CHECK (words_by IN ('supporter', 'person')),
                state TEXT NOT NULL CHECK (state IN ('draft', 'offered', 'answered', 'signed')),
                answer TEXT CHECK (answer IN ('agreed', 'changed', 'declined', 'not-reachable')),
                answered_at TEXT,
                reason TEXT,
                disagreement TEXT,
                offered_at TEXT,
                signed_at TEXT,
                revision BIGINT NOT NULL DEFAULT 1,
                PRIMARY KEY (organization_id, encounter_id),
                CHECK ((state = 'signed') = (signed_at IS NOT NULL)),
                CHECK ((state IN ('answered', 'signed')) = (answer IS NOT NULL)),
                CHECK ((answer IS NULL) = (answered_at IS NULL)),
                CHECK (answer <> 'not-reachable' OR reason IS NOT NULL),
                CHECK (state <> 'signed' OR answer <> 'declined'),
                CHECK (state <> 'offered' OR offered_at IS NOT NULL),
                FOREIGN KEY (organization_id, encounter_id) REFERENCES encounter (organization_id, id),
                FOREIGN KEY (organization_id, author_id) REFERENCES person (organization_id, id)
            );
            CREATE TABLE note_addendum (
                organization_id TEXT NOT NULL,
                encounter_id TEXT NOT NULL,
                number BIGINT NOT NULL,
                author_id TEXT NOT NULL,
                text TEXT NOT NULL,
                reason TEXT NOT NULL,
                at TEXT NOT NULL,
                PRIMARY KEY (organization_id, encounter_id, number),
                FOREIGN KEY (organization_id, encounter_id) REFERENCES note (organization_id, encounter_id),
                FOREIGN KEY (organization_id, author_id) REFERENCES person (organization_id, id)
            );
            """),
        Migration(
            "2026-11-30-encounter-match",
            "CREATE INDEX encounter_match ON encounter (organization_id, match_id, status);")
    ]
}
