import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing

@Suite("Sites and programs")
struct ProgramsPageTests {
    @Test("An administrator adds a site and a program, and can run it at once", arguments: TestEngine.available)
    func adding(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.browsing { browser in
                let ada = browser(village.ada)
                #expect(try await ada.post("/sites", ["site-name": "Harbor House"]).status == .seeOther)
                let site = try await village.read(as: village.ada) { db in
                    try Organization.sites(in: db).first { $0.name == "Harbor House" }?.id.text
                }
                let form = [
                    "name": "Heart and stroke", "summary": "For life after a stroke.",
                    "eligibility": "It is for adults.", "topics": "After a stroke\nSleep\nsleep\n", "site": site ?? ""
                ]
                #expect(try await ada.post("/programs", form).status == .seeOther)
                let page = try await ada.get("/programs").text
                for text in ["Heart and stroke", "Harbor House", "It is for adults.", "Policy 1"] {
                    #expect(page.contains(text), "\(text)")
                }
                #expect(try await browser(nil).get("/get-support/riverside").text.contains("Heart and stroke"))
            }
            let program = try await village.read(as: village.ada) { db in
                try Program.all(of: db.organization, in: db).first { $0.name == "Heart and stroke" }?.id
            }
            let found = try #require(program)
            let (topics, runs, words) = try await village.read(as: village.ada) { db in
                (
                    try Program.topics(of: found, in: db).map(\.code), db.actor.has(.administrator, in: found),
                    try ConsentText.current(of: found, for: "en", in: db).count
                )
            }
            #expect(topics == ["after-a-stroke", "sleep"] && runs)
            #expect(words == Consent.Purpose.allCases.count)
        }
    }

    @Test("A name that is empty or taken comes back with everything typed", arguments: TestEngine.available)
    func names(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.browsing { browser in
                let ada = browser(village.ada)
                let taken = try await ada.post("/programs", ["name": "caregivers ", "summary": "Typed before"])
                #expect(taken.status == .unprocessableContent)
                #expect(taken.text.contains("Typed before") && taken.text.contains("There is one with this name"))
                #expect(try await ada.post("/programs", ["name": " ", "summary": "x"]).status == .unprocessableContent)
                let site = try await ada.post("/sites", ["site-name": "Riverside Health Main"])
                #expect(site.status == .unprocessableContent)
                #expect(site.text.contains("There is one with this name"))
            }
        }
    }

    @Test("Nobody else adds any", arguments: TestEngine.available)
    func reach(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            for other in [village.ana, village.dana, village.cleo] {
                await #expect(throws: Problem.notAllowed) {
                    try await village.write(as: other) { _ = try Organization.addSite(named: "Mine", in: $0) }
                }
                await #expect(throws: Problem.notAllowed) {
                    try await village.write(as: other) {
                        _ = try Program.open(named: "Mine", summary: "", policy: Policy(), topics: [], in: $0)
                    }
                }
            }
        }
    }
}
