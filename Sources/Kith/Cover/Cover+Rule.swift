import Storage

/// Who is there. One rule in SQL, asked whenever something changes it and once an hour for what only time changes.
extension Cover {
    /// Why the supporter of a row `m` of `match` is not there, as a code; null when they are.
    static func absence(at now: Instant) -> SQL {
        """
        CASE WHEN m.apart_at IS NOT NULL THEN 'apart'
            WHEN EXISTS (SELECT 1 FROM account a WHERE a.organization_id = m.organization_id
                AND a.person_id = m.supporter_id AND a.disabled_at IS NOT NULL) THEN 'account'
            WHEN EXISTS (SELECT 1 FROM supporter_pause z WHERE \(isPaused(at: now))) THEN 'pause'
            WHEN \(isSilent(at: now)) THEN 'silence' END
        """
    }

    /// The day of return of the pause of a row `m`.
    static func returnDay(at now: Instant) -> SQL {
        "(SELECT z.returns_on FROM supporter_pause z WHERE \(isPaused(at: now)))"
    }

    /// A pause is over on its day of return, where the day begins last on earth: whoever counts as away by their own
    /// calendar is covered.
    private static func isPaused(at now: Instant) -> SQL {
        """
        z.organization_id = m.organization_id AND z.person_id = m.supporter_id AND z.ended_at IS NULL
            AND (z.returns_on IS NULL OR z.returns_on > \(now.adding(hours: -12).countedDay))
        """
    }

    /// No message, no contact that took place, no sign-in and no pause of the supporter for ``silentDays``, while one of those they
    /// support waits for an answer, for a contact that was planned, or for the first word.
    static func isSilent(at now: Instant) -> SQL {
        let since = now.adding(days: -silentDays)
        return """
            (NOT \(givesSign(since: since)) AND EXISTS (SELECT 1 FROM match w WHERE w.organization_id = m.organization_id
                AND w.supporter_id = m.supporter_id AND w.status = 'active' AND w.started_at < \(since)
                AND NOT \(takesPause()) AND \(waits(since: since))))
            """
    }

    /// Whether the person of a row `w` of `match` takes a pause themselves: then nobody is missed.
    private static func takesPause() -> SQL {
        """
        EXISTS (SELECT 1 FROM support_pause z WHERE z.organization_id = w.organization_id
            AND z.person_id = w.participant_id AND z.ended_at IS NULL)
        """
    }

    private static func givesSign(since: Instant) -> SQL {
        """
        (EXISTS (SELECT 1 FROM session v WHERE v.organization_id = m.organization_id AND v.person_id = m.supporter_id
            AND coalesce(v.seen_at, v.created_at) > \(since))
        OR EXISTS (SELECT 1 FROM encounter e WHERE e.organization_id = m.organization_id
            AND e.supporter_id = m.supporter_id AND e.status = 'done' AND e.starts_at > \(since))
        OR EXISTS (SELECT 1 FROM message x WHERE x.organization_id = m.organization_id
            AND x.sender_id = m.supporter_id AND x.sent_at > \(since))
        OR EXISTS (SELECT 1 FROM supporter_pause z WHERE z.organization_id = m.organization_id
            AND z.person_id = m.supporter_id AND (z.ended_at > \(since) OR z.ended_at IS NULL
                AND (z.returns_on IS NULL OR z.returns_on > \(since.countedDay)))))
        """
    }

    /// Whether the person of a row `w` of `match` waits for its supporter. Whoever asks once more has waited since the first
    /// message that was not answered.
    private static func waits(since: Instant) -> SQL {
        """
        (EXISTS (SELECT 1 FROM encounter e WHERE e.organization_id = w.organization_id AND e.match_id = w.id
            AND e.status = 'planned' AND e.starts_at < \(since))
        OR EXISTS (SELECT 1 FROM conversation c WHERE c.organization_id = w.organization_id AND c.match_id = w.id
            AND (SELECT x.sent_at FROM message x WHERE x.organization_id = c.organization_id
                AND x.conversation_id = c.id AND x.sender_id = w.participant_id
                AND x.sequence > coalesce((SELECT y.sequence FROM message y
                    WHERE y.organization_id = c.organization_id AND y.conversation_id = c.id
                    AND y.sender_id = w.supporter_id ORDER BY y.sequence DESC LIMIT 1), 0)
                ORDER BY x.sequence LIMIT 1) < \(since))
        OR NOT EXISTS (SELECT 1 FROM encounter e WHERE e.organization_id = w.organization_id AND e.match_id = w.id
                AND e.status = 'done')
            AND NOT EXISTS (SELECT 1 FROM conversation c JOIN message x ON x.organization_id = c.organization_id
                    AND x.conversation_id = c.id
                WHERE c.organization_id = w.organization_id AND c.match_id = w.id AND x.sender_id = w.supporter_id))
        """
    }

