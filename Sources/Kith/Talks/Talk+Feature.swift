import Storage

extension Talk {
    package static let feature = Feature(
        name: "Talks", migrations: migrations, routes: routes, events: [.talkAsked, .talkEnded],
        reactions: [(.roleEnded, followRole)],
        orphans: [
            OrphanCheck("talks that supporters asked for where nobody supervises") { _ in
                """
                SELECT t.id FROM talk t WHERE NOT EXISTS (SELECT 1 FROM membership m
                    WHERE m.organization_id = t.organization_id AND m.program_id = t.program_id
                    AND m.role = 'supervisor' AND m.person_id <> t.supporter_id AND m.ended_at IS NULL)
                """
            }
        ],
        raised: [RaisedWork(at: "/talks", for: [.supervisor], questions: waiting)],
        copied: CopiedPart("breather", lines: copied),
        erasures: [
            { house, person, _ in
                "DELETE FROM talk WHERE organization_id = \(house) AND supporter_id = \(person)"
            }
        ])

    /// For the supporter's own eyes: a copy that somebody else makes for them goes without it.
    private static func copied(_ person: Person.ID, _: Organization.ID, _ db: Reading) throws -> [CopiedPart.Line] {
        guard db.actor.person == person else { return [] }
        var lines: [CopiedPart.Line] = []
        if let breather = try Breather.mine(in: db) {
            lines.append { words in
                PersonCopy.Line(
                    label: words.day(breather.since),
                    text: words("copy.breather.text", ["day": words.day(breather.endsAt)]))
            }
        }
        if let talk = try mine(in: db) {
            lines.append { PersonCopy.Line(label: $0.day(talk.askedAt), text: $0("copy.breather.talk")) }
        }
        return lines
    }
}
