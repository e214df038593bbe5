import HTTPTypes
import Kith
import KithTestSupport
import Testing

/// Follows every link from somebody's first page, and remembers which routes it came to and what broke.
private struct Crawl {
    let routes: [Route]
    /// How many pages of one kind are opened: enough to meet a thing in each of its states.
    let perKind = 12
    var reached: Set<String> = []
    var broken: [String] = []

    init(_ routes: [Route]) { self.routes = routes.filter { $0.method == .get } }

    mutating func run(as browser: TestBrowser) async throws {
        var (seen, next): (Set<String>, [String]) = (["/"], ["/"])
        var opened: [String: Int] = [:]
        while let path = next.popLast() {
            guard let route = route(of: path) else {
                broken.append("\(path): no such page")
                continue
            }
            guard opened[kind(path, route), default: 0] < perKind else { continue }
            opened[kind(path, route), default: 0] += 1
            let answer = try await browser.get(path)
            reached.insert(route.path)
            if ![.ok, .seeOther].contains(answer.status) { broken.append("\(path): \(answer.status)") }
            let links = answer.location.map { [$0] } ?? Self.links(in: answer.text)
            // Following the way out would end the walk.
            for link in links where link != "/leaving" && seen.insert(link).inserted { next.append(link) }
        }
    }

    /// Pages of one route that differ only in whose they are.
    private func kind(_ path: String, _ route: Route) -> String {
        route.path + (path.firstIndex(of: "?").map { String(path[$0...].prefix { $0 != "=" }) } ?? "")
    }

    /// The route behind an address: one spelled out comes before one with a hole.
    private func route(of path: String) -> Route? {
        let parts = path.prefix { $0 != "?" }.split(separator: "/")
        let fitting = routes.filter { route in
            let pattern = route.path.split(separator: "/")
            return pattern.count == parts.count && zip(pattern, parts).allSatisfy { $0 == $1 || $0.hasPrefix("{") }
        }
        return fitting.min { $0.path.filter { $0 == "{" }.count < $1.path.filter { $0 == "{" }.count }
    }

    /// Addresses of this site that a page links to, without style sheets, which are no links.
    private static func links(in page: String) -> [String] {
        page.matches(of: /<a [^>]*href="(\/[^"#]*)/).map { String($0.1).replacing("&amp;", with: "&") }
    }
}

@Suite("Every page can be reached from a first page")
struct LinkTests {
    /// Pages nobody needs a link to.
    private static let exceptions: Set = [
        "/health", "/openapi.json", "/device/app", "/worker.js",  // asked by machines
        "/offline",  // shown without a line; the journeys on a device show it
        "/design",  // for whoever builds pages
        // Handed out once, by whoever just did something.
        "/invitations/{token}", "/asked/{token}", "/progress/{token}",
        // Printed by a start without any organization, and what follows it.
        "/setup/{token}", "/setup/{token}/program", "/setup/{token}/administrator", "/first-steps/{token}",
        "/first-steps/{token}/practice", "/first-steps/{token}/end",
        "/progress/{token}/feedback",  // behind the one before, when it is over
        // Behind the same one; the tests of concerns show it.
        "/progress/{token}/concern", "/progress/{token}/concerns/{id}",
        // The tests of the needs check show them; the last two follow a form, or stand on the board while a talk is owed.
        "/progress/{token}/needs", "/progress/{token}/needs/said", "/needs-check/{id}/said", "/needs-checks",
        "/thanks", "/help/{id}",  // follow a form
        "/referrals/{id}/on-behalf/feedback",  // once support has ended; the tests of what is done on behalf show it
        "/referrals/{id}/call",  // while somebody is to be called; the tests of what is said there show it
        "/calendars/{token}",  // asked by phones
        // Shown in the room, and on the page of a meeting.
        "/here", "/meetings/{id}/running", "/meetings/{id}/picture",
        "/proof", "/sign-in/code",  // come before what needs them
        "/account/second-factor/picture", "/groups/{id}/picture",  // shown on a page
        "/seats/{token}",  // in what is sent
        "/leaving",  // away from here
        "/fairness/file",  // of a quarter with more than a few people; the tests of the ledger show it
        "/stop/{token}",  // in what is sent
        // In one's own copy, after a proof; the tests of attachments show it. And on the page of whoever has it in hand.
        "/privacy/copy/people/{sender}/messages/{message}/attachment", "/moderation/{id}/messages/{message}/attachment",
        "/encounters/late",  // on the board while something is late; the tests of late contacts show it
        "/conversations/{id}/events", "/meetings/{id}/room/events",  // listened to by a script
        "/meetings/{id}/call"  // on the page of a meeting where a Jitsi server is set up; the tests of rooms show it
    ]

