import Foundation
import Kith
import KithTestSupport
import Storage
import Testing

// One after the other: each holds a database and asks for a second one.
@Suite("Backups", .serialized)
struct BackupTests {
    private static func withFolder<T>(_ body: (String) async throws -> T) async throws -> T {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("kith_backup_\(UUID())").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        return try await body(folder)
    }

    /// A village with a match, words and a note in it.
    private func lived(_ village: Village) async throws -> Story {
        let pair = try await village.pair()
        for (index, neighbor) in [village.cleo, village.ben].enumerated() {
            let id = Message.ID(village.platform.world.newIdentifier())
            _ = try await village.write(as: neighbor) {
                try Message.send("Word \(index)", as: id, to: pair.conversation, in: $0)
            }
        }
        let encounter = try await village.meet(pair)
        try await village.write(encounter, "We spoke about nights.", words: "I slept.", revision: 0)
        return pair
    }

    /// Every row of every table but sessions, which end with a restore, and drills.
    private func everything(_ store: Store) async throws -> [String: Set<String>] {
        try await store.read { reader in
            var all: [String: Set<String>] = [:]
            for table in try reader.tables() where !["session", "backup_drill"].contains(table.name) {
                var rows: Set<String> = []
                try reader.rows(of: table) { row in rows.insert("\(row.map(Self.plain))") }
                all[table.name] = rows
            }
            return all
        }
    }

    /// JSON without what PostgreSQL changes in it: the order of names and the white space.
    private static func plain(_ value: SQLValue) -> SQLValue {
        guard case .text(let text) = value, text.hasPrefix("{") || text.hasPrefix("["),
            let object = try? JSONSerialization.jsonObject(with: Data(text.utf8)),
            let sorted = try? JSONSerialization.data(withJSONObject: object, options: .sortedKeys)
        else { return value }
        return .text(String(decoding: sorted, as: UTF8.self))
    }

    private func bodies(_ pair: Story, _ store: Store, _ village: Village) async throws -> [String?] {
        let platform = try await Platform.open(store, world: village.clock.world, shelf: village.platform.shelf)
        let ben = village.ben
        let secret = platform.world.newSecret()
        _ = try await platform.write(as: .system(village.riverside.organization), access: .anyone) { db in
            try Session.open(
                for: Session.Door(organization: db.organization, person: ben.id, hash: ""), secret: secret, in: db)
        }
        return try await platform.read(as: .session(tokenHash: secret.hash)) { db in
            try Conversation.find(pair.conversation, in: db).messages(before: nil, limit: 9, in: db).map(\.body)
        }
    }

    private static let ways = TestEngine.available.flatMap { from in TestEngine.available.map { (from, $0) } }

