import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing

@Suite("Who takes care of a referral")
struct ReferralOwnerTests {
    private func end(_ role: Role, of neighbor: Village.Neighbor, in village: Village) async throws {
        let program = village.riverside.program
        try await village.write(asSystemOf: village.riverside) {
            try Person.end(role, in: program, of: neighbor.id, in: $0)
        }
        try await village.signBackIn(neighbor)
    }

    private func give(_ role: Role, to neighbor: Village.Neighbor, in village: Village) async throws {
        let (program, house) = (village.riverside.program, village.riverside.organization)
        try await village.write(asSystemOf: village.riverside) { db in
            try Person.give(role, in: program, to: neighbor.id, of: house, in: db)
        }
        try await village.signBackIn(neighbor)
    }

    @Test("Who stops coordinating hands what is open to whoever has the fewest", arguments: TestEngine.available)
    func handsOn(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let abel = village.riverside.otherCoordinator
            var sent: [Referral] = []
            for name in ["One", "Two", "Three"] { sent.append(try await village.refer(name)) }
            #expect(sent.allSatisfy { $0.owner == village.ana.id })
            try await give(.coordinator, to: abel, in: village)
            try await give(.coordinator, to: village.sam, in: village)
            #expect(try await village.now(sent[0]).owner == village.ana.id, "somebody new takes nothing away")
            try await end(.coordinator, of: village.ana, in: village)
            var owners: [Person.ID: Int] = [:]
            for referral in sent {
                let owner = try #require(try await village.now(referral).owner)
                owners[owner, default: 0] += 1
            }
            #expect(Set(owners.keys) == [abel.id, village.sam.id] && owners.values.max() == 2)
            #expect(try await village.orphans().isEmpty)
        }
    }

    @Test(
        "Without coordinators a program's administrator sees its board and hands over; a new coordinator takes over",
        arguments: TestEngine.available)
    func administrator(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let referral = try await village.refer()
            let path = "/referrals/\(referral.id)"
            try await village.browsing { browser in
                // The premise: who merely administers sees nobody.
                #expect(try await !browser(village.ada).get("/board").text.contains(referral.reference))
                #expect(try await browser(village.ada).get(path).status == .notFound)
                try await end(.coordinator, of: village.ana, in: village)
                #expect(try await village.now(referral).owner == village.ada.id)
                #expect(try await browser(village.ada).get("/board").text.contains(referral.reference))
                #expect(try await browser(village.ada).get(path).status == .ok)
                #expect(try await browser(village.ada).post("\(path)/acceptance").status == .forbidden)
                // A second administrator can take it, somebody else cannot.
                try await give(.administrator, to: village.sam, in: village)
                let page = try await browser(village.ada).get(path).text
                #expect(page.contains("\(path)/owner") && page.contains(village.sam.name))
                let other = ["owner": village.bao.id.text]
                #expect(try await browser(village.ada).post("\(path)/owner", other).status == .unprocessableContent)
                #expect(
                    try await browser(village.ada).post("\(path)/owner", ["owner": village.sam.id.text]).status
                        == .seeOther)
                #expect(try await village.now(referral).owner == village.sam.id)
                try await give(.coordinator, to: village.riverside.otherCoordinator, in: village)
                #expect(try await village.now(referral).owner == village.riverside.otherCoordinator.id)
                #expect(try await browser(village.ada).get(path).status == .notFound)
            }
            #expect(try await village.orphans().isEmpty)
        }
    }

    @Test("Nobody leaves open referrals to nobody", arguments: TestEngine.available)
    func lastOne(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let referral = try await village.refer()
            try await end(.coordinator, of: village.ana, in: village)
            await #expect(throws: Problem.conflict("program.last-administrator")) {
                try await end(.administrator, of: village.ada, in: village)
            }
            #expect(try await village.now(referral).owner == village.ada.id)
            try await give(.administrator, to: village.sam, in: village)
            try await end(.administrator, of: village.ada, in: village)
            #expect(try await village.now(referral).owner == village.sam.id)
            #expect(try await village.orphans().isEmpty)
        }
    }

    @Test("An administrator of another program is no fallback", arguments: TestEngine.available)
    func otherProgram(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let (other, abel) = (village.riverside.otherProgram, village.riverside.otherCoordinator)
            try await village.endOtherAdministration()
            // The premise: with its coordinator the program takes people in.
            _ = try await village.refer(.known(village.cleo.id), to: other)
            try await village.write(asSystemOf: village.riverside) { db in
                try db.run("UPDATE referral SET queue = NULL, state = '4.0', closed_at = \(db.now)")
                try db.run(
                    "UPDATE membership SET ended_at = \(db.now) WHERE program_id = \(other) AND role = 'administrator'")
                try Person.end(.coordinator, in: other, of: abel.id, in: db)
            }
            await #expect(throws: Problem.conflict("program.nobody-there")) {
                try await village.refer(.known(village.cyrus.id), to: other)
            }
            try await village.browsing { browser in
                let page = try await browser(nil).get("/get-support/riverside").text
                #expect(page.contains("Caregivers") && !page.contains("New parents"))
            }
        }
    }

    @Test("The check finds an owner who coordinates another program only", arguments: TestEngine.available)
    func orphanCheck(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let (referral, abel) = (try await village.refer(), village.riverside.otherCoordinator)
            #expect(try await village.orphans().isEmpty)
            try await village.write(asSystemOf: village.riverside) { db in
                try db.run("UPDATE referral SET owner_id = \(abel.id) WHERE id = \(referral.id)")
                db.record(Event(.referralOwned))
            }
            #expect(try await village.orphans().count == 1)
        }
    }

    @Test("A colleague who is the only other one can take over", arguments: TestEngine.available)
    func onlyOther(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let (referral, abel) = (try await village.refer(), village.riverside.otherCoordinator)
            try await give(.coordinator, to: abel, in: village)
            let path = "/referrals/\(referral.id)"
            try await village.browsing { browser in
                let page = try await browser(village.ana).get(path).text
                #expect(page.contains("\(path)/owner"))
                #expect(
                    try await browser(village.ana).post("\(path)/owner", ["owner": abel.id.text]).status == .seeOther)
                #expect(try await village.now(referral).owner == abel.id)
                #expect(try await browser(abel).get(path).text.contains("\(path)/owner"))
                #expect(
                    try await browser(village.sam).post("\(path)/owner", ["owner": abel.id.text]).status == .forbidden)
            }
        }
    }
}
