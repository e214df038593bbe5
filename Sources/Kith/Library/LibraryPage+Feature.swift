import Storage

extension LibraryPage {
    package static let migrations = [
        Migration(
            "2026-12-11-library",
            """
            CREATE TABLE library_page (
                organization_id TEXT NOT NULL,
                id TEXT NOT NULL,
                program_id TEXT NOT NULL,
                kind TEXT NOT NULL CHECK (kind IN ('reading', 'checklist')),
                state TEXT NOT NULL CHECK (state IN ('draft', 'published', 'withdrawn')),
                title TEXT NOT NULL,
                language TEXT NOT NULL,
                body TEXT NOT NULL,
                source TEXT NOT NULL,
                review_by TEXT NOT NULL,
                reviewed_at TEXT,
                reviewed_by TEXT,
                written_at TEXT NOT NULL,
                written_by TEXT NOT NULL,
                published_at TEXT,
                withdrawn_at TEXT,
                PRIMARY KEY (organization_id, id),
                CHECK ((reviewed_at IS NULL) = (reviewed_by IS NULL)),
                CHECK (state <> 'published' OR (published_at IS NOT NULL AND reviewed_at IS NOT NULL)),
                CHECK ((state = 'withdrawn') = (withdrawn_at IS NOT NULL)),
                FOREIGN KEY (organization_id, program_id) REFERENCES program (organization_id, id),
                FOREIGN KEY (organization_id, reviewed_by) REFERENCES person (organization_id, id),
                FOREIGN KEY (organization_id, written_by) REFERENCES person (organization_id, id)
            );
            CREATE INDEX library_page_program ON library_page (organization_id, program_id, state, review_by);
            """)
    ]

    package static let feature = Feature(
        name: "Library", migrations: migrations, routes: routes,
        events: [
            .libraryPageWritten, .libraryPageChanged, .libraryPagePublished, .libraryPageReviewed,
            .libraryPageWithdrawn
        ],
        raised: [RaisedWork("library.raised", at: "/library", for: Set(writers), query: late)])
}
