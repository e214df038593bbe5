import Storage

extension Encounter {
    /// What was started and has no owner, no due time or no way to end. What is only late is not among them: its
    /// supporter sees it every day, and from its due time on a coordinator does.
    static let orphans: [OrphanCheck] = [
        OrphanCheck("contacts with something left to do and no time by which to do it, or the other way around") { _ in
            """
            SELECT e.id FROM encounter e
            LEFT JOIN note n ON n.organization_id = e.organization_id AND n.encounter_id = e.id
            LEFT JOIN encounter_without_note w ON w.organization_id = e.organization_id AND w.encounter_id = e.id
            WHERE e.status = 'done' AND (e.due_at IS NULL)
                <> (w.reason IS NOT NULL OR coalesce(n.state = 'signed', FALSE) OR coalesce(n.answer = 'declined', FALSE))
            """
        },
        OrphanCheck("contacts with something left to do and nobody there to see to it") { _ in
            """
            SELECT e.id FROM encounter e WHERE e.due_at IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM membership m WHERE m.organization_id = e.organization_id
                AND m.program_id = e.program_id AND m.ended_at IS NULL
                AND (m.role = 'supporter' AND m.person_id = e.supporter_id OR m.role = 'coordinator'))
            """
        },
        OrphanCheck("contacts whose note nobody can finish") { _ in
            """
            SELECT e.id FROM encounter e
            LEFT JOIN note n ON n.organization_id = e.organization_id AND n.encounter_id = e.id
            WHERE e.status = 'done' AND e.due_at IS NOT NULL AND (
                NOT EXISTS (SELECT 1 FROM membership m WHERE m.organization_id = e.organization_id
                    AND m.program_id = e.program_id AND m.person_id = e.supporter_id AND m.role = 'supporter'
                    AND m.ended_at IS NULL)
                OR coalesce(n.answer, '') NOT IN ('agreed', 'changed') AND NOT EXISTS (SELECT 1 FROM consent c
                    WHERE c.organization_id = e.organization_id AND c.person_id = e.participant_id
                    AND c.program_id = e.program_id AND c.purpose = 'take-part' AND c.granted
                    AND c.ended_at IS NULL))
            """
        },
        OrphanCheck("contacts still ahead of two who have parted") { now in
            """
            SELECT e.id FROM encounter e JOIN match m ON m.organization_id = e.organization_id AND m.id = e.match_id
            WHERE e.status = 'planned' AND e.starts_at > \(now) AND m.status <> 'active'
            """
        },
        OrphanCheck("calls still ahead to somebody who said no to calls") { now in
            """
            SELECT e.id FROM encounter e WHERE e.status = 'planned' AND e.mode = 'phone' AND e.starts_at > \(now)
            AND NOT EXISTS (SELECT 1 FROM consent c
                JOIN person p ON p.organization_id = c.organization_id AND p.id = c.person_id
                WHERE c.organization_id = e.organization_id AND c.person_id = e.participant_id
                AND c.program_id = e.program_id AND c.purpose = 'contact-phone' AND c.granted AND c.ended_at IS NULL
                AND NOT p.do_not_contact)
            """
        }
    ]
}
