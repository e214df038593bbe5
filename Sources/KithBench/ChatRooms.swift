import Foundation
import Kith
import KithInterop
import Storage

/// A site with a group for each size that `scripts/bench-chat` measures, whose members are signed in. What they are
/// signed in with stands in `rooms.json`, for the load generator.
enum ChatRooms {
    static let sizes = [10, 100, 1_000]

    private struct Member: Codable, Sendable {
        let session: String
        let token: String
    }

    private struct Room: Codable, Sendable {
        let path: String
        let members: [Member]
    }

    /// Makes `rooms.json`, the master key `chat.sqlite.key` and `chat.sqlite`; or fills an empty PostgreSQL database in
    /// place of the last.
    static func fill(_ folder: URL, database: String? = nil) async throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let path = folder.appendingPathComponent("chat.sqlite").path
        let store = try Store.open(database.map(StoreURL.postgres) ?? .sqlite(path: path))
        var world = World.real()
        world.vault = try BenchTown.masterKey(beside: path, world)
        let features = Features.all + [Interop.feature]
        _ = try await store.migrate(features.flatMap(\.migrations), at: world.now().description)
        let platform = try await Platform.open(store, world: world, features: features, shelf: Shelf.load())
        let organization = Organization.ID(world.newIdentifier())
        let (program, text) = try await platform.write(as: .system(organization), access: .anyone) { db in
            _ = try Organization.open(named: "Bench", slug: "bench", timeZone: "America/New_York", in: db)
            let program = try Program.open(named: "Caregivers", summary: "", policy: Policy(), topics: [], in: db)
            try ConsentText.publishUsual(for: program, in: db)
            let text = try db.value(
                "SELECT id FROM consent_text WHERE program_id = \(program) AND purpose = 'take-part' AND language = 'en'",
                as: ConsentText.ID.self)
            guard let text else { throw BenchError(description: "no words of consent") }
            return (program, text)
        }
        var rooms: [String: Room] = [:]
        for size in sizes {
            let (id, secrets) = try await platform.write(as: .system(organization), access: .anyone) { db in
                let id = try Conversation.openGroup(
                    .init(title: "Group of \(size)"), in: program, of: organization, db: db)
                return (id, try (0..<size).map { try add($0, to: id, in: program, organization, db) })
            }
            for secret in secrets {
                _ = try await platform.write(as: .session(tokenHash: secret.hash)) {
                    try Consent.give(.takePart, in: program, text: text, signedAs: "Cleo", db: $0)
                }
            }
            rooms["\(size)"] = Room(
                path: "/conversations/\(id)",
                members: secrets.map { Member(session: $0.text, token: $0.derived(for: "form").text) })
        }
        await store.close()
        try JSONEncoder().encode(rooms).write(to: folder.appendingPathComponent("rooms.json"))
    }

    /// Somebody who takes part, signed in, in the group.
    private static func add(
        _ number: Int, to group: Conversation.ID, in program: Program.ID, _ organization: Organization.ID,
        _ db: Writing
    ) throws -> Secret {
        let person = try Person.add(PersonDraft(name: "Cleo \(number)"), to: organization, in: db)
        try Person.give(.participant, in: program, to: person, of: organization, in: db)
        try Account.open(for: person, of: organization, login: person.text, passwordHash: "none", in: db)
        let secret = db.world.newSecret()
        try Session.open(
            for: Session.Door(organization: organization, person: person, hash: ""), secret: secret,
            limits: Session.Limits(hours: 12, idleMinutes: nil), in: db)
        try Conversation.add(person, as: .participant, to: group, of: organization, db: db)
        return secret
    }
}
