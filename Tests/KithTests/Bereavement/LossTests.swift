import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing

@Suite("When somebody dies")
struct LossTests {
    /// Cleo, whom Ben supports and Cyrus cares for; Bao supports Cyrus.
    struct Family: Sendable {
        let two: MailPair
        let carers: Pair
        let relation: CareRelation.ID

        var village: Village { two.village }

        init(in village: Village) async throws {
            two = try await MailPair(in: village)
            carers = try await Pair(of: village.cyrus, village.bao, in: village)
            relation = try await village.care(village.cyrus, for: village.cleo.id)
        }

        func record(on day: Day? = nil, as neighbor: Village.Neighbor? = nil) async throws -> Loss.ID {
            let id = two.pair.referral.id
            return try await village.write(as: neighbor ?? village.ana) {
                try Loss.record(Loss.Subject(of: Referral.find(id, in: $0)), on: day, in: $0)
            }
        }

        func change(_ id: Loss.ID, _ change: @escaping @Sendable (Loss, Writing) throws -> Void) async throws {
            try await village.write(as: village.ana) { try change(Loss.find(id, in: $0), $0) }
        }

        /// What the first page of somebody says.
        func firstPage(of neighbor: Village.Neighbor, _ path: String = "/home") async throws -> String {
            try await village.browsing { browser async throws -> String in
                try await browser(neighbor).get(path).text
            }
        }

        func count(_ statement: SQL) async throws -> Int { try await village.count(statement) }
    }

