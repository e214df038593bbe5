import Storage

extension PersonCopy {
    /// When their supporter was not there, and what they chose. Why is the supporter's own matter.
    static let covers = CopiedPart("covers") { person, organization, db in
        try db.all(
            """
            SELECT k.opened_at, k.ended_at, k.choice, coalesce(p.called, p.name) AS supporter FROM cover k
            JOIN person p ON p.organization_id = k.organization_id AND p.id = k.supporter_id
            WHERE k.organization_id = \(organization) AND k.participant_id = \(person)
            ORDER BY k.opened_at, k.id LIMIT 1000
            """
        ) { row -> CopiedPart.Line in
            let (opened, ended): (Instant, Instant?) = (try row["opened_at"], try row["ended_at"])
            let (choice, supporter): (Cover.Choice?, String) = (try row["choice"], try row["supporter"])
            return { words in
                let until = ended.map { words("copy.cover.ended", ["day": words.day($0)]) }
                let chosen = words("copy.cover.\(choice?.rawValue ?? "open")", ["name": supporter])
                return Line(
                    label: words("copy.cover", ["name": supporter, "day": words.day(opened)]),
                    text: [chosen, until].compactMap { $0 }.joined(separator: " "))
            }
        }
    }
}
