import Storage

/// Who may see a kind of thing of a person, by which rule and since when; who has; and why nobody else may.
package struct Explanation: Sendable {
    /// Somebody who looked, as often as the newest entries of the log say.
    package struct Look: Sendable {
        /// As the log names them.
        package let actor: String
        package let last: Instant
        package let count: Int
    }

    /// How many of the newest looks at somebody are counted.
    package static let looksRead = 400

    package let item: Item
    package let circumstances: Circumstances
    package let sights: [Sight]
    package let looks: [Look]
    /// By the name in the log: who they are and what they do.
    let lookers: [String: LooksScreen.Looker]

    /// Whoever calls has established their right to know it. Twelve statements.
    package init(of person: Person.ID, _ item: Item, in db: Reading) throws {
        self.item = item
        circumstances = try Circumstances(of: person, in: db)
        sights = circumstances.sights(of: item)
        let organization = try db.organization
        looks =
            item.looks.isEmpty
            ? []
            : try db.all(
                """
                SELECT actor, max(at) AS last, count(*) AS number FROM (SELECT actor, at, what FROM disclosure
                    WHERE organization_id = \(organization) AND subject_id = \(person)
                    ORDER BY at DESC, id DESC LIMIT \(Self.looksRead)) AS newest
                WHERE what IN \(list: item.looks.map(\.rawValue).sorted()) AND actor <> \("person:\(person)")
                GROUP BY actor ORDER BY last DESC, actor
                """
            ) { Look(actor: try $0["actor"], last: try $0["last"], count: try $0["number"]) }
        let viewers = sights.map(\.viewer.logName) + circumstances.holders.map { "person:\($0.person)" }
        let groups = circumstances.circles.map {
            ("group:\($0.conversation)", LooksScreen.Looker(name: $0.title))
        }
        let programs = circumstances.audiences.map { ("program:\($0.program)", LooksScreen.Looker(name: $0.name)) }
        lookers = try LooksScreen.lookers(Set(viewers + looks.map(\.actor)), of: organization, db)
            .merging(groups + programs) { $1 }
    }

    /// People who work for the organization and may not see it, each with what stands in the way, by name.
    package var refusals: [(person: Person.ID, why: Circumstances.Refusal)] {
        Set(circumstances.holders.map(\.person)).compactMap { person in
            circumstances.refusal(of: item, to: person).map { (person, $0) }
        }.sorted { (name("person:\($0.person)") ?? "", $0.person) < (name("person:\($1.person)") ?? "", $1.person) }
    }

    package func name(_ actor: String) -> String? { lookers[actor]?.name }
}

extension Sight.Viewer {
    /// As the log names them.
    package var logName: String {
        switch self {
        case .person(let id): "person:\(id)"
        case .partner(let id): "partner:\(id)"
        case .group(let id): "group:\(id)"
        case .program(let id): "program:\(id)"
        }
    }
}

// MARK: - In words

extension Explanation {
    /// Who a name in the log is, in words.
    func who(_ actor: String, _ words: Words) -> String {
        name(actor) ?? words(actor.hasPrefix("link:") ? "looks.by-link" : "looks.by-program")
    }

    /// Why they may: the ground, and the yes that it needs besides.
    func because(_ rule: Wall.Rule, _ words: Words) -> String {
        let ground = words("wall.ground.\(rule.ground.rawValue)")
        let yes = rule.agreement.map { words("wall.agreement.\($0.rawValue)") }
        return [ground, yes, rule.byChoice ? words("wall.by-choice") : nil].compactMap { $0 }.joined(separator: " ")
    }

    /// The whole answer as lines, for the command line.
    /// - Parameter viewer: only about this one.
    package func lines(for viewer: Person.ID? = nil, _ words: Words) -> [String] {
        func isAsked(_ other: Sight.Viewer) -> Bool { viewer.map { circumstances.isOf(other, $0) } ?? true }
        let may = sights.filter { isAsked($0.viewer) }.map {
            "  \(who($0.viewer.logName, words)): \(because($0.rule, words)) \(words("wall.since", ["day": words.day($0.since)]))"
        }
        let have = looks.filter { look in viewer.map { look.actor == "person:\($0)" } ?? true }.map {
            "  \(who($0.actor, words)): \(words("looks.times", count: $0.count)), \(words.dayAndTime($0.last))"
        }
        let mayNot = refusals.filter { refusal in viewer.map { $0 == refusal.person } ?? true }.map {
            "  \(who("person:\($0.person)", words)): \(words("wall.refusal.\($0.why.rawValue)"))"
        }
        func part(_ key: String, _ lines: [String]) -> [String] {
            [words("wall.explained.\(key)")] + (lines.isEmpty ? ["  \(words("wall.explained.nobody"))"] : lines)
        }
        return [words("wall.item.\(item.rawValue)")] + part("may", may) + part("have", have) + part("may-not", mayNot)
    }
}
