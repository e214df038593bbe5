import Storage

extension Person {
    /// People, what they may do, how they sign in, how they may be reached.
    package static let migrations = [
        Migration(
            "2026-11-21-people",
            """
            CREATE TABLE person (
                organization_id TEXT NOT NULL REFERENCES organization (id),
                id TEXT NOT NULL,
                name TEXT NOT NULL,
                called TEXT,
                language TEXT NOT NULL,
                birth_year BIGINT,
                gender TEXT,
                culture TEXT,
                area TEXT,
                do_not_contact BOOLEAN NOT NULL DEFAULT FALSE,
                created_at TEXT NOT NULL,
                PRIMARY KEY (organization_id, id)
            );
            CREATE INDEX person_name ON person (organization_id, name, id);
            CREATE TABLE contact_channel (
                organization_id TEXT NOT NULL,
                id TEXT NOT NULL,
                person_id TEXT NOT NULL,
                kind TEXT NOT NULL CHECK (kind IN ('phone', 'text', 'email', 'letter')),
                address TEXT NOT NULL,
                may_leave_message BOOLEAN NOT NULL,
                hours TEXT,
                place BIGINT NOT NULL,
                created_at TEXT NOT NULL,
                ended_at TEXT,
                PRIMARY KEY (organization_id, id),
                FOREIGN KEY (organization_id, person_id) REFERENCES person (organization_id, id)
            );
            CREATE INDEX contact_channel_person ON contact_channel (organization_id, person_id);
            CREATE INDEX contact_channel_address ON contact_channel (organization_id, lower(address));
            CREATE TABLE membership (
                organization_id TEXT NOT NULL,
                person_id TEXT NOT NULL,
                program_id TEXT NOT NULL,
                role TEXT NOT NULL CHECK (role IN
                    ('participant', 'supporter', 'coordinator', 'supervisor', 'referrer', 'administrator')),
                since TEXT NOT NULL,
                ended_at TEXT,
                PRIMARY KEY (organization_id, person_id, program_id, role),
                FOREIGN KEY (organization_id, person_id) REFERENCES person (organization_id, id),
                FOREIGN KEY (organization_id, program_id) REFERENCES program (organization_id, id)
            );
            CREATE INDEX membership_program ON membership (organization_id, program_id, role);
            CREATE TABLE account (
                organization_id TEXT NOT NULL,
                person_id TEXT NOT NULL,
                login TEXT NOT NULL,
                login_key TEXT NOT NULL UNIQUE,
                password TEXT NOT NULL,
                password_set_at TEXT NOT NULL,
                disabled_at TEXT,
                PRIMARY KEY (organization_id, person_id),
                FOREIGN KEY (organization_id, person_id) REFERENCES person (organization_id, id)
            );
            CREATE TABLE session (
                token_hash TEXT PRIMARY KEY,
                organization_id TEXT NOT NULL,
                person_id TEXT NOT NULL,
                created_at TEXT NOT NULL,
                expires_at TEXT NOT NULL,
                ended_at TEXT,
                FOREIGN KEY (organization_id, person_id) REFERENCES person (organization_id, id)
            );
            CREATE INDEX session_person ON session (organization_id, person_id);
            CREATE TABLE invitation (
                token_hash TEXT PRIMARY KEY,
                organization_id TEXT NOT NULL,
                person_id TEXT NOT NULL,
                invited_by TEXT NOT NULL,
                created_at TEXT NOT NULL,
                expires_at TEXT NOT NULL,
                accepted_at TEXT,
                FOREIGN KEY (organization_id, person_id) REFERENCES person (organization_id, id)
            );
            CREATE TABLE care_relation (
                organization_id TEXT NOT NULL,
                id TEXT NOT NULL,
                caregiver_id TEXT NOT NULL,
                cared_for_id TEXT,
                relation TEXT NOT NULL,
                created_at TEXT NOT NULL,
                ended_at TEXT,
                PRIMARY KEY (organization_id, id),
                FOREIGN KEY (organization_id, caregiver_id) REFERENCES person (organization_id, id),
                FOREIGN KEY (organization_id, cared_for_id) REFERENCES person (organization_id, id)
            );
            """),
        Migration("2026-11-27-session-browser", "ALTER TABLE session ADD COLUMN browser TEXT;"),
        Migration(
            "2026-11-27-person-key",
            """
            CREATE TABLE person_key (
                organization_id TEXT NOT NULL,
                person_id TEXT NOT NULL,
                wrapped TEXT,
                made_at TEXT NOT NULL,
                destroyed_at TEXT,
                PRIMARY KEY (organization_id, person_id),
                CHECK ((wrapped IS NULL) = (destroyed_at IS NOT NULL)),
                FOREIGN KEY (organization_id, person_id) REFERENCES person (organization_id, id)
            );
            """),
        Migration(
            "2026-11-27-sign-in-rules",
            """
            ALTER TABLE session ADD COLUMN proved_at TEXT;
            ALTER TABLE session ADD COLUMN seen_at TEXT;
            ALTER TABLE session ADD COLUMN idle_minutes BIGINT;
            ALTER TABLE session ADD COLUMN is_shared BOOLEAN NOT NULL DEFAULT FALSE;
            CREATE TABLE sign_in_rule (
                organization_id TEXT NOT NULL REFERENCES organization (id),
                role TEXT NOT NULL CHECK (role IN
                    ('participant', 'supporter', 'coordinator', 'supervisor', 'referrer', 'administrator')),
                lasting_hours BIGINT NOT NULL CHECK (lasting_hours > 0),
                idle_minutes BIGINT CHECK (idle_minutes > 0),
                second_factor BOOLEAN NOT NULL,
                changed_by TEXT NOT NULL,
                changed_at TEXT NOT NULL,
                PRIMARY KEY (organization_id, role)
            );
            """),
        SecondFactor.migration, Passkey.migration,
        Migration(
            "2026-11-27-contact-stopped",
            """
            ALTER TABLE person ADD COLUMN contact_stopped_at TEXT;
            ALTER TABLE person ADD COLUMN contact_prohibited BOOLEAN NOT NULL DEFAULT FALSE;
            UPDATE person SET contact_prohibited = do_not_contact;
            """),
        Migration(
            "2026-11-28-person-silent",
            """
            ALTER TABLE person ADD COLUMN silent_since TEXT;
            ALTER TABLE person ADD COLUMN died_on TEXT;
            """),
        // Whether the language was said, or taken over from what nobody asked.
        Migration(
            "2026-11-28-language-said",
            """
            ALTER TABLE person ADD COLUMN language_said_at TEXT;
            UPDATE person SET language_said_at = created_at WHERE language <> 'en';
            """),
        // Asked on first pages, so it must not grow with everybody's.
        Migration(
            "2026-11-28-care-relation-people",
            """
            CREATE INDEX care_relation_caregiver ON care_relation (organization_id, caregiver_id);
            CREATE INDEX care_relation_cared_for ON care_relation (organization_id, cared_for_id);
            """),
        // Numbers are found by their digits, whatever stands between them.
        Migration(
            "2026-12-01-channel-digits",
            """
            ALTER TABLE contact_channel ADD COLUMN digits TEXT;
            UPDATE contact_channel SET digits = replace(replace(replace(replace(replace(replace(replace(
                address, ' ', ''), '-', ''), '(', ''), ')', ''), '.', ''), '/', ''), '+', '')
            WHERE kind IN ('phone', 'text');
            CREATE INDEX contact_channel_digits ON contact_channel (organization_id, digits)
                WHERE digits IS NOT NULL AND ended_at IS NULL;
            """)
    ]
}
