import HTTPTypes
import KithTestSupport
import Storage
import Testing

@testable import Kith

@Suite("Whom stories and tips reach, and what becomes of them")
struct MemberStoryReachTests {
    private let tip = MemberStory.Text.lavender
    private let story = MemberStory.Text.firstWeek

    @Test("A page holds twenty, the next one the rest, for as many statements", arguments: TestEngine.available)
    func paging(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            // Always two at the same moment, also where the page ends.
            for number in 10..<35 {
                if number % 2 == 1 { village.clock.advance(hours: 1) }
                try await village.tell(.init(.tip, "Tip \(number)"), as: village.cleo)
            }
            try await village.browsing { browser async throws -> Void in
                let ben = browser(village.ben)
                func page(_ path: String) async throws -> (tips: [String], next: String?, statements: Int) {
                    let text = try await ben.get(path).text
                    let next = text.firstMatch(of: /href="([^"]*after=[^"]+)"/).map {
                        String($0.1).replacing("&amp;", with: "&")
                    }
                    return (text.matches(of: /Tip \d\d/).map { String($0.0) }, next, village.ledger.last)
                }
                let first = try await page("/stories?kind=tip")
                #expect(first.tips.count == 20)
                let second = try await page(#require(first.next))
                #expect(second.tips.count == 5 && second.next == nil)
                let hours = (first.tips + second.tips).compactMap { Int($0.suffix(2)).map { ($0 + 1) / 2 } }
                #expect(Set(first.tips + second.tips).count == 25 && hours == hours.sorted(by: >))
                #expect(first.statements == second.statements && first.statements <= 6, "\(first.statements)")
            }
        }
    }

    @Test("Whoever wrote it reads who may see it, and an operator the same", arguments: TestEngine.available)
    func whoMaySee(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let path = "/privacy/items/told"
            try await village.browsing { browser async throws -> Void in
                let cleo = browser(village.cleo)
                #expect(try await !cleo.get(path).text.contains("You are in this program together"))
                try await village.tell(tip, as: village.cleo)
                #expect(try await cleo.get(path).text.contains("You are in this program together"))
            }
            let seen = try await village.write(asSystemOf: village.riverside) {
                try Circumstances(of: village.cleo.id, in: $0)
            }
            for reader in [village.ben, village.cyrus, village.ana, village.sam] {
                #expect(seen.refusal(of: .told, to: reader.id) == nil, "\(reader.name)")
            }
            for stranger in [village.dana, village.riverside.otherCoordinator] {
                #expect(seen.refusal(of: .told, to: stranger.id) != nil, "\(stranger.name)")
            }
        }
    }

    @Test("Two of whom one blocks the other do not see what the other tells", arguments: TestEngine.available)
    func blocked(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.tell(tip, as: village.cleo)
            try await village.tell(story, as: village.ben)
            #expect(try await village.storiesRead(by: village.cleo).count == 2, "the premise")
            let pair = try await Pair(in: village)
            try await pair.send("Words", as: village.ben)
            try await village.write(as: village.cleo) { db in
                try Block.block(village.ben.id, in: Conversation.find(pair.id, in: db), db: db)
            }
            #expect(try await village.storiesRead(by: village.cleo) == [tip.body])
            #expect(try await village.storiesRead(by: village.ben) == [story.body])
            #expect(try await village.storiesRead(by: village.cyrus).count == 2)
        }
    }

    @Test(
        "Whoever leaves the program or dies takes along what they did not leave there",
        arguments: TestEngine.available)
    func left(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.tell(tip, as: village.cleo)
            try await village.tell(story, mayStay: true, as: village.cleo)
            village.clock.advance(minutes: 1)
            try await village.tell(.init(.tip, "Sing"), as: village.ben)
            #expect(try await village.storiesRead(by: village.cyrus).count == 3, "the premise")
            let (cleo, house) = (village.cleo.id, village.riverside.organization)
            try await village.write(asSystemOf: village.riverside) {
                try Person.endWithDeath(cleo, on: nil, of: house, in: $0)
            }
            #expect(try await village.storiesRead(by: village.cyrus) == ["Sing", story.body])
            let (ben, program) = (village.ben.id, village.riverside.program)
            try await village.write(asSystemOf: village.riverside) {
                try Person.end(.supporter, in: program, of: ben, in: $0)
            }
            #expect(try await village.storiesRead(by: village.cyrus) == [story.body])
        }
    }

    @Test("Whoever takes back that they take part takes back what they told", arguments: TestEngine.available)
    func consentWithdrawn(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            _ = try await village.readyReferral(of: village.cleo)
            try await village.tell(story, mayStay: true, as: village.cleo)
            #expect(try await village.storiesRead(by: village.ben) == [story.body], "the premise")
            try await village.write(as: village.cleo) {
                try Consent.withdraw(.takePart, of: $0.me, in: village.riverside.program, db: $0)
            }
            #expect(try await village.storiesRead(by: village.ben).isEmpty)
            let mine = try await village.read(as: village.cleo) { try MemberStory.mine(in: $0).map(\.state) }
            #expect(mine == [.withdrawn])
        }
    }

    @Test("It is part of the writer's copy, and goes with their record", arguments: TestEngine.available)
    func erased(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.tell(story, mayStay: true, as: village.cleo)
            try await village.browsing { browser async throws -> Void in
                #expect(try await browser(village.cleo).get("/privacy/copy").text.contains("Then it was not.") == true)
            }
            _ = try await village.platform.erase(village.cleo.id, of: village.riverside.organization)
            #expect(try await village.storiesRead(by: village.ben).isEmpty)
            #expect(try await village.count("SELECT count(*) FROM member_story") == 0)
        }
    }
}
