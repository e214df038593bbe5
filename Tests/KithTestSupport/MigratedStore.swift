import Storage
@_exported import StorageTestSupport
import Synchronization

/// Runs `body` with a store that has had `migrations`, copied from a template that is made once per process.
func withMigratedStore<T: Sendable>(
    _ engine: TestEngine, migrations: [Migration], _ body: (Store, TestDatabase) async throws -> T
) async throws -> T {
    try await withDatabase(engine, copyOf: Templates.having(migrations)) { try await body($0.open(), $0) }
}

private enum Templates {
    private static let made = Mutex<[[String]: DatabaseTemplate]>([:])

    static func having(_ migrations: [Migration]) -> DatabaseTemplate {
        made.withLock { made in
            let key = migrations.map(\.id)
            let template = made[key] ?? DatabaseTemplate(migrations)
            made[key] = template
            return template
        }
    }
}
