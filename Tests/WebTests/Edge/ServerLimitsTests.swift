import HTTPTypes
import Hummingbird
import NIOCore
import Testing
import Web

@Suite("Server limits, on real sockets", .timeLimit(.minutes(35)))
struct ServerLimitsTests {
    private var quick: ServerLimits {
        var limits = ServerLimits()
        limits.idle = .milliseconds(500)
        limits.request = .milliseconds(800)
        limits.stall = .milliseconds(800)
        return limits
    }

    private func router(deadline: Duration = .milliseconds(400)) -> Router<BasicRequestContext> {
        let router = Router()
        router.add(middleware: Deadline(after: deadline))
        router.add(middleware: SecurityHeaders(https: false))
        router.get("/") { _, _ in "hello" }
        router.post("/form") { request, _ in
            Response.text("\(try await request.form().names.count)")
        }
        router.post("/file") { request, _ in
            Response.text("\(try await request.formWithFiles(upTo: 4_000_000).form.files.count)")
        }
        router.post("/ignores-body") { _, _ in "done" }
        router.get("/stuck") { _, _ in
            // A route that neither ends nor notices that it is cancelled.
            await withCheckedContinuation { continuation in
                Task.detached {
                    try? await Task.sleep(for: .seconds(3))
                    continuation.resume()
                }
            }
            return "late"
        }
        router.get("/large") { _, _ in
            Response(
                status: .ok,
                body: ResponseBody { writer in
                    for _ in 0..<2_000 { try await writer.write(ByteBuffer(repeating: 0x61, count: 65_536)) }
                    try await writer.finish(nil)
                })
        }
        return router
    }

