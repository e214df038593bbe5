import Carriers
import Foundation
import MailSink
import Testing

@Suite("Text messages by a gateway, over real HTTP", .timeLimit(.minutes(35)))
struct TextGatewayTests {
    private struct Taken: Decodable {
        let path: String
        let headers: [String: String]
        let body: String
    }

    private func gateway(_ sink: MailSink, _ form: TextGateway.Form = .json, template: String? = nil) -> TextGateway {
        TextGateway(
            url: "http://127.0.0.1:\(sink.port)/messages", headers: ["Authorization: Bearer s3cret"], form: form,
            template: template ?? #"{"to": "{{to}}", "body": "{{text}}"}"#, timeout: .seconds(3))
    }

    private func taken(_ sink: MailSink) throws -> [Taken] {
        try sink.taken.map { try JSONDecoder().decode(Taken.self, from: Data($0.utf8)) }
    }

    @Test("Words arrive as they are, whatever stands in them, as JSON and as a form")
    func forms() async throws {
        let sink = try MailSink(gateway: 201)
        let text = "It's \"new\" \\ {{to}} & ünïcode\n= 1"
        try await gateway(sink).send(text, to: "+15550142", id: "m1")
        try await gateway(sink, .form, template: "To={{to}}&Body={{text}}&From=900").send(
            text, to: "+15550142", id: "m2")
        let all = try taken(sink)
        #expect(
            try JSONDecoder().decode([String: String].self, from: Data(all[0].body.utf8)) == [
                "to": "+15550142", "body": text
            ])
        #expect(all[0].headers["Idempotency-Key"] == "m1" && all[0].headers["Authorization"] == "Bearer s3cret")
        #expect(all[0].headers["Content-Type"] == "application/json")
        let fields = all[1].body.split(separator: "&").map { $0.removingPercentEncoding ?? "" }
        #expect(fields.count == 3 && fields[0] == "To=+15550142" && fields[1] == "Body=\(text)")
        // Its address is no place for words.
        #expect(all.allSatisfy { $0.path == "/messages" })
    }

    @Test(
        "An answer says whether to try again; a way elsewhere is not followed",
        arguments: [
            (400, CarrierFailure.refused(code: 400)), (404, .refused(code: 404)), (429, .notNow(.answer, code: 429)),
            (503, .notNow(.answer, code: 503)), (302, .notNow(.answer, code: 302)),
            (307, .notNow(.answer, code: 307))
        ])
    func answers(status: Int, failure: CarrierFailure) async throws {
        let sink = try MailSink(gateway: status)
        await #expect(throws: failure) { try await gateway(sink).send("Hello", to: "+1555", id: "m") }
        #expect(try taken(sink).count == 1)
    }

    @Test("A line break in a number or a header is refused before anything is said")
    func injection() async throws {
        let sink = try MailSink(gateway: 200)
        var other = gateway(sink)
        other.headers = ["X: 1\r\nY: 2"]
        await #expect(throws: CarrierFailure.unsafeText(field: "header")) {
            try await other.send("Hello", to: "+1555", id: "m")
        }
        await #expect(throws: CarrierFailure.unsafeText(field: "to")) {
            try await gateway(sink).send("Hello", to: "+1555\r\n", id: "m")
        }
        #expect(try taken(sink).isEmpty)
    }
}
