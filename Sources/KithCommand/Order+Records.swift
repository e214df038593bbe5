import FHIR
import Foundation
import Kith
import KithInterop
import Storage
import Web

extension Order.Bench {
    func erase(_ aim: Order.Aim, _ person: String) async throws -> Order.Outcome {
        let house = try await house(aim)
        let found = try await self.person(person, of: house)
        let certificate = try await platform.erase(found.id, of: house)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
        return Order.Outcome(output: String(decoding: try encoder.encode(certificate), as: UTF8.self) + "\n")
    }

    /// Everything about one person, as text and as FHIR.
    func copy(_ aim: Order.Aim, _ person: String) async throws -> Order.Outcome {
        let house = try await house(aim)
        return try await copy(try await self.person(person, of: house).id, of: house)
    }

    private func copy(_ person: Person.ID, of house: Organization.ID) async throws -> Order.Outcome {
        let (copy, now, zone) = try await read(house) { db in
            let zone = try db.value("SELECT time_zone FROM organization WHERE id = \(house)", as: String.self)
            return (try PersonCopy(of: person, in: db), db.now, zone ?? "UTC")
        }
        let locale = platform.shelf.translations.locales.contains(copy.person.language) ? copy.person.language : "en"
        let words = Words(platform.shelf.translations[locale], zone: zone, now: now)
        let json = String(decoding: copy.bundle(at: now).json.bytes(), as: UTF8.self)
        return Order.Outcome(files: ["record.txt": copy.text(words), "record.fhir.json": json])
    }

    func export(_ aim: Order.Aim, _ part: Order.ExportPart) async throws -> Order.Outcome {
        let house = try await house(aim)
        switch part {
        case .person(let id):
            guard let id = Person.ID(untrusted: id) else { throw Problem.notFound }
            return try await copy(id, of: house)
        case .list:
            let (people, tables) = try await platform.store.read { reader in
                let people = try reader.values(
                    "SELECT id FROM person WHERE organization_id = \(house) ORDER BY id", as: String.self)
                return (people, try reader.tables().filter(Self.belongsInExport).map(\.name))
            }
            return Order.Outcome(
                output: people.map { "person \($0)\n" }.joined() + tables.map { "table \($0)\n" }.joined())
        case .table(let name):
            let lines = try await platform.store.read { reader in
                let shape = try reader.tables().first { $0.name == name && Self.belongsInExport($0) }
                guard let shape else { throw Problem.notFound }
                let place = shape.columns.firstIndex { $0.name == "organization_id" } ?? 0
                var lines: [String] = []
                try reader.rows(of: shape) { row in
                    guard row[place] == .text(house.text) else { return }
                    lines.append(try Self.json(row, of: shape))
                }
                return lines
            }
            return Order.Outcome(files: ["\(name).ndjson": lines.map { $0 + "\n" }.joined()])
        }
    }

    /// Whether a table is the organization's own: it says whose its rows are, and holds nothing to sign in or to open
    /// texts with.
    private static func belongsInExport(_ table: TableShape) -> Bool {
        let secrets: Set = ["account", "session", "person_key", "invitation"]
        return table.columns.contains { $0.name == "organization_id" } && !secrets.contains(table.name)
            && !table.columns.contains { column in
                ["token", "secret", "hash", "public_key"].contains { column.name.contains($0) }
            }
    }

    private static func json(_ row: [SQLValue], of table: TableShape) throws -> String {
        var object: [String: Any] = [:]
        for (column, value) in zip(table.columns, row) {
            switch value {
            case .null: object[column.name] = NSNull()
            case .text(let text): object[column.name] = text
            case .integer(let number): object[column.name] = number
            case .double(let number): object[column.name] = number
            case .boolean(let flag): object[column.name] = flag
            case .bytes(let bytes): object[column.name] = Data(bytes).base64EncodedString()
            }
        }
        let json = try JSONSerialization.data(withJSONObject: object, options: [.sortedKeys, .withoutEscapingSlashes])
        return String(decoding: json, as: UTF8.self)
    }
}
