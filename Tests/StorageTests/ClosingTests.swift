import Storage
import StorageTestSupport
import Testing

@Suite("Closing finishes what was begun and refuses what comes later", .timeLimit(.minutes(35)))
struct ClosingTests {
    private static let schema: StaticString = "CREATE TABLE entry (id BIGINT PRIMARY KEY)"

    @Test(
        "Writes that wait are done, later ones are refused, and nobody is told the wrong thing",
        arguments: TestEngine.available)
    func writes(engine: TestEngine) async throws {
        try await withDatabase(engine) { database throws in
            let store = try database.open()
            _ = try await store.migrate([Migration("1", Self.schema)], at: "now")
            let (begun, goOn) = (Signal(), Signal())
            let first = Task {
                try await store.write { writer in
                    begun.give()
                    goOn.wait()
                    try writer.run("INSERT INTO entry (id) VALUES (-1)")
                }
            }
            try #require(await begun.given())
            let others = (0..<50).map { id in
                Task { try await store.write { try $0.run("INSERT INTO entry (id) VALUES (\(id))") } }
            }
            try await Task.sleep(for: .milliseconds(100))
            let closing = Task { await store.close() }
            try await Task.sleep(for: .milliseconds(50))
            await expectClosed { _ = try await store.write { try $0.run("INSERT INTO entry (id) VALUES (99)") } }
            goOn.give()
            await closing.value
            try await first.value
            var kept = [-1]
            for (id, write) in others.enumerated() where (try? await write.value) != nil { kept.append(id) }
            #expect(kept.count == 51, "all of them waited when the store was closed")
            await expectClosed { _ = try await store.read { try $0.exists("SELECT 1") } }
            let reopened = try database.open()
            #expect(try await reopened.numbers("SELECT id FROM entry ORDER BY id") == kept)
        }
    }

    @Test("A read that runs is finished first", arguments: TestEngine.available)
    func reads(engine: TestEngine) async throws {
        try await withStore(engine, Self.schema) { store throws in
            let (begun, goOn) = (Signal(), Signal())
            let read = Task {
                try await store.read { reader in
                    begun.give()
                    goOn.wait()
                    return try reader.value("SELECT count(*) FROM entry", as: Int.self)
                }
            }
            try #require(await begun.given())
            let closing = Task { await store.close() }
            try await Task.sleep(for: .milliseconds(50))
            goOn.give()
            #expect(try await read.value == 0)
            await closing.value
        }
    }

    @Test("Closing twice is no harm", arguments: TestEngine.available)
    func twice(engine: TestEngine) async throws {
        try await withStore(engine) { store throws in
            await store.close()
            await store.close()
            await expectClosed { _ = try await store.write { try $0.exists("SELECT 1") } }
        }
    }

    @Test("Many readers and writers in full flight when the store is closed", arguments: TestEngine.available)
    func inFlight(engine: TestEngine) async throws {
        try await withDatabase(engine) { database throws in
            let store = try database.open()
            _ = try await store.migrate([Migration("1", Self.schema)], at: "now")
            let callers = (0..<16).map { caller in
                Task {
                    var kept: [Int] = []
                    for lap in 0... {
                        let id = caller * 1_000_000 + lap
                        do {
                            try await store.write { try $0.run("INSERT INTO entry (id) VALUES (\(id))") }
                            kept.append(id)
                            _ = try await store.read { try $0.exists("SELECT id FROM entry WHERE id = \(id)") }
                        } catch let error as StoreError where error.kind == .closed {
                            return kept
                        }
                    }
                    return kept
                }
            }
            try await Task.sleep(for: .milliseconds(200))
            await store.close()
            var kept: [Int] = []
            for caller in callers { kept += try await caller.value }
            let reopened = try database.open()
            try #require(!kept.isEmpty)
            #expect(try await reopened.numbers("SELECT id FROM entry ORDER BY id") == kept.sorted())
        }
    }

    private func expectClosed(_ call: () async throws -> Void) async {
        let error = await #expect(throws: StoreError.self) { try await call() }
        #expect(error?.kind == .closed)
    }
}
