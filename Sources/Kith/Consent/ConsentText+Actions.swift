import Storage

extension ConsentText {
    /// The longest text, in characters; two pages on paper.
    package static let longest = 6_000

    /// Publishes the next version of the words for a purpose. What was agreed to before keeps the words it was in.
    /// - Returns: its identifier and its version, counted from 1 for each purpose and language.
    /// - Throws: ``Problem/notAllowed`` unless an administrator of the program or the program itself asks.
    @discardableResult
    package static func publish(
        body: String, purpose: Consent.Purpose, language: String = fallback, program: Program.ID, in db: Writing
    ) throws -> (id: ID, version: Int) {
        guard db.actor.kind == .system || db.actor.has(.administrator, in: program) else { throw Problem.notAllowed }
        return try keep(body: body, purpose: purpose, language: language, program: program, in: db)
    }

    /// Publishes for whoever established their right to it.
    private static func keep(
        body: String, purpose: Consent.Purpose, language: String, program: Program.ID, in db: Writing
    ) throws -> (id: ID, version: Int) {
        let words = body.trimmed
        guard !words.isEmpty else { throw Problem.invalid("body", "required") }
        guard words.count <= longest else { throw Problem.invalid("body", "too-long") }
        let organization = try db.organization
        _ = try Program.find(program, in: db)
        let last = try db.value(
            """
            SELECT CAST(coalesce(max(version), 0) AS BIGINT) FROM consent_text
            WHERE organization_id = \(organization) AND program_id = \(program) AND purpose = \(purpose)
            AND language = \(language)
            """, as: Int.self)
        let (id, version): (ID, Int) = (db.newID(), (last ?? 0) + 1)
        try db.run(
            """
            INSERT INTO consent_text (organization_id, id, program_id, purpose, language, version, body, published_by,
                published_at)
            VALUES (\(organization), \(id), \(program), \(purpose), \(language), \(version), \(words),
                \(db.actor.logName), \(db.now))
            """)
        db.record(
            Event(
                .consentTextPublished, of: id.text, in: program,
                ["purpose": purpose.rawValue, "language": language, "version": "\(version)"]))
        return (id, version)
    }

    /// Gives a program the usual words, in every language that has some, for every purpose it has none for. Called when
    /// a program is set up, by whoever opened it and does not administer it yet.
    package static func publishUsual(for program: Program.ID, in db: Writing) throws {
        let present = try db.all(
            """
            SELECT DISTINCT purpose, language FROM consent_text
            WHERE organization_id = \(db.organization) AND program_id = \(program)
            """
        ) { (try $0["purpose"] as Consent.Purpose, try $0["language"] as String) }
        for language in usualLanguages {
            for purpose in Consent.Purpose.allCases where !present.contains(where: { $0 == (purpose, language) }) {
                guard let body = usual(for: purpose, in: language) else { continue }
                _ = try keep(body: body, purpose: purpose, language: language, program: program, in: db)
            }
        }
    }

    /// The words that people read now, for a purpose in a language.
    static func newest(
        _ purpose: Consent.Purpose, in language: String, of program: Program.ID, in db: Reading
    ) throws -> String? {
        let organization = try db.organization
        return try db.value(
            """
            SELECT body FROM consent_text WHERE organization_id = \(organization) AND program_id = \(program)
            AND purpose = \(purpose) AND language = \(language) ORDER BY version DESC LIMIT 1
            """, as: String.self)
    }
}
