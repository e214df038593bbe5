import Storage

extension Conversation {
    /// Who writes with whom, in which order, and what has arrived.
    package static let migrations = [
        Migration(
            "2026-11-21-conversation",
            """
            CREATE TABLE conversation (
                organization_id TEXT NOT NULL,
                id TEXT NOT NULL,
                match_id TEXT NOT NULL,
                program_id TEXT NOT NULL,
                last_sequence BIGINT NOT NULL DEFAULT 0,
                last_at TEXT NOT NULL,
                created_at TEXT NOT NULL,
                closed_at TEXT,
                PRIMARY KEY (organization_id, id),
                FOREIGN KEY (organization_id, match_id) REFERENCES match (organization_id, id),
                FOREIGN KEY (organization_id, program_id) REFERENCES program (organization_id, id)
            );
            CREATE UNIQUE INDEX conversation_match ON conversation (organization_id, match_id);
            CREATE TABLE conversation_member (
                organization_id TEXT NOT NULL,
                conversation_id TEXT NOT NULL,
                person_id TEXT NOT NULL,
                role TEXT NOT NULL CHECK (role IN ('participant', 'supporter')),
                delivered_sequence BIGINT NOT NULL DEFAULT 0,
                read_sequence BIGINT NOT NULL DEFAULT 0,
                PRIMARY KEY (organization_id, conversation_id, person_id),
                CHECK (0 <= read_sequence AND read_sequence <= delivered_sequence),
                FOREIGN KEY (organization_id, conversation_id) REFERENCES conversation (organization_id, id),
                FOREIGN KEY (organization_id, person_id) REFERENCES person (organization_id, id)
            );
            CREATE UNIQUE INDEX conversation_member_role
                ON conversation_member (organization_id, conversation_id, role);
            CREATE INDEX conversation_member_person ON conversation_member (organization_id, person_id);
            CREATE TABLE message (
                organization_id TEXT NOT NULL,
                conversation_id TEXT NOT NULL,
                sequence BIGINT NOT NULL CHECK (sequence >= 1),
                id TEXT NOT NULL,
                sender_id TEXT NOT NULL,
                body TEXT NOT NULL,
                sent_at TEXT NOT NULL,
                PRIMARY KEY (organization_id, conversation_id, sequence),
                UNIQUE (organization_id, sender_id, id),
                FOREIGN KEY (organization_id, conversation_id) REFERENCES conversation (organization_id, id),
                FOREIGN KEY (organization_id, sender_id) REFERENCES person (organization_id, id)
            );
            """),
        Migration("2026-11-27-conversation-pause", "ALTER TABLE conversation ADD COLUMN paused_at TEXT;"),
        // A conversation may be of a group, with any number of members who come and go; messages are answered, changed and
        // taken back. All three tables are made anew, for SQLite drops none that another refers to.
        Migration(
            "2026-11-27-conversations-of-groups",
            """
            CREATE TABLE conversation_next (
                organization_id TEXT NOT NULL,
                id TEXT NOT NULL,
                match_id TEXT,
                title TEXT,
                agreements TEXT,
                program_id TEXT NOT NULL,
                last_sequence BIGINT NOT NULL DEFAULT 0,
                last_change BIGINT NOT NULL DEFAULT 0,
                revision BIGINT NOT NULL DEFAULT 0,
                last_at TEXT NOT NULL,
                created_at TEXT NOT NULL,
                closed_at TEXT,
                paused_at TEXT,
                PRIMARY KEY (organization_id, id),
                CHECK ((match_id IS NULL) = (title IS NOT NULL)),
                CHECK (agreements IS NULL OR title IS NOT NULL),
                FOREIGN KEY (organization_id, match_id) REFERENCES match (organization_id, id),
                FOREIGN KEY (organization_id, program_id) REFERENCES program (organization_id, id)
            );
            CREATE TABLE conversation_member_next (
                organization_id TEXT NOT NULL,
                conversation_id TEXT NOT NULL,
                person_id TEXT NOT NULL,
                role TEXT NOT NULL CHECK (role IN ('participant', 'supporter', 'facilitator')),
                nickname TEXT,
                joined_at TEXT NOT NULL,
                joined_sequence BIGINT NOT NULL DEFAULT 1 CHECK (joined_sequence >= 1),
                left_at TEXT,
                left_sequence BIGINT,
                delivered_sequence BIGINT NOT NULL DEFAULT 0,
                read_sequence BIGINT NOT NULL DEFAULT 0,
                revision BIGINT NOT NULL DEFAULT 0,
                PRIMARY KEY (organization_id, conversation_id, person_id),
                CHECK (0 <= read_sequence AND read_sequence <= delivered_sequence),
                CHECK ((left_at IS NULL) = (left_sequence IS NULL)),
                CHECK (left_sequence >= joined_sequence - 1),
                FOREIGN KEY (organization_id, conversation_id) REFERENCES conversation_next (organization_id, id),
                FOREIGN KEY (organization_id, person_id) REFERENCES person (organization_id, id)
            );
            CREATE TABLE message_next (
                organization_id TEXT NOT NULL,
                conversation_id TEXT NOT NULL,
                sequence BIGINT NOT NULL CHECK (sequence >= 1),
                id TEXT NOT NULL,
                sender_id TEXT NOT NULL,
                body TEXT,
                content_note TEXT,
                answers BIGINT,
                sent_at TEXT NOT NULL,
                change BIGINT NOT NULL DEFAULT 0,
                edited_at TEXT,
                deleted_at TEXT,
                PRIMARY KEY (organization_id, conversation_id, sequence),
                UNIQUE (organization_id, sender_id, id),
                CHECK ((body IS NULL) = (deleted_at IS NOT NULL)),
                CHECK (content_note IS NULL OR deleted_at IS NULL),
                CHECK (answers < sequence),
                FOREIGN KEY (organization_id, conversation_id) REFERENCES conversation_next (organization_id, id),
                FOREIGN KEY (organization_id, sender_id) REFERENCES person (organization_id, id)
            );
            INSERT INTO conversation_next (organization_id, id, match_id, program_id, last_sequence, last_at, created_at,
                closed_at, paused_at)
            SELECT organization_id, id, match_id, program_id, last_sequence, last_at, created_at, closed_at, paused_at
            FROM conversation;
            INSERT INTO conversation_member_next (organization_id, conversation_id, person_id, role, joined_at,
                delivered_sequence, read_sequence)
            SELECT m.organization_id, m.conversation_id, m.person_id, m.role, c.created_at, m.delivered_sequence,
                m.read_sequence
            FROM conversation_member m
            JOIN conversation c ON c.organization_id = m.organization_id AND c.id = m.conversation_id;
            INSERT INTO message_next (organization_id, conversation_id, sequence, id, sender_id, body, sent_at)
            SELECT organization_id, conversation_id, sequence, id, sender_id, body, sent_at FROM message;
            DROP TABLE message;
            DROP TABLE conversation_member;
            DROP TABLE conversation;
            ALTER TABLE conversation_next RENAME TO conversation;
            ALTER TABLE conversation_member_next RENAME TO conversation_member;
            ALTER TABLE message_next RENAME TO message;
            CREATE UNIQUE INDEX conversation_match ON conversation (organization_id, match_id);
            CREATE INDEX conversation_member_person ON conversation_member (organization_id, person_id);
            CREATE UNIQUE INDEX conversation_member_nickname
                ON conversation_member (organization_id, conversation_id, lower(nickname)) WHERE left_at IS NULL;
            CREATE INDEX message_change ON message (organization_id, conversation_id, change) WHERE change > 0;
            """),
        Migration("2026-11-27-message-removal", "ALTER TABLE message ADD COLUMN removed_at TEXT;"),
        // What a message said before it was changed, and what somebody has not sent yet.
        Migration(
            "2026-11-27-changed-messages-and-drafts",
            """
            CREATE TABLE message_before (
                organization_id TEXT NOT NULL,
                conversation_id TEXT NOT NULL,
                sequence BIGINT NOT NULL,
                change BIGINT NOT NULL,
                body TEXT NOT NULL,
                content_note TEXT,
                until TEXT NOT NULL,
                PRIMARY KEY (organization_id, conversation_id, sequence, change),
                FOREIGN KEY (organization_id, conversation_id, sequence)
                    REFERENCES message (organization_id, conversation_id, sequence)
            );
            CREATE TABLE conversation_draft (
                organization_id TEXT NOT NULL,
                conversation_id TEXT NOT NULL,
                person_id TEXT NOT NULL,
                body TEXT NOT NULL,
                kept_at TEXT NOT NULL,
                PRIMARY KEY (organization_id, conversation_id, person_id),
                FOREIGN KEY (organization_id, conversation_id) REFERENCES conversation (organization_id, id),
                FOREIGN KEY (organization_id, person_id) REFERENCES person (organization_id, id)
            );
            """),
        Migration("2026-11-28-noted-drafts", "ALTER TABLE conversation_draft ADD COLUMN content_note TEXT;"),
        // What came with a message. It may be there before the message is, while somebody reads that first; and what is in
        // it stands last, so that reading about it does not read it.
        Migration(
            "2026-11-28-attachments",
            """
            CREATE TABLE message_attachment (
                organization_id TEXT NOT NULL,
                sender_id TEXT NOT NULL,
                message_id TEXT NOT NULL,
                conversation_id TEXT NOT NULL,
                format TEXT NOT NULL CHECK (format IN ('jpeg', 'png', 'webp', 'ogg', 'webm', 'mp4')),
                width BIGINT CHECK (width > 0),
                height BIGINT CHECK (height > 0),
                seconds BIGINT CHECK (seconds > 0),
                description TEXT,
                kept_at TEXT NOT NULL,
                content BYTEA NOT NULL,
                PRIMARY KEY (organization_id, sender_id, message_id),
                CHECK ((width IS NULL) = (height IS NULL)),
                CHECK ((width IS NULL) = (seconds IS NOT NULL)),
                FOREIGN KEY (organization_id, conversation_id) REFERENCES conversation (organization_id, id),
                FOREIGN KEY (organization_id, sender_id) REFERENCES person (organization_id, id)
            );
            ALTER TABLE conversation ADD COLUMN takes_attachments BOOLEAN NOT NULL DEFAULT FALSE;
            UPDATE conversation SET takes_attachments = TRUE WHERE match_id IS NOT NULL;
            """),
        Migration(
            "2026-11-29-member-block",
            """
            CREATE TABLE member_block (
                organization_id TEXT NOT NULL,
                id TEXT NOT NULL,
                conversation_id TEXT NOT NULL,
                blocker_id TEXT NOT NULL,
                blocked_id TEXT NOT NULL,
                at TEXT NOT NULL,
                PRIMARY KEY (organization_id, id),
                UNIQUE (organization_id, conversation_id, blocker_id, blocked_id),
                CHECK (blocker_id <> blocked_id),
                FOREIGN KEY (organization_id, blocker_id) REFERENCES person (organization_id, id),
                FOREIGN KEY (organization_id, blocked_id) REFERENCES person (organization_id, id),
                FOREIGN KEY (organization_id, conversation_id) REFERENCES conversation (organization_id, id)
            );
            CREATE INDEX member_block_blocker ON member_block (organization_id, blocker_id);
            CREATE INDEX member_block_blocked ON member_block (organization_id, blocked_id);
            """)
    ]
}