    /// Sends a head, then a byte every 50 ms until the server closes.
    private func drip(
        _ head: String, on server: LiveServer
    ) async throws -> (answer: (status: Int, head: String, body: String), time: Duration) {
        let start = ContinuousClock.now
        let text = try await server.connect { connection in
            try await connection.send(head)
            return try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    // Writing fails as soon as the server has closed.
                    while !Task.isCancelled {
                        try await Task.sleep(for: .milliseconds(50))
                        do { try await connection.send("a") } catch { return }
                    }
                }
                let text = try await connection.readToEnd()
                group.cancelAll()
                return text
            }
        }
        return (split(text), ContinuousClock.now - start)
    }

    private static let post =
        "Host: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\n"

    @Test("Without limits a slow body is waited for: the premise of the tests below")
    func premise() async throws {
        let app = Router()
        app.post("/form") { request, _ in Response.text("\(try await request.form().names.count)") }
        var limits = ServerLimits()
        limits.idle = .milliseconds(500)
        limits.request = .seconds(600)
        try await withServer(app, limits: limits) { server in
            try await server.connect { connection in
                try await connection.send("POST /form HTTP/1.1\r\n" + Self.post)
                for _ in 0..<30 {
                    try await Task.sleep(for: .milliseconds(50))
                    try await connection.send("a")
                }
            }
        }
    }

    @Test("A body that drips is cut off at the deadline with 408, in words")
    func slowBody() async throws {
        try await withServer(router(), limits: quick) { server in
            let (answer, time) = try await drip("POST /form HTTP/1.1\r\n" + Self.post, on: server)
            #expect(answer.status == 408)
            #expect(answer.head.lowercased().contains("connection: close"))
            #expect(answer.body.contains("took too long"))
            #expect(time < .seconds(2), "\(time)")
        }
    }

    @Test("A file at a fair pace may take longer than a form; one that drips may not")
    func files() async throws {
        let head = "--b\r\nContent-Disposition: form-data; name=\"a\"; filename=\"a\"\r\n\r\n"
        let file = head + String(repeating: "x", count: 6 * ServerLimits.fairShare) + "\r\n--b--\r\n"
        let request = """
            POST /file HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=b\r\n\
            Content-Length: \(file.utf8.count)\r\n\r\n
            """
        try await withServer(router(), limits: quick) { server in
            let start = ContinuousClock.now
            let text = try await server.connect { connection in
                try await connection.send(request)
                var rest = file[...]
                while !rest.isEmpty {
                    try await Task.sleep(for: .milliseconds(300))
                    try await connection.send(String(rest.prefix(ServerLimits.fairShare)))
                    rest = rest.dropFirst(ServerLimits.fairShare)
                }
                return try await connection.readToEnd()
            }
            #expect(split(text).status == 200 && split(text).body == "1")
            #expect(ContinuousClock.now - start > quick.request + quick.request, "longer than a form may take")
            let (answer, time) = try await drip(request, on: server)
            #expect(answer.status == 408 && time < .seconds(2), "\(time)")
        }
    }

    @Test("A body that drips after the response is cut off as well")
    func ignoredBody() async throws {
        try await withServer(router(), limits: quick) { server in
            let (answer, time) = try await drip("POST /ignores-body HTTP/1.1\r\n" + Self.post, on: server)
            #expect(answer.status == 200)
            #expect(time > .milliseconds(600) && time < .seconds(2), "\(time)")
        }
    }

    @Test("A head that drips is cut off when the connection has been idle too long")
    func slowHead() async throws {
        try await withServer(router(), limits: quick) { server in
            let (answer, time) = try await drip("GET / HTTP/1.1\r\nHost: localhost\r\nX-A: ", on: server)
            #expect(answer.status == 0)
            #expect(time < .seconds(2), "\(time)")
        }
    }

    @Test("A connection that says nothing, and one that has been answered, are closed after a while")
    func idle() async throws {
        try await withServer(router(), limits: quick) { server in
            let start = ContinuousClock.now
            #expect(try await server.connect { try await $0.readToEnd() } == "")
            let answer = try await server.exchange("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            #expect(answer.body == "hello")
            #expect(ContinuousClock.now - start < .seconds(3))
        }
    }

    @Test("A route that never ends is answered from outside")
    func stuck() async throws {
        try await withServer(router(), limits: quick) { server in
            let start = ContinuousClock.now
            let answer = try await server.exchange("GET /stuck HTTP/1.1\r\nHost: localhost\r\n\r\n")
            #expect(answer.status == 408)
            #expect(ContinuousClock.now - start < .milliseconds(2_500))
        }
    }

    @Test("A response that asks for it closes the connection, others leave it open")
    func closing() async throws {
        var patient = ServerLimits()
        patient.idle = .seconds(600)
        patient.request = .seconds(600)
        let router = router()
        router.get("/last") { _, _ in
            Response(
                status: .ok, headers: [.connection: "close"],
                body: .init(byteBuffer: ByteBuffer(repeating: 0x61, count: 20_000_000)))
        }
        try await withServer(router, limits: patient) { server in
            try await server.connect { connection in
                for _ in 0..<3 {
                    try await connection.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
                    let answer = try await connection.read(until: "hello")
                    #expect(answer.contains("200"))
                }
                try await connection.send("GET /last HTTP/1.1\r\nHost: localhost\r\n\r\n")
                let last = try await connection.readToEnd()
                #expect(last.utf8.count > 20_000_000, "all of it, before the end")
            }
        }
    }

    @Test("A client that stops reading is closed, and does not keep the server from stopping")
    func stalled() async throws {
        let start = ContinuousClock.now
        try await withServer(router(), limits: quick) { server in
            try await server.connect(reads: false) { connection in
                try await connection.send("GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n")
                try await Task.sleep(for: .milliseconds(1_500))
                try await connection.startReading()
                let text = try await connection.readToEnd()
                #expect(text.utf8.count < 2_000 * 65_536, "it must not have got everything")
            }
        }
        #expect(ContinuousClock.now - start < .seconds(10))
    }

    @Test("Connections beyond the ceiling wait until another is closed")
    func ceiling() async throws {
        var limits = ServerLimits()
        limits.connections = 2
        let served = Counter()
        try await withServer(router(), limits: limits) { server in
            let request = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
            try await server.connect { one in
                try await one.send(request)
                #expect(try await one.read(until: "hello").contains("200"))
                try await server.connect { two in
                    try await two.send(request)
                    #expect(try await two.read(until: "hello").contains("200"))
                    Task {
                        _ = try await server.exchange("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                        served.countUp()
                    }
                    try await Task.sleep(for: .milliseconds(400))
                    #expect(served.value == 0, "the third must wait while two are open")
                }
            }
            try await served.reached(1)
        }
    }

    @Test("Several requests on one connection, sent at once, are all answered")
    func pipelined() async throws {
        try await withServer(router(), limits: quick) { server in
            let one = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
            let last = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
            let answer = try await server.exchange(one + one + last)
            #expect(answer.head.contains("200") && answer.body.split(separator: "HTTP/1.1 200").count == 3)
        }
    }

    @Test("A body that ends too early never passes for a whole one", arguments: [true, false])
    func truncated(announced: Bool) async throws {
        let reached = Counter()
        let router = Router()
        router.add(middleware: SecurityHeaders(https: false))
        router.post("/form") { request, _ in
            _ = try await request.form()
            reached.countUp()
            return "saved"
        }
        try await withServer(router, limits: quick) { server in
            let head = "POST /form HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            let body =
                announced ? "Content-Length: 20\r\n\r\na=1234" : "Transfer-Encoding: chunked\r\n\r\n6\r\na=1234\r\n"
            let text = try await server.connect { connection in
                try await connection.send(head + body)
                connection.finishSending()
                return try await connection.readToEnd()
            }
            #expect(!text.contains("saved"))
        }
        #expect(reached.value == 0)
    }

    @Test("A body that breaks the protocol is answered with 400, and the connection closes")
    func broken() async throws {
        try await withServer(router(), limits: quick) { server in
            let head = "POST /form HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            let answer = try await server.exchange(head + "Transfer-Encoding: chunked\r\n\r\nzz\r\na=1\r\n")
            #expect(answer.status == 400)
        }
    }

    @Test("Heads beyond the limit are refused")
    func largeHead() async throws {
        try await withServer(router(), limits: quick) { server in
            let field = "X-A: " + String(repeating: "a", count: 40_000)
            let answer = try await server.exchange("GET / HTTP/1.1\r\nHost: localhost\r\n\(field)\r\n\r\n")
            #expect(answer.status == 400)
        }
    }
}
