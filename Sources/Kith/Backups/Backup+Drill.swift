import Foundation
import Storage

/// A try to restore a backup: what a backup is worth is known only from having restored it.
package struct BackupDrill: Sendable, Equatable, Codable {
    package let at: String
    /// The name of the file, without its folder.
    package let file: String
    /// When the backup was made.
    package let madeAt: String
    /// How many rows came back.
    package var rows = 0
    /// How many people's keys opened.
    package var keys = 0
    /// Why it failed, in one sentence; nil when all came back.
    package var problem: String?

    package var succeeded: Bool { problem == nil }

    init(row: Row) throws {
        at = try row["at"]
        file = try row["file"]
        madeAt = try row["made_at"]
        rows = try row["row_count"]
        keys = try row["key_count"]
        problem = try row["problem"]
    }

    /// Restores a backup into a scratch database, compares rows and logs with what the backup says, opens every
    /// person's key, and deletes the scratch again.
    package init(of data: String, keys file: String, features: [Feature], vault: Vault, at now: Instant) async {
        at = now.description
        self.file = (data as NSString).lastPathComponent
        madeAt = (try? BackupReader(data, part: .data, vault).header.madeAt) ?? ""
        let scratch = FileManager.default.temporaryDirectory.appendingPathComponent("kith-drill-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: scratch) }
        do {
            try FileManager.default.createDirectory(
                atPath: scratch, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
            let store = try Store.open(.sqlite(path: scratch + "/drill.sqlite"))
            let result: Result<(Int, Int), any Error>
            do {
                let trailer = try await Backup.restore(
                    data, keys: file, into: store, features: features, vault: vault, at: now)
                result = .success((trailer.total, try await store.read { try vault.openEveryKey(in: $0) }))
            } catch {
                result = .failure(error)
            }
            await store.close()
            (rows, keys) = try result.get()
        } catch let error as OpenError {
            problem = error.description
        } catch {
            problem = "Restoring failed (\(type(of: error)))."
        }
    }
}

extension Platform {
    /// Notes how a drill went, for the administrator's page.
    package func note(_ drill: BackupDrill) async throws {
        let id = world.newIdentifier()
        try await store.write { writer in
            try writer.run(
                """
                INSERT INTO backup_drill (id, at, file, made_at, row_count, key_count, problem)
                VALUES (\(id), \(drill.at), \(drill.file), \(drill.madeAt), \(drill.rows), \(drill.keys),
                    \(drill.problem))
                """)
        }
    }
}

extension Backup {
    /// The last drill that succeeded, and the last one at all. One statement.
    package static func drills(in db: Reading) throws -> (good: BackupDrill?, last: BackupDrill?) {
        let found = try db.all(
            """
            SELECT * FROM backup_drill WHERE id = (SELECT max(id) FROM backup_drill)
            OR id = (SELECT max(id) FROM backup_drill WHERE problem IS NULL) ORDER BY id
            """, BackupDrill.init(row:))
        return (found.last { $0.succeeded }, found.last)
    }

    package static let feature = Feature(name: "Backups", migrations: migrations)

    static let migrations = [
        Migration(
            "2026-11-27-backup-drill",
            """
            CREATE TABLE backup_drill (
                id TEXT PRIMARY KEY,
                at TEXT NOT NULL,
                file TEXT NOT NULL,
                made_at TEXT NOT NULL,
                row_count BIGINT NOT NULL,
                key_count BIGINT NOT NULL,
                problem TEXT
            );
            """)
    ]
}
