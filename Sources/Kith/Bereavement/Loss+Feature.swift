import Storage

extension Loss {
    package static let migrations = [
        Migration(
            "2026-11-28-bereavement",
            """
            CREATE TABLE loss (
                organization_id TEXT NOT NULL,
                id TEXT NOT NULL UNIQUE,
                program_id TEXT NOT NULL,
                person_id TEXT,
                care_relation_id TEXT,
                told_by TEXT NOT NULL,
                told_at TEXT NOT NULL,
                died_on TEXT,
                state TEXT NOT NULL CHECK (state IN ('told', 'recorded', 'mistaken')),
                due_at TEXT,
                settled_by TEXT,
                settled_at TEXT,
                PRIMARY KEY (organization_id, id),
                CHECK (person_id IS NOT NULL OR care_relation_id IS NOT NULL),
                CHECK ((state = 'told') = (due_at IS NOT NULL)),
                CHECK ((settled_by IS NULL) = (settled_at IS NULL)),
                FOREIGN KEY (organization_id, program_id) REFERENCES program (organization_id, id),
                FOREIGN KEY (organization_id, person_id) REFERENCES person (organization_id, id)
            );
            CREATE UNIQUE INDEX loss_person ON loss (organization_id, person_id)
                WHERE state <> 'mistaken' AND person_id IS NOT NULL;
            CREATE UNIQUE INDEX loss_relation ON loss (organization_id, care_relation_id)
                WHERE state <> 'mistaken' AND care_relation_id IS NOT NULL;
            CREATE INDEX loss_program ON loss (organization_id, program_id, state, told_at);
            CREATE TABLE mourner (
                organization_id TEXT NOT NULL,
                loss_id TEXT NOT NULL,
                person_id TEXT NOT NULL,
                program_id TEXT NOT NULL,
                bond TEXT NOT NULL CHECK (bond IN ('cared-for-them', 'supported-them', 'supports-carer',
                    'supported-by-them')),
                about_id TEXT,
                since TEXT NOT NULL,
                due_at TEXT,
                answer TEXT CHECK (answer IN ('talk', 'fine')),
                answered_at TEXT,
                spoken_at TEXT,
                spoken_by TEXT,
                PRIMARY KEY (organization_id, loss_id, person_id),
                CHECK ((answer IS NULL) = (answered_at IS NULL)),
                CHECK ((spoken_at IS NULL) = (spoken_by IS NULL)),
                FOREIGN KEY (organization_id, loss_id) REFERENCES loss (organization_id, id),
                FOREIGN KEY (organization_id, person_id) REFERENCES person (organization_id, id),
                FOREIGN KEY (organization_id, about_id) REFERENCES person (organization_id, id)
            );
            CREATE INDEX mourner_person ON mourner (organization_id, person_id, answered_at);
            CREATE INDEX mourner_due ON mourner (organization_id, program_id, due_at) WHERE due_at IS NOT NULL;
            """)
    ]

    package static let feature = Feature(
        name: "Bereavement", migrations: migrations, routes: routes,
        events: [.lossTold, .lossRecorded, .lossMistaken, .mournerAnswered, .mournerSpokenWith],
        orphans: [
            OrphanCheck("deaths somebody told of that nobody made sure of, three days after they were to") { now in
                "SELECT id FROM loss WHERE state = 'told' AND due_at < \(now.adding(days: -3))"
            },
            OrphanCheck("people after a loss with whom nobody spoke, a week after somebody was to") { now in
                "SELECT loss_id FROM mourner WHERE due_at < \(now.adding(days: -7))"
            }
        ],
        raised: [RaisedWork("losses.raised", at: "/losses", query: Loss.count)],
        erasures: [
            { house, person, _ in
                """
                DELETE FROM mourner
                WHERE organization_id = \(house) AND (person_id = \(person) OR about_id = \(person))
                """
            },
            { house, person, _ in
                "UPDATE loss SET died_on = NULL WHERE organization_id = \(house) AND person_id = \(person)"
            }
        ])
}
