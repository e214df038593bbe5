import Storage

/// How people may be reached, and under which names.
package enum Contact {
    static let migrations = [
        Migration(
            "2026-11-27-contact",
            """
            CREATE TABLE contact_preference (
                organization_id TEXT NOT NULL,
                person_id TEXT NOT NULL,
                way TEXT CHECK (way IN ('email', 'text', 'kith-only')),
                time_zone TEXT NOT NULL,
                hours_from BIGINT NOT NULL CHECK (hours_from BETWEEN 0 AND 1439),
                hours_until BIGINT NOT NULL CHECK (hours_until BETWEEN 0 AND 1440),
                no_messages BOOLEAN NOT NULL,
                no_visits BOOLEAN NOT NULL,
                no_referrals BOOLEAN NOT NULL,
                set_by TEXT NOT NULL,
                set_at TEXT NOT NULL,
                PRIMARY KEY (organization_id, person_id),
                CHECK (hours_from <> hours_until),
                FOREIGN KEY (organization_id, person_id) REFERENCES person (organization_id, id)
            );
            CREATE TABLE neutral_names (
                organization_id TEXT PRIMARY KEY REFERENCES organization (id),
                sender TEXT NOT NULL,
                subject TEXT NOT NULL,
                caller TEXT NOT NULL,
                set_by TEXT NOT NULL,
                set_at TEXT NOT NULL
            );
            """),
        // A column for each kind of notice would be a migration for each. Their names, with a space between.
        Migration(
            "2026-11-27-contact-unwanted",
            """
            ALTER TABLE contact_preference ADD COLUMN unwanted TEXT NOT NULL DEFAULT '';
            UPDATE contact_preference SET unwanted = trim(
                CASE WHEN no_messages THEN 'message ' ELSE '' END || CASE WHEN no_visits THEN 'visit ' ELSE '' END
                || CASE WHEN no_referrals THEN 'referral' ELSE '' END);
            ALTER TABLE contact_preference DROP COLUMN no_messages;
            ALTER TABLE contact_preference DROP COLUMN no_visits;
            ALTER TABLE contact_preference DROP COLUMN no_referrals;
            """),
        Migration("2026-11-28-neutral-appointment", "ALTER TABLE neutral_names ADD COLUMN appointment TEXT"),
        Migration("2026-12-10-house-telephone", "ALTER TABLE neutral_names ADD COLUMN telephone TEXT")
    ]

    package static let feature = Feature(
        name: "Contact", migrations: migrations + TextStop.migrations, routes: routes + NeutralNames.routes,
        events: [.contactPreferenceSet, .neutralNamesSet, .textsStopped, .textsStarted],
        erasures: [
            { house, person, _ in
                "DELETE FROM contact_preference WHERE organization_id = \(house) AND person_id = \(person)"
            }
        ])
}
