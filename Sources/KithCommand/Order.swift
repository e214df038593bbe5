import Foundation
import Kith
import KithInterop
import Storage

/// Something the command line asks of the data: done here, or by the server that holds the database.
enum Order: Codable, Sendable {
    case addOrganization(name: String, slug: String, timeZone: String, program: String, administrator: String)
    case addUser(organization: String, program: String, name: String, role: String)
    case addPartner(organization: String, program: String, name: String)
    case importFiles(organization: String, program: String, files: [File], asJSON: Bool)
    case check(asJSON: Bool)

    struct File: Codable, Sendable {
        let name: String
        let bytes: Data
    }

    /// What is to be printed, and the exit code.
    struct Outcome: Codable, Sendable {
        var output: String
        var code: Int32 = 0
    }

    func perform(on platform: Platform) async throws -> Outcome {
        switch self {
        case .addOrganization(let name, let slug, let timeZone, let program, let administrator):
            try await addOrganization(platform, name, slug, timeZone, program, administrator)
        case .addUser(let organization, let program, let name, let role):
            try await addUser(platform, organization, program, name, role)
        case .addPartner(let organization, let program, let name):
            try await addPartner(platform, organization, program, name)
        case .importFiles(let organization, let program, let files, let asJSON):
            try await importFiles(platform, organization, program, files, asJSON)
        case .check(let asJSON):
            try await check(platform, asJSON)
        }
    }

    private func addOrganization(
        _ platform: Platform, _ name: String, _ slug: String, _ timeZone: String, _ program: String,
        _ administrator: String
    ) async throws -> Outcome {
        guard TimeZone(identifier: timeZone) != nil else { throw OpenError("There is no time zone “\(timeZone)”.") }
        guard !slug.isEmpty, slug.allSatisfy({ $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "-") }) else {
            throw OpenError("The short name may hold small letters, digits and dashes.")
        }
        let organization = Organization.ID(platform.world.newIdentifier())
        let secret = platform.world.newSecret()
        do {
            try await platform.write(as: .system(organization), access: .anyone) { db in
                _ = try Organization.open(named: name, slug: slug, timeZone: timeZone, in: db)
                let program = try Program.open(
                    named: program, summary: "", policy: Policy(), topics: [], in: db)
                let person = try Person.add(PersonDraft(name: administrator), to: organization, in: db)
                for role in [Role.administrator, .coordinator] {
                    try Person.give(role, in: program, to: person, of: organization, in: db)
                }
                try Invitation.send(to: person, of: organization, secret: secret, in: db)
            }
        } catch let error as StoreError where error.kind == .unique {
            throw OpenError("There is an organization with the short name “\(slug)” already.")
        }
        return Outcome(output: "Opened \(name). \(administrator) comes in at /invitations/\(secret.text)\n")
    }

    private func addUser(
        _ platform: Platform, _ organization: String, _ program: String, _ name: String, _ role: String
    ) async throws -> Outcome {
        guard let role = Role(rawValue: role) else {
            throw OpenError("A role is one of \(Role.allCases.map(\.rawValue).joined(separator: ", ")).")
        }
        let (house, program) = try await find(platform, organization, program)
        let secret = platform.world.newSecret()
        try await platform.write(as: .system(house), access: .anyone) { db in
            let person = try Person.add(PersonDraft(name: name), to: house, in: db)
            try Person.give(role, in: program, to: person, of: house, in: db)
            try Invitation.send(to: person, of: house, secret: secret, in: db)
        }
        return Outcome(output: "Added. The way in, once, for \(Invitation.days) days: /invitations/\(secret.text)\n")
    }

    private func addPartner(
        _ platform: Platform, _ organization: String, _ program: String, _ name: String
    ) async throws -> Outcome {
        let (house, program) = try await find(platform, organization, program)
        let secret = platform.world.newSecret()
        try await platform.write(as: .system(house), access: .anyone) { db in
            _ = try Organization.addPartner(named: name, sendingTo: program, token: secret, in: db)
        }
        return Outcome(output: "Added \(name). Its bearer token, shown only now: \(secret.text)\n")
    }

    private func importFiles(
        _ platform: Platform, _ organization: String, _ program: String, _ files: [File], _ asJSON: Bool
    ) async throws -> Outcome {
        let (house, program) = try await find(platform, organization, program)
        let report = try await Importer().run(
            files: files.map { ($0.name, Array($0.bytes)) }, into: platform, organization: house, program: program)
        return Outcome(
            output: asJSON ? report.json : report.text, code: report.files.contains { $0.verdict == .refused } ? 1 : 0)
    }

    private func check(_ platform: Platform, _ asJSON: Bool) async throws -> Outcome {
        let found = try await platform.orphans()
        let total = found.reduce(0) { $0 + $1.ids.count }
        if asJSON {
            let object = Dictionary(found.map { ($0.name, $0.ids) }, uniquingKeysWith: { $0 + $1 })
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
            return Outcome(
                output: String(decoding: try encoder.encode(object), as: UTF8.self) + "\n", code: total == 0 ? 0 : 1)
        }
        var lines = found.map {
            "\($0.ids.isEmpty ? "ok   " : "FOUND") \($0.name)\($0.ids.isEmpty ? "" : ": \($0.ids.count)")"
        }
        for item in found where !item.ids.isEmpty { lines += item.ids.prefix(10).map { "      \($0)" } }
        lines.append(total == 0 ? "Nothing was started and forgotten." : "\(total) things were started and forgotten.")
        return Outcome(output: lines.joined(separator: "\n") + "\n", code: total == 0 ? 0 : 1)
    }

    /// The organization and program by short name and name; either may be left out where there is only one.
    private func find(
        _ platform: Platform, _ slug: String, _ program: String
    ) async throws -> (Organization.ID, Program.ID) {
        try await platform.store.read { reader in
            let houses = try reader.all("SELECT id, slug FROM organization ORDER BY slug") {
                (id: try $0["id"] as Organization.ID, slug: try $0["slug"] as String)
            }
            guard
                let house = slug.isEmpty
                    ? (houses.count == 1 ? houses.first : nil) : houses.first(where: { $0.slug == slug })
            else {
                throw OpenError(
                    houses.isEmpty
                        ? "There is no organization yet: kith organization add."
                        : "Which organization? --organization \(houses.map(\.slug).joined(separator: " | "))")
            }
            let programs = try reader.all(
                "SELECT id, name FROM program WHERE organization_id = \(house.id) ORDER BY name"
            ) {
                (id: try $0["id"] as Program.ID, name: try $0["name"] as String)
            }
            let wanted = program.lowercased()
            guard
                let found = wanted.isEmpty
                    ? (programs.count == 1 ? programs.first : nil)
                    : programs.first(where: { $0.name.lowercased() == wanted })
            else { throw OpenError("Which program? --program “\(programs.map(\.name).joined(separator: "” | “"))”") }
            return (house.id, found.id)
        }
    }
}
