import Storage

extension Match {
    /// What must never be found, whatever happened in which order.
    static let orphans: [OrphanCheck] = [
        OrphanCheck("open matches whose referral is closed") { _ in
            """
            SELECT m.id FROM match m
            JOIN referral r ON r.organization_id = m.organization_id AND r.id = m.referral_id
            WHERE m.status IN ('proposed', 'active') AND r.queue IS NULL
            """
        },
        OrphanCheck("open matches whose supporter has left the program") { _ in
            """
            SELECT m.id FROM match m WHERE m.status IN ('proposed', 'active') AND NOT EXISTS (
                SELECT 1 FROM membership r WHERE r.organization_id = m.organization_id
                AND r.person_id = m.supporter_id AND r.program_id = m.program_id AND r.role = 'supporter'
                AND r.ended_at IS NULL)
            """
        },
        OrphanCheck("proposals whose referral does not wait for answers") { _ in
            """
            SELECT m.id FROM match m
            JOIN referral r ON r.organization_id = m.organization_id AND r.id = m.referral_id
            WHERE m.status = 'proposed' AND m.stands_in_for IS NULL AND r.queue <> 'answers'
            """
        },
        OrphanCheck("active matches whose referral is not in support") { _ in
            """
            SELECT m.id FROM match m
            JOIN referral r ON r.organization_id = m.organization_id AND r.id = m.referral_id
            WHERE m.status = 'active' AND r.queue NOT IN ('first-contact', 'support', 'cancellation')
            """
        },
        OrphanCheck("proposals that both said yes to, or one said no to") { _ in
            """
            SELECT m.id FROM match m WHERE m.status = 'proposed' AND (
                EXISTS (SELECT 1 FROM match_answer a WHERE a.organization_id = m.organization_id
                    AND a.match_id = m.id AND a.answer = 'no')
                OR 2 = (SELECT count(*) FROM match_answer a WHERE a.organization_id = m.organization_id
                    AND a.match_id = m.id AND a.answer = 'yes'))
            """
        },
        OrphanCheck("referrals waiting for answers that nobody was asked for") { _ in
            """
            SELECT r.id FROM referral r WHERE r.queue = 'answers' AND NOT EXISTS (SELECT 1 FROM match m
                WHERE m.organization_id = r.organization_id AND m.referral_id = r.id AND m.status = 'proposed')
            """
        },
        OrphanCheck("referrals in support without a supporter") { _ in
            """
            SELECT r.id FROM referral r WHERE r.queue IN ('first-contact', 'support')
            AND NOT EXISTS (SELECT 1 FROM match m
                WHERE m.organization_id = r.organization_id AND m.referral_id = r.id AND m.status = 'active')
            """
        },
        OrphanCheck("places in line whose referral does not wait") { _ in
            """
            SELECT w.id FROM waiting w
            JOIN referral r ON r.organization_id = w.organization_id AND r.id = w.referral_id
            WHERE w.ended_at IS NULL AND (r.queue IS NULL OR r.queue <> 'waiting')
            """
        },
        OrphanCheck("referrals that wait without a place in line") { _ in
            """
            SELECT r.id FROM referral r WHERE r.queue = 'waiting' AND NOT EXISTS (SELECT 1 FROM waiting w
                WHERE w.organization_id = r.organization_id AND w.referral_id = r.id AND w.ended_at IS NULL)
            """
        },
        OrphanCheck("matches of supporters with more people than their limit") { _ in
            """
            SELECT m.id FROM match m
            JOIN supporter s ON s.organization_id = m.organization_id AND s.person_id = m.supporter_id
            WHERE m.status IN ('proposed', 'active') AND s.caseload_limit < (SELECT count(*) FROM match o
                WHERE o.organization_id = m.organization_id AND o.supporter_id = m.supporter_id
                AND o.status IN ('proposed', 'active'))
            """
        }
    ]
}
