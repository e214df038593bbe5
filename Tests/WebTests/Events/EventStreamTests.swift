import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import ServiceLifecycle
import Synchronization
import Testing
import Web

@Suite("Event streams", .timeLimit(.minutes(35)))
struct EventStreamTests {
    /// A source that tells when its reader has gone.
    private final class Source: Sendable {
        let events: AsyncStream<ServerSentEvent>
        let continuation: AsyncStream<ServerSentEvent>.Continuation
        let ended = Counter()

        init() {
            (events, continuation) = AsyncStream.makeStream()
            continuation.onTermination = { [ended] _ in ended.countUp() }
        }
    }

    private static let request = "GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n"

    private func router(
        _ make: @escaping @Sendable () -> EventStream
    ) -> Router<SiteContext> {
        let router = Router(context: SiteContext.self)
        router.add(middleware: Deadline(after: .milliseconds(300)))
        router.add(middleware: SecurityHeaders(https: false))
        router.get("/events") { _, _ in make() }
        return router
    }

    @Test("Events come out framed, after the time to wait before reconnecting")
    func framing() async throws {
        let app = Application(
            router: router {
                let (events, source) = AsyncStream<ServerSentEvent>.makeStream()
                source.yield(ServerSentEvent(id: "1", event: "note", data: "a\nb"))
                source.yield(ServerSentEvent(data: "c"))
                source.finish()
                return EventStream(events, retry: .milliseconds(1_500))
            })
        try await app.test(.router) { client in
            let response = try await client.execute(uri: "/events", method: .get)
            #expect(response.headers[.contentType] == "text/event-stream")
            #expect(response.headers[.cacheControl] == "no-store")
            let body = String(buffer: response.body).replacing(":\n\n", with: "")
            #expect(body == "retry: 1500\n\nid: 1\nevent: note\ndata: a\ndata: b\n\ndata: c\n\n")
        }
    }

    @Test("A source that fails ends the stream as one that finishes")
    func failing() async throws {
        struct Failure: Error {}
        let app = Application(
            router: router {
                EventStream(
                    AsyncThrowingStream<ServerSentEvent, any Error> { source in
                        source.yield(ServerSentEvent(data: "a"))
                        source.finish(throwing: Failure())
                    })
            })
        try await app.test(.router) { client in
            let response = try await client.execute(uri: "/events", method: .get)
            #expect(response.status == .ok)
            #expect(String(buffer: response.body).hasSuffix("data: a\n\n"))
        }
    }

    @Test("Events arrive as they happen, heartbeats in between, long after the deadline of a request")
    func live() async throws {
        let source = Source()
        let router = router { EventStream(source.events, heartbeat: .milliseconds(100)) }
        try await withServer(router) { server in
            try await server.connect { connection in
                try await connection.send(Self.request)
                _ = try await connection.read(until: "retry: 2000")
                try await Task.sleep(for: .milliseconds(600))
                source.continuation.yield(ServerSentEvent(data: "late"))
                let text = try await connection.read(until: "data: late")
                #expect(text.contains(":\n\n"), "there must have been a heartbeat")
            }
        }
    }

    /// A source without a task: it counts its steps and is over after three.
    private final class Steps: EventSource {
        let steps = Counter()
        let ends = Counter()
        private let sink = Mutex<EventSink?>(nil)

        func step(into sink: EventSink) async -> Bool {
            self.sink.withLock { $0 = sink }
            sink.put(EventBatch([ServerSentEvent(data: "step \(steps.countUp())")]))
            return steps.value < 3
        }

        func end() { ends.countUp() }

        func nudge() { sink.withLock { $0 }?.nudge() }
    }

