import Storage

/// What a supporter says of a match, in one answer. Nobody reads it of a single match: it counts among all others of its
/// program, when weights are estimated. Whoever would rather not answer says that, and is not asked again before the end.
package enum MatchFeedback {
    package enum Answer: String, Sendable, CaseIterable, SQLConvertible, SQLDecodable {
        case yes, partly, no
    }

    static let migrations = [
        Migration(
            "2026-11-30-match-feedback",
            """
            CREATE TABLE match_feedback (
                organization_id TEXT NOT NULL,
                match_id TEXT NOT NULL,
                answer TEXT CHECK (answer IN ('yes', 'partly', 'no')),
                at TEXT NOT NULL,
                PRIMARY KEY (organization_id, match_id),
                FOREIGN KEY (organization_id, match_id) REFERENCES match (organization_id, id)
            );
            """)
    ]

    /// A match that lasts is asked about once, after so many days.
    static let steadyDays = 90
    /// A match that has ended is asked about for so many days.
    static let askedDays = 30

    /// A match `m` that its supporter is to be asked about: one that lasts, or one that is over, once each. Never one
    /// whose person died, takes part no more or is apart from them for their age, and not while that is so for the supporter either.
    private static func isAsked(in db: Reading) throws -> SQL {
        """
        m.organization_id = \(try db.organization) AND m.supporter_id = \(try db.me) AND m.apart_at IS NULL
        AND \(try db.reach(.match, of: .pair("m"), as: [.supporter])) AND m.end_reason IS DISTINCT FROM 'consent'
        AND EXISTS (SELECT 1 FROM person p WHERE p.organization_id = m.organization_id AND p.id = m.participant_id
            AND p.died_on IS NULL AND p.silent_since IS NULL)
        AND ((m.status = 'active' AND m.started_at < \(db.now.adding(days: -steadyDays))
                AND NOT EXISTS (SELECT 1 FROM match_feedback k WHERE k.organization_id = m.organization_id
                    AND k.match_id = m.id))
            OR (m.status = 'ended' AND m.ended_at > \(db.now.adding(days: -askedDays))
                AND NOT EXISTS (SELECT 1 FROM match_feedback k WHERE k.organization_id = m.organization_id
                    AND k.match_id = m.id AND k.at >= m.ended_at)))
        """
    }

    /// The matches that the person asking is asked about, by what they call the other; a few at a time.
    package static func asked(in db: Reading) throws -> [(match: Match.ID, name: String)] {
        let found = try db.all(
            """
            SELECT m.id, m.participant_id, coalesce(q.called, q.name) AS name FROM match m
            JOIN person q ON q.organization_id = m.organization_id AND q.id = m.participant_id
            WHERE \(isAsked(in: db)) ORDER BY m.started_at, m.id LIMIT 3
            """
        ) { row in
            (
                match: try row["id"] as Match.ID, person: try row["participant_id"] as Person.ID,
                name: try row["name"] as String
            )
        }
        for match in found { db.disclose(.listed, of: match.person) }
        return found.map { ($0.match, $0.name) }
    }

    /// The supporter answers, or says that they would rather not. Answering twice is answering once.
    package static func answer(_ answer: Answer?, of id: Match.ID, in db: Writing) throws {
        let match = try Match.find(id, in: db)
        guard match.side(of: db.actor.person) == .supporter else { throw Problem.notFound }
        let isAsked = try db.exists("SELECT 1 FROM match m WHERE m.id = \(id) AND \(isAsked(in: db))")
        guard isAsked else {
            let isAnswered = try db.exists(
                """
                SELECT 1 FROM match_feedback WHERE organization_id = \(match.organization) AND match_id = \(id)
                """)
            if isAnswered { return }
            throw Problem.conflict("match.settled")
        }
        try db.run(
            """
            INSERT INTO match_feedback (organization_id, match_id, answer, at)
            VALUES (\(match.organization), \(id), \(answer), \(db.now))
            ON CONFLICT (organization_id, match_id) DO UPDATE SET at = excluded.at,
                answer = coalesce(excluded.answer, match_feedback.answer)
            """)
        db.record(match.event(.matchLookedBack, about: match.supporter))
    }
}

extension EventKind {
    /// A supporter has answered how a match was, or would rather not. Not what they answered.
    package static let matchLookedBack = EventKind("match.looked-back")
}
