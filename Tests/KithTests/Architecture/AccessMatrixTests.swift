import Foundation
import HTTPTypes
import Kith
import KithInterop
import KithTestSupport
import Storage
import Testing

/// Every route, every role, in every relation to the thing it is about. What comes of it is `docs/access-matrix.md`.
@Suite("The access matrix")
struct AccessMatrixTests {
    private static let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("docs/access-matrix.md")

    /// In which relation whoever asks stands to the thing, or in which state they are.
    private enum Standing: String, CaseIterable {
        case own = "theirs"
        case otherUser = "another's"
        case otherProgram = "next program"
        case otherOrganization = "next door"
        case withdrawn = "yes taken back"
        case ended = "session ended"
    }

    private enum Outcome: Equatable {
        case allowed, forbidden, notFound, signIn
        case other(Int)
    }

    private typealias Cells = [Standing: [Role: Outcome]]

    private static func routes(_ village: Village) -> [Route] {
        // A stream does not end; signing out would end the walk; wrong passwords are soon too many.
        village.platform.routes.filter {
            $0.access != .anyone && $0.access != .partner && $0.access != .setup
                && !["/sign-out", "/account/password"].contains($0.path)
                && !$0.path.hasSuffix("/events")
        }
    }

    private static func outcome(_ answer: Answer) -> Outcome {
        switch answer.status {
        case .seeOther where answer.location?.hasPrefix("/sign-in") == true: .signIn
        case .ok, .created, .noContent, .seeOther, .conflict, .unprocessableContent: .allowed
        case .forbidden: .forbidden
        case .notFound: .notFound
        default: .other(answer.status.code)
        }
    }

