package import Foundation
package import Storage
import Synchronization

/// A database of one test's own, gone when the test is over: a fresh SQLite file, or a fresh PostgreSQL database.
///
/// ```swift
/// try await withStore(engine, "CREATE TABLE pet (name TEXT)") { store in … }
/// try await withDatabase(engine) { database in
///     let (one, other) = (try database.open(), try database.open())    // on PostgreSQL: two processes
/// }
/// ```
package final class TestDatabase: Sendable {
    package let engine: TestEngine
    package let url: StoreURL
    /// Where the SQLite file lies; nothing is in it on PostgreSQL.
    package let folder: URL
    private let opened = Mutex<[Store]>([])

    /// - Parameter template: what the database is a copy of; nil: it is empty.
    fileprivate init(_ engine: TestEngine, copyOf template: DatabaseTemplate.Copy?) throws {
        self.engine = engine
        let name = "kith_test_\(UUID().uuidString.lowercased().replacing("-", with: "").prefix(16))"
        folder = FileManager.default.temporaryDirectory.appendingPathComponent(name)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        switch engine {
        case .sqlite:
            let file = folder.appendingPathComponent("test.sqlite").path
            if let template { try FileManager.default.copyItem(atPath: template.place, toPath: file) }
            url = .sqlite(path: file)
        case .postgres:
            let server = try PostgresServer.forTests()
            url = try StoreURL(
                template.map { try server.create(database: name, from: $0.place) } ?? server.create(database: name))
        }
    }

    /// The SQLite file.
    package var file: String { folder.appendingPathComponent("test.sqlite").path }

    /// A second connection to the PostgreSQL database, outside the store.
    package func connect() throws -> PostgresServer {
        guard case .postgres(let address) = url else { throw TestFailure("only PostgreSQL has a server") }
        return try PostgresServer(address)
    }

    package func open(readers: Int = 2) throws -> Store {
        let store = try Store.open(url, readers: readers)
        opened.withLock { $0.append(store) }
        return store
    }

    fileprivate func remove() async {
        for store in opened.withLock({ $0 }) { await store.close() }
        if case .postgres(let address) = url {
            try? PostgresServer.forTests().drop(database: PostgresServer.database(of: address))
        }
        try? FileManager.default.removeItem(at: folder)
    }
}

/// Runs `body` with a database of its own. A few at a time: each may hold a dozen connections.
/// - Parameter template: what the database is a copy of; nil: it is empty.
@discardableResult
package func withDatabase<T: Sendable>(
    _ engine: TestEngine, copyOf template: DatabaseTemplate? = nil, _ body: (TestDatabase) async throws -> T
) async throws -> T {
    await Turnstile.databases.enter()
    let result: Result<T, any Error>
    do {
        let database = try TestDatabase(engine, copyOf: try await template?.copy(for: engine))
        do { result = .success(try await body(database)) } catch { result = .failure(error) }
        await database.remove()
    } catch {
        result = .failure(error)
    }
    await Turnstile.databases.leave()
    return try result.get()
}

/// Runs `body` with a store on a database of its own, which has the tables of `schema`.
@discardableResult
package func withStore<T: Sendable>(
    _ engine: TestEngine, _ schema: StaticString = "", readers: Int = 2, _ body: (Store) async throws -> T
) async throws -> T {
    try await withDatabase(engine) { database in
        let store = try database.open(readers: readers)
        _ = try await store.migrate([Migration("test", schema)], at: "2026-01-01T00:00:00Z")
        return try await body(store)
    }
}

/// Lets only so many in at a time.
private actor Turnstile {
    static let databases = Turnstile(places: 4)

    private var places: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(places: Int) { self.places = places }

    func enter() async {
        guard places == 0 else {
            places -= 1
            return
        }
        await withCheckedContinuation { waiting.append($0) }
    }

    func leave() {
        guard waiting.isEmpty else { return waiting.removeFirst().resume() }
        places += 1
    }
}

package struct TestFailure: Error, CustomStringConvertible {
    package let description: String
    package init(_ description: String) { self.description = description }
}
