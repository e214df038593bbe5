import Storage

extension NeedsCheck {
    package static let feature = Feature(
        name: "NeedsChecks", migrations: migrations, routes: routes, events: [.needsChecked, .needsTalked],
        orphans: [
            OrphanCheck("talks about a clinic that are a week late") { now in
                """
                SELECT n.id FROM needs_check n
                JOIN referral r ON r.organization_id = n.organization_id AND r.id = n.referral_id
                JOIN referral o ON o.organization_id = r.organization_id AND o.id = coalesce(r.merged_into_id, r.id)
                WHERE n.talked_at IS NULL AND n.talk_due_at < \(now.adding(days: -7)) AND o.queue IS NOT NULL
                """
            }
        ],
        raised: [RaisedWork(at: "/needs-checks", for: [.coordinator], questions: waiting)],
        copied: CopiedPart("needs-check", lines: copied),
        erasures: [
            { house, person, _ in
                "DELETE FROM needs_check WHERE organization_id = \(house) AND person_id = \(person)"
            }
        ])

    private static func copied(
        _ person: Person.ID, _ organization: Organization.ID, _ db: Reading
    ) throws -> [CopiedPart.Line] {
        try kept(of: person, in: organization, db).map { check in
            { PersonCopy.Line(label: $0.dayAndYear(check.saidAt), text: check.text($0)) }
        }
    }
}