    private static func ask(_ route: Route, _ things: RouteThings, by browser: TestBrowser) async throws -> Outcome {
        let path = try #require(things.address(route), "no example for \(route.path)")
        guard route.method == .post else { return outcome(try await browser.get(path)) }
        return outcome(try await browser.post(path, try #require(things.form(route), "no form for \(route.path)")))
    }

    private static func holders(_ house: Village.House) -> [Role: Village.Neighbor] {
        [
            .participant: house.participant, .supporter: house.supporter, .coordinator: house.coordinator,
            .supervisor: house.supervisor, .referrer: house.referrer, .administrator: house.administrator
        ]
    }

    /// Walks all routes as those people, what ends something last.
    private static func walk(
        _ village: Village, _ things: RouteThings, as people: [Role: Village.Neighbor], _ standing: Standing,
        into matrix: [String: Cells]
    ) async throws -> [String: Cells] {
        let routes = routes(village).sorted { ($0.endsSomething, $0.path) < ($1.endsSomething, $1.path) }
        return try await village.browsing { browser in
            var matrix = matrix
            for route in routes {
                for (role, neighbor) in people.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
                    matrix["\(route.method) \(route.path)", default: [:]][standing, default: [:]][role] =
                        try await ask(route, things, by: browser(neighbor))
                }
            }
            return matrix
        }
    }

    /// `KITH_WRITE_DOCS=1 swift test --filter AccessMatrixTests` writes the page.
    @Test("Nobody comes in who should not, and docs/access-matrix.md says who does", arguments: TestEngine.available)
    func matrix(engine: TestEngine) async throws {
        var matrix: [String: Cells] = [:]
        var accesses: [(key: String, route: Route)] = []
        matrix = try await withVillage(engine) { [matrix] village in
            let things = try await RouteThings(village)
            var (others, nextProgram): ([Role: Village.Neighbor], [Role: Village.Neighbor]) = ([:], [:])
            for role in Role.allCases {
                others[role] = try await village.newcomer("Other \(role)", role)
                nextProgram[role] = try await village.newcomer(
                    "Next \(role)", role, in: village.riverside.otherProgram)
            }
            var found = try await Self.walk(
                village, things, as: Self.holders(village.hillside), .otherOrganization, into: matrix)
            found = try await Self.walk(village, things, as: nextProgram, .otherProgram, into: found)
            found = try await Self.walk(village, things, as: others, .otherUser, into: found)
            return found
        }
        for standing in [Standing.own, .withdrawn, .ended] {
            let routes = try await withVillage(engine) { [matrix] village in
                let things = try await RouteThings(village)
                if standing == .withdrawn { try await village.leave(village.cleo) }
                if standing == .ended {
                    try await village.platform.store.write {
                        _ = try $0.run("UPDATE session SET ended_at = '2026-01-01T00:00:00.000Z'")
                    }
                }
                let found = try await Self.walk(
                    village, things, as: Self.holders(village.riverside), standing, into: matrix)
                return (found, Self.routes(village).map { ("\($0.method) \($0.path)", $0) })
            }
            (matrix, accesses) = (routes.0, routes.1.map { (key: $0.0, route: $0.1) })
        }
        for (key, route) in accesses {
            let cells = matrix[key] ?? [:]
            for standing in Standing.allCases {
                for role in Role.allCases {
                    let outcome = cells[standing]?[role] ?? .other(0)
                    expect(outcome, of: role, standing, route)
                }
            }
        }
        try hold(Self.page(matrix, accesses))
    }

    /// What must hold whatever the route is about.
    private func expect(_ outcome: Outcome, of role: Role, _ standing: Standing, _ route: Route) {
        let who = "\(role), \(standing.rawValue): \(route.method) \(route.path): \(outcome)"
        if standing == .ended {
            #expect(outcome == .signIn, "\(who)")
            return
        }
        if case .other = outcome { Issue.record("\(who)") }
        if case .roles(let roles) = route.access, !roles.contains(role) {
            #expect(outcome == .forbidden, "\(who)")
            return
        }
        guard route.path.contains("{"), !Self.openToAll.contains(route.path) else { return }
        if standing == .otherOrganization { #expect(outcome == .notFound, "\(who)") }
        // A group's code is for everybody of the house: what is behind it stands on the public page of the code, too.
        guard route.path != "/groups/joining/{code}" else { return }
        if standing == .otherProgram { #expect(outcome == .notFound, "\(who)") }
        // Those who work on a program share what is in it; everybody else has only what is theirs.
        let isShared = [.coordinator, .supervisor, .administrator].contains(role)
        if standing == .otherUser, !isShared, !Self.sharedProgram.contains(route.path) {
            #expect(outcome == .notFound, "\(who)")
        }
    }

    /// Whoever takes a yes of their own back hears that there is none, whatever program they name; what is said of one
    /// kind of thing is said of one's own.
    private static let openToAll: Set = [
        "/consent/{program}/withdrawal", "/privacy/items/{item}", "/evidence/{measure}"
    ]
    /// About one's own place in a program that several take part in, or its house rules.
    private static let sharedProgram: Set = [
        "/stories/{id}/report", "/library/{id}",  // shown to everybody of the program
        "/consent/{program}", "/programs/{id}/house-rules", "/programs/{id}/house-rules/acceptance"
    ]

    private static func page(_ matrix: [String: Cells], _ routes: [(key: String, route: Route)]) -> String {
        var lines = [
            "# The access matrix", "",
            "Every route, who may call it, and who gets in, as the whole program answered in a test: the page is written by",
            "`KITH_WRITE_DOCS=1 swift test --filter AccessMatrixTests`, and the test fails when it is no longer true. A cell",
            "names the roles that get in; “–” is nobody. Without the role the answer is 403, without the relation 404.",
            "Who hears that a thing is not in the state for it, or that the form is not right, got as far as the thing and",
            "counts as in.",
            "",
            "- **theirs**: the person whose thing it is, or who works on it.",
            "- **another's**: the same role in the same program, and the thing is somebody else's. Coordinators, supervisors",
            "  and administrators share what is in their program.",
            "- **next program**, **next door**: the same role in another program, or in another organization. Where the",
            "  address names no thing they get their own page.",
            "- **yes taken back**: the participant no longer agrees to take part.",
            "- **session ended**: everybody is asked to sign in.", "",
            "| route | \(Standing.allCases.map(\.rawValue).joined(separator: " | ")) |",
            "|---|\(Standing.allCases.map { _ in "---" }.joined(separator: "|"))|"
        ]
        for (key, _) in routes.sorted(by: {
            $0.route.path == $1.route.path ? $0.key < $1.key : $0.route.path < $1.route.path
        }) {
            let cells = Standing.allCases.map { standing -> String in
                let allowed = Role.allCases.filter { matrix[key]?[standing]?[$0] == .allowed }
                return allowed.isEmpty
                    ? "–"
                    : allowed.count == Role.allCases.count ? "all" : allowed.map(\.rawValue).joined(separator: ", ")
            }
            lines.append("| \(key) | \(cells.joined(separator: " | ")) |")
        }
        lines += [
            "",
            "Routes that anybody may call, those of partners' systems, and those of the first set-up, which are none any",
            "more once there is an organization, are in other tests: they know nobody by session."
        ]
        return lines.joined(separator: "\n") + "\n"
    }

    private func hold(_ text: String) throws {
        if ProcessInfo.processInfo.environment["KITH_WRITE_DOCS"] != nil {
            try text.write(to: Self.file, atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOf: Self.file, encoding: .utf8) == text, "docs/access-matrix.md is no longer true")
    }
}

extension Route {
    /// What ends something comes after what needs it, so that each route is asked while its thing is still there.
    fileprivate var endsSomething: Int {
        if method == .get { return 0 }
        if path.hasSuffix("/loss") { return 10 }
        if path.hasPrefix("/account") { return 9 }
        if path.hasPrefix("/people/") { return 8 }
        let ends = ["/ending", "/withdrawal", "/closing", "/cancellation", "/declination", "/merging", "/sign-outs"]
        return ends.contains { path.hasSuffix($0) } ? 5 : 1
    }
}
