import Foundation
import Storage
import StorageTestSupport
import Synchronization
import Testing

@Suite("A read ends when nobody waits for it any more", .timeLimit(.minutes(35)))
struct CancellationTests {
    private static let endless: SQL = """
        WITH RECURSIVE step (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM step WHERE n < 2000000000)
        SELECT count(*) FROM step WHERE n % 2 = 3
        """

    /// Cancels a read that has begun, and says how long it took to end and how.
    private func cancel(
        _ store: Store, after pause: Duration = .milliseconds(100), _ work: @escaping @Sendable (Reader) throws -> Void
    ) async throws -> (time: Duration, error: (any Error)?) {
        let begun = Signal()
        let read = Task {
            try await store.read { reader in
                begun.give()
                try work(reader)
            }
        }
        try #require(await begun.given())
        try await Task.sleep(for: pause)
        let start = ContinuousClock.now
        read.cancel()
        do {
            try await read.value
            return (ContinuousClock.now - start, nil)
        } catch {
            return (ContinuousClock.now - start, error)
        }
    }

    @Test(
        "A long statement is stopped within a second, and the connection is fit for use",
        arguments: TestEngine.available)
    func longStatement(engine: TestEngine) async throws {
        try await withStore(engine, readers: 1) { store throws in
            let end = try await cancel(store) { _ = try $0.value(Self.endless, as: Int.self) }
            #expect(end.error is CancellationError)
            #expect(end.time < .seconds(1))
            #expect(try await store.numbers("SELECT 7") == [7])
        }
    }

    @Test("A closure of many short statements is stopped, too", arguments: TestEngine.available)
    func manyStatements(engine: TestEngine) async throws {
        try await withStore(engine, readers: 1) { store throws in
            let end = try await cancel(store) { reader in
                while true { _ = try reader.value("SELECT count(*) FROM migration", as: Int.self) }
            }
            #expect(end.error is CancellationError)
            #expect(end.time < .seconds(1))
            #expect(try await store.numbers("SELECT 7") == [7])
        }
    }

    @Test(
        "A closure that takes the interruption for an answer is stopped nevertheless", arguments: TestEngine.available)
    func swallowed(engine: TestEngine) async throws {
        try await withStore(engine, readers: 1) { store throws in
            let end = try await cancel(store) { _ = try? $0.value(Self.endless, as: Int.self) }
            #expect(end.error is CancellationError)
            #expect(try await store.numbers("SELECT 7") == [7])
        }
    }

    @Test("Stopping one read never stops the next on the same connection", arguments: TestEngine.available)
    func onlyItsOwn(engine: TestEngine) async throws {
        let seed = UInt64.random(in: 0 ... .max)
        var random = Seeded(seed)
        try await withStore(engine, readers: 1) { store throws in
            for _ in 0..<60 {
                _ = try await cancel(store, after: .microseconds(Int.random(in: 0...2000, using: &random))) { reader in
                    for _ in 0..<20 { _ = try reader.value("SELECT count(*) FROM migration", as: Int.self) }
                }
                #expect(try await store.numbers("SELECT 7") == [7], "seed \(seed)")
            }
        }
    }

    @Test("A cancellation that comes just before the statement is not lost", arguments: TestEngine.available)
    func justBefore(engine: TestEngine) async throws {
        let seed = UInt64.random(in: 0 ... .max)
        var random = Seeded(seed)
        try await withStore(engine, readers: 1) { store throws in
            for _ in 0..<30 {
                let pause = UInt32.random(in: 0...300, using: &random)
                let cancel = Mutex<(@Sendable () -> Void)?>(nil)
                let read = Task {
                    try await store.read { reader in
                        Thread {
                            usleep(pause)
                            while cancel.withLock({ $0 }) == nil {}
                            cancel.withLock { $0?() }
                        }.start()
                        _ = try reader.value(Self.endless, as: Int.self)
                    }
                }
                cancel.withLock { $0 = { read.cancel() } }
                let start = ContinuousClock.now
                await #expect(throws: CancellationError.self) { try await read.value }
                #expect(ContinuousClock.now - start < .seconds(1), "seed \(seed)")
            }
        }
    }

    @Test("A read that is cancelled before its turn is never begun", arguments: TestEngine.available)
    func beforeItsTurn(engine: TestEngine) async throws {
        try await withStore(engine, readers: 1) { store throws in
            let (begun, goOn) = (Signal(), Signal())
            let first = Task {
                try await store.read { _ in
                    begun.give()
                    goOn.wait()
                }
            }
            try #require(await begun.given())
            let ran = Signal()
            let second = Task { try await store.read { _ in ran.give() } }
            try await Task.sleep(for: .milliseconds(50))
            second.cancel()
            goOn.give()
            try await first.value
            await #expect(throws: CancellationError.self) { try await second.value }
            #expect(!ran.isGiven)
        }
    }
}
