import Synchronization

/// Wakes whoever waits for something new in this process. It carries no content and may skip: listeners read the
/// table, which is the truth.
package final class Hub: Sendable {
    private struct State {
        var listeners: [Announcement: [Int: @Sendable () -> Void]] = [:]
        var lastKey = 0
    }

    private let state = Mutex(State())

    package init() {}

    /// Waked whenever one of `announcements` is published; several in a row may wake once. Ends with the task that
    /// listens.
    /// - Parameter interval: waked so often besides, for what another process has written. Only this one is: were each
    ///   listener to wake all the others, a thousand would wake a million times.
    package func listen(
        to announcements: Set<Announcement>, atLeastEvery interval: Duration? = nil
    ) -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let key = wake(at: announcements) { continuation.yield() }
        let beat = interval.map { interval in
            Task { while (try? await Task.sleep(for: interval)) != nil { continuation.yield() } }
        }
        continuation.onTermination = { [weak self] _ in
            beat?.cancel()
            self?.forget(announcements, key)
        }
        return stream
    }

    /// Calls whenever one of `announcements` is published. What is called must return at once.
    /// - Returns: what ``forget(_:_:)`` ends it with.
    func wake(at announcements: Set<Announcement>, _ call: @escaping @Sendable () -> Void) -> Int {
        state.withLock { state in
            state.lastKey += 1
            for announcement in announcements {
                state.listeners[announcement, default: [:]][state.lastKey] = call
            }
            return state.lastKey
        }
    }

    /// Wakes everybody, where it is not known what happened.
    func publishAll() {
        for call in state.withLock({ $0.listeners.values.flatMap(\.values) }) { call() }
    }

    func publish(_ announcements: Set<Announcement>) {
        guard !announcements.isEmpty else { return }
        let waiting = state.withLock { state in announcements.flatMap { state.listeners[$0]?.values.map { $0 } ?? [] } }
        for call in waiting { call() }
    }

    func forget(_ announcements: Set<Announcement>, _ key: Int) {
        state.withLock { state in
            for announcement in announcements {
                state.listeners[announcement]?[key] = nil
                if state.listeners[announcement]?.isEmpty == true { state.listeners[announcement] = nil }
            }
        }
    }
}
