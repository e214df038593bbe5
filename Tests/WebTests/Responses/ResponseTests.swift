import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing
import Web

@Suite("Responses")
struct ResponseTests {
    private func response(_ make: @escaping @Sendable () throws -> some ResponseGenerator) async throws -> TestResponse
    {
        let router = Router()
        router.get("/") { request, context in try make().response(from: request, context: context) }
        return try await Application(router: router).test(.router) { try await $0.execute(uri: "/", method: .get) }
    }

    @Test("A page is HTML in UTF-8, with its status and its own fields")
    func page() async throws {
        let library = try TemplateLibrary(["p": "<p>{{x}}</p>"])
        let response = try await response {
            var page = try library.page("p", ["x": "é<"], status: .unprocessableContent)
            page.headers[.contentLanguage] = "es"
            return page
        }
        #expect(response.status == .unprocessableContent)
        #expect(response.headers[.contentType] == "text/html; charset=utf-8")
        #expect(response.headers[.contentLanguage] == "es")
        #expect(response.headers[.contentLength] == "13")
        #expect(String(buffer: response.body) == "<p>é&lt;</p>")
    }

    @Test("A redirect leads to a path of this site")
    func seeOther() async throws {
        let response = try await response { Response.seeOther("/people/\("a b")") }
        #expect((response.status, response.headers[.location]) == (.seeOther, "/people/a%20b"))
    }

    @Test("JSON has sorted keys and plain slashes")
    func json() async throws {
        let response = try await response { try Response.json(["b": "/x", "a": "é"], status: .created) }
        #expect(response.status == .created)
        #expect(response.headers[.contentType] == "application/json")
        #expect(String(buffer: response.body) == #"{"a":"é","b":"/x"}"#)
    }

    @Test("Text and bytes keep their type")
    func text() async throws {
        let text = try await response { Response.text("é", status: .accepted) }
        #expect((text.status, text.headers[.contentType]) == (.accepted, "text/plain; charset=utf-8"))
        let bytes = try await response { Response.bytes([1, 2], type: "image/png") }
        #expect((bytes.headers[.contentType], Array(buffer: bytes.body)) == ("image/png", [1, 2]))
    }

    @Test("A refusal is a sentence, not a code")
    func refusal() async throws {
        let response = try await response { () -> Response in throw Refusal(.conflict, "Someone was quicker.") }
        #expect((response.status, String(buffer: response.body)) == (.conflict, "Someone was quicker."))
        #expect(response.headers[.connection] == nil)
    }
}