    /// Whether the supporter of a row `m` of `match` has said when they would be back, was not seen from that day on until
    /// `moment`, and has not ended the pause either: a day that passes brings nobody back.
    static func isMissing(at moment: Instant) -> SQL {
        """
        EXISTS (SELECT 1 FROM supporter_pause z WHERE z.organization_id = m.organization_id
            AND z.person_id = m.supporter_id AND z.ended_at IS NULL AND z.returns_on IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM session v WHERE v.organization_id = m.organization_id
                AND v.person_id = m.supporter_id AND coalesce(v.seen_at, v.created_at) >= z.returns_on
                AND coalesce(v.seen_at, v.created_at) <= \(moment))
            AND NOT EXISTS (SELECT 1 FROM encounter e WHERE e.organization_id = m.organization_id
                AND e.match_id = m.id AND e.status = 'done' AND e.starts_at >= z.returns_on
                AND e.starts_at <= \(moment))
            AND NOT EXISTS (SELECT 1 FROM conversation c JOIN message x ON x.organization_id = c.organization_id
                    AND x.conversation_id = c.id
                WHERE c.organization_id = m.organization_id AND c.match_id = m.id AND x.sender_id = m.supporter_id
                    AND x.sent_at >= z.returns_on AND x.sent_at <= \(moment)))
        """
    }

    /// The day on which the supporter was to be back and since which nobody has seen them.
    func missingSince(in db: Reading) throws -> Day? {
        try db.value(
            """
            SELECT p.returns_on FROM match m JOIN supporter_pause p ON p.organization_id = m.organization_id
                AND p.person_id = m.supporter_id AND p.ended_at IS NULL
            WHERE m.organization_id = \(organization) AND m.id = \(match) AND \(Self.isMissing(at: db.now))
            """, as: Day.self)
    }

    /// Whether a supporter who was silent is back for this very person: a sign-in alone answers nobody.
    func hasHeard(in db: Reading) throws -> Bool {
        // A word from before they fell silent, while another absence was covered, is none.
        let since = max(openedAt, db.now.adding(days: -Self.silentDays))
        return try db.exists(
            """
            SELECT 1 FROM encounter e WHERE e.organization_id = \(organization) AND e.match_id = \(match)
                AND e.status = 'done' AND e.starts_at > \(openedAt)
            UNION ALL SELECT 1 FROM conversation c JOIN message x ON x.organization_id = c.organization_id
                AND x.conversation_id = c.id
            WHERE c.organization_id = \(organization) AND c.match_id = \(match) AND x.sender_id = \(supporter)
                AND x.sent_at > \(since)
            """)
    }

    static let orphans: [OrphanCheck] = [
        OrphanCheck("people whose supporter is not there and who have no cover, for two hours") { now in
            """
            SELECT m.id FROM match m WHERE m.status = 'active' AND m.stands_in_for IS NULL
            AND \(absence(at: now)) IS NOT NULL
            AND (\(isSilent(at: now.adding(hours: -2))) OR \(absence(at: now)) <> 'silence')
            AND NOT EXISTS (SELECT 1 FROM cover k WHERE k.organization_id = m.organization_id AND k.match_id = m.id
                AND k.ended_at IS NULL)
            """
        },
        OrphanCheck("people who stand in and are not there themselves, for two hours") { now in
            """
            SELECT m.id FROM match m WHERE m.status = 'active' AND m.stands_in_for IS NOT NULL
            AND \(absence(at: now)) IS NOT NULL
            AND (\(isSilent(at: now.adding(hours: -2))) OR \(absence(at: now)) <> 'silence')
            """
        },
        OrphanCheck("open covers without a match to cover or a place where somebody new is found") { _ in
            """
            SELECT k.id FROM cover k
            JOIN match m ON m.organization_id = k.organization_id AND m.id = k.match_id
            JOIN referral r ON r.organization_id = k.organization_id AND r.id = k.referral_id
            WHERE k.ended_at IS NULL AND NOT (CASE WHEN k.cause = 'left'
                THEN m.status <> 'active' AND r.queue IS NOT NULL AND r.queue IN ('matching', 'waiting', 'answers')
                ELSE m.status = 'active' END)
            """
        },
        OrphanCheck("open covers of supporters who have been back for two days") { now in
            """
            SELECT k.id FROM cover k JOIN match m ON m.organization_id = k.organization_id AND m.id = k.match_id
            WHERE k.ended_at IS NULL AND k.cause <> 'left'
            AND \(absence(at: now)) IS NULL AND \(absence(at: now.adding(days: -2))) IS NULL
            AND (CASE WHEN k.cause = 'silence' THEN EXISTS (SELECT 1 FROM conversation c
                    JOIN message x ON x.organization_id = c.organization_id AND x.conversation_id = c.id
                    WHERE c.organization_id = k.organization_id AND c.match_id = k.match_id
                    AND x.sender_id = k.supporter_id AND x.sent_at > k.opened_at
                    AND x.sent_at > \(now.adding(days: -silentDays)) AND x.sent_at < \(now.adding(days: -2)))
                ELSE NOT \(isMissing(at: now.adding(days: -2))) END)
            """
        },
        OrphanCheck("people who stand in where nothing is to be covered") { _ in
            """
            SELECT m.id FROM match m WHERE m.status IN ('proposed', 'active') AND m.stands_in_for IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM cover k WHERE k.organization_id = m.organization_id
                AND k.match_id = m.stands_in_for AND k.ended_at IS NULL)
            """
        }
    ]
}
