import Storage

extension Referral {
    package static let feature = Feature(
        name: "Referrals", migrations: migrations,
        routes: routes + personRoutes + contactRoutes + publicRoutes + invitationRoutes,
        events: [
            .referralReceived, .referralMoved, .referralPlaced, .referralTold, .referralOwned, .referralReopened,
            .referralMerged, .stopAsked, .contactTried, .feedbackGiven, .historyKept, .pinMissed, .pinAccepted,
            .wishesTold, .supportCheckedIn, .callAsked, .referralSooner
        ],
        reactions: [
            (.consentGiven, { try follow($0, in: $1) { $0 == .consent ? .matching : nil } }),
            // A no is the coordinator's to follow up, gently and soon; nobody is dropped by it.
            (.consentWithdrawn, { try follow($0, in: $1) { $0 == .intake ? nil : .consent } }),
            (.roleGiven, followRole), (.roleEnded, followRole)
        ],
        orphans: [
            OrphanCheck("open referrals without an owner who coordinates or administers their program") { _ in
                """
                SELECT r.id FROM referral r WHERE r.queue IS NOT NULL AND NOT EXISTS (
                    SELECT 1 FROM membership m WHERE m.organization_id = r.organization_id
                    AND m.program_id = r.program_id AND m.person_id = r.owner_id AND m.ended_at IS NULL
                    AND m.role IN ('coordinator', 'administrator'))
                """
            },
            OrphanCheck("open referrals in two places or none") { _ in
                """
                SELECT id FROM referral WHERE (queue IS NULL) <> (state IN ('4.0', '6.0', '7.0'))
                    OR (queue = 'intake') <> (state = '2.0') OR (queue = 'cancellation') <> (state = '5.2')
                """
            },
            OrphanCheck("referrals that reached an end without the sender being told") { _ in
                """
                SELECT r.id FROM referral r WHERE r.queue IS NULL AND r.origin IN ('partner', 'referrer')
                AND NOT EXISTS (SELECT 1 FROM referral_notice n WHERE n.organization_id = r.organization_id
                    AND n.referral_id = r.id AND n.change IN ('declined', 'closed', 'cancelled', 'merged'))
                """
            }
        ],
        erasures: [
            { house, person, _ in
                """
                DELETE FROM referral_wish WHERE organization_id = \(house) AND referral_id IN
                    (SELECT id FROM referral WHERE organization_id = \(house) AND person_id = \(person))
                """
            }
        ])

    /// Moves the open referrals of somebody who answered about taking part to where that answer puts them.
    private static func follow(
        _ event: Event, in db: Writing, to queue: (Queue) -> Queue?
    ) throws {
        guard event.details["purpose"] == Consent.Purpose.takePart.rawValue, let person = event.subject,
            let program = event.program, let organization = db.actor.organization ?? event.organization
        else { return }
        for referral in try open(of: person, in: program, of: organization, db: db) {
            guard let current = referral.queue, current != .cancellation, let next = queue(current), next != current
            else { continue }
            try referral.place(next, in: db)
        }
    }
}
