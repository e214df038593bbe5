import Storage

extension ModerationItem {
    /// A condition on the row `i`: it is of a program that the person asking coordinates or supervises, and neither about
    /// them nor reported by them.
    static func visible(in db: Reading) throws -> SQL {
        let me = try db.me
        return """
            i.program_id IN \(try db.programs(seeing: .reported)) AND i.about_id <> \(me)
            AND NOT EXISTS (SELECT 1 FROM moderation_report r WHERE r.organization_id = i.organization_id
                AND r.item_id = i.id AND r.reporter_id = \(me))
            """
    }

    /// One item as a line.
    struct Line: Sendable {
        let item: ModerationItem
        let program: String
        let about: String
        /// Of a match: the supporter.
        let supporter: String?
        let owner: String?
        /// Of a report: what was said first.
        let reason: MessageReport.Reason?
        let reports: Int
    }

    static let mostListed = 100

    /// What the person asking may look after, by a further condition on the row `i`. Who is named is noted.
    static func lines(_ condition: SQL, order: SQL, in db: Reading) throws -> [Line] {
        let found = try db.all(
            """
            SELECT i.*, g.name AS program, coalesce(a.called, a.name) AS about, o.name AS owner,
                (SELECT count(*) FROM moderation_report r WHERE r.organization_id = i.organization_id
                    AND r.item_id = i.id) AS reports,
                (SELECT r.reason FROM moderation_report r WHERE r.organization_id = i.organization_id
                    AND r.item_id = i.id ORDER BY r.at, r.id LIMIT 1) AS reason,
                (SELECT coalesce(s.called, s.name) FROM match m JOIN person s ON s.organization_id = m.organization_id
                    AND s.id = m.supporter_id WHERE m.organization_id = i.organization_id AND m.id = i.match_id)
                    AS supporter
            FROM moderation_item i
            JOIN program g ON g.organization_id = i.organization_id AND g.id = i.program_id
            JOIN person a ON a.organization_id = i.organization_id AND a.id = i.about_id
            LEFT JOIN person o ON o.organization_id = i.organization_id AND o.id = i.claimed_by
            WHERE i.organization_id = \(db.organization) AND \(visible(in: db)) AND \(condition)
            ORDER BY \(order) LIMIT \(mostListed)
            """
        ) { row in
            Line(
                item: try ModerationItem(row: row), program: try row["program"], about: try row["about"],
                supporter: try row["supporter"], owner: try row["owner"], reason: try row["reason"],
                reports: try row["reports"])
        }
        for line in found { db.disclose(.listed, of: line.item.about) }
        return found
    }

    /// - Throws: ``Problem/notFound`` for what the person asking does not look after.
    package static func find(_ id: ID, in db: Reading) throws -> ModerationItem {
        let found = try db.first(
            """
            SELECT i.* FROM moderation_item i WHERE i.organization_id = \(db.organization) AND i.id = \(id)
            AND \(visible(in: db))
            """, ModerationItem.init(row:))
        guard let found else { throw Problem.notFound }
        return found
    }

    /// What waits to be read under this identifier; nil when nothing does, or the person asking does not look after it.
    package static func waiting(for piece: String, in db: Reading) throws -> ModerationItem? {
        try db.first(
            """
            SELECT i.* FROM moderation_item i WHERE i.organization_id = \(db.organization) AND i.message_id = \(piece)
            AND i.kind = 'held' AND i.state = 'open' AND \(visible(in: db))
            """, ModerationItem.init(row:))
    }

    /// One that is about the person asking, and was told to them or offers them help.
    package static func own(_ id: ID, in db: Reading) throws -> ModerationItem {
        let found = try db.first(
            """
            SELECT * FROM moderation_item WHERE organization_id = \(db.organization) AND id = \(id)
            AND about_id = \(db.me)
            """, ModerationItem.init(row:))
        guard let found, found.kind == .worry || found.action?.isTold == true else { throw Problem.notFound }
        return found
    }

    /// Who may have it: whoever coordinates or supervises the program, has nothing to do with it, and did not decide
    /// what is appealed.
    package func colleagues(in db: Reading) throws -> [(id: Person.ID, name: String)] {
        let decider = state == .appealed ? decidedBy : nil
        return try db.all(
            """
            SELECT DISTINCT p.id, p.name FROM membership m
            JOIN person p ON p.organization_id = m.organization_id AND p.id = m.person_id
            WHERE m.organization_id = \(organization) AND m.program_id = \(program) AND m.ended_at IS NULL
                AND m.role IN \(list: HouseRules.publishers) AND p.id <> \(about) AND p.id <> \(decider ?? about)
                AND NOT EXISTS (SELECT 1 FROM moderation_report r WHERE r.organization_id = m.organization_id
                    AND r.item_id = \(id) AND r.reporter_id = p.id)
            ORDER BY p.name, p.id LIMIT 100
            """
        ) { (id: try $0["id"], name: try $0["name"]) }
    }

    /// What waits for somebody, and what is late.
    static func needed(in db: Reading) throws -> [RaisedWork.Question] {
        func count(_ condition: SQL) throws -> SQL {
            """
            SELECT count(*) FROM (SELECT 1 AS one FROM moderation_item i
                WHERE i.organization_id = \(try db.organization) AND \(condition) AND \(try visible(in: db))
                LIMIT 100) AS i
            """
        }
        return [
            .init("moderation.raised.late", try count("i.due_at < \(db.now)")),
            .init("moderation.raised.waiting", try count("i.due_at >= \(db.now) AND i.claimed_by IS NULL"))
        ]
    }

