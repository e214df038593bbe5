import Storage

extension Concern {
    /// A concern by its identifier alone, for what has established its right to it.
    static func load(_ id: ID, of organization: Organization.ID, in db: Reading) throws -> Concern? {
        try db.first(
            "SELECT * FROM concern WHERE organization_id = \(organization) AND id = \(id)", Concern.init(row:))
    }

    /// A concern that the person asking may look after: by their role in its program, or because its ladder called them
    /// and nobody else has it, or they do.
    /// - Throws: ``Problem/notFound`` for everybody else, and for whoever it is about.
    package static func find(_ id: ID, in db: Reading) throws -> Concern {
        let found = try db.first(
            """
            SELECT c.* FROM concern c WHERE c.organization_id = \(db.organization) AND c.id = \(id) AND \(visible(in: db))
            """, Concern.init(row:))
        guard let found else { throw Problem.notFound }
        return found
    }

    /// A concern that the person asking raised.
    package static func raised(_ id: ID, in db: Reading) throws -> Concern {
        let found = try db.first(
            """
            SELECT * FROM concern WHERE organization_id = \(db.organization) AND id = \(id) AND raised_by = \(db.me)
            AND NOT is_drill
            """, Concern.init(row:))
        guard let found else { throw Problem.notFound }
        return found
    }

    /// A concern that somebody without an account raised, by the link they raised it with.
    static func raised(_ id: ID, by link: SignedLink, in db: Reading) throws -> Concern {
        let person = try referral(of: link, in: db).person
        guard let found = try load(id, of: link.organization, in: db), found.raisedBy == person else {
            throw Problem.notFound
        }
        return found
    }

    /// A condition on the row `c`. Whom a concern is about never finds it, whatever their role; so the rules for records
    /// of somebody, in which they always find their own, do not fit.
    static func visible(in db: Reading) throws -> SQL {
        let (organization, me) = (try db.organization, try db.me)
        let isCalled: SQL =
            Wall.allows(.concern, on: [.called])
            ? """
            c.program_id IN \(try db.reach(Ladder.callable)) AND (c.state = 'escalating' OR c.acknowledged_by = \(me))
            AND EXISTS (SELECT 1 FROM concern_call k
                WHERE k.organization_id = \(organization) AND k.concern_id = c.id AND k.person_id = \(me))
            """ : "FALSE"
        return """
            (c.about_id IS NULL OR c.about_id <> \(me)) AND (c.program_id IN \(try db.programs(seeing: .concern))
                OR \(isCalled))
            """
    }

    /// One concern as a line.
    struct Line: Sendable {
        let concern: Concern
        let program: String
        let about: String?
        let raiser: String?
        let owner: String?
        let debriefed: String?
    }

    static let mostListed = 50

    /// What the person asking may look after, by a further condition on the row `c`. Who is named is noted.
    static func lines(_ condition: SQL, order: SQL, in db: Reading) throws -> [Line] {
        let found = try db.all(
            """
            SELECT c.*, g.name AS program, coalesce(a.called, a.name) AS about, coalesce(r.called, r.name) AS raiser,
                o.name AS owner, d.name AS debriefed
            FROM concern c
            JOIN program g ON g.organization_id = c.organization_id AND g.id = c.program_id
            LEFT JOIN person a ON a.organization_id = c.organization_id AND a.id = c.about_id
            LEFT JOIN person r ON r.organization_id = c.organization_id AND r.id = c.raised_by
            LEFT JOIN person o ON o.organization_id = c.organization_id AND o.id = c.acknowledged_by
            LEFT JOIN person d ON d.organization_id = c.organization_id AND d.id = c.debrief_id
            WHERE c.organization_id = \(db.organization) AND \(visible(in: db)) AND \(condition)
            ORDER BY \(order) LIMIT \(mostListed)
            """
        ) { row in
            Line(
                concern: try Concern(row: row), program: try row["program"], about: try row["about"],
                raiser: try row["raiser"], owner: try row["owner"], debriefed: try row["debriefed"])
        }
        for line in found { for person in line.concern.excluded { db.disclose(.listed, of: person) } }
        return found
    }

