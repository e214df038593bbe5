import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing

@Suite("What was heavy slows new matches")
struct BreatherTests {
    /// What a breather should do, kept beside the product.
    private struct Model {
        var since: Instant?
        private let clock = LocalClock(zone: "America/New_York")

        func lasts(at now: Instant) -> Bool { since.map { now < $0.adding(days: 14) } ?? false }

        mutating func tap(at now: Instant) {
            if let since, lasts(at: now), clock.day(of: since) == clock.day(of: now) { return }
            since = now
        }
    }

    @Test(
        "A tap takes all free places for two weeks, a second on the same day adds nothing, and then they are back",
        arguments: TestEngine.available, [1, 2, 3] as [UInt64])
    func places(engine: TestEngine, seed: UInt64) async throws {
        try await withVillage(engine) { village in
            try await village.enroll(village.ben, .usual(limit: 2))
            let referral = try await village.readyReferral()
            var (random, model, seen) = (SeededGenerator(seed: seed), Model(), Set<Bool>())
            for step in 0..<40 {
                switch random.next() % 6 {
                case 0, 1:
                    try await village.write(as: village.ben) { try Breather.take(in: $0) }
                    model.tap(at: village.clock.now)
                case 2:
                    try await village.write(as: village.ben) { try Breather.end(in: $0) }
                    model.since = nil
                case 3: try await village.pass(days: Int(random.next() % 16))
                default:
                    village.clock.advance(hours: Int(random.next() % 30))
                    try await village.pass(days: 0)
                }
                let lasts = model.lasts(at: village.clock.now)
                seen.insert(lasts)
                let suggestions = try await village.suggestions(for: referral)
                #expect(suggestions.eligibleCount == (lasts ? 0 : 1), "step \(step)")
                let obstacles = suggestions.excluded.flatMap(\.obstacles)
                #expect(obstacles == (lasts ? [.full(load: 0, limit: 0)] : []), "as of somebody with no place")
                let own = try await village.read(as: village.ben) { try Supporter.mine(in: $0)?.profile.limit }
                #expect(own == 2, "what they said themselves stays")
            }
            #expect(seen == [true, false], "the test saw both")
        }
    }

    @Test("Nothing is proposed to them meanwhile, also by whoever does not look first", arguments: TestEngine.available)
    func proposals(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.enroll(village.ben)
            let referral = try await village.readyReferral()
            try await village.write(as: village.ben) { try Breather.take(in: $0) }
            await #expect(throws: Problem.conflict("match.not-possible")) {
                _ = try await village.propose(village.ben.id, for: referral)
            }
            try await village.pass(days: Breather.days)
            _ = try await village.propose(village.ben.id, for: referral)
        }
    }

    @Test("Whom they support is told nothing, and nobody stands in", arguments: TestEngine.available)
    func silence(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            _ = try await village.pair()
            func told() async throws -> [Int] {
                try await village.read(as: village.ana) { db in
                    try ["cover", "outgoing_message"].map { table in
                        table == "cover"
                            ? try db.value("SELECT count(*) FROM cover") ?? 0
                            : try db.value("SELECT count(*) FROM outgoing_message") ?? 0
                    }
                }
            }
            let before = try await told()
            let home = try await village.browsing { try await $0(village.cleo).get("/home").text }
            try await village.write(as: village.ben) { try Breather.take(in: $0) }
            try await village.platform.keepCovers()
            #expect(try await told() == before)
            #expect(try await village.browsing { try await $0(village.cleo).get("/home").text } == home)
            try await village.write(as: village.ben) { try Supporter.pause(in: $0) }
            #expect(try await told() != before, "the premise: a pause is told")
        }
    }

    @Test("Twice on a day is once, and the log says only that places changed", arguments: TestEngine.available)
    func twice(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.enroll(village.ben)
            func events() async throws -> [String: Int] {
                let kinds = try await village.read(as: village.ana) {
                    try $0.values("SELECT kind FROM event", as: String.self)
                }
                return Dictionary(kinds.map { ($0, 1) }, uniquingKeysWith: +)
            }
            var expected = try await events()
            expected["supporter.room-changed"] = 1
            for _ in 0..<3 {
                try await village.write(as: village.ben) { try Breather.take(in: $0) }
                village.clock.advance(hours: 2)
            }
            #expect(try await events() == expected)
            await #expect(throws: Problem.notAllowed) {
                try await village.write(as: village.cleo) { try Breather.take(in: $0) }
            }
        }
    }

    // MARK: - What everybody else is shown

    /// Every page of Riverside that somebody else than Bao can open, by who and where.
    private func pages(
        _ engine: TestEngine, after change: @Sendable (Village) async throws -> Void
    ) async throws -> [String: String] {
        try await withVillage(engine) { village in
            let things = try await RouteThings(village)
            try await change(village)
            // Public pages are nobody's, and one of them is the way out.
            let routes = village.platform.routes.filter {
                $0.method == .get && !$0.path.hasSuffix("/events") && $0.access != .anyone && $0.access != .partner
            }
            let own = ["/supporters", "/team"].map { "\($0)/\(village.bao.id)" }
            let paths = routes.compactMap { route in things.address(route).map { (route.path, $0) } }
            return try await village.browsing { browser in
                var pages: [String: String] = [:]
                for viewer in village.riverside.everybody where viewer.id != village.bao.id {
                    for (name, path) in paths + own.map({ ("\($0.dropLast(36))bao", $0) }) {
                        // Lists of who looked, and when, have an end: each look has its own moment.
                        village.clock.advance(seconds: 1)
                        let text = try await browser(viewer).get(path).text
                        // Numbers that are drawn anew for each page, and give what happened at one moment its order.
                        pages["\(viewer.name) \(name)"] = text.replacing(
                            /[0-9a-f]{8}-[0-9a-f-]{27}|[A-Za-z0-9_-]{22,}/, with: "#"
                        ).split(separator: "\n").sorted().joined(separator: "\n")
                    }
                }
                return pages
            }
        }
    }

    private static func differences(_ one: [String: String], _ other: [String: String]) -> Set<String> {
        Set(one.keys.filter { one[$0] != other[$0] })
    }

    @Test("To everybody else it reads as a limit that a supporter set themselves", arguments: TestEngine.available)
    func invisible(engine: TestEngine) async throws {
        let heavy = try await pages(engine) { village in
            try await village.write(as: village.bao) { try Breather.take(in: $0) }
        }
        let lowered = try await pages(engine) { village in
            try await village.write(as: village.bao) { db in
                var profile = try #require(try Supporter.mine(in: db)).profile
                profile.limit = try #require(try Supporter.mine(in: db)).load
                try Supporter.keepOwn(profile, in: db)
            }
        }
        #expect(heavy.count > 300, "the test sees pages")
        let found = Self.differences(heavy, lowered)
        #expect(found.isEmpty, "\(found.sorted())")
        // Planted: were the places not taken, or a pause made of it, the comparison would say so.
        let untouched = try await pages(engine) { _ in }
        #expect(Self.differences(heavy, untouched).contains("Ana Alvarez /supporters"))
        let paused = try await pages(engine) { village in
            try await village.write(as: village.bao) { try Supporter.pause(in: $0) }
        }
        #expect(Self.differences(heavy, paused).contains("Sam Sato /team"))
    }
}
