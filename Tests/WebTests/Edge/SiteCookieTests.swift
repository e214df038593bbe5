import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing
import Web

@Suite("Cookies")
struct SiteCookieTests {
    @Test("Behind https a cookie is bound to the host and sent over https only")
    func https() {
        let cookie = SiteCookie("session", https: true)
        #expect(cookie.field("abc").name == .setCookie)
        #expect(cookie.field("abc").value == "__Host-session=abc; Path=/; HttpOnly; SameSite=Lax; Secure")
        #expect(cookie.field("abc", maxAge: .seconds(60)).value.hasSuffix("; Secure; Max-Age=60"))
    }

    @Test("On plain http the prefix and Secure are left out, since browsers would drop the cookie")
    func http() {
        #expect(SiteCookie("session", https: false).field("abc").value == "session=abc; Path=/; HttpOnly; SameSite=Lax")
    }

    @Test("Removing a cookie empties it and ends its life")
    func removal() {
        #expect(SiteCookie("s", https: false).removal.value == "s=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0")
    }

    @Test(
        "Whatever the value, it cannot add attributes, and comes back the same",
        arguments: ["a; Domain=evil", "é,\"\\ =%", "a\r\nX: y", ""])
    func roundTrip(value: String) async throws {
        let cookie = SiteCookie("s", https: true)
        let field = cookie.field(value).value
        #expect(field.split(separator: ";").count == 5, "name and four attributes")
        let pair = String(field.prefix { $0 != ";" })
        #expect(try await read(["a=b; \(pair); c=d"], cookie) == value)
    }

    @Test("Cookies are found among others, in one header or several, by their whole name")
    func parsing() async throws {
        let cookie = SiteCookie("id", https: false)
        #expect(try await read(["id=1"], cookie) == "1")
        #expect(try await read(["xid=0; id=1;id=2"], cookie) == "1")
        #expect(try await read(["a=b", "id=3"], cookie) == "3")
        #expect(try await read(["id=a=b"], cookie) == "a=b")
        for headers in [["idx=1"], ["id"], [""], [";;;=;"], [], ["ID=1"], ["__Host-id=1"], ["id=%FF"]] {
            #expect(try await read(headers, cookie) == nil, "\(headers)")
        }
    }

    private func read(_ headers: [String], _ cookie: SiteCookie) async throws -> String? {
        let router = Router()
        router.get("/") { request, _ in
            let value = cookie.value(in: request)
            return Response.text(value ?? "", status: value == nil ? .notFound : .ok)
        }
        return try await Application(router: router).test(.router) { client in
            var fields: HTTPFields = [:]
            for header in headers { fields.append(HTTPField(name: .cookie, value: header)) }
            let response = try await client.execute(uri: "/", method: .get, headers: fields)
            return response.status == .ok ? String(buffer: response.body) : nil
        }
    }

    @Test("A response can give and remove several cookies")
    func several() {
        var response = Response.text("")
        response.set(SiteCookie("a", https: false), to: "1")
        response.remove(SiteCookie("b", https: false))
        #expect(response.headers[values: .setCookie].map { $0.prefix(2) } == ["a=", "b="])
    }
}