    /// What was closed and needs somebody again: a follow-up whose day has come, or a talk that was asked for. It is its
    /// owner's; where they have left, everybody's who may look after it.
    static func needsOwnerAgain(in db: Reading) throws -> SQL {
        let me = try db.me
        return """
            c.state = 'closed' AND NOT c.is_drill
            AND (c.followed_up_at IS NULL AND c.follow_up_on <= \(db.today)
                OR c.debrief_answer = 'yes' AND c.debriefed_at IS NULL)
            AND (c.acknowledged_by = \(me) OR NOT EXISTS (SELECT 1 FROM membership m
                WHERE m.organization_id = c.organization_id AND m.program_id = c.program_id
                AND m.person_id = c.acknowledged_by AND m.role IN \(list: Ladder.callable) AND m.ended_at IS NULL))
            """
    }

    /// What waits for somebody to say that they have it, drills apart, and what the person asking has in hand too long or
    /// needs to see again. What is over is not looked at, as it stands on first pages.
    static func needed(in db: Reading) throws -> [RaisedWork.Question] {
        let open: SQL = """
            SELECT count(*) FROM concern c WHERE c.organization_id = \(try db.organization)
            AND (c.followed_up_at IS NULL AND (c.state <> 'closed' OR NOT c.is_drill)
                OR c.debrief_answer = 'yes' AND c.debriefed_at IS NULL)
            AND \(try visible(in: db))
            """
        return [
            .init("concerns.raised.waiting", "\(open) AND c.state = 'escalating' AND NOT c.is_drill"),
            .init("concerns.raised.drills", "\(open) AND c.state = 'escalating' AND c.is_drill"),
            .init(
                "concerns.raised.owed",
                """
                \(open) AND (c.state = 'acknowledged' AND c.acknowledged_by = \(try db.me) AND c.due_at < \(db.now)
                    OR \(try needsOwnerAgain(in: db)))
                """)
        ]
    }

    /// How many concerns of the programs that the person asking administers cannot be delivered, and how many programs
    /// whose last drill found nobody.
    static func failing(in db: Reading) throws -> SQL {
        """
        SELECT count(*) FROM concern c WHERE c.organization_id = \(try db.organization)
            AND c.program_id IN \(try db.reach(.administrator))
            AND (c.state = 'escalating' AND (c.nobody_at IS NOT NULL OR c.undelivered_at IS NOT NULL)
                OR c.is_drill AND c.outcome = 'unanswered' AND c.raised_at > \(db.now.adding(days: -30))
                    AND NOT EXISTS (SELECT 1 FROM concern n WHERE n.organization_id = c.organization_id
                        AND n.program_id = c.program_id AND n.is_drill AND n.raised_at > c.raised_at))
        """
    }

    /// What the person asking raised, the newest first.
    package static func raised(in db: Reading) throws -> [Concern] {
        try db.all(
            """
            SELECT * FROM concern WHERE organization_id = \(db.organization) AND raised_by = \(db.me) AND NOT is_drill
            ORDER BY raised_at DESC, id DESC LIMIT 20
            """, Concern.init(row:))
    }

    /// The talks that the person asking is offered and has not answered, with who offers them.
    package static func offeredDebriefs(in db: Reading) throws -> [(id: ID, by: String)] {
        try db.all(
            """
            SELECT c.id, p.name FROM concern c
            JOIN person p ON p.organization_id = c.organization_id AND p.id = c.acknowledged_by
            WHERE c.organization_id = \(db.organization) AND c.debrief_id = \(db.me) AND c.debriefed_at IS NULL
                AND c.debrief_answer IS NULL ORDER BY c.closed_at, c.id LIMIT 5
            """
        ) { (id: try $0["id"], by: try $0["name"]) }
    }

