import HTTPTypes
import Kith
import KithTestSupport
import Testing

@Suite("Pages about supporters")
struct SupporterRouteTests {
    @Test("The roster shows who supports how many, and who is away", arguments: TestEngine.available)
    func roster(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.enroll(village.ben)
            let back = Day("2026-05-03")
            try await village.write(as: village.ben) { try Supporter.pause(returnsOn: back, in: $0) }
            try await village.browsing { browser in
                let page = try await browser(village.ana).get("/supporters")
                #expect(page.status == .ok)
                #expect(page.text.contains("Ben Boateng"))
                #expect(page.text.contains("0 of 3 people"))
                #expect(page.text.contains("Away until Sunday, May 3"))
                #expect(page.text.contains("Bao Binh has not filled in a profile yet"))
                #expect(village.ledger.last <= 6)
            }
        }
    }

    @Test("Next door and other programs see nothing of it", arguments: TestEngine.available)
    func strangers(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.enroll(village.ben)
            let path = "/supporters/\(village.ben.id)"
            try await village.browsing { browser in
                #expect(try await browser(village.ana).get(path).status == .ok)
                for stranger in [village.hillside.coordinator, village.riverside.otherCoordinator] {
                    #expect(try await browser(stranger).get(path).status == .notFound)
                    let roster = try await browser(stranger).get("/supporters")
                    #expect(roster.status == .ok)
                    #expect(!roster.text.contains("Ben Boateng"))
                }
                #expect(try await browser(village.cleo).get(path).status == .forbidden)
                #expect(try await browser(village.cleo).get("/profile").status == .forbidden)
            }
        }
    }

    @Test("What a supporter keeps from others is not on the coordinator's page", arguments: TestEngine.available)
    func hidden(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.enroll(
                village.ben,
                .usual(statements: [
                    .init("sleep", .lived, shownTo: .anyone), .init("grief", .lived, shownTo: .nobody)
                ]))
            try await village.browsing { browser in
                let page = try await browser(village.ana).get("/supporters/\(village.ben.id)").text
                #expect(page.contains("Sleep"))
                #expect(!page.lowercased().contains("grief"))
            }
        }
    }

    @Test("A supporter fills in their own profile, and it is kept", arguments: TestEngine.available)
    func profile(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.browsing { browser in
                let answer = try await browser(village.ben).post(
                    "/profile",
                    fields: [
                        ("introduction", "I cared for my father."), ("limit", "2"), ("languages", "en"),
                        ("languages", "es"), ("formats", "phone"), ("areas", "North, East"), ("hours-0", "9-12"),
                        ("topic-sleep", "lived-anyone"), ("topic-grief", "lived-nobody")
                    ])
                #expect(answer.status == .seeOther)
                let mine = try await village.read(as: village.ben) { try Supporter.mine(in: $0) }
                let profile = try #require(mine).profile
                #expect(profile.limit == 2)
                #expect(profile.languages == ["en", "es"])
                #expect(profile.areas == ["North", "East"])
                #expect(profile.hours == [WeekHours(weekday: 0, from: 9, to: 12)])
                #expect(profile.statements.first { $0.topic == "grief" }?.shownTo == .nobody)
                #expect(profile.statements.first { $0.topic == "sleep" }?.shownTo == .anyone)
                #expect(try await browser(village.ben).get("/profile").status == .ok)
                #expect(village.ledger.last <= 5)
            }
        }
    }

    @Test("A profile with errors comes back with all of them and nothing is kept", arguments: TestEngine.available)
    func profileErrors(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.browsing { browser in
                let answer = try await browser(village.ben).post(
                    "/profile", fields: [("limit", "many"), ("hours-0", "mornings"), ("areas", "Far <North>")])
                #expect(answer.status == .unprocessableContent)
                #expect(answer.text.contains("Far &lt;North&gt;"))
                #expect(answer.text.contains("Please write a number."))
                #expect(answer.text.contains("Please write whole hours"))
                #expect(try await village.read(as: village.ben) { try Supporter.mine(in: $0)?.load } == nil)
            }
        }
    }

    @Test("Pausing and coming back are one step each", arguments: TestEngine.available)
    func pause(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.enroll(village.ben)
            try await village.browsing { browser in
                let browser = browser(village.ben)
                #expect(try await browser.post("/profile/pause", ["returns-on": ""]).status == .seeOther)
                #expect(try await browser.get("/profile").text.contains("Away at the moment"))
                let wrong = try await browser.post("/profile/pause", ["returns-on": "2020-01-01"])
                #expect(wrong.status == .unprocessableContent)
                #expect(try await browser.post("/profile/resume").status == .seeOther)
                #expect(try await !browser.get("/profile").text.contains("Away at the moment"))
            }
        }
    }
}
