import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing

@Suite("Every route, every role, both organizations")
struct RouteAccessTests {
    /// What stands for `{…}` in each route: things of Riverside. A route whose address is not here fails the test.
    private func address(_ route: Route, _ things: [String: String]) -> String? {
        var path = route.path
        while let open = path.firstIndex(of: "{"), let close = path.firstIndex(of: "}") {
            let before = String(path[..<open]).split(separator: "/").joined(separator: "/")
            let name = String(path[path.index(after: open)..<close])
            guard let thing = things["\(before)/\(name)"] ?? things[name] else { return nil }
            path.replaceSubrange(open...close, with: thing)
        }
        return path
    }

    private func things(_ village: Village, _ story: Story) -> [String: String] {
        [
            "referrals/id": story.referral.text, "referrals/sent/id": story.referral.text,
            "feedback/id": story.referral.text, "requests/id": story.referral.text, "team/id": village.ben.id.text,
            "matches/id": story.match.text,
            "conversations/id": story.conversation.text, "supporters/id": village.ben.id.text,
            "encounters/id": village.ana.id.text, "program": village.riverside.program.text,
            "slug": village.riverside.slug, "token": "forged"
        ]
    }

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

    /// Sends a request the way a page of ours would.
    private func send(_ route: Route, _ path: String, by browser: TestBrowser) async throws -> Answer {
        route.method == .get ? try await browser.get(path) : try await browser.post(path)
    }

    @Test("Strangers and people without the role are turned away", arguments: TestEngine.available)
    func roles(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let story = try await village.play(in: village.riverside)
            let things = things(village, story)
            let before = try await changes(village)
            try await village.browsing { browser in
                for route in village.platform.routes where route.path != "/sign-out" && !route.path.hasSuffix("/events")
                {
                    let path = try #require(address(route, things), "no example for \(route.path)")
                    switch route.access {
                    case .anyone: break
                    case .partner:
                        #expect(
                            try await send(route, path, by: browser(village.ana)).status == .unauthorized,
                            "\(route.path)")
                    case .signedIn:
                        let answer = try await send(route, path, by: browser(nil))
                        #expect(
                            answer.location?.hasPrefix("/sign-in") == true,
                            "\(route.method) \(route.path): \(answer.status)")
                    case .roles(let roles):
                        let stranger = try await send(route, path, by: browser(nil))
                        #expect(stranger.location?.hasPrefix("/sign-in") == true, "\(route.method) \(route.path)")
                        for role in Role.allCases where !roles.contains(role) {
                            let answer = try await send(
                                route, path, by: browser(holder(of: role, in: village.riverside)))
                            #expect(
                                answer.status == .forbidden, "\(role) \(route.method) \(route.path): \(answer.status)")
                        }
                    }
                }
            }
            #expect(try await changes(village) == before, "somebody without the role changed something")
        }
    }

    @Test("Next door reaches nothing and sees nobody", arguments: TestEngine.available)
    func nextDoor(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let story = try await village.play(in: village.riverside)
            let things = things(village, story)
            let names = village.riverside.everybody.map(\.name)
            let before = try await changes(village)
            try await village.browsing { browser in
                // The premise: the board of this house does show the person whom next door must not see.
                #expect(try await browser(village.ana).get("/board").text.contains(village.cleo.name))
                for route in village.platform.routes where route.access != .partner && route.access != .anyone {
                    guard route.path != "/sign-out", let path = address(route, things) else { continue }
                    for role in Role.allCases {
                        let answer = try await send(route, path, by: browser(holder(of: role, in: village.hillside)))
                        if route.path.contains("{") {
                            #expect(
                                [.notFound, .forbidden, .unprocessableContent].contains(answer.status),
                                "\(role) of next door: \(route.method) \(route.path) gives \(answer.status)")
                        }
                        for name in names {
                            let isShown = answer.text.contains(name)
                            #expect(!isShown, "\(role) of next door sees \(name) at \(route.path)")
                        }
                    }
                }
            }
            #expect(try await changes(village) == before, "next door changed something")
        }
    }

    /// How many events Riverside has: every change of its data makes one.
    private func changes(_ village: Village) async throws -> Int {
        let house = village.riverside.organization
        return try await village.platform.store.read {
            try $0.value("SELECT count(*) FROM event WHERE organization_id = \(house)") ?? 0
        }
    }
}
