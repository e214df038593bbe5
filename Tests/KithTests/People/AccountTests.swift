import Foundation
import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing

@Suite("One's own account")
struct AccountTests {
    private static let old = "four quiet words at dawn"
    private static let new = "five louder words after noon"

    /// Signs in at the page, as a browser of this kind, and returns the session.
    private func signIn(
        _ password: String, _ browser: TestBrowser, agent: String = ""
    ) async throws -> Secret? {
        let answer = try await browser.post(
            "/sign-in", ["login": "ben@riverside.example", "password": password], headers: [.userAgent: agent])
        return session(in: answer)
    }

    private func session(in answer: Answer) -> Secret? {
        answer.headers[.setCookie].flatMap { cookie in
            let value = cookie.drop { $0 != "=" }.dropFirst().prefix { $0 != ";" }
            return cookie.hasPrefix("session=") && !value.isEmpty ? Secret(presented: String(value)) : nil
        }
    }

    private func giveBenPassword(_ village: Village) async throws {
        let hash = try await Password.hash(Self.old, in: village.platform.world)
        try await village.platform.store.write { [ben = village.ben.id] writer in
            try writer.run("UPDATE account SET password = \(hash) WHERE person_id = \(ben)")
        }
    }

    @Test("It shows where somebody is signed in, and signs out the others, or all", arguments: TestEngine.available)
    func signOuts(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await giveBenPassword(village)
            try await village.browsing { browser in
                let phone = try #require(
                    try await signIn(
                        Self.old, browser(nil),
                        agent: "Mozilla/5.0 (Android 14; Mobile; rv:132.0) Gecko/132.0 Firefox/132.0"))
                let desk = try #require(
                    try await signIn(
                        Self.old, browser(nil),
                        agent: "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
                            + "Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0"))
                let (atPhone, atDesk) = (browser(village.ben.at(phone)), browser(village.ben.at(desk)))
                let page = try await atPhone.get("/account").text
                #expect(page.contains("Firefox, Android") && page.contains("Edge, Windows"))
                #expect(page.components(separatedBy: "This one").count == 2)
                #expect(!page.contains(phone.hash) && !page.contains(desk.hash))

                #expect(try await atPhone.post("/account/sign-outs", ["where": "others"]).location == "/account")
                #expect(try await atDesk.get("/account").location?.hasPrefix("/sign-in") == true)
                #expect(try await browser(village.ben).get("/account").location?.hasPrefix("/sign-in") == true)
                let alone = try await atPhone.get("/account").text
                #expect(!alone.contains("Edge, Windows") && !alone.contains("everywhere but here"))

                #expect(try await atPhone.post("/account/sign-outs", ["where": "everywhere"]).location == "/sign-in")
                #expect(try await atPhone.get("/account").location?.hasPrefix("/sign-in") == true)
                #expect(try await browser(village.bao).get("/account").status == .ok, "others stay signed in")
            }
        }
    }

    @Test("A new password needs the old one, and ends every other session", arguments: TestEngine.available)
    func newPassword(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await giveBenPassword(village)
            try await village.browsing { browser in
                let first = try #require(try await signIn(Self.old, browser(nil)))
                let ben = browser(village.ben.at(first))
                let wrong = try await ben.post("/account/password", ["current": "guess", "password": Self.new])
                #expect(wrong.status == .unprocessableContent && wrong.text.contains("not the password you have now"))
                let short = try await ben.post("/account/password", ["current": Self.old, "password": "too short"])
                #expect(short.status == .unprocessableContent && !short.text.contains(Self.old))
                #expect(try await ben.get("/account").status == .ok)

                let done = try await ben.post("/account/password", ["current": Self.old, "password": Self.new])
                #expect(done.location == "/account")
                let fresh = try #require(session(in: done))
                #expect(fresh != first)
                for secret in [first, village.ben.session] {
                    #expect(
                        try await browser(village.ben.at(secret)).get("/account").location?.hasPrefix("/sign-in")
                            == true)
                }
                #expect(try await browser(village.ben.at(fresh)).get("/account").status == .ok)
                #expect(try await signIn(Self.old, browser(nil)) == nil)
                #expect(try await signIn(Self.new, browser(nil)) != nil)
            }
        }
    }

    @Test(
        "Guessing the old password at somebody's open page ends like guessing at the door",
        arguments: TestEngine.available)
    func guessing(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await giveBenPassword(village)
            try await village.browsing { browser in
                let ben = browser(village.ben)
                for _ in 1...6 {
                    let answer = try await ben.post("/account/password", ["current": "guess", "password": Self.new])
                    #expect(answer.status == .unprocessableContent)
                }
                let stopped = try await ben.post("/account/password", ["current": Self.old, "password": Self.new])
                #expect(stopped.status == .tooManyRequests && stopped.text.contains("too many tries"))
            }
        }
    }
}
