import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing
import Web

@Suite("Deadline")
struct DeadlineTests {
    private func get(_ path: String, cancelled: Counter = Counter()) async throws -> TestResponse {
        let router = Router()
        router.add(middleware: Deadline(after: .milliseconds(200)))
        router.add(middleware: SecurityHeaders(https: true))
        router.get("/quick") { _, _ in "done" }
        router.get("/refused") { _, _ -> Response in throw Refusal(.conflict, "no") }
        router.get("/slow") { _, _ in
            do {
                try await Task.sleep(for: .seconds(20))
            } catch {
                cancelled.countUp()
                throw error
            }
            return "late"
        }
        return try await Application(router: router).test(.router) { try await $0.execute(uri: path, method: .get) }
    }

    @Test("A request in time is answered as if nothing were there")
    func quick() async throws {
        let response = try await get("/quick")
        #expect((response.status, String(buffer: response.body)) == (.ok, "done"))
        #expect(try await get("/refused").status == .conflict)
    }

    @Test("A request over time is cancelled and answered with 408, and the connection closes")
    func slow() async throws {
        let cancelled = Counter()
        let start = ContinuousClock.now
        let response = try await get("/slow", cancelled: cancelled)
        #expect(response.status == .requestTimeout)
        #expect(response.headers[.connection] == "close")
        #expect(response.headers[.contentSecurityPolicy] != nil)
        #expect(cancelled.value == 1)
        #expect(ContinuousClock.now - start < .seconds(5))
    }

    @Test("A stream may go on after its head is sent")
    func streams() async throws {
        let router = Router()
        router.add(middleware: Deadline(after: .milliseconds(50)))
        router.get("/events") { _, _ in
            let (events, source) = AsyncStream<ServerSentEvent>.makeStream()
            Task {
                for number in 0..<4 {
                    try await Task.sleep(for: .milliseconds(50))
                    source.yield(ServerSentEvent(data: "\(number)"))
                }
                source.finish()
            }
            return EventStream(events)
        }
        try await Application(router: router).test(.router) { client in
            let response = try await client.execute(uri: "/events", method: .get)
            #expect(String(buffer: response.body).contains("data: 3"))
        }
    }
}
