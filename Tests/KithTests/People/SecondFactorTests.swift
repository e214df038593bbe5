import Foundation
import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing

@Suite("A code besides the password")
struct SecondFactorTests {
    private static let words = "four quiet words at dawn"

    /// What Ben's phone would show.
    private func code(_ village: Village, steps: Int = 0) async throws -> String {
        let secret = try #require(try await village.appSecret(of: village.ben))
        return TimedCode.code(secret, step: TimedCode.step(at: village.clock.now) + steps)
    }

    /// Ben's account with a password and codes from his phone, set up on the pages; and his list of recovery codes.
    private func setUp(_ village: Village, _ browser: TestBrowser) async throws -> [String] {
        try await village.give(village.ben, password: Self.words)
        #expect(try await browser.post("/account/second-factor").location == "/account/second-factor")
        let done = try await browser.post(
            "/account/second-factor/confirmation", ["code": try await code(village, steps: -1)])
        #expect(done.status == .created)
        return done.text.matches(of: /<li class="code">([A-Z2-7 ]+)</).map { String($0.1) }
    }

    private func half(_ browser: TestBrowser, next: String? = nil) async throws -> (Answer, HTTPFields) {
        var form = ["login": "ben@riverside.example", "password": Self.words]
        form["next"] = next
        let answer = try await browser.post("/sign-in", form)
        let cookie = try #require(answer.headers[.setCookie]).prefix { $0 != ";" }
        return (answer, [.cookie: String(cookie)])
    }

    private func session(in answer: Answer) -> Secret? {
        answer.headers[values: .setCookie].first { $0.hasPrefix("session=") }.flatMap { cookie in
            let value = cookie.dropFirst(8).prefix { $0 != ";" }
            return value.isEmpty ? nil : Secret(presented: String(value))
        }
    }

