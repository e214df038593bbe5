import Storage

extension Consent {
    package static let feature = Feature(
        name: "Consent", migrations: migrations, routes: routes + ConsentText.routes,
        events: [.consentTextPublished, .consentGiven, .consentRefused, .consentWithdrawn],
        reactions: [
            (.roleEnded, endWithRole),
            (
                .programOpened,
                { event, db in
                    if let program = event.program { try ConsentText.publishUsual(for: program, in: db) }
                }
            )
        ],
        orphans: [
            OrphanCheck("a yes that stands though the person no longer takes part") { _ in
                """
                SELECT c.id FROM consent c WHERE c.granted AND c.ended_at IS NULL AND NOT EXISTS (
                    SELECT 1 FROM membership m WHERE m.organization_id = c.organization_id
                    AND m.person_id = c.person_id AND m.program_id = c.program_id AND m.role = 'participant'
                    AND m.ended_at IS NULL)
                """
            }
        ],
        erasures: [
            { house, person, _ in
                """
                UPDATE consent SET signed_as = '–', reason = CASE WHEN reason IS NULL THEN NULL ELSE '–' END,
                    witness = CASE WHEN witness IS NULL THEN NULL ELSE '–' END
                WHERE organization_id = \(house) AND person_id = \(person)
                """
            }
        ])

    /// Whoever stops taking part leaves no yes behind.
    private static func endWithRole(_ event: Event, in db: Writing) throws {
        guard event.details["role"] == Role.participant.rawValue, let person = event.subject,
            let program = event.program
        else { return }
        try endAll(of: person, in: program, db: db)
    }
}
