import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing

@Suite("Whoever clicks twice has done it once")
struct DoubleClickTests {
    /// What happened in Riverside, by kind and how often, without what only says that somebody is signed in.
    private static func events(_ village: Village) async throws -> [String] {
        try await village.platform.store.read {
            try $0.values("SELECT kind FROM event ORDER BY kind", as: String.self)
        }
    }

    /// Forms that only say how something shall be: saying it again changes nothing.
    private static let settings: Set = [
        "/reach", "/referrals/{id}/reach", "/neutral-names", "/urgent-help/numbers", "/urgent-help/review",
        "/account/second-factor"
    ]

    private static func holder(of route: Route, in village: Village) -> Village.Neighbor {
        guard case .roles(let roles) = route.access,
            let role = roles.min(by: { $0.rawValue < $1.rawValue })
        else {
            return village.cleo
        }
        return switch role {
        case .participant: village.cleo
        case .supporter: village.ben
        case .coordinator: village.ana
        case .supervisor: village.sam
        case .referrer: village.dana
        case .administrator: village.ada
        }
    }

    /// Sends the form once or twice at the same time, and answers with what happened and with each answer.
    private static func send(
        _ route: Route, twice: Bool, _ engine: TestEngine
    ) async throws -> (events: [String], answers: [Answer]) {
        try await withVillage(engine) { village in
            let things = try await RouteThings(village)
            let (path, form) = (try #require(things.address(route)), try #require(things.form(route)))
            let before = try await events(village)
            let neighbor = holder(of: route, in: village)
            let answers = try await village.browsing { browser in
                let me = browser(neighbor)
                guard twice else { return [try await me.post(path, form)] }
                async let first = me.post(path, form)
                async let second = me.post(path, form)
                return [try await first, try await second]
            }
            var after = try await events(village)
            for event in before {
                if let place = after.firstIndex(of: event) { after.remove(at: place) }
            }
            return (after, answers)
        }
    }

    @Test("Each form that changes something, sent twice at once", arguments: TestEngine.available)
    func twice(engine: TestEngine) async throws {
        let routes = try await withVillage(engine) { village in
            village.platform.routes.filter {
                $0.method == .post && $0.access != .anyone && $0.access != .partner && $0.access != .setup
                    && $0.path != "/sign-out"
            }
        }
        #expect(routes.count > 40, "the test sees routes")
        // A village for each takes most of the time, and it is mostly spent waiting.
        let lanes = 4
        try await withThrowingTaskGroup(of: Void.self) { group in
            for lane in 0..<lanes {
                group.addTask {
                    for index in stride(from: lane, to: routes.count, by: lanes) {
                        try await Self.expectOnce(routes[index], engine)
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    private static func expectOnce(_ route: Route, _ engine: TestEngine) async throws {
        let once = try await send(route, twice: false, engine)
        let both = try await send(route, twice: true, engine)
        // A setting that is saved twice is the same setting, and the log may say so twice.
        let happened = settings.contains(route.path) ? Array(Set(both.events)).sorted() : both.events
        #expect(happened == once.events, "\(route.path): \(both.events) and not \(once.events)")
        for answer in both.answers {
            #expect(answer.status.code < 500, "\(route.path): \(answer.status)")
        }
    }
}
