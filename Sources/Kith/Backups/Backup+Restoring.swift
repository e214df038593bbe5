import Foundation
import Storage

extension Backup {
    /// Fills an empty database with what a backup holds, and brings it to this version.
    ///
    /// Everybody has to sign in again, since a session that was ended after the backup would otherwise be open once
    /// more. People whose key is not in the file of keys were erased since; their texts stay unreadable.
    /// - Parameter keys: the file of keys, of the same moment or a later one.
    /// - Returns: what the backup says it holds; what is there now was compared with it.
    /// - Throws: ``OpenError`` when the database is not empty, or a file is damaged, from a newer Kith, or another
    ///   installation's.
    package static func restore(
        _ data: String, keys: String, into store: Store, features: [Feature], vault: Vault, at now: Instant
    ) async throws -> Trailer {
        let (main, apart) = (
            try BackupReader(data, part: .data, vault), try BackupReader(keys, part: .keys, vault)
        )
        let migrations = features.flatMap(\.migrations)
        guard try await store.pendingMigrations(migrations).count == migrations.count else {
            throw OpenError("The database to restore into is not empty; name a new one.")
        }
        let known = Set(migrations.map(\.id))
        guard Set(main.header.migrations).union(apart.header.migrations).isSubset(of: known) else {
            throw OpenError("The backup was made by a newer Kith; use that version. Nothing was changed.")
        }
        guard main.header.madeAt <= apart.header.madeAt else {
            throw OpenError("The file of keys is older than the backup; take the newest one.")
        }
        // The schema as it was then, of both files, so that every column finds its place.
        let steps = Set(main.header.migrations + apart.header.migrations)
        _ = try await store.migrate(migrations.filter { steps.contains($0.id) }, at: now.description)
        let trailer = try await store.write { writer in
            var trailer = Trailer()
            try writer.withForeignKeysLast {
                trailer = try load(main, into: writer)
                _ = try load(apart, into: writer)
                for step in features.flatMap(\.afterRestore) { try writer.run(step(now)) }
            }
            return trailer
        }
        _ = try await store.migrate(migrations, at: now.description)
        try await store.read { try compare(trailer, with: $0) }
        return trailer
    }

    private static func load(_ file: BackupReader, into writer: Writer) throws -> Trailer {
        var (table, rows): (TableShape?, [[SQLValue]]) = (nil, [])
        var end: Trailer?
        func flush() throws {
            if let table, !rows.isEmpty { try writer.insert(rows, into: table) }
            rows.removeAll(keepingCapacity: true)
        }
        try file.read { item in
            switch item {
            case .table(let next):
                try flush()
                table = next
            case .row(let row):
                rows.append(row)
                if rows.count >= 1_000 { try flush() }
            case .end(let trailer):
                try flush()
                end = trailer
            }
        }
        guard let end else { throw OpenError("The backup has no end; take another one.") }
        return end
    }

    /// - Throws: ``OpenError`` when there are fewer or more rows than the backup says, or a log is not whole.
    private static func compare(_ trailer: Trailer, with reader: Reader) throws {
        for table in try reader.tables() {
            guard let expected = trailer.rows[table.name] else { continue }
            let count = try reader.count(of: table)
            guard count == expected else {
                throw OpenError("Of \(table.name), \(count) rows were restored and \(expected) were expected.")
            }
        }
        for (organization, seal) in trailer.pages {
            let found = try Audit.verify(Organization.ID(organization), against: [seal.page: seal.hash], in: reader)
            if let broken = found.broken { throw OpenError("A log is not whole: page \(broken.page).") }
        }
    }
}
