import HTTPTypes
import Kith
import KithInterop
import KithTestSupport
import Testing
import Web

@Suite("Every answer tells browsers what its page may not do")
struct HeadersTests {
    private func expectHeaders(_ answer: Answer, https: Bool, _ who: String) {
        let headers = answer.headers
        func value(_ name: String) -> String? { HTTPField.Name(name).flatMap { headers[$0] } }
        for (name, expected) in [
            ("Cross-Origin-Opener-Policy", "same-origin"), ("Cross-Origin-Resource-Policy", "same-origin"),
            ("Referrer-Policy", "same-origin"), ("X-Content-Type-Options", "nosniff"),
            ("Strict-Transport-Security", https ? "max-age=31536000" : nil)
        ] {
            #expect(value(name) == expected, "\(who): \(name) is \(value(name) ?? "missing")")
        }
        // What people sent may do nothing at all.
        if answer.status == .ok, who.hasSuffix("/attachment") {
            #expect(value("Content-Security-Policy") == "sandbox; default-src 'none'", "\(who)")
            #expect(value("Cache-Control") == "no-store", "\(who)")
            return
        }
        let policy = (value("Content-Security-Policy") ?? "").split(separator: "; ").map(String.init)
        for part in [
            "default-src 'none'", "script-src 'self'", "style-src 'self'", "base-uri 'none'", "frame-ancestors 'none'",
            "form-action 'self'", "require-trusted-types-for 'script'", "trusted-types worker"
        ] {
            #expect(policy.contains(part), "\(who): \(part)")
        }
        #expect(!policy.contains { $0.contains("unsafe") || $0.contains("*") }, "\(who)")
        #expect(value("Permissions-Policy")?.contains("camera=()") == true, "\(who)")
        let isAsset = answer.status == .ok && who.contains("/assets/")
        #expect(value("Cache-Control") == (isAsset ? "public, max-age=31536000, immutable" : "no-store"), "\(who)")
    }

    @Test("Pages, redirects, refusals, what is not there, assets", arguments: [true, false])
    func everywhere(https: Bool) async throws {
        let place = Place(address: https ? "https://localhost" : "http://localhost")
        try await withVillage(.sqlite, features: Features.all + [Interop.feature]) { village in
            let things = try await RouteThings(village)
            // A stream does not end; its own tests read it.
            let routes = village.platform.routes.filter { !$0.path.hasSuffix("/events") }
            #expect(routes.count > 80, "the test sees them")
            try await village.browsing(at: place) { browser in
                for neighbor in [nil, village.cleo, village.ben, village.ana, village.ada] {
                    for route in routes {
                        let path = try #require(things.address(route))
                        // Without a form's token, so that nothing changes on the way: refusals are answers too.
                        let answer = try await browser(neighbor).send(path, route.method, "", [:])
                        expectHeaders(answer, https: https, "\(neighbor?.name ?? "stranger") \(route.method) \(path)")
                    }
                }
                let css = try #require(village.platform.shelf.assets.path("kith.css"))
                for (method, path) in [
                    (HTTPRequest.Method.get, "/nowhere"), (.delete, "/sign-in"), (.put, "/"), (.options, "/"),
                    (.head, "/"), (.get, css), (.head, css), (.get, "/assets/nothing.css"),
                    (.get, "/assets/../kith.css")
                ] {
                    let answer = try await browser(nil).send(path, method, "", [:])
                    expectHeaders(answer, https: https, "\(method) \(path)")
                }
                let foreign = try await browser(nil).send("/sign-in", .post, "", [Self.site: "cross-site"])
                #expect(foreign.status == .forbidden)
                expectHeaders(foreign, https: https, "from another site")
            }
        }
    }

    private static let site = HTTPField.Name("Sec-Fetch-Site")!
}
