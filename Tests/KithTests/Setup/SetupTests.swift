import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing

private let password = "four quiet words at dawn"
private let house = ["name": "Riverside Health", "zone": "America/New_York", "language": "en"]
private let program = [
    "name": "Caregivers", "summary": "For people who care.", "eligibility": "For adults.", "topics": "Sleep\nGrief"
]
private let ada = ["name": "Ada Adler", "login": "ada", "password": password]

extension Platform {
    /// What there is of organizations, people, accounts and events.
    fileprivate var found: [Int] {
        get async throws {
            try await store.read { reader in
                try [
                    reader.value("SELECT count(*) FROM organization"), reader.value("SELECT count(*) FROM person"),
                    reader.value("SELECT count(*) FROM account"), reader.value("SELECT count(*) FROM membership"),
                    reader.value("SELECT count(*) FROM event")
                ].map { $0 ?? 0 }
            }
        }
    }

    fileprivate func link() async throws -> String {
        let secret = try #require(try await openSetup())
        return "/setup/\(secret.text)"
    }
}

extension TestBrowser {
    /// Answers the first two pages.
    fileprivate func answer(_ link: String) async throws {
        #expect(try await post(link, house).location == "\(link)/program")
        #expect(try await post("\(link)/program", program).location == "\(link)/administrator")
    }
}

