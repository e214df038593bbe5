import Storage

extension MemberStory {
    package static let migrations = [
        Migration(
            "2026-11-28-stories",
            """
            CREATE TABLE member_story (
                organization_id TEXT NOT NULL,
                id TEXT NOT NULL UNIQUE,
                program_id TEXT NOT NULL,
                writer_id TEXT NOT NULL,
                kind TEXT NOT NULL CHECK (kind IN ('story', 'tip')),
                state TEXT NOT NULL CHECK (state IN ('draft', 'waiting', 'shown', 'returned', 'declined', 'withdrawn')),
                language TEXT NOT NULL,
                title TEXT,
                body TEXT,
                shown_as TEXT,
                written_at TEXT NOT NULL,
                agreed_at TEXT,
                agreed_words TEXT,
                may_stay BOOLEAN NOT NULL,
                shown_at TEXT,
                withdrawn_at TEXT,
                PRIMARY KEY (organization_id, id),
                CHECK ((agreed_at IS NULL) = (agreed_words IS NULL)),
                CHECK (state NOT IN ('waiting', 'shown') OR agreed_at IS NOT NULL),
                CHECK ((state = 'shown') = (shown_at IS NOT NULL)),
                CHECK ((state = 'withdrawn') = (body IS NULL)),
                CHECK ((state = 'withdrawn') = (withdrawn_at IS NOT NULL)),
                FOREIGN KEY (organization_id, program_id) REFERENCES program (organization_id, id),
                FOREIGN KEY (organization_id, writer_id) REFERENCES person (organization_id, id)
            );
            CREATE INDEX member_story_shown ON member_story (organization_id, program_id, shown_at, id)
                WHERE shown_at IS NOT NULL;
            CREATE INDEX member_story_writer ON member_story (organization_id, writer_id, written_at);
            """)
    ]

    package static let feature = Feature(
        name: "Stories", migrations: migrations, routes: routes,
        events: [
            .storyWritten, .storyChanged, .storyAgreed, .storyShown, .storyReturned, .storyDeclined, .storyWithdrawn
        ],
        reactions: [
            (.moderationDecided, followDecision), (.appealDecided, followAppeal), (.roleEnded, followRole),
            (.consentWithdrawn, followConsent)
        ],
        orphans: [
            OrphanCheck("stories and tips that wait to be read, and are nobody's to read") { _ in
                """
                SELECT s.id FROM member_story s WHERE s.state = 'waiting' AND NOT EXISTS (
                    SELECT 1 FROM moderation_item i WHERE i.organization_id = s.organization_id
                    AND i.message_id = s.id AND i.kind = 'held' AND i.state = 'open')
                """
            }
        ],
        copied: copied,
        erasures: [
            { house, person, _ in
                "DELETE FROM member_story WHERE organization_id = \(house) AND writer_id = \(person)"
            }
        ])
}
