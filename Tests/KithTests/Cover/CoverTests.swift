import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing
import Web

@Suite("Nobody is dropped")
struct CoverTests {
    @Test(
        "A supporter of seven people pauses: seven covers, seven messages in the right languages, nobody without",
        arguments: TestEngine.available)
    func seven(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let village = village.carrying()
            try await village.enroll(village.ben, .usual(limit: 7))
            try await village.enroll(village.bao, .usual(limit: 9))
            let languages = ["en", "es", "es", "en", "es", "en", "so"]
            var people: [(person: Village.Neighbor, match: Match)] = []
            for (number, language) in languages.enumerated() {
                let one = try await village.supported(by: village.ben.id, "Person \(number)", language: language)
                try await village.agree(one.person, to: [.contactByEmail], in: village.riverside.program)
                try await village.reachByMail(one.person, at: "p\(number)@home.example")
                people.append(one)
            }
            let raised = {
                try await village.read(as: village.ana) {
                    try RaisedWork.late(for: .coordinator, in: $0).filter { $0.path == "/cover" }
                }
            }
            try #require(try await raised().isEmpty)
            try await village.pause(village.ben, for: 10)
            #expect(try await raised().map { "\($0.key) \($0.count)" } == ["cover.raised 7"])
            let page = try await village.read(as: village.ana) { try CoverScreen(in: $0) }
            #expect(page.lines.count == 7)
            for line in page.lines {
                #expect(page.best[line.cover.referral]?.map(\.supporter.person) == [village.bao.id])
                #expect(page.best[line.cover.referral]?.first?.reasons.isEmpty == false)
                #expect(line.owner == "Ana Alvarez" && line.cover.dueAt > village.clock.now)
            }
            let postbox = Postbox()
            village.clock.advance(minutes: 5)
            await village.workOff(into: postbox)
            #expect(postbox.letters.count == 7)
            for (number, language) in languages.enumerated() {
                let letter = try #require(postbox.letters.first { $0.address == "p\(number)@home.example" })
                #expect(letter.text.contains(language == "es" ? "Hay algo nuevo para usted" : "There is something new"))
                #expect(!letter.text.contains("Ben"))
            }
            let (all, texts) = (people, languages)
            try await village.browsing { browser in
                for (one, language) in zip(all, texts) {
                    let page = try await browser(one.person).get(
                        "/home", headers: [.acceptLanguage: language])
                    #expect(
                        page.text.contains(
                            language == "es" ? "Ben Boateng no está por ahora" : "Ben Boateng is not here"))
                    #expect(!page.text.contains("takes a pause") && !page.text.contains("en pausa"))
                }
            }
            #expect(try await village.orphansOfCover() == [:])
            #expect(try await village.count("SELECT count(*) FROM cover WHERE ended_at IS NULL") == 7)
        }
    }

    @Test(
        "Nobody waits for a call that nobody makes; what comes after the return stays", arguments: TestEngine.available)
    func contacts(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await village.pair()
            let (soon, later) = (
                try await village.plan(pair, in: 3 * 24), try await village.plan(pair, in: 20 * 24)
            )
            try await village.pause(village.ben, for: 10)
            #expect(try await village.encounter(soon).status == .cancelled)
            #expect(try await village.encounter(later).status == .planned, "they are back by then")
            try await village.pause(village.ben, for: 40)
            #expect(try await village.encounter(later).status == .cancelled, "they are away for longer")
            #expect(try await village.orphansOfCover() == [:])
        }
    }

    @Test("Whoever cannot sign in any more leaves nobody without a cover", arguments: TestEngine.available)
    func account(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.enroll(village.ben, .usual(limit: 2))
            let one = try await village.supported(by: village.ben.id, "Clara Cruz")
            try await village.write(asSystemOf: village.riverside) { [ben = village.ben.id] db in
                try db.run(
                    """
                    UPDATE account SET disabled_at = \(db.now)
                    WHERE organization_id = \(db.organization) AND person_id = \(ben)
                    """)
                db.record(Event(.accessEnded, about: ben, ["account": "disabled"]))
            }
            #expect(try await village.cover(of: one.match)?.cause == .account)
            #expect(try await village.told(one.person).count == 1)
            #expect(try await village.orphansOfCover() == [:])
        }
    }

    @Test(
        "From the pause to the return: chosen, asked, both said yes, and gently over", arguments: TestEngine.available)
    func wholeWay(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.enroll(village.ben, .usual(limit: 3))
            try await village.enroll(village.bao, .usual(limit: 3))
            let (cleo, match) = try await village.supported(by: village.ben.id, "Clara Cruz")
            try await village.pause(village.ben, for: 10)
            #expect(try await village.told(cleo).first?.cover.mayWait(at: village.clock.now) == true)
            try await village.choose(.wait, for: match, as: cleo)
            await #expect(throws: Problem.conflict("cover.waits")) {
                _ = try await village.askToStandIn(village.bao.id, for: match)
            }
            try await village.choose(.meanwhile, for: match, as: cleo)
            let standIn = try await village.askToStandIn(village.bao.id, for: match)
            #expect(try await village.askToStandIn(village.bao.id, for: match).id == standIn.id, "a second click")
            #expect(try await village.told(cleo).first?.isAsked == true)
            for (side, neighbor) in [(Match.Side.supporter, village.bao), (.participant, cleo)] {
                try await village.write(as: neighbor) {
                    try Match.find(standIn.id, in: $0).answer(.yes, for: side, in: $0)
                }
            }
            #expect(try await village.now(standIn).status == .active)
            #expect(try await village.told(cleo).first?.standIn == "Bao Binh")
            let talk = try #require(
                try await village.read(as: village.bao) { try Conversation.current(with: cleo.id, in: $0)?.id })
            try await village.write(as: cleo) { _ = try Message.send("Hello", as: $0.newID(), to: talk, in: $0) }
            #expect(try await village.orphansOfCover() == [:])
            let before = try await village.read(as: cleo) { try Match.current(for: cleo.id, in: $0).count }
            #expect(before == 2)
            try await village.write(as: village.ben) { try Supporter.resume(in: $0) }
            #expect(try await village.now(standIn).status == .ended)
            #expect(try await village.now(match).status == .active)
            let told = try #require(try await village.told(cleo).first)
            #expect(told.cover.ending == .returned && told.standIn == "Bao Binh")
            #expect(try await village.orphansOfCover() == [:])
            village.clock.advance(days: ToldCover.daysTold + 1)
            #expect(try await village.told(cleo).isEmpty)
        }
    }

    @Test(
        "A supporter who leaves leaves the plain word and the choice, or the stand-in", arguments: TestEngine.available)
    func leaving(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.enroll(village.ben, .usual(limit: 3))
            try await village.enroll(village.bao, .usual(limit: 3))
            let (cleo, match) = try await village.supported(by: village.ben.id, "Clara Cruz")
            let (noor, other) = try await village.supported(by: village.ben.id, "Noor Nasser")
            try await village.pause(village.ben)
            await #expect(throws: Problem.conflict("cover.cannot-wait")) {
                try await village.choose(.wait, for: match, as: cleo)
            }
            let standIn = try await village.askToStandIn(village.bao.id, for: match)
            for side in Match.Side.allCases { try await village.answer(.yes, to: standIn, for: side) }
            try await village.end(.supporter, of: village.ben)
            #expect(try await village.told(cleo).first?.cover.ending == .kept)
            #expect(try await village.now(standIn).standsInFor == nil)
            #expect(try await village.told(noor).first?.cover.cause == .left)
            try await village.choose(.new, for: other, as: noor)
            let referral = try await village.write(asSystemOf: village.riverside) {
                try Referral.load(other.referral, of: $0.organization, in: $0)
            }
            #expect(referral.queue == .matching)
            _ = try await village.matched(village.bao.id, to: referral)
            #expect(try await village.told(noor).isEmpty)
            #expect(try await village.orphansOfCover() == [:])
        }
    }

    @Test("Silence opens a cover only while somebody waits; a sign of life ends it", arguments: TestEngine.available)
    func silence(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.enroll(village.ben, .usual(limit: 3))
            try await village.enroll(village.bao, .usual(limit: 3))
            let (cleo, match) = try await village.supported(by: village.ben.id, "Clara Cruz")
            let write = { (neighbor: Village.Neighbor) in try await village.say("Hello", as: neighbor, match.id) }
            try await write(cleo)
            try await write(village.ben)
            village.clock.advance(days: Cover.silentDays + 5)
            try await village.platform.keepCovers()
            #expect(try await village.cover(of: match) == nil, "nobody waits")
            try await write(cleo)
            village.clock.advance(days: Cover.silentDays + 1)
            #expect(try await village.orphansOfCover().isEmpty == false, "the check sees it before the hour")
            try await village.platform.keepCovers()
            #expect(try await village.cover(of: match)?.cause == .silence)
            let standIn = try await village.askToStandIn(village.bao.id, for: match)
            for side in Match.Side.allCases { try await village.answer(.yes, to: standIn, for: side) }
            // Somebody who only looks in takes no stand-in away.
            try await village.look(in: village.ben.id)
            try await village.platform.keepCovers()
            #expect(try await village.now(standIn).status == .active)
            village.clock.advance(minutes: 5)
            try await write(village.ben)
            try await village.platform.keepCovers()
            #expect(try await village.now(standIn).status == .ended)
            #expect(try await village.told(cleo).first?.cover.ending == .returned)
            #expect(try await village.orphansOfCover() == [:])
        }
    }

    @Test("Only the person chooses, or a coordinator for somebody without an account", arguments: TestEngine.available)
    func whoChooses(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.enroll(village.ben, .usual(limit: 3))
            let (cleo, match) = try await village.supported(by: village.ben.id, "Clara Cruz")
            let nora = try await village.matched(village.ben.id, to: try await village.readyReferral())
            try await village.pause(village.ben, for: 5)
            await #expect(throws: Problem.notAllowed) {
                try await village.choose(.meanwhile, for: match, as: village.ana)
            }
            for stranger in [village.ben, village.bao, village.cyrus, village.sam, village.hillside.coordinator] {
                await #expect(throws: Problem.notFound) {
                    try await village.choose(.meanwhile, for: match, as: stranger)
                }
            }
            try await village.choose(.new, for: nora, as: village.ana)
            #expect(try await village.now(nora).status == .ended)
            #expect(try await village.cover(of: nora)?.cause == .left)
            try await village.choose(.meanwhile, for: match, as: cleo)
            let page = try await village.read(as: village.hillside.coordinator) { try CoverScreen(in: $0) }
            #expect(page.lines.isEmpty)
        }
    }

    @Test("A wait ends when the day moves away; what is late is said", arguments: TestEngine.available)
    func waits(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.enroll(village.ben, .usual(limit: 3))
            let (cleo, match) = try await village.supported(by: village.ben.id, "Clara Cruz")
            try await village.pause(village.ben, for: 5)
            try await village.choose(.wait, for: match, as: cleo)
            village.clock.advance(days: 2)
            try await village.pause(village.ben, for: 60)
            #expect(try await village.cover(of: match)?.choice == nil)
            village.clock.advance(days: 9)
            for role in [Role.coordinator, .supervisor] {
                let neighbor = role == .coordinator ? village.ana : village.sam
                let raised = try await village.read(as: neighbor) { try RaisedWork.late(for: role, in: $0) }
                #expect(raised.contains { $0.key == "cover.raised-late" && $0.count == 1 })
            }
            village.clock.advance(days: 55)
            try await village.look(in: village.ben.id)
            try await village.platform.keepCovers()
            #expect(try await village.told(cleo).first?.cover.ending == .returned)
        }
    }

    @Test("The page takes the same few statements, however many are without their supporter")
    func statements() async throws {
        try await withVillage(.sqlite) { village in
            try await village.enroll(village.ben, .usual(limit: 20))
            for number in 0..<3 { _ = try await village.addSupporter("Extra \(number)", .usual(limit: 9)) }
            _ = try await village.supported(by: village.ben.id, "First")
            try await village.pause(village.ben, for: 5)
            func cost() async throws -> Int {
                try await village.read(as: village.ana) { db in
                    let before = db.statements
                    _ = try CoverScreen(in: db)
                    return db.statements - before
                }
            }
            let one = try await cost()
            try await village.write(as: village.ben) { try Supporter.resume(in: $0) }
            for number in 0..<6 { _ = try await village.supported(by: village.ben.id, "More \(number)") }
            try await village.pause(village.ben, for: 5)
            #expect(try await cost() == one)
            #expect(one <= 7)
        }
    }
}
