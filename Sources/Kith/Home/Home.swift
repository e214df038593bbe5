import Hummingbird
import Storage
import Web

/// Each role's first screen, and the public front.
package enum Home {
    package static let feature = Feature(
        name: "Home", migrations: UrgentHelp.migrations, routes: routes + feedbackRoutes + UrgentHelp.routes,
        events: [.urgentHelpReviewed], raised: [UrgentHelp.raised])

    static let routes: [Route] = [
        .get("/", .anyone, front),
        .get("/health", .anyone) { visit in
            // Asks the store, so that a proxy sends nobody to a program whose database is gone.
            _ = try await visit.platform.store.read { try $0.value("SELECT 1", as: Int.self) }
            return .text("ok\n")
        }.answering(.text),
        .get("/openapi.json", .anyone) { visit in
            try .json(OpenAPI(of: visit.platform, at: visit.place))
        }.answering(.json),
        .get("/progress/{token}", .anyone) { visit in
            let link = try visit.link(.progress)
            return try await visit.show(by: link) { try ProgressScreen(link, in: $0) }
        },
        .get("/home", .signedIn) { visit in try await visit.show { try HomeScreen(in: $0) } },
        .post("/requests/{id}/cancellation", .role(.participant), stop).taking(),
        .get("/today", .role(.supporter)) { visit in try await visit.show { try TodayScreen(in: $0) } },
        .get("/team", .role(.supervisor)) { visit in try await visit.show { try TeamScreen(in: $0) } },
        .get("/team/{id}", .role(.supervisor)) { visit in
            let id = try visit.id(of: Person.self)
            return try await visit.show { try TeamMemberScreen(id, in: $0) }
        }
    ]

    /// Stops a request of one's own, in as few steps as asking took.
    private static func stop(_ visit: Visit) async throws -> Response {
        let id = try visit.id(of: Referral.self)
        _ = try await visit.form()
        try await visit.write { db in
            let referral = try Referral.findOwn(id, in: db)
            guard referral.person == db.actor.person else { throw Problem.notFound }
            try referral.requestCancellation(because: nil, in: db)
        }
        return .seeOther("/home")
    }

    /// Somebody signed in goes to their first screen, everybody else sees what this is.
    private static func front(_ visit: Visit) async throws -> Response {
        if let session = visit.session {
            do {
                let actor = try await visit.platform.read(as: .session(tokenHash: session.hash)) { $0.actor }
                return .seeOther(first(for: actor))
            } catch Problem.secondFactorNeeded {
                return .seeOther("/account/second-factor")
            } catch is Problem {}
        }
        return try await visit.show { try FrontScreen(in: $0) }
    }

    private static func first(for actor: Actor) -> SitePath {
        let screens: [(Role, SitePath)] = [
            (.coordinator, "/board"), (.supporter, "/today"), (.supervisor, "/team"), (.participant, "/home"),
            (.referrer, "/referrals/sent"), (.administrator, "/people")
        ]
        return screens.first { actor.has($0.0) }?.1 ?? "/home"
    }
}

/// What this is, and the three ways in: ask for support, refer somebody, sign in.
struct FrontScreen: Screen {
    static let template = "public/front"

    let houses: [(organization: Organization, programs: [Program])]
    /// Who has groups that anybody may look at.
    let withGroups: Set<Organization.ID>

    init(in db: Reading) throws {
        let organizations = try db.all("SELECT * FROM organization ORDER BY name LIMIT 20", Organization.init(row:))
        let programs = try db.all("SELECT * FROM program ORDER BY name LIMIT 200") {
            (try $0["organization_id"] as Organization.ID, try Program(row: $0))
        }
        withGroups = Set(
            try db.values(
                """
                SELECT DISTINCT organization_id FROM support_group WHERE admission = 'open' AND state <> 'ended'
                """, as: Organization.ID.self))
        houses = organizations.map { house in (house, programs.filter { $0.0 == house.id }.map(\.1)) }
    }

    func title(_ words: Words) -> String { words("front.title") }

    func shown(_ words: Words) -> Value {
        [
            "houses": .list(
                houses.map { house in
                    [
                        "name": .text(house.organization.name),
                        "supportPath": .text("/get-support/\(house.organization.slug)"),
                        "groupsPath": withGroups.contains(house.organization.id)
                            ? .text("/open-groups/\(house.organization.slug)") : .nothing,
                        "programs": .list(house.programs.map { ["name": .text($0.name), "summary": .text($0.summary)] })
                    ]
                }),
            "referPath": "/referrals/new", "signInPath": "/sign-in"
        ]
    }
}
