import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing
import Web

/// Somebody signs in and tries every identifier that others see in every place of an address and of a form.
@Suite("No identifier opens what is somebody else's")
struct IdentifierSweepTests {
    /// What a sweep found.
    private struct Found: Sendable {
        var requests = 0
        var hits: [String] = []
    }

    /// Every identifier on the pages that somebody reaches by following links and reading forms.
    private static func seen(by browser: TestBrowser) async throws -> Set<String> {
        var (identifiers, visited, next): (Set<String>, Set<String>, [String]) = ([], ["/"], ["/"])
        while let path = next.popLast() {
            let answer = try await browser.get(path)
            let text = answer.text + (answer.location ?? "") + path
            for match in text.matches(of: /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/) {
                identifiers.insert(String(match.0))
            }
            let links =
                answer.location.map { [$0] }
                ?? answer.text.matches(of: /<a [^>]*href="(\/[^"#]*)/).map {
                    String($0.1).replacing("&amp;", with: "&")
                }
            for link in links where link.hasPrefix("/") && visited.insert(link).inserted {
                next.append(link)
            }
        }
        return identifiers
    }

    private static func changes(_ village: Village) async throws -> Int {
        try await village.platform.store.read { try $0.value("SELECT count(*) FROM event") ?? 0 }
    }

    /// Fields of forms that name a thing.
    private static let fields: Set = [
        "supporter", "owner", "other", "match", "program", "text-take-part", "message", "reference"
    ]

    private static func sweep(_ village: Village, _ things: RouteThings, people: [Village.Neighbor])
        async throws
        -> Found
    {
        let routes = village.platform.routes.filter {
            $0.access != .anyone && $0.access != .partner && !$0.path.hasSuffix("/events")
        }
        return try await village.browsing { browser in
            var own: [Person.ID: Set<String>] = [:]
            for neighbor in village.riverside.everybody + village.hillside.everybody {
                own[neighbor.id] = try await seen(by: browser(neighbor)).union([neighbor.id.text])
            }
            let all = own.values.reduce(Set<String>()) { $0.union($1) }
            var found = Found()
            var count = try await changes(village)
            for neighbor in people {
                let me = browser(neighbor)
                for identifier in all.subtracting(own[neighbor.id] ?? []).sorted() {
                    for route in routes {
                        for (path, form) in attempts(route, identifier, things) {
                            let answer =
                                route.method == .get ? try await me.get(path) : try await me.post(path, form)
                            found.requests += 1
                            guard answer.status.code < 400, answer.location?.hasPrefix("/sign-in") != true else {
                                continue
                            }
                            let now = try await changes(village)
                            if route.method == .get && answer.status == .ok || now != count {
                                found.hits.append("\(neighbor.name): \(route.method) \(path) \(form)")
                            }
                            count = now
                        }
                    }
                }
            }
            return found
        }
    }

    /// The identifier in each place of the address, and in each field of the form that names a thing.
    private static func attempts(
        _ route: Route, _ identifier: String, _ things: RouteThings
    ) -> [(path: String, form: [String: String])] {
        let form = things.form(route) ?? [:]
        if route.path.contains("{") {
            guard !route.path.contains("{item}") else { return [] }
            return [(route.path.replacing(/\{[a-z]+\}/, with: identifier), form)]
        }
        if route.method == .get {
            let names = [
                "/encounters": "referral", "/encounters/new": "match", "/encounters/unplanned": "match",
                "/openings/new": "referral"
            ]
            return names[route.path].map { [("\(route.path)?\($0)=\(identifier)", [:])] } ?? []
        }
        return form.keys.filter(fields.contains).sorted().map {
            (route.path, form.merging([$0: identifier]) { $1 })
        }
    }

    private static func people(_ village: Village) -> [Village.Neighbor] {
        let (here, there) = (village.riverside, village.hillside)
        return [
            here.participant, here.secondParticipant, here.supporter, here.secondSupporter,
            here.otherCoordinator,
            here.referrer, there.coordinator, there.supervisor
        ]
    }

    // On one engine: the reach is the same text on both, the matrix runs on both, and twenty thousand requests on
    // PostgreSQL would take minutes of everybody's time.
    @Test("Twenty thousand tries, no hit", .timeLimit(.minutes(5)))
    func sweep() async throws {
        try await withVillage(.sqlite) { village in
            let things = try await RouteThings(village)
            _ = try await village.meet(things.story)
            _ = try await village.play(in: village.hillside)
            let hans = village.hillside.secondSupporter.id
            // Whoever has no profile yet is on no page, and still within reach of their own supervisor.
            try await village.write(asSystemOf: village.hillside) {
                try Supporter.enroll(hans, Village.anyProfile, in: $0)
            }
            let found = try await Self.sweep(village, things, people: Self.people(village))
            #expect(found.requests >= 20_000, "\(found.requests)")
            #expect(found.hits.isEmpty, "\(found.hits.prefix(20).joined(separator: "\n"))")
        }
    }

    @Test("A query that forgets who asks is found")
    func planted() async throws {
        var leaky = Match.feature
        leaky.routes.removeAll { $0.path == "/matches/{id}" }
        leaky.routes.append(
            .get("/matches/{id}", .signedIn) { visit in
                let id = try visit.id(of: Match.self)
                // As one that was found by its identifier alone.
                let reason = try await visit.read { db in
                    try db.value("SELECT status FROM match WHERE id = \(id)", as: String.self)
                }
                guard let reason else { throw Problem.notFound }
                return .text(reason)
            })
        let features = Features.all.map { $0.name == leaky.name ? leaky : $0 }
        try await withVillage(.sqlite, features: features) { village in
            let things = try await RouteThings(village)
            let found = try await Self.sweep(village, things, people: [village.cyrus, village.cleo])
            #expect(found.hits.contains { $0.contains("/matches/\(things.story.match)") })
        }
    }
}
