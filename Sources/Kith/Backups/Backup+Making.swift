import Foundation
import Storage

extension Platform {
    /// Copies everything, as it stands at one moment, into two files in `folder`; nobody has to wait for it. The file of
    /// keys takes the place of the one before.
    /// - Throws: ``OpenError`` when the folder cannot be written.
    package func backUp(to folder: String) async throws -> Backup.Files {
        try await seal(everything: true)
        let steps = features.flatMap(\.migrations).map(\.id)
        return try await Backup.make(
            of: store, steps: steps, in: folder, named: "kith-\(Backup.stamp(world.now()))", keys: "kith", world)
    }
}

extension Backup {
    /// A moment as it stands in the name of a file: `20261127T141900Z`.
    package static func stamp(_ moment: Instant) -> String {
        moment.description.prefix(19).filter { $0 != "-" && $0 != ":" } + "Z"
    }

    /// Copies everything of a store, also of one whose schema is older than this program.
    /// - Parameters:
    ///   - steps: the schema's steps that it has had.
    ///   - name: of the file of data, and `keys` of the file of keys, without their endings.
    package static func make(
        of store: Store, steps: [String], in folder: String, named name: String, keys keyName: String, _ world: World
    ) async throws -> Files {
        let (data, keys, now) = ("\(folder)/\(name).backup", "\(folder)/\(keyName).keys", world.now())
        var isFolder = ObjCBool(false)
        guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue else {
            throw OpenError("The folder \(folder) for backups does not exist.")
        }
        let id = world.newIdentifier()
        let trailer = try await store.read { reader in
            // Begun anew when the snapshot has to be taken anew.
            let main = try BackupWriter(data, part: .data, id: id, at: now, migrations: steps, world)
            let apart = try BackupWriter(keys, part: .keys, id: id, at: now, migrations: steps, world)
            var (mine, theirs) = (Trailer(), Trailer())
            let tables = try reader.tables()
            for table in tables {
                let isKeys = keyTables.contains(table.name)
                let writer = isKeys ? apart : main
                var count = 0
                try writer.begin(table)
                try reader.rows(of: table) { row in
                    try writer.add(row)
                    count += 1
                }
                if isKeys { theirs.rows[table.name] = count } else { mine.rows[table.name] = count }
            }
            if tables.contains(where: { $0.name == "audit_page" }) { mine.pages = try lastPages(in: reader) }
            try apart.finish(theirs)
            try main.finish(mine)
            return mine
        }
        return Files(data: data, keys: keys, trailer: trailer)
    }
}

extension Backup {
    /// The last page of every log.
    static func lastPages(in reader: Reader) throws -> [String: Trailer.Seal] {
        let found = try reader.all(
            """
            SELECT a.organization_id, a.number, a.hash FROM audit_page a
            WHERE a.number = (SELECT max(b.number) FROM audit_page b WHERE b.organization_id = a.organization_id)
            """
        ) { row in
            (try row["organization_id"] as String, Trailer.Seal(page: try row["number"], hash: try row["hash"]))
        }
        return Dictionary(found, uniquingKeysWith: { $1 })
    }

    /// The backups in a folder, the oldest first.
    package static func all(in folder: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasPrefix("kith-2") && $0.hasSuffix(".backup") }.sorted().map { "\(folder)/\($0)" }
    }
}
