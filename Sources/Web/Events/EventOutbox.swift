internal import Hummingbird
internal import Synchronization

/// What is on its way to one reader: bytes up to a limit, then an end. One task takes, any may put.
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
    }

    private struct State {
        var pending = ByteBuffer()
        var ending: Ending?
        var waiter: CheckedContinuation<Void, Never>?
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

    /// Adds bytes only if nothing else is waiting, since anything shows that the stream is alive.
    func putIfEmpty(_ bytes: ByteBuffer) {
        _ = change { state in
            if state.ending == nil, state.pending.readableBytes == 0 { state.pending = bytes }
            return true
        }
    }

    /// Ends the stream once the pending bytes are taken. The first ending counts.
    func finish(_ ending: Ending) {
        _ = change { state in
            state.ending = state.ending ?? ending
            return false
        }
    }

    /// Waits for something to send. Everything pending comes in one piece.
    func next() async -> Next {
        while true {
            if let next = taken() { return next }
            await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    let isReady = state.withLock { state in
                        if state.pending.readableBytes > 0 || state.ending != nil { return true }
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
            return state.ending.map(Next.ending)
        }
    }

    private func change(_ body: (inout State) -> Bool) -> Bool {
        let (result, waiter) = state.withLock { state in
            let result = body(&state)
            let isReady = state.pending.readableBytes > 0 || state.ending != nil
            let waiter = isReady ? state.waiter : nil
            if isReady { state.waiter = nil }
            return (result, waiter)
        }
        waiter?.resume()
        return result
    }
}
