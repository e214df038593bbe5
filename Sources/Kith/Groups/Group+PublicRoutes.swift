import Hummingbird
import Storage
import Web

extension Group {
    /// For people without an account.
    static let publicRoutes: [Route] = [
        .get("/open-groups/{slug}", .anyone) { visit in
            let slug = try visit.parameter("slug")
            let language = try visit.query["language"]
            return try await visit.show { try OpenGroupsScreen(slug, language: language, in: $0) }
        }.asking("language"),
        .get("/join/{code}", .anyone) { visit in
            let code = try visit.parameter("code")
            return try await visit.show { try JoinScreen(code, in: $0) }
        },
        .get("/seats/{token}", .anyone) { visit in
            let (link, token) = (try visit.link(.seat), try visit.parameter("token"))
            return try await visit.show(by: link) { try FreeSeatScreen(link, token: token, in: $0) }
        },
        .post("/seats/{token}", .anyone) { visit in
            let (link, token) = (try visit.link(.seat), try visit.parameter("token"))
            try await visit.write(by: link) { try Seat.free(by: link, in: $0) }
            return try await visit.show(by: link) { try FreeSeatScreen(link, token: token, in: $0) }
        }.taking()
    ]
}

/// The open groups of an organization, for anybody: what kind they are and when, and nobody's name.
struct OpenGroupsScreen: Screen {
    static let template = "public/groups"

    let organization: Organization
    let groups: [Group]
    let types: [GroupType.ID: GroupType.Plan]
    let series: [Group.ID: [GroupSeries]]
    let next: [Group.ID: Meeting]
    let language: String?

    init(_ slug: String, language: String?, in db: Reading) throws {
        organization = try Organization.find(slug: slug, in: db)
        let groups = try Group.open(of: organization.id, in: db)
        self.groups = groups
        types = try GroupType.needs(of: groups, in: db)
        series = try GroupSeries.all(of: groups, in: db)
        next = try Meeting.next(of: groups, in: db)
        self.language = language.flatMap { code in groups.contains { $0.plan.language == code } ? code : nil }
    }

    func title(_ words: Words) -> String { words("open-groups.title") }

    func shown(_ words: Words) -> Value {
        let shown = groups.filter { language == nil || $0.plan.language == language }
        let languages = groups.reduce(into: [String]()) {
            if !$0.contains($1.plan.language) { $0.append($1.plan.language) }
        }
        let path = "/open-groups/\(organization.slug)"
        return [
            "organization": .text(organization.name), "supportPath": .text("/get-support/\(organization.slug)"),
            "groups": .list(shown.map { self.shown($0, words) }), "none": .flag(shown.isEmpty),
            "languages": languages.count < 2
                ? .list([])
                : .list(
                    [["path": .text(path), "text": .text(words("open-groups.all")), "current": .flag(language == nil)]]
                        + languages.map {
                            [
                                "path": .text("\(path)?language=\($0)"), "text": .text(words.language($0)),
                                "current": .flag(language == $0)
                            ]
                        })
        ]
    }

    private func shown(_ group: Group, _ words: Words) -> Value {
        let words = words.told(in: group.plan.timeZone)
        return [
            "name": .text(group.plan.name), "summary": .text(types[group.type]?.summary ?? ""),
            "facts": .list(group.publicFacts(types[group.type]?.ages, words).map(Value.text)),
            "series": .list((series[group.id] ?? []).map { .text(words.series($0)) }),
            "next": next[group.id].map { .text(words("open-groups.next", ["when": words.dayAndTime($0.startsAt)])) }
                ?? .nothing,
            "path": .text("/join/\(group.code)")
        ]
    }
}

extension Group {
    /// What anybody with the code may know: language, kind of place and ages; neither an address nor a name of anybody.
    fileprivate func publicFacts(_ ages: GroupType.Ages?, _ words: Words) -> [String] {
        [words.language(plan.language), words("group.setting.\(plan.setting.rawValue)")]
            + [ages].compactMap { $0 }.map { words("group.ages.\($0.rawValue)") }
    }
}

/// Behind a group's link or picture: what it is, and the two ways in.
struct JoinScreen: Screen {
    static let template = "public/join"

    let group: Group
    let type: GroupType
    let series: [GroupSeries]
    let organization: Organization

    init(_ code: String, in db: Reading) throws {
        group = try Group.find(code: code, in: db)
        type = try GroupType.load(group.type, of: group.organization, in: db)
        series = try GroupSeries.all(of: group, in: db)
        let found = try db.first(
            "SELECT * FROM organization WHERE id = \(group.organization)", Organization.init(row:))
        guard let found else { throw Problem.notFound }
        organization = found
    }

    func title(_ words: Words) -> String { words("join.title") }

    func shown(_ words: Words) -> Value {
        let words = words.told(in: group.plan.timeZone)
        let isClosed = group.plan.admission == .closed || type.plan.ages == .youngPeople
        return [
            "name": .text(group.plan.name), "summary": .text(type.plan.summary),
            "facts": .list(group.publicFacts(type.plan.ages, words).map(Value.text)),
            "series": .list(series.map { .text(words.series($0)) }),
            "rule": isClosed ? Value(group.plan.membershipRule) : .nothing, "closed": .flag(isClosed),
            "joinPath": .text("/groups/joining/\(group.code)"),
            "supportPath": .text("/get-support/\(organization.slug)"), "organization": .text(organization.name)
        ]
    }
}

/// Behind the link in a notice about a seat: one button frees it, without an account. It tells nothing of the group.
struct FreeSeatScreen: Screen {
    static let template = "public/seat"

    let token: String
    let isFree: Bool

    init(_ link: SignedLink, token: String, in db: Reading) throws {
        self.token = token
        isFree = try Seat.held(by: link, in: db) == nil
    }

    func title(_ words: Words) -> String { words(isFree ? "free-seat.done" : "free-seat.title") }

    func shown(_ words: Words) -> Value {
        ["path": .text("/seats/\(token)"), "done": .flag(isFree)]
    }
}
