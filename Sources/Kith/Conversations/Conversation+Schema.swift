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
        Migration("2026-11-27-conversation-pause", "ALTER TABLE conversation ADD COLUMN paused_at TEXT;")
    ]
}
