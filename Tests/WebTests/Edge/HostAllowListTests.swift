import Hummingbird
import HummingbirdTesting
import Testing
import Web

@Suite("Host allow-list")
struct HostAllowListTests {
    private func status(_ lines: [String], hosts: [String] = ["kith.example", "[::1]", "localhost:8080"]) async throws
        -> Int
    {
        let router = Router()
        router.add(middleware: HostAllowList(hosts))
        router.get("/") { _, _ in "in" }
        router.on("*", method: .options) { _, _ in "in" }
        return try await withServer(router) { server in
            let answer = try await server.exchange(lines.joined(separator: "\r\n") + "\r\nConnection: close\r\n\r\n")
            return answer.status
        }
    }

    @Test("The site's own names are let in, for any port unless one is given")
    func own() async throws {
        for host in ["kith.example", "KITH.example:443", "kith.example:8443", "[::1]:8080", "[::1]", "localhost:8080"] {
            #expect(try await status(["GET / HTTP/1.1", "Host: \(host)"]) == 200, "\(host)")
        }
        #expect(try await status(["GET http://kith.example/ HTTP/1.1", "Host: kith.example"]) == 200)
    }

    @Test(
        "Any other host is refused",
        arguments: [
            "evil.example", "kith.example.evil.example", "evil.example:443", "localhost", "localhost:8081",
            "kith.example:x", "kith.example@evil",
            "[::2]", "", "kith.example."
        ])
    func foreign(host: String) async throws {
        #expect(try await status(["GET / HTTP/1.1", "Host: \(host)"]) == 400)
    }

    @Test("A missing host, two hosts, and another host in the request line are refused")
    func forms() async throws {
        #expect(try await status(["GET / HTTP/1.1"]) == 400)
        #expect(try await status(["GET / HTTP/1.1", "Host: kith.example", "Host: evil.example"]) == 400)
        #expect(try await status(["GET http://evil.example/ HTTP/1.1", "Host: kith.example"]) == 400)
        #expect(try await status(["GET http://kith.example@evil.example/ HTTP/1.1", "Host: kith.example"]) == 400)
    }

    @Test("The refusal is in plain words")
    func words() async throws {
        let router = Router()
        router.add(middleware: HostAllowList(["kith.example"]))
        router.get("/") { _, _ in "in" }
        let answer = try await withServer(router) {
            try await $0.exchange("GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n")
        }
        #expect(answer.body == "This server does not know the site you asked for. Please check the address.")
    }
}
