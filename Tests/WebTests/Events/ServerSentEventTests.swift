import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing

@testable import Web

@Suite("Server-sent events: the wire form")
struct ServerSentEventTests {
    private func frame(_ event: ServerSentEvent) -> String { String(buffer: event.frame) }

    @Test("Identifier, kind and data each have a line, a blank line ends the event")
    func form() {
        #expect(frame(ServerSentEvent(id: "7", event: "message", data: "hi")) == "id: 7\nevent: message\ndata: hi\n\n")
        #expect(frame(ServerSentEvent(data: "")) == "data: \n\n")
    }

    @Test("Every line of the data gets its own field, whatever ends the lines")
    func lines() {
        #expect(frame(ServerSentEvent(data: "a\nb\r\nc\rd\n")) == "data: a\ndata: b\ndata: c\ndata: d\ndata: \n\n")
        #expect(Array(frame(ServerSentEvent(data: "a\r\r\nb")).utf8) == Array("data: a\ndata: \ndata: b\n\n".utf8))
    }

    @Test("No data, identifier or kind can begin a field or an event of its own")
    func injection() {
        let event = ServerSentEvent(id: "1\ndata: x", event: "a\r\nid: 2\0", data: "x\n\nevent: bye\rretry: 1")
        let lines = frame(event).split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.map { $0.prefix { $0 != ":" } } == ["id", "event", "data", "data", "data", "data", "", ""])
        #expect(event.id == "1data: x")
    }

    @Test("The last event seen is read from the request, if it can be one")
    func lastEventID() async throws {
        let router = Router()
        router.get("/") { request, _ in Response.text(request.lastEventID ?? "none") }
        try await Application(router: router).test(.router) { client in
            let cases = [
                ("0197-a", "0197-a"), ("", "none"), ("a b", "none"), ("é", "none"),
                (String(repeating: "x", count: 129), "none")
            ]
            for (sent, expected) in cases {
                let response = try await client.execute(uri: "/", method: .get, headers: [.lastEventID: sent])
                #expect(String(buffer: response.body) == expected)
            }
            #expect(String(buffer: try await client.execute(uri: "/", method: .get).body) == "none")
        }
    }
}
