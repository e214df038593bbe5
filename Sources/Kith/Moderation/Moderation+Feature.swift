import Storage

extension Moderation {
    package static let feature = Feature(
        name: "Moderation", migrations: migrations, routes: routes,
        events: [
            .houseRulesPublished, .houseRulesAccepted, .personBlocked, .personUnblocked, .messageReported,
            .moderationOpened, .moderationClaimed, .moderationHandedOver, .moderationReturned, .moderationDecided,
            .moderationAppealed, .moderationDropped, .appealDecided, .messageHeld, .helpOffered, .helpAnswered
        ],
        reactions: [
            (.roleEnded, ModerationItem.followRole), (.conversationOpened, Block.followConversation),
            (.concernAcknowledged, ModerationItem.followConcern), (.matchParted, Block.followParting),
            (.matchRejoined, Block.followRejoining)
        ],
        orphans: orphans,
        raised: [
            RaisedWork(at: "/moderation", for: Set(HouseRules.publishers), questions: ModerationItem.needed),
            RaisedWork(
                "decisions.raised", at: "/decisions", for: [.participant, .supporter], query: ModerationItem.told)
        ],
        gates: [gate],
        erasures: [
            // Of what is open, evidence stays until somebody has decided; see `decide`.
            { house, person, _ in
                """
                DELETE FROM moderation_evidence WHERE organization_id = \(house) AND writer_id = \(person)
                AND item_id IN (SELECT id FROM moderation_item WHERE organization_id = \(house) AND state <> 'open')
                """
            },
            { house, person, _ in
                "DELETE FROM person_block WHERE organization_id = \(house) AND \(person) IN (blocker_id, blocked_id)"
            },
            { house, person, _ in
                "DELETE FROM house_rules_acceptance WHERE organization_id = \(house) AND person_id = \(person)"
            },
            { house, person, _ in
                """
                UPDATE moderation_item SET words = NULL, content_note = NULL
                WHERE organization_id = \(house) AND about_id = \(person) AND words IS NOT NULL
                """
            },
            { house, person, _ in
                """
                UPDATE moderation_report SET words = NULL WHERE organization_id = \(house) AND reporter_id = \(person)
                AND words IS NOT NULL
                """
            }
        ])

    private static let orphans: [OrphanCheck] = [
        OrphanCheck("pictures and voice notes of no message that is there or held back") { _ in
            """
            SELECT y.message_id FROM message_attachment y WHERE NOT EXISTS (SELECT 1 FROM message x
                WHERE x.organization_id = y.organization_id AND x.sender_id = y.sender_id AND x.id = y.message_id
                AND x.deleted_at IS NULL)
            AND NOT EXISTS (SELECT 1 FROM moderation_item i WHERE i.organization_id = y.organization_id
                AND i.about_id = y.sender_id AND i.kind = 'held' AND i.message_id = y.message_id)
            """
        },
        OrphanCheck("reports and other items of moderation that nobody decided, two days after their time") { now in
            "SELECT id FROM moderation_item WHERE due_at < \(now.adding(hours: -48))"
        },
        OrphanCheck("open items of moderation without a time, or with a time and over") { _ in
            "SELECT id FROM moderation_item WHERE (state IN ('open', 'appealed')) <> (due_at IS NOT NULL)"
        },
        OrphanCheck("items of moderation in the hands of somebody who has left, or of whom they are about") { _ in
            """
            SELECT i.id FROM moderation_item i WHERE i.due_at IS NOT NULL AND i.claimed_by IS NOT NULL
            AND (i.claimed_by = i.about_id OR NOT EXISTS (SELECT 1 FROM membership m
                WHERE m.organization_id = i.organization_id AND m.program_id = i.program_id
                AND m.person_id = i.claimed_by AND m.role IN \(list: HouseRules.publishers) AND m.ended_at IS NULL))
            """
        },
        OrphanCheck("items of moderation in programs where nobody is there to decide") { _ in
            """
            SELECT i.id FROM moderation_item i WHERE i.due_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM membership m
                WHERE m.organization_id = i.organization_id AND m.program_id = i.program_id
                AND m.role IN \(list: HouseRules.publishers) AND m.ended_at IS NULL AND m.person_id <> i.about_id
                AND (i.state = 'open' OR m.person_id <> i.decided_by)
                AND NOT EXISTS (SELECT 1 FROM moderation_report r WHERE r.organization_id = i.organization_id
                    AND r.item_id = i.id AND r.reporter_id = m.person_id))
            """
        }
    ]
}
