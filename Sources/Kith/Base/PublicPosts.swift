import Synchronization

/// How often an address may send forms that need no account. Enough for a waiting room full of people behind one
/// address; too little to fill a program's inbox or to try out numbers.
package final class PublicPosts: Sendable {
    private let allowance: Mutex<Allowance>

    package init(burst: Int = 30, secondsForOne: Int = 10) {
        allowance = Mutex(Allowance(burst: burst, secondsForOne: secondsForOne))
    }

    /// - Throws: ``Problem/tooMany``
    package func take(for client: String, at now: Instant) throws(Problem) {
        guard allowance.withLock({ $0.take(client, at: now) }) else { throw .tooMany }
    }

    /// What came was in order after all, and counts for nothing.
    package func giveBack(to client: String, at now: Instant) {
        allowance.withLock { $0.giveBack(client, at: now) }
    }
}
