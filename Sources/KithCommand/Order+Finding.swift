import Kith
import Storage

extension Order.Bench {
    /// What was typed, without white space at its ends.
    /// - Throws: ``OpenError`` when nothing is left.
    func given(_ text: String, _ what: String) throws -> String {
        let text = text.trimmed
        guard !text.isEmpty else { throw OpenError("The \(what) must not be empty.") }
        return text
    }

    /// The organization by its short name, which may be left out where there is only one.
    func house(_ aim: Order.Aim) async throws -> Organization.ID {
        let houses = try await platform.store.read { reader in
            try reader.all("SELECT id, slug FROM organization ORDER BY slug") {
                (id: try $0["id"] as Organization.ID, slug: try $0["slug"] as String)
            }
        }
        let slug = aim.organization
        guard
            let house = slug.isEmpty
                ? (houses.count == 1 ? houses.first : nil) : houses.first(where: { $0.slug == slug })
        else {
            throw OpenError(
                houses.isEmpty
                    ? "There is no organization yet: kith organization add."
                    : "Which organization? --organization \(houses.map(\.slug).joined(separator: " | "))")
        }
        return house.id
    }

    /// The organization and one of its programs by name, which may be left out where there is only one.
    func place(_ aim: Order.Aim) async throws -> (Organization.ID, Program.ID) {
        let house = try await house(aim)
        let programs = try await read(house) { try Program.all(of: house, in: $0) }
        let wanted = aim.program.trimmed.lowercased()
        guard
            let found = wanted.isEmpty
                ? (programs.count == 1 ? programs.first : nil)
                : programs.first(where: { $0.name.lowercased() == wanted })
        else { throw OpenError("Which program? --program “\(programs.map(\.name).joined(separator: "” | “"))”") }
        return (house, found.id)
    }

    /// Somebody by sign-in name, name or identifier.
    /// - Throws: ``OpenError`` when there is nobody, or more than one.
    func person(_ text: String, of house: Organization.ID) async throws -> (id: Person.ID, name: String) {
        let wanted = try given(text, "person")
        let found = try await platform.store.read { reader in
            try reader.all(
                """
                SELECT p.id, p.name FROM person p
                LEFT JOIN account a ON a.organization_id = p.organization_id AND a.person_id = p.id
                WHERE p.organization_id = \(house)
                AND (p.id = \(wanted) OR p.name = \(wanted) OR a.login_key = \(Account.key(wanted)))
                ORDER BY p.id
                """
            ) { (id: try $0["id"] as Person.ID, name: try $0["name"] as String) }
        }
        guard let first = found.first else { throw OpenError("There is nobody called “\(wanted)”.") }
        guard found.count == 1 else {
            throw OpenError(
                "There are \(found.count) people called “\(wanted)”; give a sign-in name or one of these: "
                    + found.map(\.id.text).joined(separator: ", ") + ".")
        }
        return first
    }
}
