internal import HTTPTypes
package import Hummingbird
internal import NIOCore
internal import NIOPosix
internal import ServiceLifecycle

/// A response that goes on sending events (server-sent events, WHATWG HTML, 9.2).
///
/// It costs the server a bounded amount of memory whatever the reader does: a reader who takes too little is told to
/// reconnect and resumes by `Last-Event-ID`. It ends at once when the server goes down (with the event `bye`) and when
/// the reader leaves, and its source is cancelled then.
package struct EventStream: ResponseGenerator, Sendable {
    private let heartbeat: Duration
    private let retry: Duration
    private let capacity: Int
    private let origin: Origin

    private enum Origin: Sendable {
        /// Puts events into the outbox until there are no more.
        case pump(@Sendable (EventOutbox) async -> Void)
        case source(any EventSource)
    }

    /// - Parameters:
    ///   - events: Iterated once per response, without waiting for the reader. If it throws, the stream ends as when it
    ///     finishes, and browsers reconnect.
    ///   - heartbeat: How often to send something when there is nothing to send, to keep proxies from closing.
    ///   - retry: How long browsers wait before they reconnect, to the millisecond.
    ///   - capacity: How many bytes may wait for the reader, besides those in the system's own buffers.
    package init<Events: AsyncSequence & Sendable>(
        _ events: Events, heartbeat: Duration = .seconds(15), retry: Duration = .seconds(2), capacity: Int = 262_144
    ) where Events.Element == ServerSentEvent {
        self.init(heartbeat: heartbeat, retry: retry, capacity: capacity) { outbox in
            var iterator = events.makeAsyncIterator()
            while let event = try? await iterator.next() {
                if outbox.put(event.frame) { continue }
                // A source only learns that nobody listens any more by being cancelled while it is asked; until then
                // it would go on collecting events for a reader who has fallen behind.
                withUnsafeCurrentTask { $0?.cancel() }
                _ = try? await iterator.next()
                break
            }
        }
    }

    /// A stream whose events come from wherever its reader's ``EventSink`` is known.
    /// - Parameter run: the stream ends when it returns. Cancelled when the reader leaves, is too slow, or the server goes
    ///   down.
    package init(
        heartbeat: Duration = .seconds(15), retry: Duration = .seconds(2), capacity: Int = 262_144,
        run: @escaping @Sendable (EventSink) async -> Void
    ) {
        self.init(heartbeat: heartbeat, retry: retry, capacity: capacity) { outbox in await run(EventSink(outbox)) }
    }

    /// A stream that costs little while nothing happens.
    package init(
        from source: any EventSource, heartbeat: Duration = .seconds(15), retry: Duration = .seconds(2),
        capacity: Int = 262_144
    ) {
        (self.heartbeat, self.retry, self.capacity, origin) = (heartbeat, retry, capacity, .source(source))
    }

    private init(
        heartbeat: Duration, retry: Duration, capacity: Int, pump: @escaping @Sendable (EventOutbox) async -> Void
    ) {
        (self.heartbeat, self.retry, self.capacity) = (heartbeat, retry, capacity)
        origin = .pump { outbox in
            await pump(outbox)
            outbox.finish(.finished)
        }
    }

    package func response(from request: Request, context: some RequestContext) -> Response {
        Response(
            status: .ok,
            headers: [
                .contentType: "text/event-stream", .cacheControl: "no-store",
                // Asks nginx to pass events on as they come.
                .xAccelBuffering: "no",
                // Whoever reads to the end of the connection learns at once that the stream is over.
                .connection: "close"
            ],
            body: ResponseBody { writer in
                let outbox = EventOutbox(capacity: capacity)
                // Hummingbird's own way needs a task that reads, some kilobytes for each idle reader.
                (context as? SiteContext)?.whenLeft { outbox.finish(.gone) }
                try await withGracefulShutdownHandler {
                    try await send(from: outbox, to: &writer)
                } onGracefulShutdown: {
                    outbox.finish(.shutdown)
                }
                try await writer.finish(nil)
            })
    }

    private func send(from outbox: EventOutbox, to writer: inout any ResponseBodyWriter) async throws {
        try await writer.write(ByteBuffer(string: "retry: \(retry.milliseconds)\n\n"))
        // A timer of the event loop: a task of its own would cost each idle reader some kilobytes.
        let beat = TimeAmount(heartbeat)
        let timer = MultiThreadedEventLoopGroup.singleton.next()
            .scheduleRepeatedTask(initialDelay: beat, delay: beat) { _ in outbox.putIfEmpty(Self.heartbeat) }
        defer { timer.cancel() }
        switch origin {
        case .pump(let pump):
            async let _ = pump(outbox)
            try await pass(on: outbox, to: &writer)
        case .source(let source):
            outbox.nudge()
            defer { source.end() }
            try await pass(on: outbox, from: source, to: &writer)
        }
    }

    private func pass(
        on outbox: EventOutbox, from source: (any EventSource)? = nil, to writer: inout any ResponseBodyWriter
    ) async throws {
        let sink = EventSink(outbox)
        while true {
            switch await outbox.next() {
            case .bytes(let bytes): try await writer.write(bytes)
            case .nudge:
                if let source, await !outbox.run({ await source.step(into: sink) }) { outbox.finish(.finished) }
            case .ending(.shutdown):
                let retry = "retry: \(retry.milliseconds)\n"
                return try await writer.write(ByteBuffer(string: retry + "event: bye\ndata: restarting\n\n"))
            case .ending(.behind):
                return try await writer.write(ByteBuffer(string: ": fell behind, reconnect\n\n"))
            case .ending(.finished), .ending(.gone): return
            }
        }
    }

    private static let heartbeat = ByteBuffer(string: ":\n\n")
}
