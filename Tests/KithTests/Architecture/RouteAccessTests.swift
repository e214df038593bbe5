import HTTPTypes
import Kith
import KithInterop
import KithTestSupport
import Storage
import Testing

@Suite("Every route, every role, both organizations")
struct RouteAccessTests {
    private static let features = Features.all + [Interop.feature]

    private func holder(of role: Role, in house: Village.House) -> Village.Neighbor {
        switch role {
        case .participant: house.participant
        case .supporter: house.supporter
        case .coordinator: house.coordinator
        case .supervisor: house.supervisor
        case .referrer: house.referrer
        case .administrator: house.administrator
        }
    }

    /// Who may come in at a route that only asks for an account.
    private func guest(_ route: Route, in village: Village) -> Village.Neighbor {
        route.path.hasPrefix("/referrals/sent") ? village.dana : village.cleo
    }

    /// Sends a request the way a page of ours would, with a form that would do.
    private func send(_ route: Route, _ things: RouteThings, by browser: TestBrowser) async throws -> Answer {
        let path = try #require(things.address(route), "no example for the address \(route.path)")
        guard route.method == .post else { return try await browser.get(path) }
        return try await browser.post(path, try #require(things.form(route), "no sample form for \(route.path)"))
    }

    /// Sends a request the way a partner's system would.
    private func send(
        _ route: Route, _ things: RouteThings, token: Secret?, by browser: TestBrowser
    ) async throws -> Answer {
        var headers: HTTPFields = [.contentType: "application/fhir+json"]
        if let token { headers[.authorization] = "Bearer \(token.text)" }
        let path = try #require(things.address(route), "no example for the address \(route.path)")
        let body = [.post, .put].contains(route.method) ? things.resource(route) : ""
        return try await browser.send(path, route.method, body, headers)
    }

    /// Routes for people signed in. Signing out tells nothing of anybody, and would end the session of the walk.
    private func routes(_ village: Village) -> [Route] {
        village.platform.routes.filter {
            $0.access != .anyone && $0.access != .partner && $0.access != .setup && $0.path != "/sign-out"
        }
    }

    private func isSignIn(_ answer: Answer) -> Bool {
        answer.status == .seeOther && answer.location?.hasPrefix("/sign-in") == true
    }

    @Test("Strangers and people without the role are turned away", arguments: TestEngine.available)
    func roles(engine: TestEngine) async throws {
        try await withVillage(engine, features: Self.features) { village in
            let things = try await RouteThings(village)
            let before = try await changes(village)
            let routes = routes(village)
            try await village.browsing { browser in
                for route in routes {
                    let stranger = try await send(route, things, by: browser(nil))
                    #expect(isSignIn(stranger), "stranger: \(route.method) \(route.path): \(stranger.status)")
                    guard case .roles(let roles) = route.access else { continue }
                    for role in Role.allCases where !roles.contains(role) {
                        let answer = try await send(route, things, by: browser(holder(of: role, in: village.riverside)))
                        #expect(answer.status == .forbidden, "\(role) \(route.method) \(route.path): \(answer.status)")
                    }
                }
            }
            #expect(try await changes(village) == before, "somebody without the role changed something")
        }
    }

    @Test("Next door, and the next program, reach nothing and see nobody", arguments: TestEngine.available)
    func nextDoor(engine: TestEngine) async throws {
        try await withVillage(engine, features: Self.features) { village in
            let things = try await RouteThings(village)
            let names = village.riverside.everybody.map(\.name)
            let before = try await changes(village)
            let routes = routes(village)
            try await village.browsing { browser in
                // The premise: the board of this house does show the person whom next door must not see.
                #expect(try await browser(village.ana).get("/board").text.contains(village.cleo.name))
                for route in routes {
                    for role in Role.allCases {
                        let who = "\(role) of next door: \(route.method) \(route.path)"
                        let answer = try await send(route, things, by: browser(holder(of: role, in: village.hillside)))
                        if Self.hasReach(route) { expectRefusal(answer, who) }
                        for name in names where answer.text.contains(name) { Issue.record("\(who) shows \(name)") }
                    }
                    // The same organization, another program: what has an address of its own stays out of reach, and
                    // no page shows whom the other program supports.
                    // Their own account is theirs to change, and what they write for themselves.
                    let own = ["/account/", "/reach", "/hard-days", "/preparation", "/my-story", "/calendar"]
                    if route.access == .enrolling || own.contains(where: route.path.hasPrefix) { continue }
                    if ["/goals", "/steps"].contains(where: route.path.hasPrefix), !Self.hasReach(route) { continue }
                    let who = "the other program: \(route.method) \(route.path)"
                    let answer = try await send(route, things, by: browser(village.riverside.otherCoordinator))
                    if Self.hasReach(route) { expectRefusal(answer, who) }
                    let isShown = answer.text.contains(village.cleo.name)
                    #expect(!isShown, "\(who) shows \(village.cleo.name)")
                }
            }
            #expect(try await changes(village) == before, "next door, or the next program, changed something")
        }
    }

    /// Whether the address names a thing that is within reach or not. Who takes a yes of their own back hears that there
    /// is none, whatever program they name; what is said of a kind of thing is said of one's own.
    private static func hasReach(_ route: Route) -> Bool {
        // An open group's code is for everybody of the house, and says what is on its public page.
        route.path.contains("{")
            && ![
                "/consent/{program}/withdrawal", "/privacy/items/{item}", "/evidence/{measure}",
                "/groups/joining/{code}"
            ]
            .contains(route.path)
    }

    private func expectRefusal(_ answer: Answer, _ who: String) {
        let isRefused = [.notFound, .forbidden, .unauthorized].contains(answer.status) || isSignIn(answer)
        #expect(isRefused, "\(who) gives \(answer.status)")
    }

    @Test("Whoever has the role is let in", arguments: TestEngine.available)
    func rightRole(engine: TestEngine) async throws {
        try await withVillage(engine, features: Self.features) { village in
            let things = try await RouteThings(village)
            // A stream does not end; its own tests show who may listen.
            let routes = routes(village).filter { !$0.path.hasSuffix("/events") }
                .sorted { (Self.order($0), $0.path) < (Self.order($1), $1.path) }
            try await village.browsing { browser in
                for route in routes {
                    let guests =
                        if case .roles(let roles) = route.access {
                            roles.sorted { $0.rawValue < $1.rawValue }.map { holder(of: $0, in: village.riverside) }
                        } else { [guest(route, in: village)] }
                    for guest in guests where !Self.standsIn(guest, route, village) {
                        let answer = try await send(route, things, by: browser(guest))
                        // A conflict is about the state a thing is in: whoever hears of it has got as far as the thing.
                        let isIn =
                            route.method == .get
                            ? [.ok, .seeOther].contains(answer.status)
                            : [.seeOther, .ok, .created, .noContent, .conflict].contains(answer.status)
                        #expect(
                            isIn && !isSignIn(answer), "\(guest.name): \(route.method) \(route.path): \(answer.status)")
                    }
                }
            }
        }
    }

