import Foundation
import Storage
import Testing

/// TEMPORARY
package enum TestEngine: String, Sendable, CustomTestStringConvertible {
    case sqlite = "SQLite"
    case postgres = "PostgreSQL"
    package static let available: [TestEngine] = [.sqlite]
    package var testDescription: String { rawValue }
}

/// Runs `body` with a store that has had `migrations`, copied from a template that is migrated once per process.
func withMigratedStore<T: Sendable>(
    _ engine: TestEngine, migrations: [Migration], _ body: (Store) async throws -> T
) async throws -> T {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("kith_test_\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let store = try Store.open(.sqlite(path: folder.path + "/test.sqlite"), readers: 2)
    _ = try await store.migrate(migrations, at: "2026-01-01T00:00:00Z")
    do {
        let value = try await body(store)
        await store.close()
        return value
    } catch {
        await store.close()
        throw error
    }
}
