import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing

@Suite("A week that staff enter for a supporter")
struct WeekEntryTests {
    /// A row as a coordinator fills it in.
    private func row(
        _ key: String, _ outcome: String = "done", day: String = "2026-03-09", time: String = "10:00",
        mode: String = "phone"
    ) -> [String: String] {
        [
            "outcome-\(key)": outcome, "mode-\(key)": mode, "day-\(key)": day, "time-\(key)": time,
            "minutes-\(key)": "25", "functions-\(key)": "emotional-support"
        ]
    }

    private func edition(_ page: Answer) throws -> String {
        String(try #require(page.text.firstMatch(of: /name="edition" value="([0-9a-f]+)"/)?.output.1))
    }

    /// Ben and Cleo, who met by phone for 20 minutes on the Monday before.
    private func aWeekLater(_ village: Village) async throws -> Story {
        let pair = try await village.pair()
        _ = try await village.meet(pair)
        try await village.pass(days: 7)
        return pair
    }

    private func contacts(_ village: Village, _ pair: Story) async throws -> [Encounter] {
        try await village.read(as: village.ana) { db in
            let ids = try db.values(
                "SELECT id FROM encounter WHERE match_id = \(pair.match) ORDER BY starts_at, id", as: Encounter.ID.self)
            return try ids.map { try Encounter.find($0, in: db) }
        }
    }

    @Test(
        "It begins as the week before, is marked as staff's, and sent twice it is entered once",
        arguments: TestEngine.available)
    func once(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await aWeekLater(village)
            let path = "/supporters/\(village.ben.id)/week"
            try await village.browsing { browser async throws -> Void in
                let ana = browser(village.ana)
                let page = try await ana.get(path)
                #expect(page.status == .ok && village.ledger.last <= 7)
                #expect(page.text.contains("Cleo") && page.text.contains("As on Monday, March 2"))
                #expect(page.text.contains("value=\"20\"") && page.text.contains("value=\"2026-03-09\" selected"))
                #expect(!page.text.contains("value=\"done\" selected"), "nobody is told that it happened")
                var form = self.row("\(pair.match)-1").merging(["from": "2026-03-09"]) { $1 }
                form["edition"] = try edition(page)
                let saved = try await ana.post(path, form)
                #expect(saved.location == "\(path)?from=2026-03-09")
                #expect(try await ana.post(path, form).status == .seeOther, "a second click")
                let found = try await contacts(village, pair)
                #expect(found.count == 2 && found.last?.minutes == 25)
                #expect(found.map(\.isProxyEntry) == [false, true])
                #expect(try await ana.get(path).text.contains("entered by staff"))
                form["time-\(pair.match)-1"] = "11:00"
                let late = try await ana.post(path, form)
                #expect(late.status == .unprocessableContent && late.text.contains("entered for this week meanwhile"))
                form["edition"] = try edition(late)
                #expect(try await ana.post(path, form).status == .seeOther, "now they have seen it")
                #expect(try await contacts(village, pair).count == 3)
            }
        }
    }

