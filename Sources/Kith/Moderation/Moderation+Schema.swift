import Storage

extension Moderation {
    /// House rules and who accepted them, who blocked whom, what waits for a decision and what was decided.
    package static let migrations = [
        Migration(
            "2026-11-27-moderation",
            """
            CREATE TABLE house_rules (
                organization_id TEXT NOT NULL,
                program_id TEXT NOT NULL,
                version BIGINT NOT NULL CHECK (version > 0),
                changed TEXT NOT NULL,
                first_held BIGINT NOT NULL CHECK (first_held BETWEEN 0 AND 20),
                published_by TEXT NOT NULL,
                published_at TEXT NOT NULL,
                PRIMARY KEY (organization_id, program_id, version),
                FOREIGN KEY (organization_id, program_id) REFERENCES program (organization_id, id)
            );
            CREATE TABLE house_rule (
                organization_id TEXT NOT NULL,
                program_id TEXT NOT NULL,
                version BIGINT NOT NULL,
                number BIGINT NOT NULL CHECK (number > 0),
                title TEXT NOT NULL,
                body TEXT NOT NULL,
                PRIMARY KEY (organization_id, program_id, version, number),
                FOREIGN KEY (organization_id, program_id, version)
                    REFERENCES house_rules (organization_id, program_id, version)
            );
            CREATE TABLE house_rules_acceptance (
                organization_id TEXT NOT NULL,
                program_id TEXT NOT NULL,
                person_id TEXT NOT NULL,
                version BIGINT NOT NULL,
                accepted_at TEXT NOT NULL,
                PRIMARY KEY (organization_id, program_id, person_id, version),
                FOREIGN KEY (organization_id, program_id, version)
                    REFERENCES house_rules (organization_id, program_id, version),
                FOREIGN KEY (organization_id, person_id) REFERENCES person (organization_id, id)
            );
            CREATE TABLE person_block (
                organization_id TEXT NOT NULL,
                blocker_id TEXT NOT NULL,
                blocked_id TEXT NOT NULL,
                at TEXT NOT NULL,
                PRIMARY KEY (organization_id, blocker_id, blocked_id),
                CHECK (blocker_id <> blocked_id),
                FOREIGN KEY (organization_id, blocker_id) REFERENCES person (organization_id, id),
                FOREIGN KEY (organization_id, blocked_id) REFERENCES person (organization_id, id)
            );
            CREATE INDEX person_block_blocked ON person_block (organization_id, blocked_id, blocker_id);
            CREATE TABLE moderation_item (
                organization_id TEXT NOT NULL,
                id TEXT NOT NULL,
                program_id TEXT NOT NULL,
                kind TEXT NOT NULL CHECK (kind IN ('report', 'worry', 'held', 'match')),
                about_id TEXT NOT NULL,
                conversation_id TEXT,
                message_id TEXT,
                match_id TEXT,
                words TEXT,
                opened_at TEXT NOT NULL,
                state TEXT NOT NULL CHECK (state IN ('open', 'decided', 'appealed', 'settled')),
                due_at TEXT,
                claimed_by TEXT,
                claimed_at TEXT,
                answer TEXT CHECK (answer IN ('person', 'fine')),
                decided_by TEXT,
                decided_at TEXT,
                action TEXT,
                rule_version BIGINT,
                rule_number BIGINT,
                decision_words TEXT,
                appealed_at TEXT,
                appeal_words TEXT,
                settled_by TEXT,
                settled_at TEXT,
                outcome TEXT CHECK (outcome IN ('stands', 'taken-back')),
                outcome_words TEXT,
                PRIMARY KEY (organization_id, id),
                CHECK ((kind = 'match') = (match_id IS NOT NULL)),
                CHECK (kind NOT IN ('worry', 'held') OR message_id IS NOT NULL),
                CHECK ((state IN ('open', 'appealed')) = (due_at IS NOT NULL)),
                CHECK ((claimed_by IS NULL) = (claimed_at IS NULL)),
                CHECK ((state = 'open') = (decided_by IS NULL)),
                CHECK ((decided_by IS NULL) = (decided_at IS NULL)),
                CHECK ((decided_by IS NULL) = (action IS NULL)),
                CHECK ((rule_version IS NULL) = (rule_number IS NULL)),
                CHECK ((state IN ('appealed', 'settled')) = (appealed_at IS NOT NULL)),
                CHECK ((state = 'settled') = (settled_by IS NOT NULL)),
                CHECK ((settled_by IS NULL) = (settled_at IS NULL)),
                CHECK ((settled_by IS NULL) = (outcome IS NULL)),
                CHECK (claimed_by <> about_id),
                CHECK (decided_by <> about_id),
                CHECK (settled_by <> decided_by),
                CHECK (state <> 'appealed' OR claimed_by IS NULL OR claimed_by <> decided_by),
                FOREIGN KEY (organization_id, program_id) REFERENCES program (organization_id, id),
                FOREIGN KEY (organization_id, about_id) REFERENCES person (organization_id, id),
                FOREIGN KEY (organization_id, conversation_id) REFERENCES conversation (organization_id, id),
                FOREIGN KEY (organization_id, match_id) REFERENCES match (organization_id, id),
                FOREIGN KEY (organization_id, program_id, rule_version, rule_number)
                    REFERENCES house_rule (organization_id, program_id, version, number)
            );
            CREATE INDEX moderation_item_due ON moderation_item (organization_id, program_id, due_at)
                WHERE due_at IS NOT NULL;
            CREATE INDEX moderation_item_about ON moderation_item (organization_id, about_id, kind, message_id);
            CREATE UNIQUE INDEX moderation_item_open ON moderation_item (organization_id, program_id, about_id, kind)
                WHERE state = 'open' AND kind IN ('report', 'worry');
            CREATE UNIQUE INDEX moderation_item_match ON moderation_item (organization_id, match_id)
                WHERE state = 'open' AND kind = 'match';
            CREATE TABLE moderation_report (
                organization_id TEXT NOT NULL,
                id TEXT NOT NULL,
                item_id TEXT NOT NULL,
                reporter_id TEXT NOT NULL,
                message_id TEXT NOT NULL,
                at TEXT NOT NULL,
                reason TEXT NOT NULL,
                words TEXT,
                PRIMARY KEY (organization_id, id),
                UNIQUE (organization_id, reporter_id, message_id),
                FOREIGN KEY (organization_id, item_id) REFERENCES moderation_item (organization_id, id),
                FOREIGN KEY (organization_id, reporter_id) REFERENCES person (organization_id, id)
            );
            CREATE INDEX moderation_report_item ON moderation_report (organization_id, item_id, at);
            CREATE TABLE moderation_evidence (
                organization_id TEXT NOT NULL,
                item_id TEXT NOT NULL,
                message_id TEXT NOT NULL,
                sequence BIGINT NOT NULL,
                conversation_id TEXT NOT NULL,
                writer_id TEXT NOT NULL,
                key_id TEXT NOT NULL,
                sent_at TEXT NOT NULL,
                is_reported BOOLEAN NOT NULL,
                words TEXT,
                PRIMARY KEY (organization_id, item_id, message_id),
                FOREIGN KEY (organization_id, item_id) REFERENCES moderation_item (organization_id, id),
                FOREIGN KEY (organization_id, writer_id) REFERENCES person (organization_id, id),
                FOREIGN KEY (organization_id, key_id) REFERENCES person (organization_id, id)
            );
            CREATE TABLE moderation_turn (
                organization_id TEXT NOT NULL,
                id TEXT NOT NULL,
                item_id TEXT NOT NULL,
                at TEXT NOT NULL,
                what TEXT NOT NULL,
                person_id TEXT,
                other_id TEXT,
                PRIMARY KEY (organization_id, id),
                FOREIGN KEY (organization_id, item_id) REFERENCES moderation_item (organization_id, id)
            );
            CREATE INDEX moderation_turn_item ON moderation_turn (organization_id, item_id, at);
            CREATE TABLE moderation_restriction (
                organization_id TEXT NOT NULL,
                item_id TEXT NOT NULL,
                program_id TEXT NOT NULL,
                person_id TEXT NOT NULL,
                conversation_id TEXT NOT NULL,
                kind TEXT NOT NULL CHECK (kind IN ('slow-mode', 'wait', 'removed')),
                seconds BIGINT,
                from_at TEXT NOT NULL,
                until_at TEXT,
                ended_at TEXT,
                PRIMARY KEY (organization_id, item_id),
                CHECK ((kind = 'slow-mode') = (seconds IS NOT NULL)),
                CHECK ((kind = 'removed') = (until_at IS NULL)),
                FOREIGN KEY (organization_id, item_id) REFERENCES moderation_item (organization_id, id),
                FOREIGN KEY (organization_id, person_id) REFERENCES person (organization_id, id),
                FOREIGN KEY (organization_id, conversation_id) REFERENCES conversation (organization_id, id)
            );
            CREATE INDEX moderation_restriction_person ON moderation_restriction (organization_id, person_id, program_id)
                WHERE ended_at IS NULL;
            """),
        // What a message that is held back speaks of and answers goes along with it.
        Migration(
            "2026-11-28-held-messages",
            """
            ALTER TABLE moderation_item ADD COLUMN content_note TEXT;
            ALTER TABLE moderation_item ADD COLUMN answers BIGINT;
            DROP INDEX moderation_item_open;
            CREATE UNIQUE INDEX moderation_item_worry ON moderation_item (organization_id, program_id, about_id)
                WHERE state = 'open' AND kind = 'worry';
            CREATE UNIQUE INDEX moderation_item_report ON moderation_item (organization_id, conversation_id, about_id)
                WHERE state = 'open' AND kind = 'report';
            """),
        // What came with a message that was reported, under the key of whoever reported it. A description stands among
        // the words of the evidence.
        Migration(
            "2026-11-28-reported-attachments",
            """
            CREATE TABLE moderation_attachment (
                organization_id TEXT NOT NULL,
                item_id TEXT NOT NULL,
                message_id TEXT NOT NULL,
                key_id TEXT NOT NULL,
                format TEXT NOT NULL CHECK (format IN ('jpeg', 'png', 'webp', 'ogg', 'webm', 'mp4')),
                width BIGINT,
                height BIGINT,
                seconds BIGINT,
                description TEXT,
                content BYTEA NOT NULL,
                PRIMARY KEY (organization_id, item_id, message_id),
                FOREIGN KEY (organization_id, item_id, message_id)
                    REFERENCES moderation_evidence (organization_id, item_id, message_id) ON DELETE CASCADE,
                FOREIGN KEY (organization_id, key_id) REFERENCES person (organization_id, id)
            );
            """)
    ]
}