    /// How many decisions about the person asking, and about what they reported, are new to their first page.
    static func told(in db: Reading) throws -> SQL {
        let (organization, me) = (try db.organization, try db.me)
        let since = db.now.adding(days: -Moderation.appealDays)
        let told = Action.allCases.filter(\.isTold)
        return """
            SELECT count(*) FROM (
                SELECT i.id FROM moderation_item i WHERE i.organization_id = \(organization) AND i.about_id = \(me)
                    AND i.action IN \(list: told) AND coalesce(i.settled_at, i.decided_at) > \(since)
                UNION SELECT i.id FROM moderation_report r
                    JOIN moderation_item i ON i.organization_id = r.organization_id AND i.id = r.item_id
                    WHERE r.organization_id = \(organization) AND r.reporter_id = \(me) AND i.decided_at > \(since)
                LIMIT 20) AS news
            """
    }

    /// What was decided about the person asking, the newest first.
    static func decidedAboutMe(in db: Reading) throws -> [ModerationItem] {
        try db.all(
            """
            SELECT * FROM moderation_item WHERE organization_id = \(db.organization) AND about_id = \(db.me)
            AND action IN \(list: Action.allCases.filter(\.isTold)) ORDER BY decided_at DESC, id DESC LIMIT 50
            """, ModerationItem.init(row:))
    }

    /// What it was reported as, the first first, with what was said about it.
    func reports(in db: Reading) throws -> [(report: MessageReport, words: String?)] {
        try db.all(
            """
            SELECT r.*, \(TextKey.wrapped(of: "r.reporter_id", in: "r.organization_id")) AS wrapped_key
            FROM moderation_report r WHERE r.organization_id = \(organization) AND r.item_id = \(id)
            ORDER BY r.at, r.id LIMIT 100
            """
        ) { row in
            let report = try MessageReport(row: row)
            let sealed: String? = try row["words"]
            let key = try db.key(row["wrapped_key"], of: row["reporter_id"])
            return (report, sealed.flatMap { key?.open($0, from: MessageReport.place(report.id)) })
        }
    }

    /// The messages that were kept with it, in their order.
    func evidence(in db: Reading) throws -> [Evidence] {
        try db.all(
            """
            SELECT e.*, coalesce(p.called, p.name) AS writer, \(Message.Attachment.columns),
                \(TextKey.wrapped(of: "e.key_id", in: "e.organization_id")) AS wrapped_key
            FROM moderation_evidence e
            LEFT JOIN moderation_attachment y ON y.organization_id = e.organization_id AND y.item_id = e.item_id
                AND y.message_id = e.message_id
            JOIN person p ON p.organization_id = e.organization_id AND p.id = e.writer_id
            WHERE e.organization_id = \(organization) AND e.item_id = \(id)
            ORDER BY e.conversation_id, e.sequence LIMIT 200
            """
        ) { row in
            let sealed: String? = try row["words"]
            let key = try db.key(row["wrapped_key"], of: row["key_id"])
            let message: Message.ID = try row["message_id"]
            return Evidence(
                person: try row["writer_id"], writer: try row["writer"], message: message,
                isReported: try row["is_reported"],
                words: sealed.flatMap { key?.open($0, from: Evidence.place(id, message)) },
                attachment: try Message.Attachment(row: row, of: message, with: nil), sentAt: try row["sent_at"])
        }
    }

    /// What was written to whom it is about, and by them.
    func texts(in db: Reading) throws -> (decision: String?, appeal: String?, outcome: String?) {
        let key = try db.textKey(of: about, in: organization)
        let found = try db.first(
            """
            SELECT decision_words, appeal_words, outcome_words FROM moderation_item
            WHERE organization_id = \(organization) AND id = \(id)
            """
        ) { row in
            var texts = KeptTexts(key, id: id.text)
            return (
                decision: texts.open(try row["decision_words"], "moderation_item.decision_words"),
                appeal: texts.open(try row["appeal_words"], "moderation_item.appeal_words"),
                outcome: texts.open(try row["outcome_words"], "moderation_item.outcome_words")
            )
        }
        return found ?? (nil, nil, nil)
    }
}

extension MessageReport {
    /// What the person asking reported, the newest first, with what became of it.
    static func mine(in db: Reading) throws -> [(
        report: MessageReport, state: ModerationItem.State, acted: Bool, due: Instant?
    )] {
        try db.all(
            """
            SELECT r.*, i.state, i.action, i.due_at FROM moderation_report r
            JOIN moderation_item i ON i.organization_id = r.organization_id AND i.id = r.item_id
            WHERE r.organization_id = \(db.organization) AND r.reporter_id = \(db.me)
            ORDER BY r.at DESC, r.id DESC LIMIT 50
            """
        ) { row in
            let action: ModerationItem.Action? = try row["action"]
            return (
                report: try MessageReport(row: row), state: try row["state"], acted: action?.isTold ?? false,
                due: try row["due_at"]
            )
        }
    }
}
