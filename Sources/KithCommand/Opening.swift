import Foundation
import Kith
import KithInterop
import Storage

/// Every feature this program has.
let everyFeature: [Feature] = Features.all + [Interop.feature]

extension Platform {
    /// Opens a database and loads pages and texts.
    /// - Parameter preparing: whether it may be created, and brought to this version, here. Only what begins something
    ///   does that: to serve, to open an organization, to migrate. Whatever else meets a database that is not there, or
    ///   not ready, says so.
    /// - Parameter keys: where the master keys are; nil: where they usually are.
    /// - Throws: ``OpenError`` in one plain sentence; then nothing was changed.
    static func open(
        _ database: StoreURL, keys: MasterKeys? = nil, preparing: Bool = true, world: World = .real(),
        quiet: Bool = false
    ) async throws -> Platform {
        var world = world
        let store: Store
        if preparing {
            let applied: [String]
            (store, applied) = try await prepare(database, keys: keys ?? .usual(for: database), world)
            if !applied.isEmpty, !quiet { tell("Prepared the database (\(applied.count) steps).") }
        } else {
            store = try await openReady(database)
        }
        do {
            let isNew = try await store.read { try Vault.needed(in: $0) } == nil
            world.vault = try (keys ?? .usual(for: database)).vault(making: isNew)
            return try await Platform.open(store, world: world, features: everyFeature, shelf: Shelf.load())
        } catch {
            await store.close()
            throw error
        }
    }
}

/// Opens a database, made if need be, and brings it to this version. One that holds something already is copied first.
/// - Returns: the store, and the steps that were applied.
func prepare(_ database: StoreURL, keys: MasterKeys, _ world: World) async throws -> (Store, [String]) {
    let wasThere = database.isThere
    Settings.makeUsualFolder(for: database)
    do {
        let store = try Store.open(database)
        do {
            let migrations = everyFeature.flatMap(\.migrations)
            try await copyBeforeUpgrade(of: store, at: database, keys: keys, world)
            return (store, try await store.migrate(migrations, at: world.now().description))
        } catch {
            await store.close()
            throw error
        }
    } catch {
        // A file that was only just begun holds nothing, and would be taken for a database the next time.
        if !wasThere { remove(database) }
        throw error
    }
}

/// Copies a database of an earlier Kith, before anything of it is changed.
private func copyBeforeUpgrade(
    of store: Store, at database: StoreURL, keys: MasterKeys, _ world: World
) async throws {
    let migrations = everyFeature.flatMap(\.migrations)
    let pending = Set(try await store.pendingMigrations(migrations).map(\.id))
    guard !pending.isEmpty, pending.count < migrations.count else { return }
    var world = world
    let isNew = try await store.read { try Vault.needed(in: $0) } == nil
    world.vault = try keys.vault(making: isNew)
    let name = "before-\(Backup.stamp(world.now()))"
    let files = try await Backup.make(
        of: store, steps: migrations.map(\.id).filter { !pending.contains($0) }, in: database.folder, named: name,
        keys: name, world)
    tell("Copied the database of an earlier Kith to \(files.data), with its keys beside it.")
}

extension StoreURL {
    /// Where a SQLite file lies; for PostgreSQL, where Kith was started.
    fileprivate var folder: String {
        guard case .sqlite(let path) = self else { return FileManager.default.currentDirectoryPath }
        return URL(fileURLWithPath: path).deletingLastPathComponent().path
    }
}

/// Takes away a file that was only just begun.
func remove(_ database: StoreURL) {
    guard case .sqlite(let path) = database, !database.isHeldElsewhere else { return }
    for end in ["", "-wal", "-shm"] { unlink(path + end) }
}

/// Opens a database that is there and of this version.
private func openReady(_ database: StoreURL) async throws -> Store {
    let store = try Store.open(database, creating: false)
    do {
        let migrations = everyFeature.flatMap(\.migrations)
        let pending = try await store.pendingMigrations(migrations)
        guard pending.count < migrations.count else {
            throw OpenError("There is no Kith in this database yet. “kith organization add” begins one.")
        }
        guard pending.isEmpty else {
            throw OpenError("The database is from an earlier Kith. “kith migrate” prepares it for this one.")
        }
        return store
    } catch {
        await store.close()
        throw error
    }
}
