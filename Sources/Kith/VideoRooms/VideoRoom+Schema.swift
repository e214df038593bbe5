import Storage

extension VideoRoom {
    /// Rooms, who was in them and when, what browsers say to each other while they find each other, and who wants to be
    /// reached through the relay only.
    package static let migrations = [
        Migration(
            "2026-11-28-video-rooms",
            """
            CREATE TABLE video_room (
                organization_id TEXT NOT NULL,
                meeting_id TEXT NOT NULL,
                key TEXT,
                lets_in BOOLEAN NOT NULL,
                ended_at TEXT,
                ended_by TEXT,
                PRIMARY KEY (organization_id, meeting_id),
                CHECK ((ended_at IS NULL) = (ended_by IS NULL)),
                CHECK ((ended_at IS NULL) = (key IS NOT NULL)),
                FOREIGN KEY (organization_id, meeting_id) REFERENCES meeting (organization_id, id)
            );
            CREATE TABLE video_stay (
                organization_id TEXT NOT NULL,
                id TEXT NOT NULL,
                meeting_id TEXT NOT NULL,
                person_id TEXT NOT NULL,
                leads BOOLEAN NOT NULL,
                came_at TEXT NOT NULL,
                entered_at TEXT,
                admitted_by TEXT,
                seen_at TEXT NOT NULL,
                left_at TEXT,
                ending TEXT CHECK (ending IN ('left', 'removed', 'elsewhere', 'lost', 'ended')),
                signals BIGINT NOT NULL DEFAULT 0,
                PRIMARY KEY (organization_id, id),
                CHECK ((entered_at IS NULL) = (admitted_by IS NULL)),
                CHECK ((left_at IS NULL) = (ending IS NULL)),
                FOREIGN KEY (organization_id, meeting_id) REFERENCES video_room (organization_id, meeting_id),
                FOREIGN KEY (organization_id, person_id) REFERENCES person (organization_id, id)
            );
            CREATE INDEX video_stay_meeting ON video_stay (organization_id, meeting_id, came_at);
            CREATE INDEX video_stay_person ON video_stay (organization_id, person_id);
            CREATE UNIQUE INDEX video_stay_one ON video_stay (organization_id, meeting_id, person_id)
                WHERE left_at IS NULL;
            CREATE TABLE video_signal (
                organization_id TEXT NOT NULL,
                stay_id TEXT NOT NULL,
                sequence BIGINT NOT NULL,
                sender_id TEXT NOT NULL,
                body TEXT,
                sent_at TEXT NOT NULL,
                PRIMARY KEY (organization_id, stay_id, sequence),
                FOREIGN KEY (organization_id, stay_id) REFERENCES video_stay (organization_id, id),
                FOREIGN KEY (organization_id, sender_id) REFERENCES video_stay (organization_id, id)
            );
            CREATE INDEX video_signal_sender ON video_signal (organization_id, sender_id);
            CREATE TABLE video_relay_only (
                organization_id TEXT NOT NULL,
                id TEXT NOT NULL,
                group_id TEXT,
                person_id TEXT,
                set_at TEXT NOT NULL,
                set_by TEXT NOT NULL,
                PRIMARY KEY (organization_id, id),
                CHECK (group_id IS NULL OR person_id IS NULL),
                FOREIGN KEY (organization_id, group_id) REFERENCES support_group (organization_id, id),
                FOREIGN KEY (organization_id, person_id) REFERENCES person (organization_id, id)
            );
            CREATE UNIQUE INDEX video_relay_only_house ON video_relay_only (organization_id)
                WHERE group_id IS NULL AND person_id IS NULL;
            CREATE UNIQUE INDEX video_relay_only_group ON video_relay_only (organization_id, group_id)
                WHERE group_id IS NOT NULL;
            CREATE UNIQUE INDEX video_relay_only_person ON video_relay_only (organization_id, person_id)
                WHERE person_id IS NOT NULL;
            """),
        Migration(
            "2026-11-28-video-rooms-open",
            "CREATE INDEX video_room_open ON video_room (organization_id, meeting_id) WHERE ended_at IS NULL")
    ]
}
