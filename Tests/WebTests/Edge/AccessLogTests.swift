import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import Synchronization
import Testing
import Web

@Suite("Access log")
struct AccessLogTests {
    @Test("A line has the method, the route's pattern, the status and the time, and nothing personal")
    func lines() async throws {
        let log = RecordedLog()
        let router = Router()
        router.add(middleware: AccessLog())
        router.add(middleware: SecurityHeaders(https: true))
        router.post("/people/:id/notes") { _, _ in Response.text("x", status: .created) }
        router.get("/fault") { _, _ -> Response in throw Secret(text: "diary of Ana") }
        let app = Application(router: router, logger: log.logger)
        try await app.test(.router) { client in
            let headers: HTTPFields = [.userAgent: "Anas-Phone", .cookie: "session=topsecret"]
            _ = try await client.execute(
                uri: "/people/ana-4711/notes?q=diary", method: .post, headers: headers,
                body: ByteBuffer(string: "dear diary"))
            _ = try await client.execute(uri: "/nowhere/ana-4711", method: .get)
            _ = try await client.execute(uri: "/fault", method: .get)
            _ = try await client.execute(uri: "/fault", method: try #require(HTTPRequest.Method("ANA-4711")))
        }
        let lines = log.lines.filter { $0.message == "request" }
        #expect(lines.map { $0.metadata["method"] } == ["POST", "GET", "GET", "other"])
        #expect(lines.map { $0.metadata["route"] } == ["/people/{id}/notes", "NotFound", "/fault", "NotFound"])
        #expect(lines.map { $0.metadata["status"] } == ["201", "404", "500", "404"])
        #expect(lines.allSatisfy { $0.metadata["ms"].flatMap { Int($0) } != nil })
        #expect(log.lines.contains { $0.message == "fault" && $0.metadata["error"] == "Secret" })
        let everything = log.lines.map { "\($0.message) \($0.metadata)" }.joined().lowercased()
        for word in ["4711", "diary", "phone", "topsecret"] { #expect(!everything.contains(word), "\(word)") }
    }

    private struct Secret: Error { let text: String }
}

/// Keeps what is logged at `debug` and above.
final class RecordedLog: Sendable {
    struct Line: Sendable {
        let message: String
        let metadata: [String: String]
    }

    private let recorded = Mutex<[Line]>([])
    var lines: [Line] { recorded.withLock { $0 } }
    var logger: Logger { Logger(label: "test") { _ in Handler(log: self) } }

    private struct Handler: LogHandler {
        let log: RecordedLog
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.debug
        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }
        func log(event: LogEvent) {
            let all = metadata.merging(event.metadata ?? [:]) { $1 }
            log.recorded.withLock {
                $0.append(Line(message: "\(event.message)", metadata: all.mapValues { "\($0)" }))
            }
        }
    }
}