    /// An administrator takes care of referrals only while nobody coordinates the program; the tests of owners show that.
    /// An administrator looks after a concern only once they were called for it; the tests of concerns show that.
    /// No meeting runs whose code somebody could type; the tests of running meetings show that.
    /// Sam has in hand what a picture was reported with; the tests of moderated attachments show who opens it.
    /// Nobody here is to be called by a number; the tests of what is said then show that.
    /// No Jitsi server is set up to lead to; the tests of rooms show that.
    /// Nobody here has a password to change or to prove anything with; the tests of accounts and of proofs
    /// show that. Nor is anybody in the midst of setting up a second factor,
    /// and nobody has a passkey; the journeys with a browser show those.
    private static func standsIn(_ guest: Village.Neighbor, _ route: Route, _ village: Village) -> Bool {
        guest.id == village.ada.id && route.path.hasPrefix("/referrals/{id}")
            || guest.id == village.ada.id && route.path.hasPrefix("/concerns/{id}/")
            || guest.id == village.ada.id && route.path.hasPrefix("/erasures/{id}")
            || route.method == .post && ["/account/password", "/proof"].contains(route.path)
            || route.path.hasSuffix("/picture") || route.path.hasSuffix("/confirmation")
            || route.method == .post && route.path == "/here"
            || ["/meetings/{id}/call", "/referrals/{id}/call"].contains(route.path)
            || guest.id == village.ana.id && route.path == "/moderation/{id}/messages/{message}/attachment"
            || route.path == "/proof/passkey" || route.path.hasPrefix("/account/passkeys/{id}")
    }