    /// One that the person asking is offered a talk about.
    static func offering(_ id: ID, in db: Reading) throws -> Concern {
        guard let found = try load(id, of: db.organization, in: db), try found.debriefed == db.me else {
            throw Problem.notFound
        }
        return found
    }
}

// MARK: - What was said, and what happened

extension Concern {
    /// Something that was said of it.
    struct Report: Sendable {
        let at: Instant
        let kind: Kind
        let source: Source?
        /// nil where nothing was written.
        let words: String?
        let isReadable: Bool
    }

    /// What was said, the first first. Whoever calls has established their right to it.
    func reports(in db: Reading) throws -> [Report] {
        let key = try keyHolder.flatMap { try db.textKey(of: $0, in: organization) }
        return try db.all(
            """
            SELECT id, at, kind, words, source FROM concern_report
            WHERE organization_id = \(organization) AND concern_id = \(id) ORDER BY at, id LIMIT 100
            """
        ) { row in
            var texts = KeptTexts(key, id: try row["id"])
            let words = texts.open(try row["words"], "concern_report.words")
            return Report(
                at: try row["at"], kind: try row["kind"], source: try row["source"], words: words,
                isReadable: texts.areReadable)
        }
    }

    /// What whoever closed it wrote.
    func outcomeWords(in db: Reading) throws -> String? {
        let sealed = try db.value(
            "SELECT outcome_words FROM concern WHERE organization_id = \(organization) AND id = \(id)",
            as: String?.self)
        guard let sealed = sealed ?? nil, let keyHolder else { return nil }
        return try db.textKey(of: keyHolder, in: organization)?.open(sealed, from: outcomePlace)
    }

    /// One person called on a rung.
    struct Call: Sendable {
        let round: Int
        let rung: Int
        let at: Instant
        let name: String
        let channel: ContactChannel.Kind?
        let state: OutgoingMessage.State?
        let attempts: Int
        /// A word for why nothing left, or what the other side said.
        let failure: String?
    }

    static let mostCalls = 200

    /// Whom it called, the newest first.
    func calls(in db: Reading) throws -> [Call] {
        try db.all(
            """
            SELECT k.round, k.rung, k.at, k.channel, coalesce(k.failure, m.failure) AS failure, m.state, m.attempts, p.name
            FROM concern_call k
            JOIN person p ON p.organization_id = k.organization_id AND p.id = k.person_id
            LEFT JOIN outgoing_message m ON m.organization_id = k.organization_id AND m.id = k.message_id
            WHERE k.organization_id = \(organization) AND k.concern_id = \(id)
            ORDER BY k.round DESC, k.rung DESC, p.name LIMIT \(Self.mostCalls)
            """
        ) {
            Call(
                round: try $0["round"], rung: try $0["rung"], at: try $0["at"], name: try $0["name"],
                channel: try $0["channel"], state: try $0["state"],
                attempts: (try $0["attempts"] as Int?) ?? 0, failure: try $0["failure"])
        }
    }

    /// What happened besides, the newest first.
    func turns(in db: Reading) throws -> [Turn] {
        try db.all(
            """
            SELECT t.at, t.what, p.name, o.name AS other FROM concern_turn t
            LEFT JOIN person p ON p.organization_id = t.organization_id AND p.id = t.person_id
            LEFT JOIN person o ON o.organization_id = t.organization_id AND o.id = t.other_id
            WHERE t.organization_id = \(organization) AND t.concern_id = \(id) ORDER BY t.at DESC, t.id DESC LIMIT 100
            """
        ) { Turn(what: try $0["what"], at: try $0["at"], person: try $0["name"], other: try $0["other"]) }
    }

    /// How many people have been called.
    func called(in db: Reading) throws -> Int {
        try db.value(
            """
            SELECT count(DISTINCT person_id) FROM concern_call
            WHERE organization_id = \(organization) AND concern_id = \(id)
            """) ?? 0
    }
}