    @Test("A source without a task is asked at first and after each nudge, until it is over or the reader leaves")
    func source() async throws {
        for leaves in [false, true] {
            let source = Steps()
            try await withServer(router { EventStream(from: source) }) { server in
                try await server.connect { connection in
                    try await connection.send(Self.request)
                    _ = try await connection.read(until: "data: step 0\n\n")
                    source.nudge()
                    _ = try await connection.read(until: "data: step 1\n\n")
                    #expect(source.steps.value == 2 && source.ends.value == 0)
                    guard !leaves else { return }
                    source.nudge()
                    let rest = try await connection.readToEnd()
                    #expect(rest.contains("data: step 2\n\n") && rest.hasSuffix("0\r\n\r\n"))
                }
                try await source.ends.reached(1)
            }
            #expect(source.ends.value == 1 && source.steps.value == (leaves ? 2 : 3))
        }
    }

    @Test("When a reader leaves, the source is let go at once, without waiting for something to send")
    func leaving() async throws {
        let source = Source()
        try await withServer(router { EventStream(source.events, heartbeat: .seconds(600)) }) { server in
            try await server.connect { connection in
                try await connection.send(Self.request)
                _ = try await connection.read(until: "retry")
            }
            let start = ContinuousClock.now
            try await source.ended.reached(1)
            #expect(ContinuousClock.now - start < .seconds(2))
        }
    }

    @Test("A graceful shutdown says bye to every stream and ends at once")
    func shutdown() async throws {
        let sources = (0..<20).map { _ in Source() }
        let next = Counter()
        let router = router {
            EventStream(sources[next.countUp()].events)
        }
        let opened = Counter()
        let start = try await withServer(router) { server in
            try await withThrowingTaskGroup(of: String.self) { group in
                for _ in sources {
                    group.addTask {
                        try await server.connect { connection in
                            try await connection.send(Self.request)
                            let head = try await connection.read(until: "retry: 2000")
                            opened.countUp()
                            return head + (try await connection.readToEnd())
                        }
                    }
                }
                try await opened.reached(sources.count)
                let start = ContinuousClock.now
                await server.group.triggerGracefulShutdown()
                for try await text in group {
                    #expect(text.contains("event: bye\ndata: restarting\n\n"))
                    #expect(text.hasSuffix("0\r\n\r\n"), "the response must end properly")
                }
                return start
            }
        }
        // withServer has returned, so the server has stopped by itself.
        #expect(ContinuousClock.now - start < .seconds(2))
        for source in sources { try await source.ended.reached(1) }
    }

    /// Sends events until the stream lets go of its source, to a reader that reads nothing meanwhile.
    /// - Returns: What the reader finds when it reads after `pause`, and how many events there were.
    private func overrun(stall: Duration, pause: Duration) async throws -> (text: String, events: Int) {
        let source = Source()
        var limits = ServerLimits()
        limits.stall = stall
        let router = router { EventStream(source.events, capacity: 1_000_000) }
        return try await withServer(router, limits: limits) { server in
            try await server.connect(reads: false) { connection in
                try await connection.send(Self.request)
                let data = String(repeating: "x", count: 10_000)
                var events = 0
                while source.ended.value == 0 {
                    source.continuation.yield(ServerSentEvent(id: "\(events)", data: data))
                    events += 1
                    // Slowly enough that only the reader can be the reason.
                    try await Task.sleep(for: .milliseconds(1))
                    try #require(events < 5_000, "the stream went on taking events for a reader that reads nothing")
                }
                try await Task.sleep(for: pause)
                try await connection.startReading()
                return (try await connection.readToEnd(), events)
            }
        }
    }

    @Test("A reader who falls behind gets what was on its way, is told to reconnect, and can resume without a gap")
    func behind() async throws {
        let (text, events) = try await overrun(stall: .seconds(30), pause: .zero)
        #expect(text.hasSuffix(": fell behind, reconnect\n\n\r\n0\r\n\r\n"))
        let ids = text.replacing("\r\n", with: "\n").split(separator: "\n").filter { $0.hasPrefix("id: ") }.compactMap {
            Int($0.dropFirst(4))
        }
        #expect(ids == Array(0..<ids.count), "in order, none left out")
        #expect(ids.count < events)
    }

    @Test("A reader who never reads is cut off")
    func stalled() async throws {
        let (text, _) = try await overrun(stall: .milliseconds(500), pause: .milliseconds(1_500))
        #expect(!text.hasSuffix("0\r\n\r\n"))
    }
}
