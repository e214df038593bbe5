import Foundation
package import Storage
import Synchronization

/// Databases that have had some migrations, to copy from: one of each engine, made when it is first asked for. A copy
/// takes a few milliseconds on SQLite and some tenths of a second on PostgreSQL, which migrating would not.
package actor DatabaseTemplate {
    /// What a new database is a copy of.
    struct Copy: Sendable {
        /// A file's path, or a database's name.
        let place: String
    }

    private let migrations: [Migration]
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("kith_test_\(UUID().uuidString)")
    private var made: [TestEngine: Task<Copy, any Error>] = [:]

    package init(_ migrations: [Migration]) { self.migrations = migrations }

    func copy(for engine: TestEngine) async throws -> Copy {
        let copy = made[engine] ?? Task { try await make(engine) }
        made[engine] = copy
        return try await copy.value
    }

    private func make(_ engine: TestEngine) async throws -> Copy {
        let (copy, url): (Copy, StoreURL)
        switch engine {
        case .sqlite:
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            copy = Copy(place: folder.appendingPathComponent("template.sqlite").path)
            url = .sqlite(path: copy.place)
            Leftovers.remove(atExit: folder)
        case .postgres:
            // Goes with the server, which serves one run of the tests.
            copy = Copy(place: "kith_template_\(UUID().uuidString.lowercased().replacing("-", with: "").prefix(16))")
            url = try StoreURL(try PostgresServer.forTests().create(database: copy.place))
        }
        let store = try Store.open(url)
        _ = try await store.migrate(migrations, at: "2026-01-01T00:00:00Z")
        await store.close()
        return copy
    }
}

/// Folders that go when this process ends.
private enum Leftovers {
    private static let folders = Mutex<[URL]>([])
    private static let atEnd: Void = {
        atexit { Leftovers.folders.withLock { $0.forEach { try? FileManager.default.removeItem(at: $0) } } }
    }()

    static func remove(atExit folder: URL) {
        _ = atEnd
        folders.withLock { $0.append(folder) }
    }
}
