import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing

@Suite("Needs and supporters")
struct ProgramNeedsTests {
    @Test("The page says what a count by hand says, and whom to look for", arguments: TestEngine.available)
    func byHand(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            _ = try await village.addSupporter(
                "Knows Sleep", .usual(limit: 1, statements: [.init("sleep", .lived, shownTo: .anyone)]))
            _ = try await village.addSupporter(
                "Hides Sleep", .usual(limit: 4, statements: [.init("sleep", .lived, shownTo: .nobody)]))
            for number in 0..<3 { _ = try await village.readyReferral(named: "English \(number)") }
            for number in 0..<4 {
                _ = try await village.readyReferral(
                    named: "Vietnamese \(number)", wishes: .about("sleep", languages: ["vi"]))
            }
            try await village.browsing { browser in
                let ana = browser(village.ana)
                let page = try await ana.get("/needs").text
                #expect(village.ledger.last <= 10)
                #expect(page.fact("People without a supporter") == "7")
                #expect(page.fact("Supporters") == "2")
                #expect(page.fact("Free places") == "5")
                // Waiting, supporters, free places, missing, asked lately.
                #expect(page.line("Vietnamese") == [4, 0, 0, 4, 4])
                #expect(page.line("English") == [3, 1, 1, 2, 3], "who hides it does not count")
                #expect(page.contains("Look for somebody who speaks Vietnamese, has lived through: Sleep"))
                // With room for one, as the middle one of the two has.
                #expect(page.contains("1 more person would have a supporter."))
                #expect(page.contains("nobody fits"))
                for name in ["English 0", "Vietnamese 0", "Knows Sleep", "Hides Sleep"] {
                    #expect(!page.contains(name), "kinds, not people")
                }
            }
        }
    }

    @Test("Whoever is looked for and found closes the gap and shortens the wait", arguments: TestEngine.available)
    func closing(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.enroll(village.ben)
            for number in 0..<3 {
                _ = try await village.readyReferral(
                    named: "Somali \(number)", wishes: .about("sleep", languages: ["so"]))
            }
            try await village.browsing { browser in
                let ana = browser(village.ana)
                let before = try await ana.get("/needs").text
                #expect(before.line("Somali")?[3] == 3)
                #expect(before.contains("Look for somebody who speaks Somali"))
                #expect(before.contains("3 more people would have a supporter."))
                #expect(before.contains("nobody fits"))
                _ = try await village.addSupporter(
                    "The One",
                    .usual(
                        limit: 4, languages: ["so"], statements: [.init("sleep", .lived, shownTo: .anyone)]))
                let after = try await ana.get("/needs").text
                #expect(after.line("Somali")?[3] == 0)
                #expect(after.contains("Everybody who waits can be matched with somebody who is there."))
                #expect(after.contains("a place is free"))
                #expect(try await ana.get("/rounds").text.contains("Ask those with a tick"))
            }
        }
    }

    @Test("“Different from me” asks for nobody's own words and for nobody younger", arguments: TestEngine.available)
    func different(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            var wishes = Wishes.about("sleep")
            (wishes.gender, wishes.age) = (.init(.different, must: true), .init(.different, must: true))
            _ = try await village.readyReferral(wishes: wishes, gender: "woman", birthYear: 2003)
            _ = try await village.addSupporter("Kim", gender: "quince", birthYear: 2003)
            let page = try await village.browsing { try await $0(village.ana).get("/needs").text }
            #expect(page.contains("gender: other than woman"))
            #expect(page.contains("was born around 1992"))
            #expect(!page.contains("quince"))
        }
    }

    @Test("It is a page of the program's coordinators", arguments: TestEngine.available)
    func reach(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            _ = try await village.readyReferral()
            try await village.browsing { browser in
                for neighbor in [village.ben, village.cleo, village.dana] {
                    let page = try await browser(neighbor).get("/needs")
                    #expect(page.status != .ok)
                }
                let elsewhere = try await browser(village.ana).get("/needs?program=\(village.hillside.program)")
                #expect(elsewhere.status == .notFound)
            }
        }
    }
}

extension String {
    fileprivate func fact(_ label: String) -> String? {
        guard let start = firstRange(of: "<dt>\(label)</dt><dd>")?.upperBound,
            let end = self[start...].firstRange(of: "</dd>")?.lowerBound
        else { return nil }
        return String(self[start..<end])
    }

    /// The five numbers in the line of a language.
    fileprivate func line(_ language: String) -> [Int]? {
        guard let start = firstRange(of: "<span class=\"hint\">\(language) ")?.upperBound,
            let end = self[start...].firstRange(of: "</tr>")?.lowerBound
        else { return nil }
        return self[start..<end].matches(of: /<td class="number"[^>]*>(?:<span class="tag late">)?(\d+)</)
            .compactMap { Int($0.output.1) }
    }
}
