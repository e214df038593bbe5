import Storage

extension Referral {
    /// Referrals, what became of them, and what their senders were told.
    package static let migrations = [
        Migration(
            "2026-11-21-referral",
            """
            CREATE TABLE referral (
                organization_id TEXT NOT NULL REFERENCES organization (id),
                id TEXT NOT NULL,
                reference TEXT NOT NULL UNIQUE,
                program_id TEXT NOT NULL,
                person_id TEXT NOT NULL,
                origin TEXT NOT NULL CHECK (origin IN ('partner', 'referrer', 'self', 'history')),
                partner_id TEXT,
                referrer_id TEXT,
                for_other BOOLEAN NOT NULL,
                reason TEXT NOT NULL,
                priority TEXT NOT NULL CHECK (priority IN ('routine', 'urgent')),
                state TEXT NOT NULL CHECK (state IN
                    ('2.0', '3.0', '4.0', '5.1', '5.1.1', '5.1.2', '5.1.3', '5.1.4', '5.2', '6.0', '7.0')),
                policy_version BIGINT NOT NULL,
                queue TEXT CHECK (queue IN ('intake', 'consent', 'matching', 'waiting', 'answers', 'first-contact',
                    'support', 'cancellation')),
                owner_id TEXT,
                due_at TEXT,
                received_at TEXT NOT NULL,
                closed_at TEXT,
                reopens_id TEXT,
                merged_into_id TEXT,
                stop_asked_by TEXT CHECK (stop_asked_by IN ('sender', 'person')),
                form_key TEXT,
                pin_failures BIGINT NOT NULL DEFAULT 0,
                pin_locked_until TEXT,
                revision BIGINT NOT NULL DEFAULT 1,
                PRIMARY KEY (organization_id, id),
                CHECK ((queue IS NULL) = (state IN ('4.0', '6.0', '7.0'))),
                CHECK (queue IS NULL OR (owner_id IS NOT NULL AND due_at IS NOT NULL)),
                CHECK ((queue IS NULL) = (closed_at IS NOT NULL)),
                FOREIGN KEY (organization_id, program_id) REFERENCES program (organization_id, id),
                FOREIGN KEY (organization_id, program_id, policy_version)
                    REFERENCES program_policy (organization_id, program_id, version),
                FOREIGN KEY (organization_id, person_id) REFERENCES person (organization_id, id),
                FOREIGN KEY (organization_id, partner_id) REFERENCES partner (organization_id, id),
                FOREIGN KEY (organization_id, referrer_id) REFERENCES person (organization_id, id),
                FOREIGN KEY (organization_id, owner_id) REFERENCES person (organization_id, id),
                FOREIGN KEY (organization_id, reopens_id) REFERENCES referral (organization_id, id),
                FOREIGN KEY (organization_id, merged_into_id) REFERENCES referral (organization_id, id)
            );
            CREATE INDEX referral_board ON referral (organization_id, program_id, queue, due_at, id);
            CREATE INDEX referral_open ON referral (organization_id, program_id, due_at, id) WHERE queue IS NOT NULL;
            CREATE INDEX referral_person ON referral (organization_id, person_id);
            CREATE INDEX referral_referrer ON referral (organization_id, referrer_id, received_at);
            CREATE INDEX referral_partner ON referral (organization_id, partner_id, received_at);
            CREATE INDEX referral_owner ON referral (organization_id, owner_id, queue);
            CREATE INDEX referral_reopens ON referral (organization_id, reopens_id) WHERE reopens_id IS NOT NULL;
            CREATE INDEX referral_joined ON referral (organization_id, merged_into_id)
                WHERE merged_into_id IS NOT NULL;
            CREATE UNIQUE INDEX referral_form ON referral (organization_id, form_key) WHERE form_key IS NOT NULL;
            CREATE TABLE referral_wish (
                organization_id TEXT NOT NULL,
                referral_id TEXT NOT NULL,
                wishes JSONB NOT NULL,
                PRIMARY KEY (organization_id, referral_id),
                FOREIGN KEY (organization_id, referral_id) REFERENCES referral (organization_id, id)
            );
            CREATE TABLE referral_step (
                organization_id TEXT NOT NULL,
                referral_id TEXT NOT NULL,
                number BIGINT NOT NULL,
                row_number BIGINT NOT NULL,
                move TEXT NOT NULL,
                state TEXT NOT NULL,
                actor TEXT NOT NULL,
                reason TEXT,
                at TEXT NOT NULL,
                PRIMARY KEY (organization_id, referral_id, number),
                FOREIGN KEY (organization_id, referral_id) REFERENCES referral (organization_id, id)
            );
            CREATE TABLE referral_notice (
                organization_id TEXT NOT NULL,
                referral_id TEXT NOT NULL,
                change TEXT NOT NULL CHECK (change IN
                    ('received', 'accepted', 'declined', 'first-contact', 'closed', 'cancelled', 'merged')),
                at TEXT NOT NULL,
                PRIMARY KEY (organization_id, referral_id, change),
                FOREIGN KEY (organization_id, referral_id) REFERENCES referral (organization_id, id)
            );
            CREATE TABLE contact_attempt (
                organization_id TEXT NOT NULL,
                id TEXT NOT NULL,
                referral_id TEXT NOT NULL,
                channel TEXT NOT NULL,
                outcome TEXT NOT NULL CHECK (outcome IN ('reached', 'no-answer', 'message-left')),
                by_id TEXT NOT NULL,
                at TEXT NOT NULL,
                PRIMARY KEY (organization_id, id),
                FOREIGN KEY (organization_id, referral_id) REFERENCES referral (organization_id, id)
            );
            CREATE INDEX contact_attempt_referral ON contact_attempt (organization_id, referral_id, at);
            CREATE TABLE referral_closing (
                organization_id TEXT NOT NULL,
                referral_id TEXT NOT NULL,
                outcome TEXT NOT NULL,
                word TEXT,
                closed_by TEXT NOT NULL,
                at TEXT NOT NULL,
                PRIMARY KEY (organization_id, referral_id),
                FOREIGN KEY (organization_id, referral_id) REFERENCES referral (organization_id, id)
            );
            CREATE TABLE feedback (
                organization_id TEXT NOT NULL,
                referral_id TEXT NOT NULL,
                helped TEXT NOT NULL,
                again TEXT NOT NULL,
                words TEXT,
                at TEXT NOT NULL,
                PRIMARY KEY (organization_id, referral_id),
                FOREIGN KEY (organization_id, referral_id) REFERENCES referral (organization_id, id)
            );
            """),
        Migration("2026-11-27-referral-step-words", "ALTER TABLE referral_step ADD COLUMN words TEXT;"),
        Migration("2026-12-01-referral-call-asked", "ALTER TABLE referral ADD COLUMN call_asked_at TEXT"),
        Migration("2026-12-12-referral-sooner", "ALTER TABLE referral ADD COLUMN sooner_at TEXT")
    ]
}
