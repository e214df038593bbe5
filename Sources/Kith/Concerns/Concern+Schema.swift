import Storage

extension Concern {
    /// Concerns, what was said, whom they called, who has them in hand; and the ladders they climb.
    package static let migrations = [
        Migration(
            "2026-11-27-concerns",
            """
            CREATE TABLE ladder (
                organization_id TEXT NOT NULL,
                program_id TEXT NOT NULL,
                changed_by TEXT NOT NULL,
                changed_at TEXT NOT NULL,
                drill_weeks BIGINT CHECK (drill_weeks > 0),
                next_drill_at TEXT,
                PRIMARY KEY (organization_id, program_id),
                CHECK ((drill_weeks IS NULL) = (next_drill_at IS NULL)),
                FOREIGN KEY (organization_id, program_id) REFERENCES program (organization_id, id)
            );
            CREATE INDEX ladder_drill ON ladder (next_drill_at) WHERE next_drill_at IS NOT NULL;
            CREATE TABLE ladder_rung (
                organization_id TEXT NOT NULL,
                program_id TEXT NOT NULL,
                place BIGINT NOT NULL CHECK (place > 0),
                role TEXT CHECK (role IN ('coordinator', 'supervisor', 'administrator')),
                person_id TEXT,
                minutes BIGINT NOT NULL CHECK (minutes > 0),
                channel TEXT NOT NULL CHECK (channel IN ('email', 'text')),
                PRIMARY KEY (organization_id, program_id, place),
                CHECK ((role IS NULL) <> (person_id IS NULL)),
                FOREIGN KEY (organization_id, program_id) REFERENCES ladder (organization_id, program_id),
                FOREIGN KEY (organization_id, person_id) REFERENCES person (organization_id, id)
            );
            CREATE TABLE concern (
                organization_id TEXT NOT NULL,
                id TEXT NOT NULL,
                program_id TEXT NOT NULL,
                is_drill BOOLEAN NOT NULL,
                kind TEXT NOT NULL CHECK (kind IN ('worry', 'danger', 'harm', 'boundary', 'something-else', 'drill')),
                about_id TEXT,
                raised_by TEXT,
                key_id TEXT,
                raised_at TEXT NOT NULL,
                state TEXT NOT NULL CHECK (state IN ('escalating', 'acknowledged', 'closed')),
                round BIGINT NOT NULL,
                rung BIGINT NOT NULL,
                due_at TEXT,
                asked_id TEXT,
                nobody_at TEXT,
                undelivered_at TEXT,
                acknowledged_by TEXT,
                acknowledged_at TEXT,
                closed_at TEXT,
                closed_by TEXT,
                outcome TEXT,
                outcome_words TEXT,
                follow_up_on TEXT,
                followed_up_at TEXT,
                debrief_id TEXT,
                debrief_answer TEXT CHECK (debrief_answer IN ('yes', 'no')),
                debriefed_at TEXT,
                PRIMARY KEY (organization_id, id),
                CHECK (is_drill = (kind = 'drill')),
                CHECK ((state = 'closed') = (due_at IS NULL)),
                CHECK ((state = 'closed') = (closed_at IS NOT NULL)),
                CHECK ((closed_at IS NULL) = (closed_by IS NULL)),
                CHECK ((closed_at IS NULL) = (outcome IS NULL)),
                CHECK ((acknowledged_by IS NULL) = (acknowledged_at IS NULL)),
                CHECK (state <> 'escalating' OR acknowledged_by IS NULL),
                CHECK (state <> 'acknowledged' OR acknowledged_by IS NOT NULL),
                CHECK (state <> 'closed' OR is_drill OR acknowledged_by IS NOT NULL),
                CHECK ((state = 'closed' AND NOT is_drill) = (follow_up_on IS NOT NULL)),
                CHECK (acknowledged_by <> about_id),
                FOREIGN KEY (organization_id, program_id) REFERENCES program (organization_id, id),
                FOREIGN KEY (organization_id, about_id) REFERENCES person (organization_id, id),
                FOREIGN KEY (organization_id, raised_by) REFERENCES person (organization_id, id),
                FOREIGN KEY (organization_id, acknowledged_by) REFERENCES person (organization_id, id),
                FOREIGN KEY (organization_id, debrief_id) REFERENCES person (organization_id, id)
            );
            CREATE INDEX concern_escalating ON concern (due_at, id) WHERE state = 'escalating';
            CREATE INDEX concern_program ON concern (organization_id, program_id, raised_at);
            CREATE INDEX concern_raiser ON concern (organization_id, raised_by, raised_at);
            CREATE INDEX concern_owner ON concern (organization_id, acknowledged_by, follow_up_on)
                WHERE followed_up_at IS NULL;
            CREATE INDEX concern_debrief ON concern (organization_id, debrief_id) WHERE debriefed_at IS NULL;
            CREATE TABLE concern_report (
                organization_id TEXT NOT NULL,
                id TEXT NOT NULL,
                concern_id TEXT NOT NULL,
                raised_by TEXT NOT NULL,
                once TEXT NOT NULL,
                at TEXT NOT NULL,
                kind TEXT NOT NULL,
                words TEXT,
                PRIMARY KEY (organization_id, id),
                UNIQUE (organization_id, raised_by, once),
                FOREIGN KEY (organization_id, raised_by) REFERENCES person (organization_id, id),
                FOREIGN KEY (organization_id, concern_id) REFERENCES concern (organization_id, id)
            );
            CREATE INDEX concern_report_concern ON concern_report (organization_id, concern_id, at);
            CREATE TABLE concern_call (
                organization_id TEXT NOT NULL,
                concern_id TEXT NOT NULL,
                round BIGINT NOT NULL,
                rung BIGINT NOT NULL,
                person_id TEXT NOT NULL,
                at TEXT NOT NULL,
                channel TEXT CHECK (channel IN ('email', 'text')),
                message_id TEXT,
                failure TEXT,
                PRIMARY KEY (organization_id, concern_id, round, rung, person_id),
                CHECK ((message_id IS NULL) = (channel IS NULL)),
                CHECK ((message_id IS NULL) = (failure IS NOT NULL)),
                FOREIGN KEY (organization_id, concern_id) REFERENCES concern (organization_id, id),
                FOREIGN KEY (organization_id, person_id) REFERENCES person (organization_id, id)
            );
            CREATE INDEX concern_call_person ON concern_call (organization_id, person_id, concern_id);
            CREATE TABLE concern_turn (
                organization_id TEXT NOT NULL,
                concern_id TEXT NOT NULL,
                id TEXT NOT NULL,
                at TEXT NOT NULL,
                what TEXT NOT NULL CHECK (what IN
                    ('nobody', 'undelivered', 'acknowledged', 'handed-over', 'returned', 'closed')),
                person_id TEXT,
                other_id TEXT,
                PRIMARY KEY (organization_id, id),
                FOREIGN KEY (organization_id, concern_id) REFERENCES concern (organization_id, id)
            );
            CREATE INDEX concern_turn_concern ON concern_turn (organization_id, concern_id, at);
            """),
        Migration(
            "2026-12-12-concern-source",
            "ALTER TABLE concern_report ADD COLUMN source TEXT CHECK (source IN ('needs-check'))")
    ]
}
