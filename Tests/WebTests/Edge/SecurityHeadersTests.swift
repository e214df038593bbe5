import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import Testing
import Web

@Suite("Security headers")
struct SecurityHeadersTests {
    private struct Unexpected: Error { let secret = "Ana's diary" }

    private func get(_ path: String, https: Bool = true) async throws -> TestResponse {
        let router = Router()
        router.add(middleware: SecurityHeaders(https: https))
        router.get("/page") { _, _ in Page(HTML("<p>")) }
        router.get("/refused") { _, _ -> Response in throw Refusal(.forbidden, "No.") }
        router.get("/fault") { _, _ -> Response in throw Unexpected() }
        router.get("/own") { _, _ in
            var page = Page(HTML("<p>"))
            page.headers[.cacheControl] = "private, max-age=60"
            page.headers[.permissionsPolicy] = "camera=(self)"
            page.headers[.contentSecurityPolicy] =
                ContentPolicy(https: https, frameAncestors: ["https://ehr.example"]).text
            return page
        }
        return try await Application(router: router).test(.router) { try await $0.execute(uri: path, method: .get) }
    }

    @Test(
        "Every response carries them, refusals, faults and unknown addresses too",
        arguments: ["/page", "/refused", "/fault", "/nowhere"])
    func everywhere(path: String) async throws {
        let headers = try await get(path).headers
        let policy = try #require(headers[.contentSecurityPolicy])
        for part in [
            "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data: blob:",
            "connect-src 'self'",
            "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'",
            "trusted-types worker",
            "upgrade-insecure-requests"
        ] {
            #expect(policy.split(separator: "; ").contains { $0 == part }, "\(part)")
        }
        #expect(!policy.contains("unsafe") && !policy.contains("report"))
        #expect(headers[.xContentTypeOptions] == "nosniff")
        #expect(headers[.strictTransportSecurity] == "max-age=31536000")
        #expect(headers[.cacheControl] == "no-store")
        #expect(headers[try #require(HTTPField.Name("Cross-Origin-Opener-Policy"))] == "same-origin")
        #expect(headers[.crossOriginResourcePolicy] == "same-origin")
        #expect(headers[try #require(HTTPField.Name("Referrer-Policy"))] == "same-origin")
        #expect(headers[.permissionsPolicy]?.contains("camera=()") == true)
    }

    @Test("On plain http nothing forces browsers to https")
    func plain() async throws {
        let headers = try await get("/page", https: false).headers
        #expect(headers[.strictTransportSecurity] == nil)
        #expect(headers[.contentSecurityPolicy]?.contains("upgrade-insecure-requests") == false)
    }

    @Test("What a response says itself is left alone")
    func own() async throws {
        let headers = try await get("/own").headers
        #expect(headers[values: .cacheControl] == ["private, max-age=60"])
        #expect(headers[values: .permissionsPolicy] == ["camera=(self)"])
        #expect(headers[values: .contentSecurityPolicy].count == 1)
        #expect(headers[.contentSecurityPolicy]?.contains("frame-ancestors https://ehr.example;") == true)
    }

    @Test("A fault is a 500 that says nothing about itself")
    func fault() async throws {
        let response = try await get("/fault")
        #expect(response.status == .internalServerError)
        #expect(!String(buffer: response.body).contains("diary"))
        #expect(!String(buffer: response.body).contains("Unexpected"))
    }
}
