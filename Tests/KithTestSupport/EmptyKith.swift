import Kith
import Storage

/// A Kith that nobody has set up yet: no organization, nobody in it.
package struct EmptyKith: Sendable {
    package let platform: Platform
    package let database: TestDatabase
    package let clock: TestWorld
}

/// Runs `body` with a Kith on `engine` that nobody has set up yet.
package func withEmptyKith<T: Sendable>(
    _ engine: TestEngine, _ body: (EmptyKith) async throws -> T
) async throws -> T {
    try await withMigratedStore(engine, migrations: Features.migrations) { store, database in
        let clock = TestWorld()
        let platform = try await Platform.open(store, world: clock.world, shelf: SharedShelf.loaded.get())
        return try await body(EmptyKith(platform: platform, database: database, clock: clock))
    }
}
