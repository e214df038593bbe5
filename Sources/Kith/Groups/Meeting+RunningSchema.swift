import Storage

extension RunningMeeting {
    /// Who came to a meeting, what was written down at its end, and how long its facilitators were there.
    static let migrations = [
        Migration(
            "2026-11-28-meeting-running",
            """
            CREATE TABLE meeting_run (
                organization_id TEXT NOT NULL,
                meeting_id TEXT NOT NULL,
                code TEXT NOT NULL,
                started_at TEXT NOT NULL,
                started_by TEXT NOT NULL,
                closed_at TEXT,
                closed_by TEXT,
                minutes BIGINT CHECK (minutes BETWEEN 1 AND 1440),
                note TEXT,
                note_author_id TEXT,
                PRIMARY KEY (organization_id, meeting_id),
                CHECK ((closed_at IS NULL) = (closed_by IS NULL)),
                CHECK ((closed_at IS NULL) = (minutes IS NULL)),
                CHECK ((note IS NULL) = (note_author_id IS NULL)),
                FOREIGN KEY (organization_id, meeting_id) REFERENCES meeting (organization_id, id),
                FOREIGN KEY (organization_id, note_author_id) REFERENCES person (organization_id, id)
            );
            CREATE UNIQUE INDEX meeting_run_code ON meeting_run (organization_id, code) WHERE closed_at IS NULL;
            CREATE TABLE meeting_attendance (
                organization_id TEXT NOT NULL,
                meeting_id TEXT NOT NULL,
                person_id TEXT NOT NULL,
                arrived_at TEXT,
                way TEXT CHECK (way IN ('tap', 'code')),
                came BOOLEAN,
                outcome TEXT CHECK (outcome IN ('took-part', 'was-quiet', 'left-early')),
                PRIMARY KEY (organization_id, meeting_id, person_id),
                CHECK ((arrived_at IS NULL) = (way IS NULL)),
                CHECK (came OR outcome IS NULL),
                FOREIGN KEY (organization_id, meeting_id) REFERENCES meeting (organization_id, id),
                FOREIGN KEY (organization_id, person_id) REFERENCES person (organization_id, id)
            );
            CREATE TABLE facilitator_hours (
                organization_id TEXT NOT NULL,
                meeting_id TEXT NOT NULL,
                person_id TEXT NOT NULL,
                minutes BIGINT NOT NULL CHECK (minutes BETWEEN 1 AND 1440),
                PRIMARY KEY (organization_id, meeting_id, person_id),
                FOREIGN KEY (organization_id, meeting_id) REFERENCES meeting (organization_id, id),
                FOREIGN KEY (organization_id, person_id) REFERENCES person (organization_id, id)
            );
            CREATE INDEX facilitator_hours_person ON facilitator_hours (organization_id, person_id);
            """),
        Migration(
            "2026-11-28-arriving-online",
            """
            CREATE TABLE meeting_arrival (
                organization_id TEXT NOT NULL,
                meeting_id TEXT NOT NULL,
                person_id TEXT NOT NULL,
                arrived_at TEXT,
                way TEXT CHECK (way IN ('tap', 'code', 'room')),
                came BOOLEAN,
                outcome TEXT CHECK (outcome IN ('took-part', 'was-quiet', 'left-early')),
                PRIMARY KEY (organization_id, meeting_id, person_id),
                CHECK ((arrived_at IS NULL) = (way IS NULL)),
                CHECK (came OR outcome IS NULL),
                FOREIGN KEY (organization_id, meeting_id) REFERENCES meeting (organization_id, id),
                FOREIGN KEY (organization_id, person_id) REFERENCES person (organization_id, id)
            );
            INSERT INTO meeting_arrival SELECT * FROM meeting_attendance;
            DROP TABLE meeting_attendance;
            ALTER TABLE meeting_arrival RENAME TO meeting_attendance;
            """),
        // Asked each minute, so it must not grow with all meetings ever held; and of one person.
        Migration(
            "2026-11-28-meetings-ahead",
            """
            CREATE INDEX meeting_ahead ON meeting (starts_at) WHERE state IN ('planned', 'moved');
            CREATE INDEX meeting_overdue ON meeting (ends_at) WHERE state IN ('planned', 'moved');
            CREATE INDEX meeting_attendance_person ON meeting_attendance (organization_id, person_id);
            """)
    ]
}
