import Foundation
import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing
import Web

@Suite("How long a session lasts")
struct SessionLimitTests {
    private func isAlive(_ neighbor: Village.Neighbor, _ village: Village) async throws -> Bool {
        try await village.browsing { browser in try await browser(neighbor).get("/account").status == .ok }
    }

    @Test("Staff are signed out after a quarter of an hour, unless they do something", arguments: TestEngine.available)
    func idle(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let ana = village.ana.at(try await village.session(of: village.ana))
            village.clock.advance(minutes: 14)
            #expect(try await isAlive(ana, village))
            village.clock.advance(minutes: 14)
            #expect(try await isAlive(ana, village), "what was done counts")
            village.clock.advance(minutes: 15)
            #expect(try await isAlive(ana, village) == false)
            // Doing something in it does not bring it back.
            #expect(try await isAlive(ana, village) == false)
        }
    }

    @Test("Staff sign in anew after twelve hours, whatever they do", arguments: TestEngine.available)
    func absolute(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let ana = village.ana.at(try await village.session(of: village.ana))
            for _ in 1...71 {
                village.clock.advance(minutes: 10)
                #expect(try await isAlive(ana, village))
            }
            village.clock.advance(minutes: 10)
            #expect(try await isAlive(ana, village) == false)
        }
    }

    @Test("What a script does by itself is nobody's presence", arguments: TestEngine.available)
    func unattended(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await Pair(in: village)
            try await pair.send("Hello", as: village.cleo)
            let ben = village.ben.at(try await village.session(of: village.ben, isShared: true))
            try await village.browsing { browser in
                let form = ["from": "1", "through": "1", "seen": "yes"]
                for _ in 1...2 {
                    village.clock.advance(minutes: 7)
                    let answer = try await browser(ben).post("\(pair.path)/reading", form)
                    #expect(answer.status == .noContent)
                }
                village.clock.advance(minutes: 1)
                #expect(try await browser(ben).post("\(pair.path)/reading", form).status == .seeOther)
            }
            let next = village.ben.at(try await village.session(of: village.ben, isShared: true))
            try await village.browsing { browser in
                for _ in 1...3 {
                    village.clock.advance(minutes: 10)
                    let answer = try await browser(next).post("/presence")
                    #expect(answer.status == .noContent)
                }
            }
        }
    }

    @Test(
        "On one's own phone it lasts a month; on a device that others use, as long as somebody is there",
        arguments: TestEngine.available)
    func shared(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.give(village.ben, password: "four quiet words at dawn")
            let form = ["login": "ben@riverside.example", "password": "four quiet words at dawn"]
            try await village.browsing { browser in
                let own = try #require(try await browser(nil).post("/sign-in", form).headers[.setCookie])
                #expect(own.contains("; Max-Age=2592000"))
                let shared = try await browser(nil).post("/sign-in", form.merging(["shared": "yes"]) { $1 })
                let cookie = try #require(shared.headers[.setCookie])
                #expect(cookie.hasPrefix("session=") && !cookie.contains("Max-Age"))
                let value = cookie.dropFirst(8).prefix { $0 != ";" }
                let ben = village.ben.at(Secret(presented: String(value)))
                let page = try await browser(ben).get("/account")
                #expect(page.text.contains(#"data-minutes="15""#) && page.headers[.cacheControl] == "no-store")
                #expect(!(try await browser(village.ben).get("/account").text.contains("data-minutes")))

                let left = try await browser(ben).post("/sign-out")
                #expect(left.headers[.clearSiteData] == #""cache", "cookies", "storage""#)
                let other = village.ben.at(try await village.session(of: village.ben))
                #expect(try await browser(other).post("/sign-out").headers[.clearSiteData] == nil)
            }
        }
    }

    @Test("The strictest of somebody's roles counts, as their organization says", arguments: TestEngine.available)
    func roles(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let house = village.riverside
            func limits(of neighbor: Village.Neighbor) async throws -> (hours: Int, idle: Int?) {
                let secret = try await village.session(of: neighbor)
                return try await village.platform.store.read { reader in
                    let found = try reader.first(
                        "SELECT created_at, expires_at, idle_minutes FROM session WHERE token_hash = \(secret.hash)"
                    ) {
                        (
                            try $0["created_at"] as Instant, try $0["expires_at"] as Instant,
                            try $0["idle_minutes"] as Int?
                        )
                    }
                    let (from, to, idle) = try #require(found)
                    return (to.minutes(since: from) / 60, idle)
                }
            }
            #expect(try await limits(of: village.ben) == (720, nil))
            try await village.write(asSystemOf: house) { [ben = village.ben.id] in
                try Person.appoint(ben, as: .coordinator, in: house.otherProgram, db: $0)
            }
            #expect(try await limits(of: village.ben) == (12, 15))
            try await village.write(asSystemOf: house) { db in
                try SignInRule.set(
                    SignInRule(.coordinator, limits: .init(hours: 8, idleMinutes: 30), needsSecondFactor: false), in: db
                )
                try SignInRule.set(
                    SignInRule(.supporter, limits: .init(hours: 24, idleMinutes: 20), needsSecondFactor: false), in: db)
            }
            #expect(try await limits(of: village.ben) == (8, 20))
            #expect(try await limits(of: village.ana) == (8, 30))
            await #expect(throws: Problem.notAllowed) {
                try await village.write(as: village.ada) { try SignInRule.set(.usual(for: .coordinator), in: $0) }
            }
            for limits in [Session.Limits(hours: 0, idleMinutes: nil), .init(hours: 8, idleMinutes: 1)] {
                await #expect(throws: Problem.self) {
                    try await village.write(asSystemOf: house) {
                        try SignInRule.set(SignInRule(.supporter, limits: limits, needsSecondFactor: false), in: $0)
                    }
                }
            }
        }
    }

    @Test("Leaving quickly works without scripts: signed out, kept nowhere, and away", arguments: TestEngine.available)
    func leaving(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.browsing { browser in
                let cleo = browser(village.cleo)
                let site = try #require(HTTPField.Name("Sec-Fetch-Site"))
                let lured = try await cleo.get("/leaving", headers: [site: "cross-site"])
                #expect(lured.location == "https://www.weather.gov" && lured.headers[.setCookie] == nil)
                #expect(try await cleo.get("/home").status == .ok, "another site signs nobody out")
                let left = try await cleo.get("/leaving")
                #expect(left.location == "https://www.weather.gov")
                #expect(left.headers[.clearSiteData] == #""cache", "storage""#)
                #expect(left.headers[.cacheControl] == "no-store")
                #expect(try await cleo.get("/home").location?.hasPrefix("/sign-in") == true)
                #expect(try await browser(nil).get("/leaving").location == "https://www.weather.gov")
            }
        }
    }
}
