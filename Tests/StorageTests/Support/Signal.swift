import Foundation

/// Lets one thread or task wait for another.
final class Signal: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)

    func give() { semaphore.signal() }

    /// Waits inside a synchronous closure, blocking its thread.
    /// - Returns: false when nobody came within ten seconds.
    @discardableResult
    func wait() -> Bool { semaphore.wait(timeout: .now() + 10) == .success }

    /// Whether it was given; takes it.
    var isGiven: Bool { semaphore.wait(timeout: .now()) == .success }

    /// Waits without blocking a thread that tasks need.
    @discardableResult
    func given() async -> Bool {
        await withCheckedContinuation { continuation in
            Thread { continuation.resume(returning: self.wait()) }.start()
        }
    }
}
