import Storage

extension Concern {
    package static let feature = Feature(
        name: "Concerns", migrations: migrations, routes: routes + StaffedLadder.routes,
        events: [
            .concernRaised, .concernAdded, .concernCalled, .concernUndelivered, .concernAcknowledged,
            .concernHandedOver, .concernReturned, .concernClosed, .concernFollowedUp, .debriefAnswered, .debriefHeld,
            .ladderSet
        ],
        reactions: [(.roleEnded, followRole)], orphans: orphans,
        raised: [
            RaisedWork(at: "/concerns", for: Set(Ladder.callable), questions: needed),
            RaisedWork("ladders.raised.failing", at: "/ladders", for: [.administrator], query: failing),
            RaisedWork("ladders.raised.faults", at: "/ladders", for: [.administrator]) { db in
                try StaffedLadder.administered(in: db).reduce(0) {
                    $0 + $1.faults(carrying: db.world.carries).count
                }
            }
        ],
        erasures: [
            // Words of theirs that are kept under somebody else's key.
            { house, person, _ in
                """
                UPDATE concern_report SET words = NULL
                WHERE organization_id = \(house) AND raised_by = \(person) AND words IS NOT NULL
                """
            },
            { house, person, _ in
                """
                UPDATE concern SET outcome_words = NULL
                WHERE organization_id = \(house) AND outcome_words IS NOT NULL
                AND (raised_by = \(person) OR about_id = \(person))
                """
            },
            // Words about them likewise.
            { house, person, _ in
                """
                UPDATE concern_report SET words = NULL WHERE organization_id = \(house) AND words IS NOT NULL
                AND concern_id IN (SELECT id FROM concern WHERE organization_id = \(house) AND about_id = \(person))
                """
            }
        ])

    /// What was started and is in nobody's hands. What is only late is not among them: it climbs.
    private static let orphans: [OrphanCheck] = [
        OrphanCheck("concerns that nobody has in hand and that climb no ladder, ten minutes after they were to") {
            now in
            "SELECT id FROM concern WHERE state = 'escalating' AND due_at < \(now.adding(minutes: -10))"
        },
        OrphanCheck("concerns in the hands of somebody who has left, or of whom they are about") { _ in
            """
            SELECT c.id FROM concern c WHERE c.state = 'acknowledged' AND (c.acknowledged_by = c.about_id
                OR NOT EXISTS (SELECT 1 FROM membership m WHERE m.organization_id = c.organization_id
                    AND m.program_id = c.program_id AND m.person_id = c.acknowledged_by
                    AND m.role IN \(list: Ladder.callable) AND m.ended_at IS NULL))
            """
        },
        OrphanCheck("concerns that are neither escalating, nor acknowledged, nor closed") { _ in
            """
            SELECT id FROM concern WHERE NOT (state = 'escalating' AND due_at IS NOT NULL AND acknowledged_by IS NULL
                OR state = 'acknowledged' AND due_at IS NOT NULL AND acknowledged_by IS NOT NULL
                OR state = 'closed' AND outcome IS NOT NULL AND (is_drill OR follow_up_on IS NOT NULL))
            """
        },
        OrphanCheck("closed concerns to be looked at again where nobody is there to do it") { _ in
            """
            SELECT c.id FROM concern c WHERE c.state = 'closed' AND NOT c.is_drill AND (c.followed_up_at IS NULL
                OR c.debrief_answer = 'yes' AND c.debriefed_at IS NULL) AND NOT EXISTS (SELECT 1 FROM membership m
                    WHERE m.organization_id = c.organization_id AND m.program_id = c.program_id
                    AND m.role IN \(list: Ladder.callable) AND m.ended_at IS NULL)
            """
        }
    ]
}
