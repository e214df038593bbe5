import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing
import Web

@Suite("Forms: decoding")
struct FormTests {
    private func form(_ text: String) throws -> Form { try Form(urlEncoded: text.utf8) }

    @Test("Names and values, with all values of a name kept in order")
    func values() throws {
        let form = try form("a=1&b=two+words&a=3&c=&d&e=%C3%A9%26%3D")
        #expect(form.all("a") == ["1", "3"])
        #expect(
            (form["a"], form["b"], form["c"], form["d"], form["e"], form["f"]) == ("1", "two words", "", "", "é&=", nil)
        )
        #expect(form.names == ["a", "b", "c", "d", "e"])
    }

    @Test("Percent signs that start nothing stay, as browsers read them", arguments: ["%", "%4", "100%", "%zz", "%4g"])
    func stray(text: String) throws {
        #expect(try form("a=\(text)")["a"] == text)
    }

    @Test("Line breaks become LF")
    func lines() throws {
        #expect(try form("a=1%0D%0A2%0D3%0A4")["a"] == "1\n2\n3\n4")
        #expect(try form("a=1%0D%0D%0A2%0A%0D%0D")["a"].map { Array($0.utf8) } == Array("1\n\n2\n\n\n".utf8))
    }

    @Test(
        "Text that is not UTF-8, and NUL, are refused rather than changed",
        arguments: ["a=%FF", "a=%C3", "%80=a", "a=%ED%A0%80", "a=x%00y", "%00=a"])
    func unreadable(text: String) {
        #expect { try form(text) } throws: { ($0 as? Refusal)?.status == .badRequest }
    }

    @Test("More than a thousand fields are refused")
    func many() throws {
        #expect(try form((0..<1_000).map { "a\($0)=1" }.joined(separator: "&")).names.count == 1_000)
        #expect { try form((0...1_000).map { "a\($0)=1" }.joined(separator: "&")) } throws: {
            ($0 as? Refusal)?.status == .contentTooLarge
        }
    }

    @Test("Any bytes at all decode or are refused, nothing else (random)")
    func random() {
        var seed = UInt64.random(in: 0...UInt64.max)
        let first = seed
        for _ in 0..<5_000 {
            var bytes: [UInt8] = []
            for _ in 0..<30 {
                seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                let choice = UInt8(truncatingIfNeeded: seed >> 33)
                bytes.append(choice < 128 ? Array("%=&+0aF\u{1}".utf8)[Int(choice) % 8] : choice)
            }
            do {
                let form = try Form(urlEncoded: bytes)
                for name in form.names {
                    #expect(
                        form.all(name).allSatisfy { !$0.utf8.contains(0) && !$0.utf8.contains(13) }, "seed \(first)")
                }
            } catch {
                #expect(error.status == .badRequest, "seed \(first)")
            }
        }
    }

    // MARK: Over HTTP

    private func send(_ body: String, type: String? = "application/x-www-form-urlencoded") async throws -> TestResponse
    {
        let router = Router()
        router.post("/") { request, _ in
            let form = try await request.form()
            return Response.text(form.names.map { "\($0)=\(form.all($0))" }.joined(separator: ";"))
        }
        return try await Application(router: router).test(.router) { client in
            var headers: HTTPFields = [:]
            headers[.contentType] = type
            return try await client.execute(uri: "/", method: .post, headers: headers, body: ByteBuffer(string: body))
        }
    }

    @Test("A request's body is read as a form")
    func body() async throws {
        let response = try await send("a=1&b=%C3%A9", type: "application/x-www-form-urlencoded; charset=UTF-8")
        #expect(String(buffer: response.body) == #"a=["1"];b=["é"]"#)
    }

    @Test(
        "Anything but a form is refused with 415",
        arguments: [nil, "application/json", "text/plain", "multipart/form-data"])
    func type(type: String?) async throws {
        #expect(try await send("a=1", type: type).status == .unsupportedMediaType)
    }

    @Test("A body of 256 KB is read, one byte more is refused with 413")
    func size() async throws {
        #expect(try await send("a=" + String(repeating: "x", count: 262_142)).status == .ok)
        let response = try await send("a=" + String(repeating: "x", count: 262_143))
        #expect(response.status == .contentTooLarge)
        #expect(response.headers[.connection] == "close")
    }

    @Test("A body shorter than announced is refused")
    func short() async throws {
        let router = Router()
        router.post("/") { request, _ in Response.text("\(try await request.body(upTo: 100).readableBytes)") }
        try await Application(router: router).test(.router) { client in
            for (announced, status) in [("0", HTTPResponse.Status.ok), ("5", .badRequest), ("101", .contentTooLarge)] {
                let headers: HTTPFields = [.contentLength: announced]
                let response = try await client.execute(uri: "/", method: .post, headers: headers)
                #expect(response.status == status)
            }
        }
    }

    @Test("The query is read the same way")
    func query() async throws {
        let router = Router()
        router.get("/") { request, _ in Response.text(try request.query.all("a").joined(separator: "|")) }
        try await Application(router: router).test(.router) { client in
            let response = try await client.execute(uri: "/?a=1+2&b=3&a=%C3%A9", method: .get)
            #expect(String(buffer: response.body) == "1 2|é")
            #expect(try await client.execute(uri: "/?a=%FF", method: .get).status == .badRequest)
            #expect(String(buffer: try await client.execute(uri: "/", method: .get).body) == "")
        }
    }

    @Test("Path parameters are decoded; what cannot be one is not found")
    func path() async throws {
        let router = Router()
        router.get("/name/:name") { _, context in Response.text(try context.pathParameter("name")) }
        router.get("/number/:number") { _, context in
            Response.text(String(try context.pathParameter("number", as: Int.self) + 1))
        }
        try await Application(router: router).test(.router) { client in
            let cases: [(String, HTTPResponse.Status, String?)] = [
                ("/name/a%20b%C3%A9", .ok, "a bé"), ("/name/a%2Fb", .ok, "a/b"), ("/name/%FF", .notFound, nil),
                ("/name/a%00", .notFound, nil),
                ("/name/a%0Ab", .notFound, nil), ("/number/41", .ok, "42"), ("/number/x", .notFound, nil)
            ]
            for (uri, status, body) in cases {
                let response = try await client.execute(uri: uri, method: .get)
                #expect(response.status == status, "\(uri)")
                if let body { #expect(String(buffer: response.body) == body) }
            }
        }
    }
}