@Suite("The first run", .timeLimit(.minutes(35)))
struct SetupTests {
    @Test(
        "From nothing to an administrator who can sign in; then the link opens nothing", arguments: TestEngine.available
    )
    func whole(engine: TestEngine) async throws {
        try await withEmptyKith(engine) { kith in
            let link = try await kith.platform.link()
            try await kith.platform.browsing { browser in
                #expect(try await browser.get(link).text.contains("Step 1 of 3"))
                // Later pages wait for the earlier ones.
                #expect(try await browser.get("\(link)/administrator").location == link)
                #expect(try await browser.post("\(link)/administrator", ada).location == link)
                for wrong in [["name": ""], ["zone": "Mars/Base"], ["language": "tlh"]] {
                    let answer = try await browser.post(link, house.merging(wrong) { $1 })
                    #expect(answer.status == .unprocessableContent, "\(wrong)")
                }
                try await browser.answer(link)
                let twice = try await browser.post("\(link)/program", ["name": "Caregivers", "topics": "Sleep\nsleep"])
                #expect(twice.status == .unprocessableContent)
                #expect(try await browser.get("\(link)/program").text.contains("For people who care."), "kept")
                let last = try await browser.get("\(link)/administrator")
                #expect(last.text.contains("Riverside Health") && last.text.contains("Caregivers"))
                for weak in ["short", "riverside health ada", "aaaaaaaaaaaaaaaaaaaa", ""] {
                    let answer = try await browser.post(
                        "\(link)/administrator", ada.merging(["password": weak]) { $1 })
                    #expect(
                        answer.status == .unprocessableContent && !answer.text.contains("value=\"\(weak)\"")
                            || weak.isEmpty)
                }
                #expect(try await kith.platform.found == [0, 0, 0, 0, 0], "nothing before the last page")
                let done = try await browser.post("\(link)/administrator", ada)
                #expect(done.status == .seeOther && done.location?.hasPrefix("/first-steps/") == true)
                #expect(try await browser.get(try #require(done.location)).status == .ok)
                let found = try await kith.platform.found
                #expect(found[0...3] == [1, 1, 1, 2])
                let signedIn = try await browser.post("/sign-in", ["login": "ada", "password": password])
                #expect(signedIn.status == .seeOther)
                let kept = try await kith.platform.store.read { reader in
                    try reader.values(
                        "SELECT slug || ' ' || time_zone || ' ' || locale FROM organization", as: String.self)
                        + reader.values("SELECT name FROM topic ORDER BY name")
                        + reader.values("SELECT DISTINCT purpose FROM consent_text WHERE purpose = 'take-part'")
                }
                #expect(kept == ["riverside-health America/New_York en", "Grief", "Sleep", "take-part"])
                // For good, and for everybody who holds it.
                for path in [link, "\(link)/program", "\(link)/administrator"] {
                    let late = try await browser.get(path)
                    #expect(late.status == .conflict && late.text.contains("set up already"), "\(path)")
                }
                #expect(try await browser.post("\(link)/administrator", ada).status == .conflict)
                #expect(try await browser.get("/setup/forged").status == .conflict)
                #expect(try await kith.platform.openSetup() == nil)
                #expect(try await kith.platform.found[0...3] == found[0...3])
            }
        }
    }

    @Test("No other link opens anything, however often it is tried", arguments: TestEngine.available)
    func forged(engine: TestEngine) async throws {
        try await withEmptyKith(engine) { kith in
            try await kith.platform.browsing { browser in
                #expect(try await browser.get("/setup/any").status == .notFound, "none was made")
                let first = try await kith.platform.link()
                let link = try await kith.platform.link()
                #expect(try await browser.get(link).status == .ok)
                let old = try await browser.get(first)
                #expect(old.status == .conflict && old.text.contains("does not set up this Kith"))
                #expect(try await browser.get(String(link.dropLast())).status == .conflict)
                #expect(try await browser.post("/setup/forged/administrator", ada).status == .conflict)
                var statuses: [Int] = []
                for number in 0..<30 { statuses.append(try await browser.get("/setup/forged-\(number)").status.code) }
                #expect(statuses.contains(429), "guessing is stopped")
                #expect(try await browser.get(link).status == .tooManyRequests, "at this address, for a moment")
                kith.clock.advance(minutes: 1)
                #expect(try await browser.get(link).status == .ok)
                #expect(try await kith.platform.found == [0, 0, 0, 0, 0])
            }
        }
    }

    @Test("Of two who finish at once, one wins, and the other reads that it is done", arguments: TestEngine.available)
    func race(engine: TestEngine) async throws {
        try await withEmptyKith(engine) { kith in
            // On PostgreSQL two processes, each with a link of its own.
            let other =
                engine == .postgres
                ? try await Platform.open(
                    kith.database.open(), world: kith.clock.world, shelf: kith.platform.shelf) : kith.platform
            let mine = try await kith.platform.link()
            let theirs = engine == .postgres ? try await other.link() : mine
            let answers = try await kith.platform.browsing { one in
                try await other.browsing { two in
                    try await one.answer(mine)
                    try await two.answer(theirs)
                    async let first = one.post("\(mine)/administrator", ada)
                    async let second = two.post(
                        "\(theirs)/administrator", ["name": "Eve Evans", "login": "eve", "password": password])
                    return try await [first, second]
                }
            }
            #expect(answers.map(\.status.code).sorted() == [303, 409])
            #expect(answers.contains { $0.text.contains("set up already") })
            #expect(try await kith.platform.found[0...3] == [1, 1, 1, 2])
        }
    }

    @Test("Killed at any statement, it has left nothing, and set-up goes on", arguments: TestEngine.available)
    func killed(engine: TestEngine) async throws {
        struct Killed: Error {}
        try await withEmptyKith(engine) { kith in
            let link = try await kith.platform.link()
            var (statement, isDone) = (1, false)
            while !isDone {
                var dying = kith.platform
                let fatal = statement
                dying.beforeStatement = { if $0 == fatal { throw Killed() } }
                let answer = try await dying.browsing { browser in
                    try await browser.answer(link)
                    return try await browser.post("\(link)/administrator", ada)
                }
                isDone = answer.status == .seeOther
                if !isDone {
                    #expect(answer.status == .internalServerError)
                    let found = try await kith.platform.found
                    #expect(found == [0, 0, 0, 0, 0], "killed at statement \(fatal)")
                }
                statement += 1
            }
            #expect(statement > 20, "it was killed now and then")
            #expect(try await kith.platform.found[0...3] == [1, 1, 1, 2])
        }
    }

    @Test("Refused once an organization is there, wherever it comes from", arguments: TestEngine.available)
    func thereAlready(engine: TestEngine) async throws {
        try await withEmptyKith(engine) { kith in
            let link = try await kith.platform.link()
            let house = Organization.ID(kith.platform.world.newIdentifier())
            let founding = Founding(
                name: "Hillside", slug: "hillside", timeZone: "UTC", program: .init(name: "Heart"))
            try await kith.platform.browsing { browser in
                try await browser.answer(link)
                _ = try await kith.platform.write(as: .system(house), access: .anyone) {
                    try founding.begin(with: PersonDraft(name: "Hedi Holm"), in: $0)
                }
                #expect(try await browser.get(link).status == .conflict)
                #expect(try await browser.post("\(link)/administrator", ada).status == .conflict)
                #expect(try await kith.platform.found[0...2] == [1, 1, 0])
            }
        }
    }

    @Test("Nobody signed in elsewhere, no partner and no page gets by the link", arguments: TestEngine.available)
    func access(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            #expect(try await village.platform.openSetup() == nil)
            let routes = village.platform.routes.filter { $0.access == .setup }
            #expect(routes.count == 6)
            try await village.browsing { browser in
                for neighbor in village.riverside.everybody.map(Optional.some) + [nil] {
                    for route in routes {
                        let path = route.path.replacing("{token}", with: "forged")
                        let answer =
                            route.method == .get
                            ? try await browser(neighbor).get(path) : try await browser(neighbor).post(path, ada)
                        let isRefused = [.conflict, .tooManyRequests].contains(answer.status)
                        #expect(isRefused, "\(route.method) \(path): \(answer.status)")
                    }
                }
            }
        }
    }
}
