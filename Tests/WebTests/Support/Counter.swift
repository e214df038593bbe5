import Synchronization

/// A number that several tasks count up.
final class Counter: Sendable {
    private let number = Mutex(0)

    var value: Int { number.withLock { $0 } }

    /// The number before counting.
    @discardableResult func countUp() -> Int {
        number.withLock { number in
            defer { number += 1 }
            return number
        }
    }

    /// Waits until it has reached `goal`.
    func reached(_ goal: Int) async throws {
        while value < goal { try await Task.sleep(for: .milliseconds(5)) }
    }
}
