import Storage

extension PreparationSheet {
    /// One sheet for each person, and whom they let read it.
    package static let migrations = [
        Migration(
            "2026-12-05-preparation-sheet",
            """
            CREATE TABLE preparation_sheet (
                organization_id TEXT NOT NULL,
                person_id TEXT NOT NULL,
                answers TEXT NOT NULL,
                changed_at TEXT NOT NULL,
                PRIMARY KEY (organization_id, person_id),
                FOREIGN KEY (organization_id, person_id) REFERENCES person (organization_id, id)
            );
            CREATE TABLE preparation_sheet_share (
                organization_id TEXT NOT NULL,
                match_id TEXT NOT NULL,
                person_id TEXT NOT NULL,
                since TEXT NOT NULL,
                PRIMARY KEY (organization_id, match_id),
                FOREIGN KEY (organization_id, match_id) REFERENCES match (organization_id, id),
                FOREIGN KEY (organization_id, person_id) REFERENCES preparation_sheet (organization_id, person_id)
            );
            CREATE INDEX preparation_sheet_share_person ON preparation_sheet_share (organization_id, person_id);
            """)
    ]
}
