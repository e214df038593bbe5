import Storage

extension Group {
    /// Kinds of groups with their agreements; groups, who facilitates them and who takes part; their meetings and seats.
    package static let migrations = [
        Migration(
            "2026-11-28-groups",
            """
            CREATE TABLE group_type (
                organization_id TEXT NOT NULL,
                id TEXT NOT NULL,
                program_id TEXT NOT NULL,
                name TEXT NOT NULL,
                summary TEXT NOT NULL,
                facilitator_role TEXT NOT NULL CHECK (facilitator_role IN ('supporter', 'coordinator', 'supervisor')),
                facilitator_topic TEXT,
                training TEXT,
                least_members BIGINT NOT NULL CHECK (least_members >= 0),
                most_members BIGINT NOT NULL CHECK (most_members > 0),
                facilitators BIGINT NOT NULL CHECK (facilitators BETWEEN 1 AND 2),
                members_per_facilitator BIGINT CHECK (members_per_facilitator > 0),
                block_hours BIGINT NOT NULL CHECK (block_hours >= 0),
                agenda JSONB NOT NULL,
                created_at TEXT NOT NULL,
                created_by TEXT NOT NULL,
                PRIMARY KEY (organization_id, id),
                CHECK (least_members <= most_members),
                FOREIGN KEY (organization_id, program_id) REFERENCES program (organization_id, id)
            );
            CREATE INDEX group_type_program ON group_type (organization_id, program_id);
            CREATE TABLE group_agreements (
                organization_id TEXT NOT NULL,
                type_id TEXT NOT NULL,
                version BIGINT NOT NULL CHECK (version > 0),
                text TEXT NOT NULL,
                published_by TEXT NOT NULL,
                published_at TEXT NOT NULL,
                PRIMARY KEY (organization_id, type_id, version),
                FOREIGN KEY (organization_id, type_id) REFERENCES group_type (organization_id, id)
            );
            CREATE TABLE support_group (
                organization_id TEXT NOT NULL,
                id TEXT NOT NULL,
                program_id TEXT NOT NULL,
                type_id TEXT NOT NULL,
                name TEXT NOT NULL,
                language TEXT NOT NULL,
                setting TEXT NOT NULL CHECK (setting IN ('in-person', 'online', 'mixed')),
                place TEXT,
                address TEXT,
                dial_in TEXT,
                admission TEXT NOT NULL CHECK (admission IN ('open', 'closed')),
                membership_rule TEXT,
                welcome TEXT,
                time_zone TEXT NOT NULL,
                state TEXT NOT NULL CHECK (state IN ('planned', 'active', 'ended')),
                seats BIGINT CHECK (seats > 0),
                code TEXT NOT NULL UNIQUE,
                created_at TEXT NOT NULL,
                created_by TEXT NOT NULL,
                ended_at TEXT,
                PRIMARY KEY (organization_id, id),
                CHECK (setting = 'online' OR place IS NOT NULL),
                CHECK (admission = 'open' OR membership_rule IS NOT NULL),
                CHECK ((state = 'ended') = (ended_at IS NOT NULL)),
                FOREIGN KEY (organization_id, program_id) REFERENCES program (organization_id, id),
                FOREIGN KEY (organization_id, type_id) REFERENCES group_type (organization_id, id)
            );
            CREATE INDEX support_group_program ON support_group (organization_id, program_id, state);
            CREATE TABLE group_facilitator (
                organization_id TEXT NOT NULL,
                id TEXT NOT NULL,
                group_id TEXT NOT NULL,
                person_id TEXT NOT NULL,
                is_cover BOOLEAN NOT NULL,
                since TEXT NOT NULL,
                added_by TEXT NOT NULL,
                ended_at TEXT,
                PRIMARY KEY (organization_id, id),
                FOREIGN KEY (organization_id, group_id) REFERENCES support_group (organization_id, id),
                FOREIGN KEY (organization_id, person_id) REFERENCES person (organization_id, id)
            );
            CREATE UNIQUE INDEX group_facilitator_one ON group_facilitator (organization_id, group_id, person_id)
                WHERE ended_at IS NULL;
            CREATE INDEX group_facilitator_person ON group_facilitator (organization_id, person_id)
                WHERE ended_at IS NULL;
            CREATE TABLE group_member (
                organization_id TEXT NOT NULL,
                id TEXT NOT NULL,
                group_id TEXT NOT NULL,
                person_id TEXT NOT NULL,
                nickname TEXT,
                nickname_key TEXT,
                words TEXT,
                agreements BIGINT NOT NULL,
                agreed_at TEXT NOT NULL,
                reminder_minutes BIGINT CHECK (reminder_minutes > 0),
                asked_at TEXT NOT NULL,
                joined_at TEXT,
                admitted_by TEXT,
                ended_at TEXT,
                ending TEXT CHECK (ending IN ('left', 'withdrawn', 'declined', 'removed')),
                PRIMARY KEY (organization_id, id),
                CHECK ((nickname IS NULL) = (nickname_key IS NULL)),
                CHECK (ended_at IS NOT NULL OR nickname IS NOT NULL),
                CHECK ((joined_at IS NULL) = (admitted_by IS NULL)),
                CHECK ((ended_at IS NULL) = (ending IS NULL)),
                FOREIGN KEY (organization_id, group_id) REFERENCES support_group (organization_id, id),
                FOREIGN KEY (organization_id, person_id) REFERENCES person (organization_id, id)
            );
            CREATE UNIQUE INDEX group_member_one ON group_member (organization_id, group_id, person_id)
                WHERE ended_at IS NULL;
            CREATE UNIQUE INDEX group_member_nickname ON group_member (organization_id, group_id, nickname_key)
                WHERE ended_at IS NULL;
            CREATE INDEX group_member_person ON group_member (organization_id, person_id);
            CREATE TABLE group_series (
                organization_id TEXT NOT NULL,
                id TEXT NOT NULL,
                group_id TEXT NOT NULL,
                starts_on TEXT NOT NULL,
                start_minute BIGINT NOT NULL CHECK (start_minute BETWEEN 0 AND 1439),
                minutes BIGINT NOT NULL CHECK (minutes BETWEEN 1 AND 1440),
                rule TEXT NOT NULL,
                time_zone TEXT NOT NULL,
                planned_through TEXT,
                created_at TEXT NOT NULL,
                created_by TEXT NOT NULL,
                ended_at TEXT,
                PRIMARY KEY (organization_id, id),
                FOREIGN KEY (organization_id, group_id) REFERENCES support_group (organization_id, id)
            );
            CREATE INDEX group_series_group ON group_series (organization_id, group_id);
            CREATE INDEX group_series_planned ON group_series (planned_through) WHERE ended_at IS NULL;
            CREATE TABLE meeting (
                organization_id TEXT NOT NULL,
                id TEXT NOT NULL,
                group_id TEXT NOT NULL,
                series_id TEXT,
                slot TEXT,
                slot_at TEXT,
                number BIGINT NOT NULL CHECK (number > 0),
                starts_at TEXT NOT NULL,
                ends_at TEXT NOT NULL,
                state TEXT NOT NULL CHECK (state IN ('planned', 'moved', 'canceled', 'running', 'held', 'not-held')),
                place TEXT,
                address TEXT,
                revision BIGINT NOT NULL DEFAULT 0,
                changed_at TEXT NOT NULL,
                changed_by TEXT NOT NULL,
                PRIMARY KEY (organization_id, id),
                UNIQUE (organization_id, group_id, number),
                UNIQUE (organization_id, series_id, slot),
                CHECK (starts_at < ends_at),
                CHECK ((series_id IS NULL) = (slot IS NULL)),
                CHECK ((slot IS NULL) = (slot_at IS NULL)),
                FOREIGN KEY (organization_id, group_id) REFERENCES support_group (organization_id, id),
                FOREIGN KEY (organization_id, series_id) REFERENCES group_series (organization_id, id)
            );
            CREATE INDEX meeting_group ON meeting (organization_id, group_id, starts_at, id);
            CREATE INDEX meeting_coming ON meeting (organization_id, starts_at, id)
                WHERE state IN ('planned', 'moved', 'running');
            CREATE TABLE meeting_facilitator (
                organization_id TEXT NOT NULL,
                meeting_id TEXT NOT NULL,
                person_id TEXT NOT NULL,
                is_cover BOOLEAN NOT NULL,
                PRIMARY KEY (organization_id, meeting_id, person_id),
                FOREIGN KEY (organization_id, meeting_id) REFERENCES meeting (organization_id, id),
                FOREIGN KEY (organization_id, person_id) REFERENCES person (organization_id, id)
            );
            CREATE INDEX meeting_facilitator_person ON meeting_facilitator (organization_id, person_id);
            CREATE TABLE meeting_seat (
                organization_id TEXT NOT NULL,
                meeting_id TEXT NOT NULL,
                person_id TEXT NOT NULL,
                id TEXT NOT NULL,
                seat BIGINT CHECK (seat > 0),
                asked_at TEXT NOT NULL,
                turn BIGINT NOT NULL,
                freed_at TEXT,
                PRIMARY KEY (organization_id, meeting_id, person_id),
                UNIQUE (organization_id, id),
                UNIQUE (organization_id, meeting_id, seat),
                UNIQUE (organization_id, meeting_id, turn),
                CHECK (seat IS NULL OR freed_at IS NULL),
                FOREIGN KEY (organization_id, meeting_id) REFERENCES meeting (organization_id, id),
                FOREIGN KEY (organization_id, person_id) REFERENCES person (organization_id, id)
            );
            CREATE INDEX meeting_seat_person ON meeting_seat (organization_id, person_id);
            """),
        // A group that goes on has its conversation from now on, with whoever is in it; there it is named like the group.
        Migration(
            "2026-11-28-group-conversations",
            """
            ALTER TABLE support_group ADD COLUMN conversation_id TEXT;
            INSERT INTO conversation (organization_id, id, title, agreements, program_id, last_at, created_at)
            SELECT g.organization_id, g.id, g.name,
                CASE WHEN length(a.text) <= 300 THEN a.text ELSE substr(a.text, 1, 299) || '…' END, g.program_id,
                g.created_at, g.created_at
            FROM support_group g JOIN group_agreements a ON a.organization_id = g.organization_id
                AND a.type_id = g.type_id AND a.version = (SELECT max(n.version) FROM group_agreements n
                    WHERE n.organization_id = a.organization_id AND n.type_id = a.type_id)
            WHERE g.state = 'active';
            INSERT INTO conversation_member (organization_id, conversation_id, person_id, role, joined_at)
            SELECT f.organization_id, f.group_id, f.person_id, 'facilitator', f.since FROM group_facilitator f
            JOIN support_group g ON g.organization_id = f.organization_id AND g.id = f.group_id AND g.state = 'active'
            WHERE f.ended_at IS NULL AND NOT f.is_cover;
            INSERT INTO conversation_member (organization_id, conversation_id, person_id, role, nickname, joined_at)
            SELECT r.organization_id, r.group_id, r.person_id, 'participant', r.nickname, r.joined_at FROM group_member r
            JOIN support_group g ON g.organization_id = r.organization_id AND g.id = r.group_id AND g.state = 'active'
            WHERE r.joined_at IS NOT NULL AND r.ended_at IS NULL AND NOT EXISTS (SELECT 1 FROM group_facilitator f
                WHERE f.organization_id = r.organization_id AND f.group_id = r.group_id AND f.person_id = r.person_id
                AND f.ended_at IS NULL AND NOT f.is_cover);
            UPDATE support_group SET conversation_id = id WHERE state = 'active';
            """),
        // Who was told of a meeting, for each time that it was planned for.
        Migration(
            "2026-11-28-meeting-reminders",
            """
            CREATE TABLE meeting_reminder (
                organization_id TEXT NOT NULL,
                meeting_id TEXT NOT NULL,
                person_id TEXT NOT NULL,
                starts_at TEXT NOT NULL,
                noted_at TEXT NOT NULL,
                PRIMARY KEY (organization_id, meeting_id, person_id, starts_at),
                FOREIGN KEY (organization_id, meeting_id) REFERENCES meeting (organization_id, id),
                FOREIGN KEY (organization_id, person_id) REFERENCES person (organization_id, id)
            );
            CREATE INDEX meeting_reminder_person ON meeting_reminder (organization_id, person_id);
            CREATE INDEX group_member_reminded ON group_member (organization_id, group_id)
                WHERE reminder_minutes IS NOT NULL AND ended_at IS NULL;
            """),
        Migration(
            "2026-11-28-groups-for-bereaved",
            "ALTER TABLE group_type ADD COLUMN is_for_bereaved BOOLEAN NOT NULL DEFAULT FALSE"),
        // No rule can read what is in a picture, so whoever keeps a group says first that they want them.
        Migration(
            "2026-11-28-attachments-in-groups",
            "ALTER TABLE group_type ADD COLUMN takes_attachments BOOLEAN NOT NULL DEFAULT FALSE"),
        // Which ages a kind of group is for, and who was taken out of one for theirs.
        Migration(
            "2026-11-29-group-ages",
            """
            ALTER TABLE group_type ADD COLUMN ages TEXT NOT NULL DEFAULT 'adults'
                CHECK (ages IN ('adults', 'young-people'));
            CREATE TABLE group_parting (
                organization_id TEXT NOT NULL,
                id TEXT NOT NULL,
                group_id TEXT NOT NULL,
                person_id TEXT NOT NULL,
                part TEXT NOT NULL CHECK (part IN ('member', 'facilitator')),
                nickname TEXT,
                at TEXT NOT NULL,
                settled_at TEXT,
                settled_by TEXT,
                PRIMARY KEY (organization_id, id),
                CHECK ((settled_at IS NULL) = (settled_by IS NULL)),
                FOREIGN KEY (organization_id, group_id) REFERENCES support_group (organization_id, id),
                FOREIGN KEY (organization_id, person_id) REFERENCES person (organization_id, id)
            );
            CREATE INDEX group_parting_open ON group_parting (organization_id, group_id) WHERE settled_at IS NULL;
            CREATE INDEX group_parting_person ON group_parting (organization_id, person_id);
            """)
    ]
}
