import Storage
import Web

/// Who looked at something of the person asking: who, in which role, at what, when. The newest first.
struct LooksScreen: Screen {
    static let template = "privacy/looks"

    struct Look: Sendable {
        let id: String
        let at: Instant
        /// As the log names whoever looked.
        let actor: String
        let what: Disclosure.What
    }

    /// Somebody who looked, as far as Kith knows them.
    struct Looker: Sendable {
        let name: String
        var roles: [Role] = []
    }

    /// How many looks a page reads; several of one day at the same are shown as one line.
    static let pageSize = 60

    let looks: [Look]
    let lookers: [String: Looker]
    let next: Look?

    /// - Parameter after: the last look of the page before.
    init(after: (at: Instant, id: String)? = nil, in db: Reading) throws {
        let (organization, me) = (try db.organization, try db.me)
        let further: SQL = after.map { "AND (at, id) < (\($0.at), \($0.id))" } ?? ""
        let found = try db.all(
            """
            SELECT at, id, actor, what FROM disclosure
            WHERE organization_id = \(organization) AND subject_id = \(me) AND actor <> \(db.actor.logName) \(further)
            ORDER BY at DESC, id DESC LIMIT \(Self.pageSize + 1)
            """
        ) { Look(id: try $0["id"], at: try $0["at"], actor: try $0["actor"], what: try $0["what"]) }
        looks = Array(found.prefix(Self.pageSize))
        next = found.count > Self.pageSize ? looks.last : nil
        lookers = try Self.lookers(Set(looks.map(\.actor)), of: organization, db)
    }

    /// Names and roles; also roles that have ended, since they looked while they had them.
    static func lookers(
        _ actors: Set<String>, of organization: Organization.ID, _ db: Reading
    ) throws -> [String: Looker] {
        func ids(_ kind: String) -> [String] {
            actors.filter { $0.hasPrefix(kind + ":") }.map { String($0.dropFirst(kind.count + 1)) }.sorted()
        }
        var lookers: [String: Looker] = [:]
        let (people, partners) = (ids("person"), ids("partner"))
        if !people.isEmpty {
            let found = try db.all(
                """
                SELECT DISTINCT p.id, p.name, m.role FROM person p
                LEFT JOIN membership m ON m.organization_id = p.organization_id AND m.person_id = p.id
                    AND m.role <> \(Role.participant)
                WHERE p.organization_id = \(organization) AND p.id IN \(list: people) ORDER BY p.id, m.role
                """
            ) { (id: try $0["id"] as String, name: try $0["name"] as String, role: try $0["role"] as Role?) }
            for (id, name, role) in found {
                lookers["person:\(id)", default: Looker(name: name)].roles += role.map { [$0] } ?? []
            }
        }
        if !partners.isEmpty {
            let found = try db.all(
                "SELECT id, name FROM partner WHERE organization_id = \(organization) AND id IN \(list: partners)"
            ) { (try $0["id"] as String, try $0["name"] as String) }
            for (id, name) in found { lookers["partner:\(id)"] = Looker(name: name) }
        }
        return lookers
    }

    /// Where a page begins: a moment and an identifier, as its link has them.
    static func place(_ text: String) -> (at: Instant, id: String)? {
        let parts = text.split(separator: "_").map(String.init)
        guard parts.count == 2, let at = Instant(parts[0]), let id = Identifier<Self>(untrusted: parts[1]) else {
            return nil
        }
        return (at, id.text)
    }

    func title(_ words: Words) -> String { words("looks.title") }

    func shown(_ words: Words) -> Value {
        var days: [(day: Day, lines: [(first: Look, count: Int)])] = []
        for look in looks {
            let day = words.day(of: look.at)
            if days.last?.day != day { days.append((day, [])) }
            let last = days.count - 1
            let same = days[last].lines.firstIndex { $0.first.actor == look.actor && $0.first.what == look.what }
            if let same { days[last].lines[same].count += 1 } else { days[last].lines.append((look, 1)) }
        }
        return [
            "days": .list(
                days.map { day, lines in
                    [
                        "day": .text(words.day(day)),
                        "looks": .list(lines.map { shown($0.first, count: $0.count, words) })
                    ]
                }),
            "nextPath": next.map { .text("/privacy/looks?after=\($0.at)_\($0.id)") } ?? .nothing
        ]
    }

    private func shown(_ look: Look, count: Int, _ words: Words) -> Value {
        let looker = lookers[look.actor]
        let roles = looker?.roles.map { words("roles.\($0.rawValue)") } ?? []
        let unnamed = look.actor.hasPrefix("link:") ? "looks.by-link" : "looks.by-program"
        return [
            "who": .text(looker?.name ?? words(unnamed)), "role": roles.isEmpty ? .nothing : .text(words.list(roles)),
            "what": .text(words("looks.what.\(look.what.rawValue)")),
            "when": .text(count == 1 ? words.time(look.at) : words("looks.times", count: count))
        ]
    }
}
