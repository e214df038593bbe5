import Foundation
import Storage
import StorageTestSupport
import Testing

@Suite("When the disk is full", .enabled(if: SmallDisk.isPossible, "only root may mount a disk"))
struct FullDiskTests {
    private static let schema: StaticString = "CREATE TABLE entry (id BIGINT PRIMARY KEY, body TEXT NOT NULL)"
    private static let body = String(repeating: "peer support ", count: 1000)

    @Test("Writes are told so, reads go on, and with room again writes do, without a restart")
    func fullAndFree() async throws {
        try await SmallDisk.with(megabytes: 3) { disk in
            let store = try Store.open(.sqlite(path: disk.path + "/kith.sqlite"))
            _ = try await store.migrate([Migration("1", Self.schema)], at: "now")
            try await store.write { try $0.run("INSERT INTO entry (id, body) VALUES (0, 'first')") }
            try disk.fill()
            // Until then there may be room in the log; so it has to fail before a thousand.
            let told = await outcomes(of: 1000) { id in
                do {
                    try await store.write {
                        try $0.run("INSERT INTO entry (id, body) VALUES (\(id + 1), \(Self.body))")
                    }
                } catch let error as StoreError where error.kind == .full {
                    throw error
                } catch {
                    Issue.record("it fails with \(String(reflecting: error))")
                    throw error
                }
            }
            #expect(told.count < 1000)
            let error = await #expect(throws: StoreError.self) {
                try await store.write { try $0.run("INSERT INTO entry (id, body) VALUES (-1, \(Self.body))") }
            }
            #expect(error?.kind == .full)
            #expect(try await store.numbers("SELECT id FROM entry ORDER BY id") == [0] + told.map { $0 + 1 })
            #expect(try await store.texts("SELECT body FROM entry WHERE id = 0") == ["first"])
            try disk.free()
            try await store.write { try $0.run("INSERT INTO entry (id, body) VALUES (2000, \(Self.body))") }
            #expect(try await store.texts("PRAGMA integrity_check") == ["ok"])
            await store.close()
            let again = try Store.open(.sqlite(path: disk.path + "/kith.sqlite"))
            #expect(try await again.numbers("SELECT id FROM entry ORDER BY id") == [0] + told.map { $0 + 1 } + [2000])
            await again.close()
        }
    }

    @Test("A log that took all the room begins anew as soon as it may")
    func again() async throws {
        try await SmallDisk.with(megabytes: 12) { disk in
            let url = StoreURL.sqlite(path: disk.path + "/kith.sqlite")
            let write: @Sendable (Store, Int) async throws -> Void = { store, number in
                // Others than before: SQLite does not write what is there already.
                let body = String(repeating: "\(number % 7)", count: 100_000)
                _ = try await store.write {
                    try $0.run(
                        """
                        INSERT INTO entry (id, body) VALUES (\(number % 5), \(body))
                        ON CONFLICT (id) DO UPDATE SET body = excluded.body
                        """)
                }
            }
            // The file is as large as it will be, so that no room is needed to carry the log over.
            let first = try Store.open(url)
            _ = try await first.migrate([Migration("1", Self.schema)], at: "now")
            for number in 0..<5 { try await write(first, number) }
            await first.close()
            let store = try Store.open(url)
            // While somebody reads what was, the log keeps all that was written since.
            let (isReading, hasRead) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
            let reader = Task {
                try await store.read {
                    let count = try $0.value("SELECT count(*) FROM entry", as: Int.self)
                    isReading.signal()
                    hasRead.wait()
                    return count
                }
            }
            await withCheckedContinuation { continuation in
                DispatchQueue.global().async {
                    isReading.wait(); continuation.resume()
                }
            }
            var error: (any Error)?
            for number in 0..<400 where error == nil {
                do { try await write(store, number) } catch let refusal { error = refusal }
            }
            #expect((error as? StoreError)?.kind == .full)
            hasRead.signal()
            #expect(try await reader.value == 5)
            var isTaken = false
            for _ in 0..<100 where !isTaken {
                isTaken = (try? await write(store, 6)) != nil
                if !isTaken { try await Task.sleep(for: .milliseconds(100)) }
            }
            #expect(isTaken, "nothing is written, though the log is needed no more")
            #expect(try await store.texts("PRAGMA integrity_check") == ["ok"])
            await store.close()
        }
    }

    @Test("PostgreSQL's, too", arguments: TestEngine.onlyPostgres)
    func postgres(engine: TestEngine) async throws {
        try await withDatabase(engine) { database throws in
            let server = try database.connect()
            // The server must be able to get there, and it can get where its socket is.
            let place = try #require(PostgresServer.socketFolder)
            try await SmallDisk.with(megabytes: 4, in: place) { disk in
                let name = "\(database.folder.lastPathComponent)_disk"
                try server.run("CREATE TABLESPACE \(name) LOCATION '\(disk.path)'")
                try server.run("CREATE TABLE entry (id BIGINT PRIMARY KEY, body BYTEA NOT NULL) TABLESPACE \(name)")
                let store = try database.open()
                let body = (0..<20_000).map { _ in UInt8.random(in: 0...255) }
                try disk.fill()
                let told = await outcomes(of: 100) { id in
                    _ = try await store.write { try $0.run("INSERT INTO entry (id, body) VALUES (\(id), \(body))") }
                }
                let error = await #expect(throws: StoreError.self) {
                    try await store.write { try $0.run("INSERT INTO entry (id, body) VALUES (-1, \(body))") }
                }
                #expect(error?.kind == .full)
                #expect(try await store.numbers("SELECT id FROM entry ORDER BY id") == told)
                try disk.free()
                try await store.write { try $0.run("INSERT INTO entry (id, body) VALUES (2000, \(body))") }
                #expect(try await store.numbers("SELECT id FROM entry ORDER BY id") == told + [2000])
                await store.close()
                try server.run("DROP TABLE entry")
                try server.run("DROP TABLESPACE \(name)")
            }
        }
    }

    @Test("Opening and migrating say so in one sentence, and nothing is changed")
    func opening() async throws {
        try await SmallDisk.with(megabytes: 1) { disk in
            try disk.fill()
            let error = #expect(throws: OpenError.self) {
                _ = try Store.open(.sqlite(path: disk.path + "/kith.sqlite"))
            }
            #expect(error?.description.contains("no room left") == true)
            try disk.free()
            let store = try Store.open(.sqlite(path: disk.path + "/kith.sqlite"))
            try disk.fill()
            let steps = [Migration("1", Self.schema)]
            let refusal = await #expect(throws: OpenError.self) { try await store.migrate(steps, at: "now") }
            #expect(refusal?.description.contains("no room left") == true)
            #expect(try await store.pendingMigrations(steps).map(\.id) == ["1"])
            try disk.free()
            #expect(try await store.migrate(steps, at: "now") == ["1"])
            await store.close()
        }
    }
}
