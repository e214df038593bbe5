import Dispatch
import Matching
import Synchronization
import Testing

/// What is shared with others while they work on it gives everybody the same; under the thread sanitizer
/// (`scripts/matching/thread-sanitizer`) it also shows that nobody writes what another reads.
@Suite("On several threads at once")
struct ThreadsTests {
    private struct Answers: Equatable, Sendable {
        let pairs: Pairs
        let best: [[Pool.Suggestion]]
        let optimum: Optimum
        let stable: Assignment
        let fair: Assignment
        let even: Assignment

        init(_ pool: Pool, _ pairs: Pairs) throws {
            self.pairs = try pool.pairs()
            best = (0..<pairs.peopleCount).map { pool.best(3, for: $0) }
            optimum = try pairs.optimum()
            stable = pairs.stableAssignment()
            fair = try pairs.fairAssignment().assignment
            let groups = (0..<pairs.peopleCount).map { $0 % 3 }
            even = try pairs.evenAssignment(over: groups, count: 3, losing: 10).assignment
        }
    }

    @Test("Eight threads that ask the same pool the same get the same from it")
    func sameForAll() throws {
        var draw = Draw(seed: 31)
        let pool = try draw.pool(people: 120, supporters: 40)
        let pairs = try pool.pairs()
        let alone = try Answers(pool, pairs)
        #expect(alone.optimum.assignment.assignedCount > 8, "there must be something to decide")
        let same = Mutex(0)
        DispatchQueue.concurrentPerform(iterations: 8) { _ in
            guard let answers = try? Answers(pool, pairs), answers == alone else { return }
            same.withLock { $0 += 1 }
        }
        #expect(same.withLock { $0 } == 8)
    }
}
