import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing

@Suite("Stories and tips")
struct MemberStoryTests {
    private let tip = MemberStory.Text.lavender
    private let story = MemberStory.Text.firstWeek

    @Test("Nothing is shown before a yes and before somebody has read it", arguments: TestEngine.available)
    func readFirst(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let id = try await village.write(story, as: village.cleo)
            #expect(try await village.count("SELECT count(*) FROM moderation_item") == 0, "nobody was asked")
            await #expect(throws: Problem.conflict("story.changed")) {
                try await village.write(as: village.cleo) {
                    try MemberStory.own(id, in: $0).agree(to: "Yes", mark: "else", mayStay: false, in: $0)
                }
            }
            try await village.agree(id, as: village.cleo)
            try await village.agree(id, as: village.cleo)
            #expect(try await village.count("SELECT count(*) FROM moderation_item") == 1, "twice is once")
            #expect(try await village.storiesRead(by: village.ben).isEmpty)
            let words = try await village.platform.store.read {
                try $0.value("SELECT agreed_words FROM member_story WHERE agreed_at IS NOT NULL", as: String.self)
            }
            #expect(words == "Those of the program see it.")
            let item = try await village.item(.held)
            try await village.claim(item, as: village.ana)
            try await village.browsing { browser async throws -> Void in
                let page = try await browser(village.ana).get("/moderation/\(item)").text
                #expect(page.contains("Then it was not.") && page.contains("Moth") && page.contains("Show it"))
                #expect(page.contains("No number, link or address."))
            }
            try await village.decide(item, .init(.shown), as: village.ana)
            for reader in [village.ben, village.cyrus, village.cleo, village.ana, village.sam] {
                #expect(try await village.storiesRead(by: reader) == [story.body], "\(reader.name)")
            }
            try await village.browsing { browser async throws -> Void in
                let page = try await browser(village.ben).get("/stories?kind=story").text
                #expect(page.contains("My first week") && page.contains("Moth") && page.contains("March 2026"))
                #expect(!page.contains(village.cleo.name) && page.contains("lang=\"en\""))
                #expect(!(try await browser(village.ben).get("/stories?kind=tip").text.contains("My first week")))
            }
            for stranger in [village.dana, village.riverside.otherCoordinator, village.hillside.participant] {
                #expect(try await village.storiesRead(by: stranger).isEmpty, "\(stranger.name)")
            }
            let sealed = try await village.count(
                "SELECT count(*) FROM member_story WHERE body LIKE '%long%' OR title LIKE '%week%' OR shown_as = 'Moth'"
            )
            #expect(sealed == 0)
            #expect(try await village.orphans(of: MemberStory.feature).isEmpty)
        }
    }

    @Test("What leads out of Kith is pointed out to whoever reads it first", arguments: TestEngine.available)
    func found(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let id = try await village.write(.init(.tip, "Call me: 410 555 0137"), as: village.ben)
            try await village.agree(id, as: village.ben)
            let item = try await village.item(.held)
            try await village.claim(item, as: village.ana)
            try await village.browsing { browser async throws -> Void in
                #expect(try await browser(village.ana).get("/moderation/\(item)").text.contains("A phone number"))
            }
        }
    }

    @Test(
        "It is taken back at once, also while somebody reads it; only that it was there stays",
        arguments: TestEngine.available)
    func withdrawn(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let id = try await village.tell(tip, as: village.cleo)
            #expect(try await village.storiesRead(by: village.ben) == [tip.body], "the premise")
            await #expect(throws: Problem.notFound) { try await village.withdraw(id, as: village.ben) }
            try await village.withdraw(id, as: village.cleo)
            try await village.withdraw(id, as: village.cleo)
            #expect(try await village.storiesRead(by: village.ben).isEmpty)
            #expect(try await village.state(of: id, as: village.cleo) == .withdrawn)
            let kept = try await village.count(
                """
                SELECT (SELECT count(*) FROM member_story WHERE body IS NOT NULL OR title IS NOT NULL
                    OR shown_as IS NOT NULL) + (SELECT count(*) FROM moderation_item WHERE words IS NOT NULL)
                """)
            #expect(kept == 0)
            await #expect(throws: Problem.conflict("story.over")) {
                try await village.write(tip, as: village.cleo, id: id)
            }
            let waiting = try await village.write(tip, as: village.cleo)
            try await village.agree(waiting, as: village.cleo)
            let item = try await village.item(.held)
            try await village.claim(item, as: village.ana)
            try await village.withdraw(waiting, as: village.cleo)
            await #expect(throws: Problem.notFound) {
                try await village.decide(item, .init(.shown), as: village.ana)
            }
            #expect(try await village.orphans(of: Moderation.feature).isEmpty)
        }
    }

    @Test("What is changed is hidden until it is agreed to and read again", arguments: TestEngine.available)
    func changed(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let id = try await village.tell(tip, as: village.cleo)
            try await village.write(tip, as: village.cleo, id: id)
            #expect(try await village.storiesRead(by: village.ben) == [tip.body], "the same is no change")
            var other = tip
            other.body = "Lavender, and a walk"
            try await village.write(other, as: village.cleo, id: id)
            #expect(try await village.storiesRead(by: village.ben).isEmpty)
            try await village.agree(id, as: village.cleo)
            #expect(try await village.storiesRead(by: village.ben).isEmpty)
            try await village.settle(village.item(.held), .init(.shown), as: village.sam)
            #expect(try await village.storiesRead(by: village.ben) == [other.body])
            await #expect(throws: Problem.notFound) { try await village.write(tip, as: village.ben, id: id) }
        }
    }

    @Test(
        "Sent back with a rule and a word, it can be changed and sent again; declined, looked at once more",
        arguments: TestEngine.available)
    func sentBack(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.publishRules()
            let id = try await village.write(tip, as: village.cleo)
            try await village.agree(id, as: village.cleo)
            let first = try await village.item(.held)
            await #expect(throws: Problem.self, "without a rule") {
                try await village.settle(first, .init(.sentBack), as: village.ana)
            }
            try await village.decide(first, .init(.sentBack, rule: 2, words: "Leave out the street"), as: village.ana)
            #expect(try await village.state(of: id, as: village.cleo) == .returned)
            try await village.browsing { browser async throws -> Void in
                let cleo = browser(village.cleo)
                #expect(try await cleo.get("/stories/\(id)").text.contains("/decisions"))
                let decision = try await cleo.get("/decisions/\(first)").text
                #expect(decision.contains("Leave out the street") && decision.contains("Stay in Kith"))
                #expect(try await cleo.get("/home").text.contains("Something you wrote or reported was looked at"))
            }
            var other = tip
            other.body = "Lavender"
            try await village.write(other, as: village.cleo, id: id)
            try await village.agree(id, as: village.cleo)
            let second = try await village.item(.held)
            try await village.settle(second, .init(.declined, rule: 1), as: village.ana)
            #expect(try await village.state(of: id, as: village.cleo) == .declined)
            try await village.appeal(second, as: village.cleo)
            try await village.claim(second, as: village.sam)
            try await village.write(as: village.sam) {
                try ModerationItem.find(second, in: $0).settle(.takenBack, in: $0)
            }
            #expect(try await village.storiesRead(by: village.ben) == [other.body])
        }
    }

    @Test("It can be reported, and is no longer shown when somebody decides so", arguments: TestEngine.available)
    func reported(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let id = try await village.tell(tip, as: village.cleo)
            for reader in [village.ben, village.ben, village.cyrus] {
                try await village.write(as: reader) { _ = try MessageReport.make(of: id, .insult, db: $0) }
            }
            await #expect(throws: Problem.conflict("report.own")) {
                try await village.write(as: village.cleo) { _ = try MessageReport.make(of: id, .insult, db: $0) }
            }
            let rows = try await village.count("SELECT count(*) FROM moderation_item WHERE kind = 'report'")
            #expect(rows == 1, "one decision")
            #expect(try await village.count("SELECT count(*) FROM moderation_report") == 2)
            let item = try await village.item(.report)
            try await village.claim(item, as: village.ana)
            try await village.browsing { browser async throws -> Void in
                #expect(try await browser(village.ana).get("/moderation/\(item)").text.contains(tip.body))
                #expect(try await browser(village.ben).get("/stories/\(id)/report").status == .ok)
            }
            try await village.decide(item, .init(.takenDown, words: "It names a street"), as: village.ana)
            #expect(try await village.storiesRead(by: village.ben).isEmpty)
            #expect(try await village.state(of: id, as: village.cleo) == .declined)
            let report = "/stories/\(id)/report"
            try await village.browsing { browser async throws -> Void in
                #expect(try await browser(village.ben).get(report).status == .notFound)
            }
        }
    }

    @Test("A hard word is kept like any other, and help is offered at once", arguments: TestEngine.available)
    func worry(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.browsing { browser async throws -> Void in
                let fields = [
                    "kind": "tip", "text": "I want to die", "language": "en",
                    "once": village.platform.world.newIdentifier(),
                    "program": village.riverside.program.text
                ]
                let cleo = browser(village.cleo)
                let answer = try await cleo.post("/stories", fields)
                let help = try #require(answer.location)
                #expect(help.hasPrefix("/help/"))
                #expect(try await cleo.get(help).text.contains("What you wrote was kept."))
                #expect(try await cleo.post("/stories", fields).status == .seeOther, "sent again")
                #expect(try await village.count("SELECT count(*) FROM member_story") == 1)
                #expect(try await village.count("SELECT count(*) FROM moderation_item WHERE kind = 'worry'") == 1)
                #expect(try await cleo.get("/stories").text.contains("Not sent yet"))
            }
        }
    }

    @Test("Only whoever takes part or supports writes, and within the lengths", arguments: TestEngine.available)
    func refused(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            for stranger in [village.dana, village.ana, village.hillside.participant] {
                await #expect(throws: Problem.notFound) { try await village.write(tip, as: stranger) }
            }
            let long = String(repeating: "a", count: 281)
            await #expect(throws: Problem.invalid("text", "too-long")) {
                try await village.write(.init(.tip, long), as: village.cleo)
            }
            try await village.write(.init(.story, title: "Long", long), as: village.cleo)
            await #expect(throws: Problem.invalid("title", "required")) {
                try await village.write(.init(.story, long), as: village.cleo)
            }
        }
    }
}
