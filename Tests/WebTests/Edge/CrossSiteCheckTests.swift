import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing
import Web

@Suite("Cross-site check")
struct CrossSiteCheckTests {
    private func status(
        _ method: HTTPRequest.Method, _ fields: [String: String], path: String = "/form"
    ) async throws -> HTTPResponse.Status {
        let router = Router()
        router.add(middleware: CrossSiteCheck { $0.uri.path.hasPrefix("/api/") })
        for path: RouterPath in ["/form", "/api/x"] {
            for method: HTTPRequest.Method in [.get, .head, .post, .put, .patch, .delete] {
                router.on(path, method: method) { _, _ in Response.text("done") }
            }
        }
        var headers: HTTPFields = [:]
        for (name, value) in fields { headers[try #require(HTTPField.Name(name))] = value }
        return try await Application(router: router).test(.router) { [headers] client in
            try await client.execute(uri: path, method: method, headers: headers).status
        }
    }

    @Test("Reading is open to all", arguments: [HTTPRequest.Method.get, .head])
    func reading(method: HTTPRequest.Method) async throws {
        #expect(try await status(method, ["Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"]) == .ok)
    }

    // The test client's host is localhost.
    @Test(
        "Pages of this site may change things",
        arguments: [
            ["Sec-Fetch-Site": "same-origin"], ["Sec-Fetch-Site": "none"], ["Origin": "http://localhost"],
            ["Origin": "https://LOCALHOST"],
            ["Sec-Fetch-Site": "same-origin", "Origin": "null"]
        ])
    func here(fields: [String: String]) async throws {
        #expect(try await status(.post, fields) == .ok)
    }

    @Test(
        "Pages of other sites may not, nor may those that do not say",
        arguments: [
            ["Sec-Fetch-Site": "cross-site"], ["Sec-Fetch-Site": "same-site"], ["Sec-Fetch-Site": ""], [:],
            ["Origin": "null"],
            ["Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"], ["Origin": "https://evil.example"],
            ["Origin": "http://localhost:81"], ["Origin": "http://localhost.evil.example"], ["Origin": "localhost"],
            ["Origin": "http://evil.example/http://localhost"], ["Referer": "http://localhost/"]
        ])
    func elsewhere(fields: [String: String]) async throws {
        for method: HTTPRequest.Method in [.post, .put, .patch, .delete] {
            #expect(try await status(method, fields) == .forbidden)
        }
    }

    @Test("Requests with a bearer token are exempt where the product says so")
    func exempt() async throws {
        #expect(try await status(.post, [:], path: "/api/x") == .ok)
        #expect(try await status(.post, [:], path: "/form") == .forbidden)
    }
}