    @Test(
        "Written down once, within a minute nothing goes out to them and all that ran has ended",
        arguments: TestEngine.available)
    func ends(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let family = try await Family(in: village)
            let pair = family.two.pair
            try await village.write(as: village.ben) { [match = pair.match.id] db in
                let plan = Encounter.Plan(mode: .inPerson, startsAt: db.now.adding(hours: 30), place: "The clinic")
                _ = try Encounter.plan(plan, with: ActiveMatch.find(match, in: db), in: db)
            }
            try await family.two.write("See you tomorrow")
            let id = try await family.record(on: Day("2026-03-01"))
            #expect(try await family.record() == id, "once")
            let letters = await family.two.workOff(after: 60)
            #expect(!letters.map(\.address).contains("cleo@home.example"))
            #expect(try await family.two.states().contains("withheld prohibited"))
            #expect(try await family.count("SELECT count(*) FROM outgoing_message WHERE state = 'waiting'") == 0)
            let cleo = village.cleo.id
            let open: [(SQL, String)] = [
                ("SELECT count(*) FROM referral WHERE person_id = \(cleo) AND queue IS NOT NULL", "request"),
                ("SELECT count(*) FROM match WHERE participant_id = \(cleo) AND status = 'active'", "match"),
                ("SELECT count(*) FROM encounter WHERE participant_id = \(cleo) AND status = 'planned'", "visit"),
                ("SELECT count(*) FROM membership WHERE person_id = \(cleo) AND ended_at IS NULL", "role"),
                ("SELECT count(*) FROM session WHERE person_id = \(cleo) AND ended_at IS NULL", "session"),
                ("SELECT count(*) FROM care_relation WHERE cared_for_id = \(cleo) AND ended_at IS NULL", "care")
            ]
            for (statement, what) in open { #expect(try await family.count(statement) == 0, "\(what)") }
            #expect(
                try await family.count("SELECT count(*) FROM referral_closing WHERE outcome = 'died'") == 1)
            await #expect(throws: Problem.self) { try await pair.send("Hello", as: village.ben) }
            // The carer keeps their own.
            try await family.carers.send("How are you?", as: village.bao)
            #expect(try await family.count("SELECT count(*) FROM match WHERE status = 'active'") == 1)
            for feature in Features.all {
                let orphans = try await village.orphans(of: feature)
                #expect(orphans.isEmpty, "\(orphans)")
            }
        }
    }

    @Test(
        "Whoever was close reads it gently, says whether they want to talk, and somebody talks with them",
        arguments: TestEngine.available)
    func told(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let family = try await Family(in: village)
            let id = try await family.record()
            #expect(
                try await family.firstPage(of: village.ben, "/today").contains(
                    "Cleo Castro, whom you supported, has died"))
            #expect(try await family.firstPage(of: village.cyrus).contains("We have heard that Cleo Castro has died"))
            let stands = try await family.firstPage(of: village.bao, "/today")
            #expect(stands.contains("whom you support, has lost somebody they cared for"))
            #expect(!stands.contains("Cleo"), "who it was is the carer’s to tell")
            let list = try await family.firstPage(of: village.ana, "/losses")
            #expect(list.contains("Ben Boateng") && list.contains(village.cyrus.name))
            #expect(!list.contains(village.bao.name), "who stands by is asked, not called")
            #expect(try await family.firstPage(of: village.ana, "/board").contains("2 people to speak with"))
            try await village.write(as: village.bao) { try Mourner.answer(.talk, to: id, in: $0) }
            #expect(try await !family.firstPage(of: village.bao, "/today").contains("has lost somebody"))
            #expect(try await family.firstPage(of: village.ana, "/losses").contains(village.bao.name))
            try await village.write(as: village.cyrus) { try Mourner.answer(.fine, to: id, in: $0) }
            for person in [village.ben.id, village.bao.id, village.cyrus.id] {
                try await family.change(id) { try $0.spokeWith(person, in: $1) }
            }
            #expect(try await family.firstPage(of: village.ana, "/losses").contains("Nobody waits for a talk"))
            await #expect(throws: Problem.notFound) {
                try await village.write(as: village.dana) { try Mourner.answer(.talk, to: id, in: $0) }
            }
        }
    }

    @Test(
        "A carer’s word stops what goes out at once; the program makes sure before anything ends",
        arguments: TestEngine.available)
    func carer(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let family = try await Family(in: village)
            try await family.two.write()
            let relation = family.relation
            await #expect(throws: Problem.notFound) {
                try await village.write(as: village.ben) { try Loss.tell(relation, on: nil, in: $0) }
            }
            let id = try await village.write(as: village.cyrus) { try Loss.tell(relation, on: nil, in: $0) }
            #expect(await family.two.workOff(after: 60).isEmpty)
            let open: SQL = "SELECT count(*) FROM match WHERE status = 'active'"
            #expect(try await family.count(open) == 2)
            #expect(try await !family.firstPage(of: village.ben, "/today").contains("has died"))
            #expect(try await family.firstPage(of: village.ana, "/losses/\(id)").contains("Please make sure"))
            try await family.change(id) { try $0.confirm(in: $1) }
            #expect(try await family.count(open) == 1)
            #expect(try await family.firstPage(of: village.ben, "/today").contains("has died"))
            #expect(try await family.count("SELECT count(*) FROM mourner WHERE loss_id = \(id)") == 3)
        }
    }

    @Test("A mistake is put right, and said to whoever was told", arguments: TestEngine.available)
    func mistake(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let family = try await Family(in: village)
            let id = try await family.record()
            try await village.write(as: village.cyrus) { try Mourner.answer(.fine, to: id, in: $0) }
            village.clock.advance(minutes: 30)
            try await family.change(id) { try $0.takeBack(in: $1) }
            try await family.change(id) { try $0.takeBack(in: $1) }
            let cleo = village.cleo.id
            #expect(try await family.count("SELECT count(*) FROM person WHERE id = \(cleo) AND do_not_contact") == 0)
            #expect(
                try await family.count(
                    "SELECT count(*) FROM membership WHERE person_id = \(cleo) AND ended_at IS NULL") == 1)
            #expect(
                try await family.count(
                    "SELECT count(*) FROM care_relation WHERE cared_for_id = \(cleo) AND ended_at IS NULL") == 1)
            #expect(try await family.firstPage(of: village.cyrus).contains("Cleo Castro is alive"))
            #expect(try await family.firstPage(of: village.bao, "/today").contains("had lost somebody. We were wrong"))
            #expect(try await !family.firstPage(of: village.ana, "/board").contains("to speak with after a death"))
            // It can be so later.
            let again = try await village.write(as: village.cyrus) { [relation = family.relation] in
                try Loss.tell(relation, on: nil, in: $0)
            }
            #expect(again != id)
        }
    }

    @Test("Word of a death that was a mistake is told to those who had it alone", arguments: TestEngine.available)
    func toldByMistake(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let family = try await Family(in: village)
            let id = try await village.write(as: village.cyrus) { [relation = family.relation] in
                try Loss.tell(relation, on: nil, in: $0)
            }
            let home = try await family.firstPage(of: village.cyrus)
            #expect(home.contains("You told us that Cleo Castro has died.") && !home.contains("We have heard"))
            try await family.change(id) { try $0.takeBack(in: $1) }
            #expect(try await !family.firstPage(of: village.cyrus).contains("We made a mistake"))
            #expect(try await family.firstPage(of: village.bao, "/today").contains("had lost somebody. We were wrong"))
            #expect(try await !family.firstPage(of: village.ben, "/today").contains("We made a mistake"))
            try await family.carers.send("I am glad", as: village.cyrus)
        }
    }

    @Test("When a supporter dies, the people they support are not left alone", arguments: TestEngine.available)
    func supporter(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let family = try await Family(in: village)
            try await village.browsing { browser async throws -> Void in
                let page = "/supporters/\(village.ben.id)"
                #expect(try await browser(village.ana).get(page).text.contains("\(page)/loss"))
                #expect(
                    try await browser(village.riverside.otherCoordinator).post("\(page)/loss", [:]).status == .notFound)
                #expect(try await browser(village.ana).post("\(page)/loss", [:]).status == .seeOther)
            }
            let referral = family.two.pair.referral.id
            let queue = try await village.read(as: village.ana) { try Referral.find(referral, in: $0).queue }
            #expect(queue == .matching, "somebody else is looked for")
            #expect(
                try await family.firstPage(of: village.cleo)
                    .contains("Ben Boateng, who supported you, has died. We are sorry."))
            #expect(try await family.firstPage(of: village.ana, "/losses").contains(village.cleo.name))
            let ben = village.ben.id
            #expect(
                try await family.count(
                    "SELECT count(*) FROM membership WHERE person_id = \(ben) AND ended_at IS NULL") == 0)
        }
    }

    @Test("Groups for people who have lost somebody are offered to those who have", arguments: TestEngine.available)
    func groups(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let family = try await Family(in: village)
            let things = try await village.groupThings()
            let title = "Groups for people who have lost somebody"
            _ = try await family.record()
            #expect(try await !family.firstPage(of: village.cyrus).contains(title), "there are none")
            try await village.write(as: village.ana) { db in
                let type = try GroupType.find(things.type.id, in: db)
                var plan = type.plan
                plan.isForBereaved = true
                try type.change(to: plan, agreements: type.agreements.text, in: db)
            }
            let home = try await family.firstPage(of: village.cyrus)
            #expect(home.contains(title) && home.contains("/groups/joining/\(things.open.code)"))
            let other = try await family.firstPage(of: village.participant("Nia Nash"))
            #expect(other.contains("Nia") && !other.contains(title), "only to who has lost somebody")
        }
    }

    @Test("Whatever else stopped contact still does after a mistake", arguments: TestEngine.available)
    func otherStops(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let family = try await Family(in: village)
            let cleo = village.cleo.id
            try await village.write(as: village.cleo) { try Person.stopContact(in: $0) }
            let id = try await family.record()
            try await village.write(as: village.ana) { try Person.setDoNotContact(false, for: cleo, in: $0) }
            let isStopped: SQL = "SELECT count(*) FROM person WHERE id = \(cleo) AND do_not_contact"
            #expect(try await family.count(isStopped) == 1, "nobody writes to the dead")
            try await family.change(id) { try $0.takeBack(in: $1) }
            #expect(try await family.count(isStopped) == 1, "she wanted nobody to contact her")
        }
    }

    @Test("Somebody Kith does not know is mourned too", arguments: TestEngine.available)
    func unknown(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let family = try await Family(in: village)
            let relation = try await village.care(village.cyrus, for: nil, as: "parent")
            _ = try await village.write(as: village.cyrus) { try Loss.tell(relation, on: nil, in: $0) }
            #expect(
                try await family.firstPage(of: village.cyrus).contains("heard that somebody you cared for has died"))
            #expect(try await family.firstPage(of: village.bao, "/today").contains("has lost somebody"))
            #expect(try await family.firstPage(of: village.ana, "/losses").contains(village.cyrus.name))
            await #expect(throws: Problem.notFound) {
                try await village.write(as: village.cyrus) { try Loss.tell(relation, on: nil, in: $0) }
            }
        }
    }

    @Test("Only a coordinator of the program writes it down, and no day to come", arguments: TestEngine.available)
    func refused(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let family = try await Family(in: village)
            for other in [village.ben, village.sam, village.riverside.otherCoordinator, village.cyrus] {
                await #expect(throws: Problem.self, "\(other.name)") { try await family.record(as: other) }
            }
            await #expect(throws: Problem.self) { try await family.record(on: Day("2026-03-20")) }
            #expect(try await family.count("SELECT count(*) FROM loss") == 0)
            let id = family.two.pair.referral.id
            await #expect(throws: Problem.self) {
                try await village.write(as: village.ana) {
                    try Referral.find(id, in: $0).close(as: Referral.died, word: nil, in: $0)
                }
            }
        }
    }

    @Test(
        "A request ends at whatever stage it is", arguments: TestEngine.available,
        ReferralState.allCases.filter { !$0.isTerminal && $0 != .draft })
    func stages(engine: TestEngine, state: ReferralState) async throws {
        try await withVillage(engine) { village in
            let family = try await Family(in: village)
            let referral = family.two.pair.referral.id
            try await village.write(asSystemOf: village.riverside) { db in
                try db.run("UPDATE referral SET state = \(state) WHERE id = \(referral)")
                db.record(Event(.referralPlaced, of: referral.text))
            }
            _ = try await family.record()
            #expect(
                try await family.count(
                    "SELECT count(*) FROM referral WHERE id = \(referral) AND queue IS NULL AND closed_at IS NOT NULL")
                    == 1)
        }
    }
}
