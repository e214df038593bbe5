import Foundation

/// One step of the schema: SQL that both engines accept, applied once and never changed after release.
package struct Migration: Sendable {
    /// Date and subject: `2026-11-21-referral`. Applied in the order of the list they stand in.
    package let id: String
    package let text: String

    package init(_ id: String, _ text: StaticString) {
        self.id = id
        self.text = "\(text)"
    }

    /// FNV-1a over the text with runs of white space taken as one, so that layout may change and meaning may not.
    package var hash: String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for word in text.split(whereSeparator: \.isWhitespace) {
            for byte in word.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
            hash = (hash ^ 32) &* 0x100_0000_01b3
        }
        return String(hash, radix: 16)
    }
}

extension Store {
    /// Applies, in one transaction, the migrations this database has not had yet.
    /// - Returns: the identifiers that were applied.
    /// - Throws: ``OpenError`` when the database was made by a newer program, or a step has changed since it was
    ///   applied, or does not work here, or the disk is full; then nothing is touched.
    package func migrate(_ migrations: [Migration], at instant: String) async throws -> [String] {
        var pending = try await pendingMigrations(migrations)
        while !pending.isEmpty {
            do {
                return try await write { try Self.apply(migrations, at: instant, in: $0) }
            } catch {
                if (error as? StoreError)?.kind == .full { throw OpenError.full }
                // On PostgreSQL another process may have been faster, unseen by the snapshot we had by then.
                let stillPending = try await pendingMigrations(migrations)
                guard stillPending.count < pending.count else { throw error }
                pending = stillPending
            }
        }
        return []
    }

    /// Applies the steps that are missing for a trial, and takes everything back.
    /// - Returns: the identifiers that would be applied.
    /// - Throws: what ``migrate(_:at:)`` would throw.
    package func tryMigrating(_ migrations: [Migration]) async throws -> [String] {
        do {
            return try await write { writer -> [String] in
                throw Tried(steps: try Self.apply(migrations, at: "trial", in: writer))
            }
        } catch let tried as Tried {
            return tried.steps
        }
    }

    /// Thrown so that a trial is taken back.
    private struct Tried: Error {
        let steps: [String]
    }

    private static func apply(_ migrations: [Migration], at instant: String, in writer: Writer) throws -> [String] {
        if let lock = Dialect.migrationLock(writer.connection.engine) { _ = try writer.value(lock, as: String.self) }
        let pending = try pending(migrations, in: writer)
        try writer.script(
            "CREATE TABLE IF NOT EXISTS migration (id TEXT PRIMARY KEY, hash TEXT NOT NULL, applied_at TEXT NOT NULL)")
        for migration in pending {
            do {
                try writer.script(migration.text)
            } catch let error as StoreError where !error.concernsAll {
                throw OpenError("The schema step “\(migration.id)” failed (code \(error.code)); nothing was changed.")
            }
            try writer.run(
                "INSERT INTO migration (id, hash, applied_at) VALUES (\(migration.id), \(migration.hash), \(instant))")
        }
        return pending.map(\.id)
    }

    /// Migrations this database has not had yet, in order.
    package func pendingMigrations(_ migrations: [Migration]) async throws -> [Migration] {
        try await read { try Self.pending(migrations, in: $0) }
    }

    private static func pending(_ migrations: [Migration], in reader: Reader) throws -> [Migration] {
        guard try reader.exists(Dialect.tableExists("migration", reader.connection.engine)) else { return migrations }
        let applied = try reader.all("SELECT id, hash FROM migration ORDER BY applied_at, id") {
            (id: try $0["id"] as String, hash: try $0["hash"] as String)
        }
        let known = Dictionary(uniqueKeysWithValues: migrations.map { ($0.id, $0) })
        for step in applied {
            guard let migration = known[step.id] else {
                throw OpenError(
                    "The database was made by a newer Kith (it has “\(step.id)”); use that version. Nothing was changed."
                )
            }
            guard migration.hash == step.hash else {
                throw OpenError(
                    "The schema step “\(step.id)” is not the one this database was made with. Nothing was changed.")
            }
        }
        let done = Set(applied.map(\.id))
        return migrations.filter { !done.contains($0.id) }
    }
}

extension OpenError {
    fileprivate static let full = OpenError("There is no room left on the disk for the database; nothing was changed.")
}
