import Storage

extension OutgoingMessage {
    /// What is to leave, has left, and did not.
    package static let migrations = [
        Migration(
            "2026-11-27-outbox",
            """
            CREATE TABLE outgoing_message (
                organization_id TEXT NOT NULL,
                id TEXT NOT NULL UNIQUE,
                person_id TEXT NOT NULL,
                program_id TEXT NOT NULL,
                notice TEXT NOT NULL CHECK (notice IN ('message', 'visit', 'referral', 'invitation')),
                channel TEXT NOT NULL CHECK (channel IN ('email', 'text')),
                state TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'withheld', 'stuck', 'given-up')),
                created_at TEXT NOT NULL,
                due_at TEXT,
                attempts BIGINT NOT NULL DEFAULT 0,
                claimed_by TEXT,
                claimed_until TEXT,
                failure TEXT,
                released_at TEXT,
                ended_at TEXT,
                PRIMARY KEY (organization_id, id),
                CHECK ((state IN ('waiting', 'stuck')) = (due_at IS NOT NULL)),
                CHECK ((state IN ('waiting', 'stuck')) = (ended_at IS NULL)),
                CHECK ((claimed_by IS NULL) = (claimed_until IS NULL)),
                FOREIGN KEY (organization_id, person_id) REFERENCES person (organization_id, id),
                FOREIGN KEY (organization_id, program_id) REFERENCES program (organization_id, id)
            );
            CREATE UNIQUE INDEX outgoing_message_one ON outgoing_message (organization_id, person_id, notice)
                WHERE released_at IS NULL AND notice <> 'invitation';
            CREATE INDEX outgoing_message_due ON outgoing_message (channel, due_at, id) WHERE state = 'waiting';
            CREATE INDEX outgoing_message_stuck ON outgoing_message (organization_id, program_id, due_at)
                WHERE state = 'stuck';
            """),
        // Calls of a concern's ladder leave like the rest, but of those there may be several on their way to somebody.
        Migration(
            "2026-11-27-outbox-calls",
            """
            CREATE TABLE outgoing_message_next (
                organization_id TEXT NOT NULL,
                id TEXT NOT NULL UNIQUE,
                person_id TEXT NOT NULL,
                program_id TEXT NOT NULL,
                notice TEXT NOT NULL
                    CHECK (notice IN ('message', 'visit', 'referral', 'invitation', 'concern', 'drill')),
                channel TEXT NOT NULL CHECK (channel IN ('email', 'text')),
                state TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'withheld', 'stuck', 'given-up')),
                created_at TEXT NOT NULL,
                due_at TEXT,
                attempts BIGINT NOT NULL DEFAULT 0,
                claimed_by TEXT,
                claimed_until TEXT,
                failure TEXT,
                released_at TEXT,
                ended_at TEXT,
                PRIMARY KEY (organization_id, id),
                CHECK ((state IN ('waiting', 'stuck')) = (due_at IS NOT NULL)),
                CHECK ((state IN ('waiting', 'stuck')) = (ended_at IS NULL)),
                CHECK ((claimed_by IS NULL) = (claimed_until IS NULL)),
                FOREIGN KEY (organization_id, person_id) REFERENCES person (organization_id, id),
                FOREIGN KEY (organization_id, program_id) REFERENCES program (organization_id, id)
            );
            INSERT INTO outgoing_message_next (organization_id, id, person_id, program_id, notice, channel, state,
                created_at, due_at, attempts, claimed_by, claimed_until, failure, released_at, ended_at)
            SELECT organization_id, id, person_id, program_id, notice, channel, state, created_at, due_at, attempts,
                claimed_by, claimed_until, failure, released_at, ended_at FROM outgoing_message;
            DROP TABLE outgoing_message;
            ALTER TABLE outgoing_message_next RENAME TO outgoing_message;
            CREATE UNIQUE INDEX outgoing_message_one ON outgoing_message (organization_id, person_id, notice)
                WHERE released_at IS NULL AND notice NOT IN ('invitation', 'concern', 'drill');
            CREATE INDEX outgoing_message_due ON outgoing_message (channel, due_at, id) WHERE state = 'waiting';
            CREATE INDEX outgoing_message_stuck ON outgoing_message (organization_id, program_id, due_at)
                WHERE state = 'stuck';
            """),
        // Which kinds of notice there are is known to the program alone; each row says whether there may be one at a time.
        Migration(
            "2026-11-27-outbox-notices",
            """
            CREATE TABLE outgoing_message_next (
                organization_id TEXT NOT NULL,
                id TEXT NOT NULL UNIQUE,
                person_id TEXT NOT NULL,
                program_id TEXT NOT NULL,
                notice TEXT NOT NULL,
                is_single BOOLEAN NOT NULL,
                channel TEXT NOT NULL CHECK (channel IN ('email', 'text')),
                state TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'withheld', 'stuck', 'given-up')),
                created_at TEXT NOT NULL,
                due_at TEXT,
                attempts BIGINT NOT NULL DEFAULT 0,
                claimed_by TEXT,
                claimed_until TEXT,
                failure TEXT,
                released_at TEXT,
                ended_at TEXT,
                PRIMARY KEY (organization_id, id),
                CHECK ((state IN ('waiting', 'stuck')) = (due_at IS NOT NULL)),
                CHECK ((state IN ('waiting', 'stuck')) = (ended_at IS NULL)),
                CHECK ((claimed_by IS NULL) = (claimed_until IS NULL)),
                FOREIGN KEY (organization_id, person_id) REFERENCES person (organization_id, id),
                FOREIGN KEY (organization_id, program_id) REFERENCES program (organization_id, id)
            );
            INSERT INTO outgoing_message_next (organization_id, id, person_id, program_id, notice, is_single, channel,
                state, created_at, due_at, attempts, claimed_by, claimed_until, failure, released_at, ended_at)
            SELECT organization_id, id, person_id, program_id, notice, notice IN ('message', 'visit', 'referral'),
                channel, state, created_at, due_at, attempts, claimed_by, claimed_until, failure, released_at, ended_at
            FROM outgoing_message;
            DROP TABLE outgoing_message;
            ALTER TABLE outgoing_message_next RENAME TO outgoing_message;
            CREATE UNIQUE INDEX outgoing_message_one ON outgoing_message (organization_id, person_id, notice)
                WHERE released_at IS NULL AND is_single;
            CREATE INDEX outgoing_message_due ON outgoing_message (channel, due_at, id) WHERE state = 'waiting';
            CREATE INDEX outgoing_message_stuck ON outgoing_message (organization_id, program_id, due_at)
                WHERE state = 'stuck';
            """),
        // A seat in a group meeting has become somebody's; its message carries a link that frees it.
        Migration("2026-11-28-outbox-seats", "ALTER TABLE outgoing_message ADD COLUMN seat_id TEXT"),
        // The meeting that a reminder is of: it is dropped once that has moved away.
        Migration("2026-11-28-outbox-reminders", "ALTER TABLE outgoing_message ADD COLUMN meeting_id TEXT"),
        Migration(
            "2026-11-28-outbox-reminded",
            """
            CREATE INDEX outgoing_message_meeting ON outgoing_message (organization_id, meeting_id, person_id)
                WHERE meeting_id IS NOT NULL
            """),
        // It reminds somebody of small steps of theirs: it is dropped once those are done.
        Migration(
            "2026-12-08-outbox-steps",
            "ALTER TABLE outgoing_message ADD COLUMN is_of_steps BOOLEAN NOT NULL DEFAULT FALSE")
    ]
}
