import Foundation
import Kith
import Storage
import StorageTestSupport

@testable import KithCommand

/// An installation in a folder of its own, as the doctor finds it.
struct Patient {
    let folder: String
    var settings: Settings
    var key: String { folder + "/kith.key" }

    /// Runs `body` with an installation that nobody has set up yet.
    static func with(_ engine: TestEngine, _ body: (Patient, TestDatabase) async throws -> Void) async throws {
        try await withDatabase(engine) { database in
            let folder = database.folder.path
            chmod(folder, 0o700)
            let settings = Settings(
                database: database.url, port: 8080, host: "127.0.0.1", address: "http://localhost:8080",
                masterKeys: .file(folder + "/kith.key"))
            let patient = Patient(folder: folder, settings: settings)
            try await patient.write { _ in }
            try await body(patient, database)
        }
    }

    /// Changes the database as Kith does, with its key.
    func write(_ work: @escaping @Sendable (Writer) throws -> Void) async throws {
        let platform = try await Platform.open(settings.database, keys: settings.masterKeys, quiet: true)
        let result: Result<Void, any Error>
        do { result = .success(try await platform.store.write(work)) } catch { result = .failure(error) }
        await platform.store.close()
        try result.get()
    }

    func look(at now: Instant = World.real().now()) async -> [Finding.Check: [Finding]] {
        Dictionary(grouping: await Doctor(settings: settings, now: now).examine().checks, by: \.check)
    }

    func look(_ check: Finding.Check, at now: Instant = World.real().now()) async -> Finding? {
        await look(at: now)[check]?.first
    }
}
