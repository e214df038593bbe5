import HTTPTypes
import Kith
import KithInterop
import KithTestSupport
import Storage
import Testing

@Suite("Where a role asks for a second factor")
struct EnrollingTests {
    private func require(_ roles: [Role], in house: Village.House, _ village: Village) async throws {
        try await village.write(asSystemOf: house) { db in
            for role in roles {
                var rule = SignInRule.usual(for: role)
                rule.needsSecondFactor = true
                try SignInRule.set(rule, in: db)
            }
        }
    }

    @Test("Whoever has none gets nowhere but to setting it up, over all routes", arguments: TestEngine.available)
    func nowhere(engine: TestEngine) async throws {
        try await withVillage(engine, features: Features.all + [Interop.feature]) { village in
            let things = try await RouteThings(village)
            let house = village.riverside
            let staff = [house.coordinator, house.supervisor, house.administrator]
            let routes = village.platform.routes.filter { ![.anyone, .partner, .enrolling, .setup].contains($0.access) }
            #expect(routes.count > 60, "the test sees them")
            try await village.browsing { browser in
                #expect(try await browser(village.ana).get("/board").status == .ok, "the premise: it is open before")
                try await require([.coordinator, .supervisor, .administrator], in: house, village)
                let before = try await changes(village)
                for neighbor in staff {
                    for route in routes {
                        let who = "\(neighbor.name): \(route.method) \(route.path)"
                        let path = try #require(things.address(route))
                        let answer =
                            route.method == .post
                            ? try await browser(neighbor).post(path, try #require(things.form(route)))
                            : try await browser(neighbor).get(path)
                        #expect(answer.location == "/account/second-factor", "\(who): \(answer.status)")
                        #expect(!answer.text.contains(village.cleo.name), "\(who)")
                    }
                    let script = try await browser(neighbor).get("/board", headers: [.accept: "application/json"])
                    #expect(script.status == .forbidden)
                    #expect(try await browser(neighbor).get("/").location == "/account/second-factor")
                }
                #expect(try await changes(village) == before, "somebody changed something")
                // Nobody else is asked, and next door decides for itself.
                #expect(try await browser(village.ben).get("/today").status == .ok)
                #expect(try await browser(village.hillside.coordinator).get("/board").status == .ok)
            }
            await #expect(throws: Problem.secondFactorNeeded) { try await village.read(as: village.ana) { _ in } }
        }
    }

    @Test("Setting it up opens the rest, and then it stays", arguments: TestEngine.available)
    func setUp(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await require([.coordinator], in: village.riverside, village)
            try await village.browsing { browser in
                let ana = browser(village.ana)
                let page = try await ana.get("/account/second-factor")
                #expect(page.status == .ok && page.text.contains("Your work here needs a second proof"))
                #expect(!page.text.contains("<nav"))
                _ = try await ana.post("/account/second-factor")
                let secret = try #require(try await village.appSecret(of: village.ana))
                let code = TimedCode.code(secret, step: TimedCode.step(at: village.clock.now))
                #expect(try await ana.post("/account/second-factor/confirmation", ["code": code]).status == .created)
                #expect(try await ana.get("/board").status == .ok)
                let off = try await ana.post("/account/second-factor/ending")
                #expect(off.status == .conflict && off.text.contains("cannot be turned off"))
                // Who lost it sets up a new one before anything else.
                try await village.write(asSystemOf: village.riverside) { [ana = village.ana.id] in
                    try SecondFactor.reset(of: ana, in: $0)
                }
                try await village.signBackIn(village.ana)
                #expect(try await ana.get("/board").location == "/account/second-factor")
            }
        }
    }

    private func changes(_ village: Village) async throws -> Int {
        try await village.platform.store.read { try $0.value("SELECT count(*) FROM event") ?? 0 }
    }
}