    @Test("What was planned is told about, and not entered beside it", arguments: TestEngine.available)
    func planned(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await village.pair()
            let planned = try await village.plan(pair, in: 1)
            village.clock.advance(hours: 3)
            let path = "/supporters/\(village.ben.id)/week"
            try await village.browsing { browser async throws -> Void in
                let ana = browser(village.ana)
                let page = try await ana.get(path)
                #expect(page.text.contains("Planned: Today at 10:00 am"))
                var form = self.row(planned.text)
                form["edition"] = try edition(page)
                #expect(try await ana.post(path, form).status == .seeOther)
                #expect(try await ana.post(path, form).status == .seeOther)
            }
            let found = try await contacts(village, pair)
            #expect(found.map(\.status) == [.done] && found[0].isProxyEntry && found[0].startsAt < village.clock.now)
        }
    }

    @Test("Nobody who was called and did not answer is forgotten either", arguments: TestEngine.available)
    func noAnswer(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await aWeekLater(village)
            let path = "/supporters/\(village.ben.id)/week"
            try await village.browsing { browser async throws -> Void in
                let ana = browser(village.ana)
                var form = self.row("\(pair.match)-1", "no-answer")
                form["edition"] = try edition(try await ana.get(path))
                form["minutes-\(pair.match)-1"] = ""
                #expect(try await ana.post(path, form).status == .seeOther)
                #expect(try await ana.post(path, form).status == .seeOther)
            }
            let found = try await contacts(village, pair)
            #expect(found.map(\.status) == [.done, .noAnswer])
            #expect(try await village.orphans().isEmpty)
        }
    }

    @Test("What is wrong says in whose row, and then nothing of the form is entered", arguments: TestEngine.available)
    func wrong(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await aWeekLater(village)
            let (path, key) = ("/supporters/\(village.ben.id)/week", "\(pair.match)-1")
            try await village.browsing { browser async throws -> Void in
                let ana = browser(village.ana)
                var good = self.row("\(pair.match)-2").merging(["from": "2026-03-09"]) { $1 }
                good["edition"] = try edition(try await ana.get(path))
                func refused(_ changes: [String: String], _ said: String) async throws {
                    let form = good.merging(self.row(key, time: "9:30")) { $1 }.merging(changes) { $1 }
                    let answer = try await ana.post(path, form)
                    #expect(answer.status == .unprocessableContent, "\(changes)")
                    #expect(answer.text.contains("<strong>Cleo Castro: ") && answer.text.contains(said), "\(changes)")
                }
                try await refused(["minutes-\(key)": "0"], "The smallest number is 1")
                try await refused(["functions-\(key)": ""], "Please answer this")
                try await refused(["time-\(key)": "11:59 pm"], "This is still to come")
                try await refused(["day-\(key)": "2026-03-02"], "choose one of the answers")
                try await refused(["time-\(key)": "10:00"], "stands on that day already")
                #expect(try await contacts(village, pair).count == 1)
                #expect(try await ana.post(path, good).status == .seeOther)
                good["edition"] = try edition(try await ana.get(path))
                try await refused(["time-\(key)": "", "outcome-\(pair.match)-2": ""], "stands on that day already")
                try await village.leave(village.cleo)
                let gone = try await ana.post(path, good)
                #expect(gone.status == .unprocessableContent && gone.text.contains("no longer in touch"))
            }
        }
    }

    @Test("Only for whom the coordinator reaches, and no further back than two weeks", arguments: TestEngine.available)
    func reach(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await aWeekLater(village)
            let path = "/supporters/\(village.ben.id)/week"
            let (other, ben) = (village.riverside.otherProgram, village.ben.id)
            try await village.write(asSystemOf: village.riverside) { db in
                try Person.give(.supporter, in: other, to: ben, of: db.organization, in: db)
            }
            try await village.browsing { browser async throws -> Void in
                #expect(try await browser(village.hillside.coordinator).get(path).status == .notFound)
                // Ben supports in Abel's program as well; whom he supports in Ana's is not Abel's to know.
                let abel = browser(village.riverside.otherCoordinator)
                let page = try await abel.get(path)
                #expect(page.status == .ok && !page.text.contains("Cleo"))
                let form = self.row("\(pair.match)-1").merging(["edition": "0"]) { $1 }
                #expect(try await abel.post(path, form).status == .unprocessableContent)
                #expect(try await contacts(village, pair).count == 1)
                let long = try await browser(village.ana).get("\(path)?from=2025-01-01")
                #expect(long.text.contains("Monday, February 23") && !long.text.contains("The week before</a>"))
            }
        }
    }

    @Test("The sheet for paper has first names and nothing else of anybody", arguments: TestEngine.available)
    func sheet(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            _ = try await aWeekLater(village)
            let page = try await village.browsing {
                try await $0(village.ana).get("/supporters/\(village.ben.id)/week/sheet").text
            }
            #expect(page.contains("<h1>My week</h1>") && page.contains(">Cleo<"))
            #expect(!page.contains("Castro") && !page.contains("Boateng"))
            for (called, shown) in [("Miss Dot", "Miss Dot"), ("Cleo C. Castro", "Cleo C.")] {
                let cleo = village.cleo.id
                try await village.write(asSystemOf: village.riverside) { db in
                    try db.run("UPDATE person SET called = \(called) WHERE id = \(cleo)")
                    db.record(Event(.roomChanged))
                }
                let named = try await village.browsing {
                    try await $0(village.ana).get("/supporters/\(village.ben.id)/week/sheet").text
                }
                #expect(named.contains(">\(shown)<"))
            }
        }
    }
}
