import Storage

/// What people who write with each other agree to, in one version: each rule has a number, so that a decision can cite it.
/// A program without any asks nobody for anything.
package struct HouseRules: Sendable, Equatable {
    package struct Rule: Sendable, Equatable {
        package let number: Int
        package let title: String
        package let body: String
    }

    package let program: Program.ID
    package let version: Int
    package let rules: [Rule]
    /// What is new in this version, and why.
    package let changed: String
    /// How many first messages of somebody are read before others see them.
    package let firstHeld: Int
    package let publishedAt: Instant

    package static let mostRules = 30
    package static let longestTitle = 80
    package static let longest = 12_000

    /// The rules of a text: a paragraph each, its first line the title.
    /// - Throws: ``Problem/invalid(_:)`` for `rules`.
    package static func rules(in text: String) throws(Problem) -> [Rule] {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { $0.trimmed }
        let paragraphs = lines.split(separator: "", omittingEmptySubsequences: true).map(Array.init)
        guard !paragraphs.isEmpty else { throw .invalid("rules", "required") }
        guard paragraphs.count <= mostRules, paragraphs.allSatisfy({ $0[0].count <= longestTitle }) else {
            throw .invalid("rules", "house-rules-long")
        }
        return paragraphs.enumerated().map { index, lines in
            Rule(number: index + 1, title: lines[0], body: lines.dropFirst().joined(separator: "\n"))
        }
    }

    /// The text that ``rules(in:)`` reads them from.
    package static func text(of rules: [Rule]) -> String {
        rules.map { $0.body.isEmpty ? $0.title : "\($0.title)\n\($0.body)" }.joined(separator: "\n\n")
    }

    /// The version in force; nil where there is none. Two statements.
    package static func current(of program: Program.ID, in db: Reading) throws -> HouseRules? {
        let organization = try db.organization
        let version = try db.value(
            """
            SELECT max(version) FROM house_rules WHERE organization_id = \(organization) AND program_id = \(program)
            """, as: Int?.self)
        guard let version = version ?? nil else { return nil }
        return try find(version, of: program, in: db)
    }

    package static func find(_ version: Int, of program: Program.ID, in db: Reading) throws -> HouseRules? {
        let organization = try db.organization
        let rows = try db.all(
            """
            SELECT h.changed, h.first_held, h.published_at, r.number, r.title, r.body FROM house_rules h
            JOIN house_rule r ON r.organization_id = h.organization_id AND r.program_id = h.program_id
                AND r.version = h.version
            WHERE h.organization_id = \(organization) AND h.program_id = \(program) AND h.version = \(version)
            ORDER BY r.number
            """
        ) { row in
            (
                rule: Rule(number: try row["number"], title: try row["title"], body: try row["body"]),
                changed: try row["changed"] as String, firstHeld: try row["first_held"] as Int,
                publishedAt: try row["published_at"] as Instant
            )
        }
        guard let first = rows.first else { return nil }
        return HouseRules(
            program: program, version: version, rules: rows.map(\.rule), changed: first.changed,
            firstHeld: first.firstHeld, publishedAt: first.publishedAt)
    }

    /// Which version the person asking accepted last; nil: none.
    package static func accepted(of program: Program.ID, in db: Reading) throws -> Int? {
        try db.value(
            """
            SELECT max(version) FROM house_rules_acceptance WHERE organization_id = \(db.organization)
            AND program_id = \(program) AND person_id = \(db.me)
            """, as: Int?.self) ?? nil
    }
}

extension HouseRules {
    /// Who may publish them.
    static let publishers: [Role] = [.coordinator, .supervisor]

    /// Publishes the next version. Everybody who writes is asked before their next message.
    /// - Parameter text: as ``rules(in:)`` reads it.
    /// - Throws: ``Problem/notFound`` unless the person asking coordinates or supervises the program;
    ///   ``Problem/invalid(_:)`` for `rules`, `changed`, `first-held`.
    @discardableResult
    package static func publish(
        _ text: String, changed: String, firstHeld: Int = 0, program: Program.ID, in db: Writing
    ) throws -> Int {
        guard publishers.contains(where: { db.actor.has($0, in: program) }) else { throw Problem.notFound }
        let rules = try rules(in: text)
        guard !changed.trimmed.isEmpty else { throw Problem.invalid("changed", "required") }
        guard (0...20).contains(firstHeld) else { throw Problem.invalid("first-held", "not-a-choice") }
        let organization = try db.organization
        let last = try db.value(
            """
            SELECT max(version) FROM house_rules WHERE organization_id = \(organization) AND program_id = \(program)
            """, as: Int?.self)
        let version = ((last ?? nil) ?? 0) + 1
        try db.run(
            """
            INSERT INTO house_rules (organization_id, program_id, version, changed, first_held, published_by, published_at)
            VALUES (\(organization), \(program), \(version), \(changed.trimmed), \(firstHeld), \(db.actor.logName),
                \(db.now))
            """)
        let rows: [SQL] = rules.map {
            "(\(organization), \(program), \(version), \($0.number), \($0.title), \($0.body))"
        }
        try db.run(
            """
            INSERT INTO house_rule (organization_id, program_id, version, number, title, body) VALUES \(SQL.joined(rows))
            """)
        db.record(
            Event(.houseRulesPublished, in: program, ["version": "\(version)", "rules": "\(rules.count)"]))
        return version
    }

    /// The person asking says yes to what they have before them. Saying it twice is saying it once.
    /// - Throws: ``Problem/notFound`` outside the program; ``Problem/conflict(_:)`` with `house-rules.changed` when there
    ///   is a newer version.
    package static func accept(_ version: Int, of program: Program.ID, in db: Writing) throws {
        guard db.actor.roles.contains(where: { $0.program == program }) else { throw Problem.notFound }
        guard let current = try current(of: program, in: db) else { throw Problem.notFound }
        guard current.version == version else { throw Problem.conflict("house-rules.changed") }
        let added = try db.run(
            """
            INSERT INTO house_rules_acceptance (organization_id, program_id, person_id, version, accepted_at)
            VALUES (\(db.organization), \(program), \(db.me), \(version), \(db.now))
            ON CONFLICT (organization_id, program_id, person_id, version) DO NOTHING
            """)
        guard added > 0 else { return }
        db.record(Event(.houseRulesAccepted, about: try db.me, in: program, ["version": "\(version)"]))
    }
}
