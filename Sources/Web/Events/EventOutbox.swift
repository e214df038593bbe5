internal import Hummingbird
internal import Synchronization

/// What is on its way to one reader: bytes up to a limit, then an end, and between them nudges to its source. One task
/// takes, any may put.
final class EventOutbox: Sendable {
    enum Ending: Sendable, Equatable {
        /// The events came to their end.
        case finished
        /// The server is going down.
        case shutdown
        /// The reader was too slow; it should reconnect and resume.
        case behind
        /// The reader has left.
        case gone
    }

    enum Next: Sendable, Equatable {
        case bytes(ByteBuffer)
        case ending(Ending)
        /// The source is to look for what is new.
        case nudge
    }

    private struct State {
        var pending = ByteBuffer()
        var ending: Ending?
        var isNudged = false
        /// What the source does at this moment.
        var step: Task<Bool, Never>?
        var waiter: CheckedContinuation<Void, Never>?

        /// Whether there is something to take.
        var isReady: Bool { pending.readableBytes > 0 || ending != nil || isNudged }
    }

    private let capacity: Int
    private let state = Mutex(State())

    /// - Parameter capacity: In bytes. A single event may exceed it when nothing else is pending.
    init(capacity: Int) { self.capacity = capacity }

    /// Adds bytes, or ends the stream as fallen behind if there is no room.
    /// - Returns: Whether it is worth going on.
    func put(_ bytes: ByteBuffer) -> Bool {
        change { state in
            guard state.ending == nil else { return false }
            if state.pending.readableBytes > 0, state.pending.readableBytes + bytes.readableBytes > capacity {
                state.ending = .behind
                // The reader resumes after the last event it got, so what waits here would be sent twice.
                state.pending = ByteBuffer()
                return false
            }
            if state.pending.readableBytes == 0 {
                state.pending = bytes
            } else {
                state.pending.writeImmutableBuffer(bytes)
            }
            return true
        }
    }

    /// Whether so much waits for the reader that the next might not find room.
    var isLoaded: Bool { state.withLock { $0.ending == nil && $0.pending.readableBytes > capacity / 4 } }

    /// Adds bytes only if nothing else is waiting, since anything shows that the stream is alive.
    func putIfEmpty(_ bytes: ByteBuffer) {
        _ = change { state in
            if state.ending == nil, state.pending.readableBytes == 0 { state.pending = bytes }
            return true
        }
    }

    /// Ends the stream once the pending bytes are taken, and what its source does at once. The first ending counts.
    func finish(_ ending: Ending) {
        let step = state.withLock { $0.step }
        _ = change { state in
            state.ending = state.ending ?? ending
            return false
        }
        step?.cancel()
    }

    /// Has the source look for what is new, as soon as all that waits is sent. Several in a row may be one.
    func nudge() {
        _ = change { state in
            state.isNudged = true
            return true
        }
    }

    /// Does what the source does after a nudge, in a task of its own, since a task keeps the memory of its deepest step
    /// for as long as it lives. Cancelled when the stream ends.
    func run(_ step: @escaping @Sendable () async -> Bool) async -> Bool {
        let work = Task(operation: step)
        let isOver = state.withLock { state in
            state.step = work
            return state.ending != nil
        }
        if isOver { work.cancel() }
        defer { state.withLock { $0.step = nil } }
        return await withTaskCancellationHandler {
            await work.value
        } onCancel: {
            finish(.gone)
        }
    }

    /// Waits for something to send. Everything pending comes in one piece.
    func next() async -> Next {
        while true {
            if let next = taken() { return next }
            await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    let isReady = state.withLock { state in
                        if state.isReady { return true }
                        state.waiter = continuation
                        return false
                    }
                    if isReady { continuation.resume() }
                }
            } onCancel: {
                finish(.gone)
            }
        }
    }

    private func taken() -> Next? {
        state.withLock { state in
            if state.pending.readableBytes > 0, state.ending != .gone {
                let bytes = state.pending
                state.pending = ByteBuffer()
                return .bytes(bytes)
            }
            if let ending = state.ending { return .ending(ending) }
            guard state.isNudged else { return nil }
            state.isNudged = false
            return .nudge
        }
    }

    private func change(_ body: (inout State) -> Bool) -> Bool {
        let (result, waiter) = state.withLock { state in
            let result = body(&state)
            let waiter = state.isReady ? state.waiter : nil
            if waiter != nil { state.waiter = nil }
            return (result, waiter)
        }
        waiter?.resume()
        return result
    }
}