    /// What somebody of a role must come to, though anybody signed in may ask for it.
    private static let shared: [(Role, [String])] = [
        (.participant, ["/matches/{id}", "/conversations", "/conversations/{id}", "/encounters", "/encounters/{id}"]),
        (.supporter, ["/matches/{id}", "/conversations", "/conversations/{id}", "/encounters", "/encounters/{id}"]),
        (.coordinator, ["/matches/{id}", "/encounters", "/encounters/{id}", "/referrals/sent/{id}"]),
        (.supervisor, ["/matches/{id}", "/encounters", "/encounters/{id}"])
    ]

    /// Riverside with something in every state that a page links from.
    private func fill(_ village: Village) async throws {
        let pair = try await village.pair()
        _ = try await village.meet(pair)
        try await village.plan(pair)
        let proposed = try await village.readyReferral(of: village.cyrus)
        _ = try await village.propose(village.ben.id, for: proposed)
        _ = try await village.readyReferral(named: "Nora North")
        let hillside = village.hillside
        try await village.write(asSystemOf: hillside) { db in
            let draft = ReferralDraft(
                program: hillside.program, who: .known(hillside.secondParticipant.id), origin: .own, reason: "")
            _ = try Referral.open(draft, of: hillside.organization, in: db)
        }
        let (program, ana) = (village.riverside.program, village.ana.id)
        try await village.write(as: village.ana) { db in
            var draft = ReferralDraft(
                program: program, who: .new(PersonDraft(name: "Olga Ost")), origin: .referrer, referrer: ana,
                reason: "Sleep")
            _ = try Referral.open(draft, of: db.organization, in: db)
            draft.who = .new(PersonDraft(name: "Otto Ost"))
            try Referral.open(draft, of: db.organization, in: db).accept(in: db)
        }
        _ = try await village.openings(by: pair.referral)
        _ = try await village.concerns()
        try await village.write(as: village.cleo) { [match = pair.match] db in
            try HardDayPlan([.alone: "A walk"]).keep(in: db)
            try HardDayPlan.share(true, by: match, in: db)
            try PreparationSheet([.matters: "Sleep"]).keep(in: db)
            try PreparationSheet.share(true, by: match, in: db)
        }
        _ = try await village.ownWords(sharedBy: pair.match)
        _ = try await village.groupThings()
        _ = try await village.losses()
        _ = try await village.incidents()
        _ = try await village.moderation(in: pair.conversation)
        _ = try await village.stories()
        _ = try await village.libraryPage()
        _ = try await village.wishing("Rosa Reyes")
        let over = try await village.write(asSystemOf: village.riverside) { db in
            let draft = ReferralDraft(
                program: program, who: .known(village.cyrus.id), origin: .referrer, referrer: village.dana.id,
                reason: "Grief")
            let referral = try Referral.open(draft, of: db.organization, in: db)
            try referral.accept(in: db)
            return referral.id
        }
        try await village.write(as: village.ana) {
            try Referral.find(over, in: $0).close(as: "moved-on", word: nil, in: $0)
        }
    }

    @Test("No page is without a link, and no link leads to nothing", arguments: TestEngine.available)
    func links(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await fill(village)
            try await village.browsing { browser in
                var all: Set<String> = []
                let house = village.riverside
                let roles: [(Role, Village.Neighbor)] = [
                    (.participant, house.participant), (.participant, house.secondParticipant),
                    (.participant, village.hillside.secondParticipant),  // who waits for somebody
                    (.participant, village.hillside.participant),  // with nothing under way
                    (.supporter, house.supporter), (.coordinator, house.coordinator),
                    (.supervisor, house.supervisor), (.referrer, house.referrer),
                    (.administrator, house.administrator)
                ]
                var reached: [Role: Set<String>] = [:]
                for (role, neighbor) in roles {
                    var crawl = Crawl(village.platform.routes)
                    try await crawl.run(as: browser(neighbor))
                    #expect(crawl.broken.isEmpty, "\(role): \(crawl.broken.joined(separator: ", "))")
                    reached[role, default: []].formUnion(crawl.reached)
                }
                var stranger = Crawl(village.platform.routes)
                try await stranger.run(as: browser(nil))
                #expect(stranger.broken.isEmpty, "\(stranger.broken)")
                all = reached.values.reduce(stranger.reached) { $0.union($1) }
                for route in village.platform.routes where route.method == .get {
                    guard !Self.exceptions.contains(route.path) else { continue }
                    #expect(all.contains(route.path), "nothing leads to \(route.path)")
                    guard case .roles(let mayCall) = route.access else { continue }
                    // An administrator reads referrals, and who asks to be deleted, only while nobody coordinates; the
                    // tests of owners show it.
                    let standsIn = route.path == "/referrals/{id}" || route.path.hasPrefix("/erasures")
                    for role in mayCall where role != .administrator || !standsIn {
                        #expect(reached[role]?.contains(route.path) == true, "no way for a \(role) to \(route.path)")
                    }
                }
                for (role, paths) in Self.shared {
                    for path in paths {
                        #expect(reached[role]?.contains(path) == true, "no way for a \(role) to \(path)")
                    }
                }
            }
        }
    }
}