    @Test("Restored into either engine, everything is as it was, and everybody has to sign in again", arguments: ways)
    func roundTrip(from engine: TestEngine, to other: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await Self.withFolder { folder in
                let pair = try await lived(village)
                let files = try await village.platform.backUp(to: folder)
                let before = try await everything(village.platform.store)
                #expect(before.count > 30 && before["message"]?.count == 2)
                #expect(Backup.all(in: folder) == [files.data])
                try await withDatabase(other) { database in
                    let store = try database.open()
                    let trailer = try await Backup.restore(
                        files.data, keys: files.keys, into: store, features: Features.all, vault: TestWorld.vault,
                        at: village.clock.now)
                    #expect(trailer == files.trailer && trailer.total > 100)
                    let after = try await everything(store)
                    for (table, rows) in before { #expect(after[table] == rows, "\(table)") }
                    let open = try await store.read {
                        try $0.value("SELECT count(*) FROM session WHERE ended_at IS NULL", as: Int.self)
                    }
                    #expect(open == 0)
                    #expect(try await bodies(pair, store, village) == ["Word 0", "Word 1"])
                    // References are checked again.
                    await #expect(throws: StoreError.self) {
                        try await store.write { try $0.run("DELETE FROM conversation") }
                    }
                    let drill = await BackupDrill(
                        of: files.data, keys: files.keys, features: Features.all, vault: TestWorld.vault,
                        at: village.clock.now)
                    #expect(drill.problem == nil && drill.rows == trailer.total && drill.keys >= 2)
                }
            }
        }
    }

    @Test("Nothing in the files can be read without the master key, or changed")
    func closed() async throws {
        try await withVillage(.sqlite) { village in
            try await Self.withFolder { folder in
                _ = try await lived(village)
                let files = try await village.platform.backUp(to: folder)
                for file in [files.data, files.keys] {
                    let bytes = try #require(FileManager.default.contents(atPath: file))
                    for name in ["Cleo Castro", "Riverside", "Word 0", "contact_preference", village.cleo.id.text] {
                        #expect(bytes.range(of: Data(name.utf8)) == nil, "\(name) stands in \(file)")
                    }
                    let rights = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
                    #expect(rights == 0o600)
                }
                func problem(_ vault: Vault = TestWorld.vault, keys: String? = nil) async -> String {
                    await BackupDrill(
                        of: files.data, keys: keys ?? files.keys, features: Features.all, vault: vault,
                        at: village.clock.now
                    ).problem ?? ""
                }
                #expect(await problem() == "")
                let stranger = Vault([try #require(Vault.MasterKey(Array(repeating: 9, count: 32)))])
                #expect(await problem(stranger).contains("another master key"))
                #expect(await problem(keys: files.data).contains("file of keys"))
                let whole = try #require(FileManager.default.contents(atPath: files.data))
                var random = SeededGenerator(seed: 7)
                for trial in 0..<60 {
                    var changed = whole
                    if trial % 4 == 0 {
                        changed = changed.prefix(Int.random(in: 0..<whole.count, using: &random))
                    } else {
                        changed[Int.random(in: 0..<whole.count, using: &random)] ^= 1 << UInt8(trial % 8)
                    }
                    try changed.write(to: URL(fileURLWithPath: files.data))
                    #expect(await problem() != "", "change \(trial) was not noticed")
                }
                try whole.write(to: URL(fileURLWithPath: files.data))
                #expect(await problem() == "")
            }
        }
    }

    @Test("Who was erased is erased in older backups too", arguments: TestEngine.available)
    func erased(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await Self.withFolder { folder in
                let pair = try await lived(village)
                let old = try await village.platform.backUp(to: folder)
                village.clock.advance(hours: 1)
                let cleo = village.cleo.id
                try await village.platform.store.write { db in
                    try db.run(
                        """
                        UPDATE person_key SET wrapped = NULL, destroyed_at = '2026-03-02T15:00:00.000Z'
                        WHERE person_id = \(cleo)
                        """)
                }
                let new = try await village.platform.backUp(to: folder)
                #expect(new.keys == old.keys && new.data != old.data && Backup.all(in: folder).count == 2)
                try await withDatabase(.sqlite) { database in
                    let store = try database.open()
                    _ = try await Backup.restore(
                        old.data, keys: new.keys, into: store, features: Features.all, vault: TestWorld.vault,
                        at: village.clock.now)
                    #expect(try await bodies(pair, store, village) == [nil, "Word 1"])
                }
            }
        }
    }

    @Test("A number that was stopped stays so with older backups", arguments: TestEngine.available)
    func stopped(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await Self.withFolder { folder in
                let number = try #require(TextNumber("+15550100134", country: "1"))
                let old = try await village.platform.backUp(to: folder)
                village.clock.advance(hours: 1)
                try await village.write(as: village.ben) { db in
                    _ = try TextStop.stop(number, in: db)
                    db.record(Event(.textsStopped, of: village.ben.id.text, about: village.ben.id))
                }
                let new = try await village.platform.backUp(to: folder)
                try await withDatabase(.sqlite) { database in
                    let store = try database.open()
                    _ = try await Backup.restore(
                        old.data, keys: new.keys, into: store, features: Features.all, vault: TestWorld.vault,
                        at: village.clock.now)
                    let mark = number.mark(in: village.platform.world)
                    let stops = try await store.read { try $0.values("SELECT number FROM text_stop", as: String.self) }
                    #expect(stops == [mark])
                }
            }
        }
    }

    @Test("A database that is not new, keys that are too old, and a newer Kith's backup are refused")
    func refused() async throws {
        try await withVillage(.sqlite) { village in
            try await Self.withFolder { folder in
                let old = try await village.platform.backUp(to: folder)
                try FileManager.default.copyItem(atPath: old.keys, toPath: folder + "/old.keys")
                village.clock.advance(hours: 1)
                let new = try await village.platform.backUp(to: folder)
                func refusal(
                    keys: String, features: [Feature] = Features.all, into store: Store
                ) async -> String {
                    do {
                        _ = try await Backup.restore(
                            new.data, keys: keys, into: store, features: features, vault: TestWorld.vault,
                            at: village.clock.now)
                        return ""
                    } catch { return (error as? OpenError)?.description ?? "\(error)" }
                }
                #expect(await refusal(keys: new.keys, into: village.platform.store).contains("not empty"))
                try await withDatabase(.sqlite) { database in
                    let store = try database.open()
                    #expect(await refusal(keys: folder + "/old.keys", into: store).contains("older than the backup"))
                    let fewer = Array(Features.all.dropLast(3))
                    #expect(await refusal(keys: new.keys, features: fewer, into: store).contains("newer Kith"))
                    #expect(await refusal(keys: new.keys, into: store) == "", "none of that left anything behind")
                }
            }
        }
    }
}
