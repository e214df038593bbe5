import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing
import Web

@Suite("Assets")
struct AssetsTests {
    private let assets = Assets([
        "kith.css": Array("body{}".utf8), "icons/leaf.svg": Array("<svg/>".utf8), "LICENSE": Array("text".utf8)
    ])

    private func get(
        _ path: String, _ method: HTTPRequest.Method = .get, ifNoneMatch: String? = nil
    ) async throws -> TestResponse {
        let router = Router()
        assets.addRoutes(to: router)
        return try await Application(router: router).test(.router) { client in
            var headers: HTTPFields = [:]
            headers[.ifNoneMatch] = ifNoneMatch
            return try await client.execute(uri: path, method: method, headers: headers)
        }
    }

    @Test("An asset is served under an address with its hash, to be kept forever")
    func served() async throws {
        let path = try #require(assets.path("kith.css"))
        #expect(path.wholeMatch(of: /\/assets\/kith\.[0-9a-f]{16}\.css/) != nil)
        let response = try await get(path)
        #expect(response.status == .ok)
        #expect(String(buffer: response.body) == "body{}")
        #expect(response.headers[.contentType] == "text/css; charset=utf-8")
        #expect(response.headers[.cacheControl] == "public, max-age=31536000, immutable")
    }

    @Test("Assets in folders and without a suffix have addresses, too")
    func names() async throws {
        #expect(assets.names == ["LICENSE", "icons/leaf.svg", "kith.css"])
        for name in assets.names {
            let path = try #require(assets.path(name))
            #expect(try await get(path).status == .ok, "\(path)")
        }
        #expect(try #require(assets["icons/leaf.svg"]).type == "image/svg+xml")
    }

    @Test("Other content means another address")
    func hashes() throws {
        let changed = Assets(["kith.css": Array("body{ }".utf8)])
        #expect(try #require(assets.path("kith.css")) != #require(changed.path("kith.css")))
    }

    @Test("A browser that has it already is told so")
    func known() async throws {
        let path = try #require(assets.path("kith.css"))
        let tag = try #require(try await get(path).headers[.eTag])
        for field in [tag, "\"other\", \(tag)"] {
            let response = try await get(path, ifNoneMatch: field)
            #expect((response.status, response.body.readableBytes) == (.notModified, 0))
        }
        #expect(try await get(path, ifNoneMatch: "\"other\"").status == .ok)
    }

    @Test("HEAD tells the length and sends nothing")
    func head() async throws {
        let response = try await get(try #require(assets.path("kith.css")), .head)
        #expect((response.headers[.contentLength], response.body.readableBytes) == ("6", 0))
    }

    @Test(
        "Nothing else is served",
        arguments: ["/assets/kith.css", "/assets/../secret", "/assets/", "/assets/kith.0000000000000000.css"])
    func others(path: String) async throws {
        #expect(try await get(path).status == .notFound)
    }

    @Test("A folder is loaded whole, hidden files left out")
    func folder() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "web-assets-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(atPath: "\(folder)/a", withIntermediateDirectories: true)
        for file in ["x.js", "a/y.png", ".hidden"] { try Data("1".utf8).write(to: URL(filePath: "\(folder)/\(file)")) }
        #expect(try Assets(folder: folder).names == ["a/y.png", "x.js"])
        #expect(throws: TemplateError.self) { try Assets(folder: folder + "/none") }
    }
}
