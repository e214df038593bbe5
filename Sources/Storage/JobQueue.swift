import Foundation
import Synchronization

/// Work waiting for threads that block on a database.
///
/// `@unchecked Sendable`: every access to the state holds `condition`'s lock.
final class JobQueue<Job: Sendable>: @unchecked Sendable {
    private let condition = NSCondition()
    private var waiting: [Job] = []
    private var refuses = false

    /// Whether it takes no new work.
    var isClosed: Bool {
        condition.lock()
        defer { condition.unlock() }
        return refuses
    }

    /// - Returns: false when the queue is closed, and the job was not taken.
    func add(_ job: Job) -> Bool {
        condition.lock()
        defer { condition.unlock() }
        guard !refuses else { return false }
        waiting.append(job)
        condition.signal()
        return true
    }

    /// Waits for work and takes up to `most` jobs in their order; nil when the queue is closed and empty.
    func take(most: Int) -> [Job]? {
        condition.lock()
        defer { condition.unlock() }
        while waiting.isEmpty {
            if refuses { return nil }
            condition.wait()
        }
        if waiting.count <= most {
            defer { waiting.removeAll(keepingCapacity: true) }
            return waiting
        }
        defer { waiting.removeFirst(most) }
        return Array(waiting.prefix(most))
    }

    /// Refuses new work; what is waiting is still taken.
    func close() {
        condition.lock()
        refuses = true
        condition.broadcast()
        condition.unlock()
    }
}

/// A thread of our own for calls that block, so that Swift's cooperative threads never do.
final class BlockingThread: Sendable {
    private let finished = DispatchGroup()

    init(_ name: String, _ work: @escaping @Sendable () -> Void) {
        finished.enter()
        let thread = Thread { [finished] in
            work()
            finished.leave()
        }
        thread.name = name
        thread.start()
    }

    /// Waits until the work has returned.
    func join() async {
        await withCheckedContinuation { continuation in
            finished.notify(queue: .global()) { continuation.resume() }
        }
    }
}

/// Counts who is inside, so that closing can wait for the last to leave.
final class Gate: Sendable {
    private let inside = DispatchGroup()
    private let isClosed = Mutex(false)

    /// - Returns: false when the gate is closed; then there is nothing to leave.
    func enter() -> Bool {
        isClosed.withLock { isClosed in
            if !isClosed { inside.enter() }
            return !isClosed
        }
    }

    func leave() { inside.leave() }

    /// Lets nobody in any more and waits until everybody has left.
    func close() async {
        isClosed.withLock { $0 = true }
        await withCheckedContinuation { continuation in
            inside.notify(queue: .global()) { continuation.resume() }
        }
    }
}
