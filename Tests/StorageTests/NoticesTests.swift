import Storage
import StorageTestSupport
import Synchronization
import Testing

@Suite("Words between processes", .timeLimit(.minutes(35)))
struct NoticesTests {
    private final class Ear: Sendable {
        private let heard = Mutex<(words: Set<String>, losses: Int)>(([], 0))
        var words: Set<String> { heard.withLock { $0.words } }
        /// How often words may have been lost.
        var losses: Int { heard.withLock { $0.losses } }

        func hear(_ word: String?) {
            heard.withLock { heard in
                if let word { heard.words.insert(word) } else { heard.losses += 1 }
            }
        }
    }

    private func until(_ isSo: () -> Bool) async throws {
        for _ in 0..<1_000 where !isSo() { try await Task.sleep(for: .milliseconds(10)) }
    }

    /// Two processes on one database that both listen.
    private func withTwo(
        _ engine: TestEngine, _ body: (TestDatabase, (Store, Ear), (Store, Ear)) async throws -> Void
    ) async throws {
        guard engine == .postgres else { return }
        try await withDatabase(engine) { database in
            let (one, other, ear, others) = (try database.open(), try database.open(), Ear(), Ear())
            one.hear { ear.hear($0) }
            other.hear { others.hear($0) }
            // That it listens now, each hears as a loss: what was told before it does not know.
            try await until { ear.losses == 1 && others.losses == 1 }
            try await body(database, (one, ear), (other, others))
        }
    }

    @Test("What one process tells the others hear, and it does not hear itself", arguments: TestEngine.available)
    func told(engine: TestEngine) async throws {
        try await withTwo(engine) { _, one, other in
            // Far more than one payload takes.
            let many = Set((0..<2_000).map { "word \($0)" })
            one.0.tell(many)
            try await until { other.1.words.count == many.count }
            #expect(other.1.words == many && other.1.losses == 1)
            #expect(one.1.words.isEmpty)
        }
    }

    @Test("When the line was broken, it says that words may have been lost", arguments: TestEngine.available)
    func broken(engine: TestEngine) async throws {
        try await withTwo(engine) { database, one, other in
            try database.connect().run(
                """
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE datname = current_database() AND query LIKE 'LISTEN%' AND pid <> pg_backend_pid()
                """)
            try await until { one.1.losses == 2 && other.1.losses == 2 }
            #expect(one.1.losses == 2 && other.1.losses == 2)
            one.0.tell(["again"])
            try await until { !other.1.words.isEmpty }
            #expect(other.1.words == ["again"])
        }
    }
}
