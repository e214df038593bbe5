import Storage

extension Course {
    /// Courses with their sessions, which group goes through which, and who has completed one.
    static let migrations = [
        Migration(
            "2026-11-28-courses",
            """
            CREATE TABLE course (
                organization_id TEXT NOT NULL,
                id TEXT NOT NULL,
                program_id TEXT NOT NULL,
                title TEXT NOT NULL,
                language TEXT NOT NULL,
                needed BIGINT NOT NULL CHECK (needed > 0),
                created_at TEXT NOT NULL,
                created_by TEXT NOT NULL,
                PRIMARY KEY (organization_id, id),
                FOREIGN KEY (organization_id, program_id) REFERENCES program (organization_id, id)
            );
            CREATE INDEX course_program ON course (organization_id, program_id);
            CREATE TABLE course_session (
                organization_id TEXT NOT NULL,
                id TEXT NOT NULL,
                course_id TEXT NOT NULL,
                place BIGINT NOT NULL CHECK (place > 0),
                title TEXT NOT NULL,
                text TEXT NOT NULL,
                PRIMARY KEY (organization_id, id),
                FOREIGN KEY (organization_id, course_id) REFERENCES course (organization_id, id)
            );
            CREATE INDEX course_session_place ON course_session (organization_id, course_id, place);
            ALTER TABLE support_group ADD COLUMN course_id TEXT;
            ALTER TABLE support_group ADD COLUMN course_since TEXT;
            CREATE INDEX support_group_course ON support_group (organization_id, course_id) WHERE course_id IS NOT NULL;
            CREATE TABLE course_completion (
                organization_id TEXT NOT NULL,
                group_id TEXT NOT NULL,
                course_id TEXT NOT NULL,
                person_id TEXT NOT NULL,
                completed_at TEXT NOT NULL,
                PRIMARY KEY (organization_id, group_id, course_id, person_id),
                FOREIGN KEY (organization_id, group_id) REFERENCES support_group (organization_id, id),
                FOREIGN KEY (organization_id, course_id) REFERENCES course (organization_id, id),
                FOREIGN KEY (organization_id, person_id) REFERENCES person (organization_id, id)
            );
            CREATE INDEX course_completion_person ON course_completion (organization_id, person_id);
            """)
    ]
}
