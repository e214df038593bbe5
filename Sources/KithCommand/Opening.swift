import Foundation
import Kith
import KithInterop
import Storage

/// Every feature this program has.
let everyFeature: [Feature] = Features.all + [Interop.feature]

extension Platform {
    /// Opens the database of `settings`, migrates it, and loads pages and texts.
    /// - Throws: ``OpenError`` in one plain sentence; then nothing was changed.
    static func open(_ database: StoreURL, world: World = .real(), quiet: Bool = false) async throws -> Platform {
        let store = try Store.open(database)
        let applied = try await store.migrate(everyFeature.flatMap(\.migrations), at: world.now().description)
        if !applied.isEmpty, !quiet { tell("Prepared the database (\(applied.count) steps).") }
        return try await Platform.open(store, world: world, features: everyFeature, shelf: Shelf.load())
    }
}
