import Foundation
import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing
import Web

/// A page that asks for a fresh proof, and the form on it.
private let guarded = Feature(
    name: "Guarded",
    routes: [
        Route.get("/guarded", .signedIn) { visit in
            try await visit.read { _ in }
            return try .json(["open": "yes"])
        }.afterFreshProof(),
        Route.post("/guarded", .signedIn) { visit in
            _ = try await visit.form()
            try await visit.write { _ in }
            return try .json(["done": "yes"])
        }.afterFreshProof()
    ])

@Suite("Proving anew who one is")
struct ProofTests {
    private static let words = "four quiet words at dawn"

    @Test(
        "What matters is open for ten minutes after a proof, and leads back to where one was going",
        arguments: TestEngine.available)
    func fresh(engine: TestEngine) async throws {
        try await withVillage(engine, features: Features.all + [guarded]) { village in
            try await village.give(village.ben, password: Self.words)
            try await village.browsing { browser in
                let ben = browser(village.ben)
                #expect(try await ben.get("/guarded").status == .ok, "signing in is a proof")
                village.clock.advance(minutes: 10)
                let asked = try await ben.get("/guarded?year=2026&program=one")
                #expect(asked.location == "/proof?next=%2Fguarded%3Fyear%3D2026%26program%3Done")
                let page = try await ben.get(try #require(asked.location))
                #expect(page.status == .ok && page.text.contains(#"value="/guarded?year=2026&amp;program=one""#))

                let wrong = try await ben.post("/proof", ["password": "guess", "next": "/guarded"])
                #expect(wrong.status == .unprocessableContent)
                #expect(try await ben.get("/guarded").status == .seeOther)
                let right = try await ben.post("/proof", ["password": Self.words, "next": "/guarded?year=2026"])
                #expect(right.location == "/guarded?year=2026")
                #expect(try await ben.get("/guarded").status == .ok)
                #expect(try await ben.post("/guarded").status == .ok)
                // It never leads to another site.
                let elsewhere = try await ben.post("/proof", ["password": Self.words, "next": "//evil.example/"])
                #expect(elsewhere.location == "/")
            }
            let events = try await village.platform.store.read {
                try $0.value("SELECT count(*) FROM event WHERE kind = 'session.proved'") ?? 0
            }
            #expect(events == 2)
        }
    }

    @Test("A form sent too late goes back to its page, and changes nothing", arguments: TestEngine.available)
    func form(engine: TestEngine) async throws {
        try await withVillage(engine, features: Features.all + [guarded]) { village in
            village.clock.advance(minutes: 11)
            try await village.browsing { browser in
                let ben = browser(village.ben)
                let sent = try await ben.post("/guarded", headers: [.referer: "http://localhost/guarded?year=2026"])
                #expect(sent.location == "/proof?next=%2Fguarded%3Fyear%3D2026")
                #expect(try await ben.post("/guarded").location == "/proof?next=%2F")
                let script = try await ben.get("/guarded", headers: [.accept: "application/json"])
                #expect(script.status == .forbidden && script.text.contains("proof-needed"))
                #expect(try await browser(nil).get("/guarded").location?.hasPrefix("/sign-in") == true)
            }
        }
    }

    @Test("A proof is one session's, and wrong passwords count as tries", arguments: TestEngine.available)
    func ownSession(engine: TestEngine) async throws {
        try await withVillage(engine, features: Features.all + [guarded]) { village in
            try await village.give(village.ben, password: Self.words)
            village.clock.advance(minutes: 11)
            let other = village.ben.at(try await village.session(of: village.ben))
            village.clock.advance(minutes: 11)
            try await village.browsing { browser in
                let (here, there) = (browser(village.ben), browser(other))
                #expect(try await here.post("/proof", ["password": Self.words, "next": "/guarded"]).status == .seeOther)
                #expect(try await here.get("/guarded").status == .ok)
                #expect(try await there.get("/guarded").status == .seeOther)
                for _ in 1...6 { _ = try await there.post("/proof", ["password": "guess"]) }
                let stopped = try await there.post("/proof", ["password": Self.words])
                #expect(stopped.status == .unprocessableContent && stopped.text.contains("too many tries"))
            }
        }
    }
}