    /// What ends something comes after what needs it.
    private static func order(_ route: Route) -> Int {
        if route.path.hasPrefix("/feedback") || route.path.hasSuffix("on-behalf/feedback") { return 3 }
        // A week is entered while the two are in touch.
        let needsMost = route.path.hasPrefix("/wishes") || route.path.hasSuffix("/week")
        if route.method == .get || needsMost { return 0 }
        if route.path.hasSuffix("/closing") { return 2 }
        // Whoever supports people dies before their access ends, the person of a referral at the end of it all.
        if route.path.hasSuffix("/loss"), route.method == .post { return route.path.hasPrefix("/supporters") ? 3 : 6 }
        if route.path == "/people/{id}/ending" || route.path.hasPrefix("/requests") { return 5 }
        if route.path.hasPrefix("/people") { return 4 }
        return route.path.contains("withdrawal") || route.path.hasSuffix("/ending") ? 5 : 1
    }

    @Test("Only a partner's own system comes in by FHIR, and only to what it sent", arguments: TestEngine.available)
    func partners(engine: TestEngine) async throws {
        try await withVillage(engine, features: Self.features) { village in
            let routes = village.platform.routes.filter { $0.access == .partner }
            #expect(routes.contains { $0.method == .put }, "the test sees them")
            let start = try await RouteThings(village)
            try await village.browsing { browser in
                let request = Route.post("/fhir/ServiceRequest", .partner) { _ in throw Problem.notFound }
                let (ours, theirs) = (village.riverside.partnerToken, village.hillside.partnerToken)
                let created = try await send(request, start, token: ours, by: browser(nil))
                #expect(created.status == .created)
                var things = start
                things.sent = created.location?.split(separator: "/").last.map(String.init) ?? ""
                let before = try await changes(village)
                for route in routes {
                    for (who, token, person) in [
                        ("a stranger", nil, nil), ("somebody signed in", nil, village.ana),
                        ("a wrong token", Secret(presented: "wrong"), nil)
                    ] {
                        let answer = try await send(route, things, token: token, by: browser(person))
                        #expect(
                            answer.status == .unauthorized, "\(who): \(route.method) \(route.path): \(answer.status)")
                    }
                    let answer = try await send(route, things, token: theirs, by: browser(nil))
                    if route.path.contains("{") {
                        let isRefused = [.notFound, .methodNotAllowed].contains(answer.status)
                        #expect(isRefused, "next door: \(route.method) \(route.path): \(answer.status)")
                    }
                    let isShown = answer.status == .ok && answer.text.contains(things.sent)
                    #expect(!isShown, "next door: \(route.method) \(route.path) shows what is ours")
                }
                #expect(try await changes(village) == before, "next door changed something")
                // The right token comes in, to everything that is there.
                for route in routes where Self.isServed(route) {
                    let answer = try await send(route, things, token: ours, by: browser(nil))
                    let isIn = [.ok, .created].contains(answer.status)
                    #expect(isIn, "\(route.method) \(route.path): \(answer.status) \(answer.text.prefix(300))")
                }
            }
        }
    }

    /// The rest only says, in FHIR's own words, that it is not served.
    private static func isServed(_ route: Route) -> Bool {
        let served: [(HTTPRequest.Method, String)] = [
            (.post, "/fhir"), (.post, "/fhir/ServiceRequest"), (.get, "/fhir/ServiceRequest/{id}"),
            (.post, "/fhir/Task"), (.get, "/fhir/Task"), (.get, "/fhir/Task/{id}"), (.put, "/fhir/Task/{id}")
        ]
        return served.contains { $0.0 == route.method && $0.1 == route.path }
    }

    /// How many events Riverside has: every change of its data makes one.
    private func changes(_ village: Village) async throws -> Int {
        let house = village.riverside.organization
        return try await village.platform.store.read {
            try $0.value("SELECT count(*) FROM event WHERE organization_id = \(house)") ?? 0
        }
    }
}
