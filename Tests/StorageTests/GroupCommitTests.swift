import Storage
import StorageTestSupport
import Testing

@Suite("Writes that wait share a commit, and nothing else")
struct GroupCommitTests {
    private static let schema: StaticString = "CREATE TABLE entry (id BIGINT PRIMARY KEY, note TEXT NOT NULL)"
    private struct Refused: Error {}

    @Test("Sixty-four writers at once need far fewer commits than writes", arguments: TestEngine.available)
    func fewCommits(engine: TestEngine) async throws {
        try await withStore(engine, Self.schema) { store throws in
            let before = store.commits
            try await inParallel(64) { caller in
                for lap in 0..<20 {
                    try await store.write {
                        try $0.run("INSERT INTO entry (id, note) VALUES (\(caller * 100 + lap), 'x')")
                    }
                }
            }
            let commits = store.commits - before
            #expect(commits > 0 && commits * 4 < 64 * 20, "\(commits) commits for \(64 * 20) writes")
            #expect(try await store.numbers("SELECT count(*) FROM entry") == [64 * 20])
        }
    }

    @Test(
        "One writer gets one commit for each write, and none for a write that failed", arguments: TestEngine.available)
    func oneByOne(engine: TestEngine) async throws {
        try await withStore(engine, Self.schema) { store throws in
            let before = store.commits
            for id in 0..<10 {
                try await store.write { try $0.run("INSERT INTO entry (id, note) VALUES (\(id), 'x')") }
            }
            await #expect(throws: StoreError.self) {
                try await store.write { try $0.run("INSERT INTO entry (id, note) VALUES (0, 'x')") }
            }
            #expect(store.commits - before == 10)
        }
    }

    /// The ways in which one of many writers can fail.
    private enum Fault: Int, CaseIterable {
        case none, throwsBeforeWriting, throwsAfterWriting, breaksAConstraint, breaksItAndGoesOn, makesNoSense
    }

    @Test(
        "A failing closure is rejected alone, its neighbors commit, and nothing of it is kept",
        arguments: TestEngine.available)
    func neighbors(engine: TestEngine) async throws {
        try await withStore(engine, Self.schema) { store throws in
            try await store.write { try $0.run("INSERT INTO entry (id, note) VALUES (-1, 'there before')") }
            let total = 600
            let outcomes = await outcomes(of: total) { id in
                try await store.write { try Self.write(id, in: $0) }
            }
            let good = (0..<total).filter { Self.fault(of: $0) == .none }
            try #require(good.count < total && good.count > total / 4)
            #expect(outcomes == good)
            #expect(try await store.numbers("SELECT id FROM entry ORDER BY id") == [-1] + good)
            #expect(try await store.texts("SELECT DISTINCT note FROM entry WHERE id >= 0") == ["good"])
        }
    }

    private static func fault(of id: Int) -> Fault {
        id.isMultiple(of: 2) ? .none : Fault(rawValue: id % Fault.allCases.count) ?? .none
    }

    private static func write(_ id: Int, in writer: Writer) throws {
        let fault = fault(of: id)
        if fault == .throwsBeforeWriting { throw Refused() }
        try writer.run("INSERT INTO entry (id, note) VALUES (\(id), \(fault == .none ? "good" : "bad"))")
        switch fault {
        case .none, .throwsBeforeWriting: break
        case .throwsAfterWriting: throw Refused()
        case .breaksAConstraint: try writer.run("INSERT INTO entry (id, note) VALUES (-1, 'bad')")
        case .breaksItAndGoesOn: _ = try? writer.run("INSERT INTO entry (id, note) VALUES (-1, 'bad')")
        case .makesNoSense: try writer.run("INSERT INTO unknown (id) VALUES (1)")
        }
    }

    @Test("What one statement refuses only at COMMIT fails its own closure", arguments: TestEngine.available)
    func deferredConstraint(engine: TestEngine) async throws {
        let schema: StaticString = """
            CREATE TABLE owner (id BIGINT PRIMARY KEY);
            CREATE TABLE pet (
              id BIGINT PRIMARY KEY, owner_id BIGINT REFERENCES owner (id) DEFERRABLE INITIALLY DEFERRED);
            """
        try await withStore(engine, schema) { store throws in
            try await store.write { try $0.run("INSERT INTO owner (id) VALUES (1)") }
            let outcomes = await outcomes(of: 100) { id in
                let owner = id.isMultiple(of: 10) ? 2 : 1
                try await store.write { try $0.run("INSERT INTO pet (id, owner_id) VALUES (\(id), \(owner))") }
            }
            let good = (0..<100).filter { !$0.isMultiple(of: 10) }
            #expect(outcomes == good)
            #expect(try await store.numbers("SELECT id FROM pet ORDER BY id") == good)
        }
    }

    @Test("A write is done although its caller no longer waits", arguments: TestEngine.available)
    func cancelledCaller(engine: TestEngine) async throws {
        try await withStore(engine, Self.schema) { store throws in
            let (begun, goOn) = (Signal(), Signal())
            let caller = Task {
                try await store.write { writer in
                    begun.give()
                    goOn.wait()
                    return try writer.run("INSERT INTO entry (id, note) VALUES (1, 'kept')")
                }
            }
            await begun.given()
            caller.cancel()
            goOn.give()
            #expect(try await caller.value == 1)
            #expect(try await store.numbers("SELECT id FROM entry") == [1])
        }
    }
}
