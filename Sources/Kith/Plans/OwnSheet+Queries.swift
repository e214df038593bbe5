import Storage

extension OwnSheet {
    /// What the sealed answers of somebody are bound to.
    static func place(of person: Person.ID) -> TextPlace { TextPlace(textName, person.text) }

    /// The sheet of the person asking; nil when they wrote none.
    package static func mine(in db: Reading) throws -> KeptSheet<Self>? {
        try kept(of: db.me, in: db.organization, db)
    }

    /// Somebody's sheet. Whoever calls has established their right to it.
    static func kept(of person: Person.ID, in organization: Organization.ID, _ db: Reading) throws -> KeptSheet<Self>? {
        try db.first(
            """
            SELECT answers, changed_at, \(TextKey.wrapped(of: "\(person)", in: "\(organization)")) AS wrapped_key
            FROM \(tables.sheet) WHERE organization_id = \(organization) AND person_id = \(person)
            """
        ) { row in
            let text = try db.key(row["wrapped_key"], of: person)?.open(try row["answers"], from: place(of: person))
            return KeptSheet(person: person, changedAt: try row["changed_at"], sheet: text.flatMap { Self(text: $0) })
        }
    }

    /// The supporters of the person asking, with who of them may read it.
    package static func readers(in db: Reading) throws -> [SheetReader] {
        try SheetReader.all(choosingBy: tables.share, in: db)
    }

    /// The sheet of the participant of a match, if they share it with the person asking, its supporter.
    /// - Throws: ``Problem/notFound`` for everybody else, and when the two are no longer in touch.
    package static func shared(by match: Match.ID, in db: Reading) throws -> (name: String, kept: KeptSheet<Self>) {
        let organization = try db.organization
        let found = try db.first(
            """
            SELECT m.participant_id, coalesce(p.called, p.name) AS name FROM match m
            JOIN \(tables.share) s ON s.organization_id = m.organization_id AND s.match_id = m.id
            JOIN person p ON p.organization_id = m.organization_id AND p.id = m.participant_id
            WHERE m.organization_id = \(organization) AND m.id = \(match) AND m.status = 'active'
            AND m.apart_at IS NULL
            AND \(db.reach(item, of: .pair("m"), as: [.supporter]))
            """
        ) { (try $0["participant_id"] as Person.ID, try $0["name"] as String) }
        guard let (person, name) = found, let kept = try kept(of: person, in: organization, db) else {
            throw Problem.notFound
        }
        db.disclose(look, of: person)
        return (name, kept)
    }
}

extension SheetReader {
    /// The supporters of the person asking, with who of them may read what the rows of a table are kept for.
    static func all(choosingBy shares: SQL, in db: Reading) throws -> [SheetReader] {
        try db.all(
            """
            SELECT m.id, coalesce(p.called, p.name) AS name, s.since FROM match m
            JOIN person p ON p.organization_id = m.organization_id AND p.id = m.supporter_id
            LEFT JOIN \(shares) s ON s.organization_id = m.organization_id AND s.match_id = m.id
            WHERE m.organization_id = \(db.organization) AND m.participant_id = \(db.me) AND m.status = 'active'
            ORDER BY m.started_at, m.id LIMIT 20
            """
        ) { row in
            let since: Instant? = try row["since"]
            return SheetReader(match: try row["id"], name: try row["name"], mayRead: since != nil)
        }
    }
}
