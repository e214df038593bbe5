import Storage

extension StorySheet {
    /// One sheet for each person, and whom they let read it.
    package static let migrations = [
        Migration(
            "2026-12-08-story-sheet",
            """
            CREATE TABLE story_sheet (
                organization_id TEXT NOT NULL,
                person_id TEXT NOT NULL,
                answers TEXT NOT NULL,
                changed_at TEXT NOT NULL,
                PRIMARY KEY (organization_id, person_id),
                FOREIGN KEY (organization_id, person_id) REFERENCES person (organization_id, id)
            );
            CREATE TABLE story_sheet_share (
                organization_id TEXT NOT NULL,
                match_id TEXT NOT NULL,
                person_id TEXT NOT NULL,
                since TEXT NOT NULL,
                PRIMARY KEY (organization_id, match_id),
                FOREIGN KEY (organization_id, match_id) REFERENCES match (organization_id, id),
                FOREIGN KEY (organization_id, person_id) REFERENCES story_sheet (organization_id, person_id)
            );
            CREATE INDEX story_sheet_share_person ON story_sheet_share (organization_id, person_id);
            """)
    ]
}