    @Test("It is set up with a picture or by hand, and ends every other session", arguments: TestEngine.available)
    func settingUp(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let elsewhere = village.ben.at(try await village.session(of: village.ben))
            try await village.browsing { browser in
                let ben = browser(village.ben)
                #expect(try await ben.get("/account/second-factor/picture").status == .notFound)
                let codes = try await setUp(village, ben)
                #expect(codes.count == 10 && Set(codes).count == 10)
                #expect(try await browser(elsewhere).get("/account").location?.hasPrefix("/sign-in") == true)
                let page = try await ben.get("/account/second-factor").text
                #expect(page.contains("You have 10 codes left") && !page.contains("Type this into the app"))
                #expect(try await ben.get("/account/second-factor/picture").status == .notFound)
                #expect(try await ben.post("/account/second-factor").status == .conflict)
                // A new list is worth something, the old one nothing.
                let renewed = try await ben.post("/account/second-factor/recovery-codes")
                #expect(renewed.status == .created && !renewed.text.contains(codes[0]))
                let (_, held) = try await half(browser(nil))
                let old = try await browser(nil).post("/sign-in/code", ["code": codes[0]], headers: held)
                #expect(old.status == .unprocessableContent)
            }
        }
    }

    @Test("While it is set up, the page shows the secret as a picture and as letters", arguments: TestEngine.available)
    func picture(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.browsing { browser in
                let ben = browser(village.ben)
                _ = try await ben.post("/account/second-factor")
                let picture = try await ben.get("/account/second-factor/picture")
                #expect(picture.status == .ok && picture.headers[.contentType] == "image/svg+xml")
                #expect(picture.headers[.cacheControl] == "no-store")
                #expect(picture.text.hasPrefix("<svg ") && picture.text.utf8.count < 40_000)
                let page = try await ben.get("/account/second-factor").text
                #expect(page.contains("/account/second-factor/picture") && page.contains("Type this into the app"))
                let wrong = try await ben.post("/account/second-factor/confirmation", ["code": "000000"])
                #expect(wrong.status == .unprocessableContent && wrong.text.contains("This code is not right"))
                village.clock.advance(minutes: 11)
                #expect(try await ben.get("/account/second-factor").location?.hasPrefix("/proof") == true)
                #expect(try await ben.post("/account/second-factor").location?.hasPrefix("/proof") == true)
            }
        }
    }

    @Test("Signing in takes both halves, and the first alone is worth nothing", arguments: TestEngine.available)
    func bothHalves(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.browsing { browser in
                _ = try await setUp(village, browser(village.ben))
                let (first, held) = try await half(browser(nil), next: "/today")
                #expect(first.location == "/sign-in/code?next=%2Ftoday" && session(in: first) == nil)
                #expect(try await browser(nil).get("/sign-in/code", headers: held).status == .ok)
                // Held as a session, it opens nothing.
                let token = try #require(held[.cookie]?.split(separator: "=").last.map(String.init))
                let pretending = village.ben.at(Secret(presented: token))
                for path in ["/account", "/today", "/account/second-factor", "/proof"] {
                    #expect(try await browser(pretending).get(path).location?.hasPrefix("/sign-in") == true)
                }
                let typed = try await code(village)
                let second = try await browser(nil).post(
                    "/sign-in/code", ["code": typed, "next": "/today"], headers: held)
                #expect(second.location == "/today")
                let signedIn = try #require(session(in: second))
                #expect(try await browser(village.ben.at(signedIn)).get("/account").status == .ok)
                // Neither half works again: not the cookie, not the code.
                #expect(
                    try await browser(nil).post("/sign-in/code", ["code": typed], headers: held).location == "/sign-in")
                let (_, again) = try await half(browser(nil))
                #expect(
                    try await browser(nil).post("/sign-in/code", ["code": typed], headers: again).status
                        == .unprocessableContent)
                village.clock.advance(seconds: 60)
                let fresh = try await code(village)
                #expect(
                    try await browser(nil).post("/sign-in/code", ["code": fresh], headers: again).status == .seeOther)
                #expect(try await browser(nil).get("/sign-in/code").location == "/sign-in")
            }
        }
    }

    @Test("The second half waits ten minutes, and not beyond a new password", arguments: TestEngine.available)
    func waiting(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.browsing { browser in
                _ = try await setUp(village, browser(village.ben))
                let (_, held) = try await half(browser(nil))
                village.clock.advance(minutes: 9)
                #expect(try await browser(nil).get("/sign-in/code", headers: held).status == .ok)
                village.clock.advance(minutes: 1)
                let late = ["code": try await code(village)]
                let answer = try await browser(nil).post("/sign-in/code", late, headers: held)
                #expect(answer.location?.hasPrefix("/sign-in") == true && session(in: answer) == nil)

                let (_, other) = try await half(browser(nil))
                let changed = try await browser(village.ben).post(
                    "/account/password", ["current": Self.words, "password": "river 79"])
                #expect(changed.location == "/account", "eight characters will do beside a code")
                let after = try await browser(nil).post("/sign-in/code", late, headers: other)
                #expect(after.location?.hasPrefix("/sign-in") == true && session(in: after) == nil)
            }
        }
    }

    @Test("A recovery code works once, however it is typed", arguments: TestEngine.available)
    func recovery(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.browsing { browser in
                let codes = try await setUp(village, browser(village.ben))
                for typed in [codes[3].lowercased(), codes[4].replacing(" ", with: "-")] {
                    let (_, held) = try await half(browser(nil))
                    #expect(
                        try await browser(nil).post("/sign-in/code", ["code": typed], headers: held).status == .seeOther
                    )
                    let (_, again) = try await half(browser(nil))
                    #expect(
                        try await browser(nil).post("/sign-in/code", ["code": typed], headers: again).status
                            == .unprocessableContent)
                }
                #expect(try await browser(village.ben).get("/account/second-factor").text.contains("You have 8 codes"))
            }
            let kept: [String] = try await village.platform.store.read {
                try $0.values("SELECT code_hash FROM recovery_code UNION SELECT secret FROM authenticator_app")
            }
            #expect(kept.count == 11)
            let secret = try #require(try await village.appSecret(of: village.ben))
            let plain = [TimedCode.base32(secret), Data(secret).base64EncodedString()]
            #expect(!kept.contains { kept in plain.contains { kept.contains($0) } }, "neither is kept as it is")
        }
    }

    @Test("Whoever guesses codes is stopped after five, from wherever they come", arguments: TestEngine.available)
    func guessing(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.browsing { browser in
                _ = try await setUp(village, browser(village.ben))
                for _ in 1...5 {
                    // The right password does not make room for more codes.
                    let (_, held) = try await half(browser(nil))
                    #expect(
                        try await browser(nil).post("/sign-in/code", ["code": "000000"], headers: held).status
                            == .unprocessableContent)
                }
                let (_, held) = try await half(browser(nil))
                let right = ["code": try await code(village)]
                let stopped = try await browser(nil).post("/sign-in/code", right, headers: held)
                #expect(stopped.status == .tooManyRequests && stopped.text.contains("too many wrong codes"))
                village.clock.advance(minutes: 5)
                let later = ["code": try await code(village)]
                #expect(try await browser(nil).post("/sign-in/code", later, headers: held).status == .seeOther)
            }
        }
    }

    @Test("A code proves anew who one is, as the password does", arguments: TestEngine.available)
    func proof(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.browsing { browser in
                let ben = browser(village.ben)
                _ = try await setUp(village, ben)
                village.clock.advance(minutes: 11)
                let page = try await ben.get("/account/second-factor")
                #expect(page.location == "/proof?next=%2Faccount%2Fsecond-factor")
                #expect(try await ben.get("/proof").text.contains("Fill in one of the two"))
                #expect(try await ben.post("/proof", ["code": "000000"]).status == .unprocessableContent)
                let form = ["code": try await code(village), "password": "", "next": "/account/second-factor"]
                #expect(try await ben.post("/proof", form).location == "/account/second-factor")
                #expect(try await ben.get("/account/second-factor").status == .ok)
                #expect(try await ben.post("/proof", form).status == .unprocessableContent, "each code once")
                let words = ["code": " ", "password": Self.words, "next": "/account"]
                #expect(try await ben.post("/proof", words).location == "/account")
            }
        }
    }

    @Test("A way in replaces the password only; turning it off needs a long one", arguments: TestEngine.available)
    func wayIn(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.browsing { browser in
                _ = try await setUp(village, browser(village.ben))
                let secret = village.platform.world.newSecret()
                try await village.write(asSystemOf: village.riverside) { [ben = village.ben.id] in
                    try Invitation.renew(for: ben, secret: secret, in: $0)
                }
                let came = try await browser(nil).post("/invitations/\(secret.text)", ["password": "river 79"])
                #expect(came.location == "/sign-in/code" && session(in: came) == nil)
                let held: HTTPFields = [.cookie: String(came.headers[.setCookie]?.prefix { $0 != ";" } ?? "")]
                let done = try await browser(nil).post(
                    "/sign-in/code", ["code": try await code(village)], headers: held)
                let ben = browser(village.ben.at(try #require(session(in: done))))
                let short = try await ben.post("/account/second-factor/ending")
                #expect(short.status == .conflict && short.text.contains("too short to stand alone"))
                let longer = try await ben.post(
                    "/account/password", ["current": "river 79", "password": "five louder words after noon"])
                let after = browser(village.ben.at(try #require(session(in: longer))))
                #expect(try await after.post("/account/second-factor/ending").location == "/account")
                let alone = try await browser(nil).post(
                    "/sign-in", ["login": "ben@riverside.example", "password": "five louder words after noon"])
                #expect(session(in: alone) != nil)
                let short2 = try await after.post("/account/second-factor/ending")
                #expect(short2.status == .conflict)
            }
        }
    }
}

extension Village {
    /// What the phone of somebody at Riverside took over.
    func appSecret(of neighbor: Neighbor) async throws -> [UInt8]? {
        let house = riverside.organization
        return try await platform.read(as: .system(house), access: .anyone) {
            try SecondFactor.app(of: neighbor.id, in: house, db: $0)?.secret
        }
    }
}
