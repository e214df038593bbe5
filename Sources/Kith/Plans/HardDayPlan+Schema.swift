import Storage

extension HardDayPlan {
    /// One plan for each person, and whom they let read it.
    package static let migrations = [
        Migration(
            "2026-11-27-hard-day-plan",
            """
            CREATE TABLE hard_day_plan (
                organization_id TEXT NOT NULL,
                person_id TEXT NOT NULL,
                answers TEXT NOT NULL,
                changed_at TEXT NOT NULL,
                PRIMARY KEY (organization_id, person_id),
                FOREIGN KEY (organization_id, person_id) REFERENCES person (organization_id, id)
            );
            CREATE TABLE hard_day_plan_share (
                organization_id TEXT NOT NULL,
                match_id TEXT NOT NULL,
                person_id TEXT NOT NULL,
                since TEXT NOT NULL,
                PRIMARY KEY (organization_id, match_id),
                FOREIGN KEY (organization_id, match_id) REFERENCES match (organization_id, id),
                FOREIGN KEY (organization_id, person_id) REFERENCES hard_day_plan (organization_id, person_id)
            );
            CREATE INDEX hard_day_plan_share_person ON hard_day_plan_share (organization_id, person_id);
            """)
    ]
}
