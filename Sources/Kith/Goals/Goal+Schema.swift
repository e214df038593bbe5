import Storage

extension Goal {
    /// What people want to work on, its steps with their reminders, what helps them, and whom they let read it all.
    package static let migrations = [
        Migration(
            "2026-12-08-goals",
            """
            CREATE TABLE goal (
                organization_id TEXT NOT NULL,
                id TEXT NOT NULL UNIQUE,
                person_id TEXT NOT NULL,
                words TEXT NOT NULL,
                state TEXT NOT NULL CHECK (state IN ('open', 'aside', 'reached')),
                made_at TEXT NOT NULL,
                changed_at TEXT NOT NULL,
                PRIMARY KEY (organization_id, id),
                FOREIGN KEY (organization_id, person_id) REFERENCES person (organization_id, id)
            );
            CREATE INDEX goal_person ON goal (organization_id, person_id, made_at, id);
            CREATE TABLE goal_step (
                organization_id TEXT NOT NULL,
                id TEXT NOT NULL UNIQUE,
                goal_id TEXT NOT NULL,
                person_id TEXT NOT NULL,
                words TEXT NOT NULL,
                made_at TEXT NOT NULL,
                done_at TEXT,
                remind_on TEXT,
                remind_minutes BIGINT,
                next_day TEXT,
                next_at TEXT,
                told_day TEXT,
                told_for TEXT,
                told_at TEXT,
                PRIMARY KEY (organization_id, id),
                CHECK ((remind_on IS NULL) = (remind_minutes IS NULL)),
                CHECK ((next_day IS NULL) = (next_at IS NULL)),
                CHECK (next_at IS NULL OR (remind_on IS NOT NULL AND done_at IS NULL)),
                CHECK ((told_day IS NULL) = (told_for IS NULL)),
                FOREIGN KEY (organization_id, goal_id) REFERENCES goal (organization_id, id) ON DELETE CASCADE,
                FOREIGN KEY (organization_id, person_id) REFERENCES person (organization_id, id)
            );
            CREATE INDEX goal_step_goal ON goal_step (organization_id, goal_id);
            CREATE INDEX goal_step_person ON goal_step (organization_id, person_id, made_at, id);
            CREATE INDEX goal_step_next ON goal_step (next_at) WHERE next_at IS NOT NULL;
            CREATE TABLE goal_strengths (
                organization_id TEXT NOT NULL,
                person_id TEXT NOT NULL,
                words TEXT NOT NULL,
                changed_at TEXT NOT NULL,
                PRIMARY KEY (organization_id, person_id),
                FOREIGN KEY (organization_id, person_id) REFERENCES person (organization_id, id)
            );
            CREATE TABLE goal_share (
                organization_id TEXT NOT NULL,
                match_id TEXT NOT NULL,
                person_id TEXT NOT NULL,
                since TEXT NOT NULL,
                PRIMARY KEY (organization_id, match_id),
                FOREIGN KEY (organization_id, match_id) REFERENCES match (organization_id, id),
                FOREIGN KEY (organization_id, person_id) REFERENCES person (organization_id, id)
            );
            CREATE INDEX goal_share_person ON goal_share (organization_id, person_id);
            """)
    ]
}
