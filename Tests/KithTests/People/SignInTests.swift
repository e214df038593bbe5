import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing
import Web

@Suite("Signing in")
struct SignInTests {
    private static let words = "four quiet words at dawn"

    /// A village behind a proxy, where Ben has a password. `signIn` tries one from an address.
    private func withDoor(
        proxies: [String] = ["127.0.0.1"], _ engine: TestEngine,
        _ body:
            @escaping @Sendable (
                _ village: Village, _ browser: @Sendable (Village.Neighbor?) -> TestBrowser,
                _ signIn: @Sendable (_ password: String, _ address: String) async throws -> Answer
            ) async throws -> Void
    ) async throws {
        try await withVillage(engine) { village in
            let hash = try await Password.hash(Self.words, in: village.platform.world)
            try await village.platform.store.write { [ben = village.ben.id] writer in
                try writer.run("UPDATE account SET password = \(hash) WHERE person_id = \(ben)")
            }
            let place = Place(address: "http://localhost", proxies: Set(proxies.compactMap { PeerAddress($0) }))
            try await village.browsing(at: place, live: true) { browser in
                try await body(village, browser) { password, address in
                    try await browser(nil).post(
                        "/sign-in", ["login": "ben@riverside.example", "password": password],
                        headers: Self.sent(from: address))
                }
            }
        }
    }

    private static func sent(from address: String) -> HTTPFields {
        HTTPField.Name("X-Forwarded-For").map { [$0: address] } ?? [:]
    }

    @Test("Whoever guesses is stopped, and the person comes in all the same", arguments: TestEngine.available)
    func guessing(engine: TestEngine) async throws {
        try await withDoor(engine) { village, _, signIn in
            #expect(try await signIn(Self.words, "192.0.2.1").status == .seeOther)
            for _ in 1...6 { #expect(try await signIn("guess", "198.51.100.9").status == .unprocessableContent) }
            let stopped = try await signIn("guess", "198.51.100.9")
            #expect(stopped.status == .tooManyRequests && stopped.text.contains("too many tries"))
            #expect(stopped.text.contains("ben@riverside.example"))
            // Not even the right one is looked at now.
            #expect(try await signIn(Self.words, "198.51.100.9").status == .tooManyRequests)
            for address in ["192.0.2.1", "192.0.2.2"] {
                #expect(try await signIn(Self.words, address).status == .seeOther)
            }
            village.clock.advance(minutes: 2)
            #expect(try await signIn("guess", "198.51.100.9").status == .unprocessableContent)
            #expect(try await signIn("guess", "198.51.100.9").status == .tooManyRequests)
        }
    }

    @Test("An address that says it is another's counts only behind a proxy", arguments: TestEngine.available)
    func forged(engine: TestEngine) async throws {
        try await withDoor(proxies: [], engine) { _, _, signIn in
            for number in 1...6 {
                let answer = try await signIn("guess", "192.0.2.\(number)")
                #expect(answer.status == .unprocessableContent)
            }
            #expect(try await signIn("guess", "192.0.2.7").status == .tooManyRequests)
        }
        try await withDoor(engine) { _, _, signIn in
            // What the visitor writes stands left of what the proxy adds.
            for number in 1...6 {
                let answer = try await signIn("guess", "192.0.2.\(number), 198.51.100.9")
                #expect(answer.status == .unprocessableContent)
            }
            #expect(try await signIn("guess", "192.0.2.7, 198.51.100.9").status == .tooManyRequests)
            #expect(try await signIn("guess", "192.0.2.7").status == .unprocessableContent)
        }
    }

    @Test("A name that nobody has is answered like a wrong password", arguments: TestEngine.available)
    func unknown(engine: TestEngine) async throws {
        try await withDoor(engine) { _, browser, signIn in
            let known = try await signIn("guess", "192.0.2.7")
            let nobody = try await browser(nil).post(
                "/sign-in", ["login": "ban@riverside.example", "password": "guess"],
                headers: Self.sent(from: "192.0.2.8"))
            #expect(known.status == nobody.status)
            #expect(known.text == nobody.text.replacing("ban@", with: "ben@"))
        }
    }

    @Test("Forms that anybody may send are limited by address", arguments: TestEngine.available)
    func publicForms(engine: TestEngine) async throws {
        try await withDoor(engine) { village, browser, _ in
            func ask(_ address: String) async throws -> HTTPResponse.Status {
                try await browser(nil).post(
                    "/progress", ["reference": "AAAA-AAAA", "pin": "123456"], headers: Self.sent(from: address)
                ).status
            }
            for _ in 1...30 {
                let status = try await ask("2001:db8::1")
                #expect(status == .unprocessableContent)
            }
            #expect(try await ask("2001:db8::1") == .tooManyRequests)
            // The same network, then another.
            #expect(try await ask("2001:db8::2") == .tooManyRequests)
            #expect(try await ask("2001:db8:0:1::1") == .unprocessableContent)
            #expect(try await browser(nil).get("/progress", headers: Self.sent(from: "2001:db8::1")).status == .ok)
            village.clock.advance(seconds: 10)
            #expect(try await ask("2001:db8::1") == .unprocessableContent)
            #expect(try await ask("2001:db8::1") == .tooManyRequests)
        }
    }
}
