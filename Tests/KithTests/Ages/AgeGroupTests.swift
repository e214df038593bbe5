import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing

@Suite("Groups by age")
struct AgeGroupTests {
    @Test("A group for adults takes nobody who is under age", arguments: TestEngine.available)
    func adults(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let group = try await village.group()
            let closed = try await village.group {
                ($0.name, $0.admission, $0.membershipRule) = ("Closed", .closed, "For carers.")
            }
            let (minor, unknown) = (try await village.participant("Mia"), try await village.participant("Uma"))
            try await village.born(2011, minor.id)
            for group in [group, closed] {
                await #expect(throws: Problem.conflict("group.for-adults")) { try await village.join(group, as: minor) }
            }
            try await village.join(group, as: unknown)
            // Whoever asked before their year was known is refused where somebody says yes.
            let late = try await village.participant("Lea")
            let asked = try await village.join(closed, as: late)
            try await village.born(2011, late.id)
            let (member, code) = (
                try await village.read(as: village.ana) { db in
                    try GroupMember.find(asked, of: Group.find(closed.id, in: db), in: db)
                }, group.code
            )
            #expect(member.ending == .declined)
            try await village.browsing { browser in
                let page = try await browser(minor).get("/groups/joining/\(code)")
                #expect(page.text.contains("This group is for adults"))
            }
        }
    }

    @Test(
        "A group for young people takes only whom a coordinator says yes to, and who is under age",
        arguments: TestEngine.available)
    func young(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let group = try await village.youngGroup()
            let minor = try await village.participant("Mia")
            let (adult, unknown) = (try await village.participant("Abe"), try await village.participant("Uma"))
            try await village.born(2011, minor.id)
            try await village.born(1980, adult.id)
            try await village.give(.participant, to: village.ben)
            try await village.takesPart(village.ben)
            // A clearance lets nobody take part as if they were young.
            for neighbor in [adult, unknown, village.ben] {
                await #expect(throws: Problem.conflict("group.for-young-people")) {
                    try await village.join(group, as: neighbor)
                }
            }
            let asked = try await village.join(group, as: minor)
            #expect(try await village.talking(in: group) == [village.ben.id], "also an open group asks")
            try await village.browsing { browser in
                let page = try await browser(village.ana).get("/groups/\(group.id)").text
                #expect(page.contains("Born in 2011"))
            }
            // Between asking and the yes the year turns out to be wrong.
            try await village.write(asSystemOf: village.riverside) { db in
                try db.run("UPDATE person SET birth_year = 1980 WHERE id = \(minor.id)")
                db.record(Event(.signedIn))
            }
            await #expect(throws: Problem.conflict("group.age-of-other")) {
                try await village.write(as: village.ana) { db in
                    try GroupMember.find(asked, of: Group.find(group.id, in: db), in: db).admit(in: db)
                }
            }
            try await village.write(asSystemOf: village.riverside) { db in
                try db.run("UPDATE person SET birth_year = 2011 WHERE id = \(minor.id)")
                db.record(Event(.signedIn))
            }
            try await village.write(as: village.ana) { db in
                try GroupMember.find(asked, of: Group.find(group.id, in: db), in: db).admit(in: db)
            }
            #expect(try await village.talking(in: group) == [village.ben.id, minor.id])
        }
    }

    @Test("Only supporters who are cleared lead it or cover in it", arguments: TestEngine.available, [false, true])
    func facilitators(engine: TestEngine, isCover: Bool) async throws {
        try await withVillage(engine) { village in
            let group = try await village.youngGroup()
            func add() async throws {
                try await village.write(as: village.ana) { [bao = village.bao.id] in
                    try group.add(facilitator: bao, isCover: isCover, isTrained: true, in: $0)
                }
            }
            await #expect(throws: Problem.invalid("person", "not-a-choice")) { try await add() }
            try await village.clear(village.bao.id)
            try await add()
            let adults = try await village.group(facilitated: false) { $0.name = "Evenings" }
            try await village.born(2010, village.bao.id)
            await #expect(throws: Problem.invalid("person", "not-a-choice")) {
                try await village.write(as: village.ana) { [bao = village.bao.id] in
                    try adults.add(facilitator: bao, isCover: isCover, isTrained: true, in: $0)
                }
            }
        }
    }

    @Test("The kind is led by supporters, and keeps its ages while groups go on", arguments: TestEngine.available)
    func kinds(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            await #expect(throws: Problem.invalid("role", "supporters-only")) {
                _ = try await village.groupType { ($0.ages, $0.facilitators.role) = (.youngPeople, .coordinator) }
            }
            let type = try await village.groupType()
            let group = try await village.group(of: type)
            func change() async throws {
                try await village.write(as: village.ana) { db in
                    var plan = type.plan
                    plan.ages = .youngPeople
                    try GroupType.find(type.id, in: db).change(to: plan, agreements: type.agreements.text, in: db)
                }
            }
            await #expect(throws: Problem.invalid("ages", "groups-go-on")) { try await change() }
            try await village.write(as: village.ana) { try Group.find(group.id, in: $0).end(in: $0) }
            try await change()
        }
    }

    @Test("Who no longer fits is out at once, reads why, and is looked after", arguments: TestEngine.available)
    func parted(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let group = try await village.group()
            try await village.takesPart(village.cleo)
            try await village.join(group, as: village.cleo, called: "Robin")
            try await village.born(2012, village.cleo.id)
            #expect(try await village.talking(in: group) == [village.ben.id, village.bao.id])
            await #expect(throws: Problem.notFound) {
                _ = try await village.read(as: village.cleo) { try Group.find(group.id, in: $0).code }
            }
            try await village.browsing { browser in
                let (ana, cleo) = (browser(village.ana), browser(village.cleo))
                #expect(
                    try await cleo.get("/groups").text.contains(
                        "You are no longer in “Tuesday evenings”: it is for adults"))
                #expect(try await cleo.get("/home").text.contains("You are no longer in a group"))
                #expect(try await ana.get("/board").text.contains("1 person was taken out of a group for their age"))
                #expect(try await ana.get("/groups").text.contains("Cleo Castro was in “Tuesday evenings”"))
                let parting = try await village.read(as: village.ana) { try GroupParting.open(in: $0) }
                #expect(parting.count == 1)
                let path = "/groups/partings/\(try #require(parting.first).id)"
                for stranger in [village.hillside.coordinator, village.riverside.otherCoordinator] {
                    #expect(try await browser(stranger).post(path, [:]).status == .notFound)
                }
                for _ in 1...2 { #expect(try await ana.post(path, [:]).status == .seeOther) }
                #expect(!(try await ana.get("/groups").text.contains("Cleo Castro was in")))
                #expect(!(try await cleo.get("/groups").text.contains("You are no longer in")))
            }
            #expect(try await village.orphansOfAges() == [])
        }
    }

    @Test(
        "A leader whose clearance is over leads no longer; an adult by now is in it no longer",
        arguments: TestEngine.available)
    func young(parted engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let group = try await village.youngGroup()
            let (mia, max) = (try await village.participant("Mia"), try await village.participant("Max"))
            try await village.born(2008, mia.id)
            try await village.born(2012, max.id)
            for neighbor in [mia, max] { try await village.admit(neighbor, to: group) }
            #expect(try await village.talking(in: group) == [village.ben.id, mia.id, max.id])
            try await village.takeBackClearance(of: village.ben.id)
            #expect(try await village.talking(in: group) == [mia.id, max.id])
            village.clock.advance(days: 310)
            try await village.platform.separateAges()
            #expect(try await village.talking(in: group) == [max.id], "2027 has begun")
            let open = try await village.read(as: village.ana) { try GroupParting.open(in: $0) }
            #expect(open.map(\.part) == [.facilitator, .member])
            #expect(try await village.orphansOfAges() == [])
        }
    }

    @Test("Whoever is taken out is in no video room of the group either", arguments: TestEngine.available)
    func room(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let group = try await village.group { ($0.name, $0.setting) = ("By video", .online) }
            try await village.takesPart(village.cleo)
            try await village.join(group, as: village.cleo, called: "Robin")
            let meeting = try await village.soon(group)
            _ = try await village.come(to: meeting, as: village.cleo)
            #expect(try await village.count("SELECT count(*) FROM video_stay WHERE left_at IS NULL") == 1)
            try await village.born(2012, village.cleo.id)
            #expect(try await village.count("SELECT count(*) FROM video_stay WHERE left_at IS NULL") == 0)
        }
    }
}
