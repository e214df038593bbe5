import KithTestSupport
import Storage
import Testing

@testable import Kith

@Suite("Groups and who takes part")
struct GroupTests {
    @Test("Only a coordinator of the program makes kinds of groups and groups", arguments: TestEngine.available)
    func making(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let type = try await village.groupType()
            let program = village.riverside.program
            let plan = type.plan
            for neighbor in [village.ben, village.cleo, village.sam, village.riverside.otherCoordinator] {
                await #expect(throws: Problem.notAllowed) {
                    try await village.write(as: neighbor) {
                        _ = try GroupType.make(plan, agreements: "Be kind.", for: program, in: $0)
                    }
                }
                await #expect(throws: Problem.notAllowed) {
                    try await village.write(as: neighbor) {
                        _ = try Group.make(Group.Plan(name: "Mine", timeZone: "UTC"), of: type, in: $0)
                    }
                }
            }
            let group = try await village.group(of: type)
            #expect(group.state == .active && group.relations == [.coordinator])
            #expect(group.code.count == 10)
        }
    }

    @Test("What cannot be is refused by field")
    func flaws() {
        var plan = Group.Plan(name: " ", timeZone: "Nowhere/Land")
        plan.setting = .mixed
        plan.admission = .closed
        plan.seats = 0
        #expect(
            plan.flaws == [
                "name": "required", "place": "required", "membership-rule": "required",
                "time-zone": "not-a-choice", "seats": "not-a-number"
            ])
        var type = GroupType.Plan(name: "", summary: "")
        type.leastMembers = 20
        type.facilitators.count = 3
        type.facilitators.role = .participant
        #expect(Set(type.flaws.keys) == ["name", "summary", "least", "facilitators", "role"])
    }

    @Test("Strangers and whoever has left find nothing of a group", arguments: TestEngine.available)
    func reach(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let group = try await village.group()
            let meeting = try await village.meeting(of: group)
            try await village.takesPart(village.cleo)
            try await village.join(group, as: village.cleo)
            for insider in [village.ana, village.sam, village.ben, village.bao, village.cleo] {
                #expect(try await village.read(as: insider) { try Group.find(group.id, in: $0).id } == group.id)
                #expect(try await village.read(as: insider) { try Meeting.find(meeting, in: $0).id } == meeting)
            }
            let strangers = [
                village.cyrus, village.dana, village.ada, village.riverside.otherCoordinator,
                village.hillside.coordinator, village.hillside.participant
            ]
            func expectNothing(_ stranger: Village.Neighbor) async {
                await #expect(throws: Problem.notFound, "\(stranger.name)") {
                    try await village.read(as: stranger) { _ = try Group.find(group.id, in: $0) }
                }
                await #expect(throws: Problem.notFound, "\(stranger.name)") {
                    try await village.read(as: stranger) { _ = try Meeting.find(meeting, in: $0) }
                }
            }
            for stranger in strangers { await expectNothing(stranger) }
            func ahead() async throws -> Int {
                try await village.read(as: village.cleo) {
                    try Meeting.ahead(as: [.member], days: 9, limit: 9, in: $0).count
                }
            }
            #expect(try await ahead() == 1)
            try await village.write(as: village.cleo) { db in
                try #require(try GroupMember.mine(in: group.id, db: db)).leave(in: db)
            }
            await expectNothing(village.cleo)
            #expect(try await ahead() == 0)
        }
    }

    @Test("A code opens nothing next door, nor to whoever does not take part", arguments: TestEngine.available)
    func joining(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let group = try await village.group()
            let (code, program) = (group.code, Consent.Purpose.takePart.rawValue)
            func join(_ neighbor: Village.Neighbor, agreements: Int = 1, called: String = "Robin") async throws {
                try await village.write(as: neighbor) { db in
                    _ = try GroupMember.join(
                        Group.find(code: code, in: db),
                        GroupMember.Application(nickname: called, agreements: agreements), in: db)
                }
            }
            await #expect(throws: Problem.notFound) { try await join(village.hillside.participant) }
            await #expect(throws: Problem.conflict("group.not-in-program")) { try await join(village.dana) }
            await #expect(throws: Problem.consentNeeded(program)) { try await join(village.cleo) }
            try await village.takesPart(village.cleo)
            try await village.takesPart(village.cyrus)
            await #expect(throws: Problem.invalid("agreements", "agreements-needed")) {
                try await join(village.cleo, agreements: 2)
            }
            try await join(village.cleo)
            try await join(village.cleo)
            await #expect(throws: Problem.invalid("nickname", "used")) {
                try await join(village.cyrus, called: "  ROBIN ")
            }
            try await join(village.cyrus, called: "Wren")
            let names = try await village.read(as: village.ben) { db in
                try GroupMember.all(of: Group.find(group.id, in: db), in: db).map(\.nickname)
            }
            #expect(names == ["Robin", "Wren"])
        }
    }

    @Test("A closed group takes a coordinator's yes", arguments: TestEngine.available)
    func closed(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let group = try await village.group {
                $0.admission = .closed
                $0.membershipRule = "For people whose partner has died."
            }
            try await village.takesPart(village.cleo)
            let member = try await village.join(group, as: village.cleo)
            await #expect(throws: Problem.notFound) {
                try await village.read(as: village.cleo) { _ = try Group.find(group.id, in: $0) }
            }
            func admit(as neighbor: Village.Neighbor) async throws {
                try await village.write(as: neighbor) { db in
                    let group = try Group.find(group.id, in: db)
                    try #require(try GroupMember.all(of: group, in: db).first { $0.id == member }).admit(in: db)
                }
            }
            await #expect(throws: Problem.notFound) { try await admit(as: village.ben) }
            try await admit(as: village.ana)
            #expect(
                try await village.read(as: village.cleo) { try Group.find(group.id, in: $0).relations } == [.member])
        }
    }

    @Test("Whoever takes back that they take part, or loses the role, is out at once", arguments: TestEngine.available)
    func ending(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let group = try await village.group()
            let meeting = try await village.meeting(of: group)
            try await village.takesPart(village.cleo)
            try await village.join(group, as: village.cleo)
            try await village.leave(village.cleo)
            await #expect(throws: Problem.notFound) {
                try await village.read(as: village.cleo) { _ = try Group.find(group.id, in: $0) }
            }
            let (program, ben) = (village.riverside.program, village.ben.id)
            #expect(try await village.read(as: village.ana) { try Meeting.find(meeting, in: $0).facilitators } == 2)
            try await village.write(as: village.ada) { try Person.end(.supporter, in: program, of: ben, in: $0) }
            #expect(try await village.read(as: village.ana) { try Meeting.find(meeting, in: $0).facilitators } == 1)
            let left = try await village.read(as: village.ana) { db in
                try Group.find(group.id, in: db).facilitators(in: db).map(\.person)
            }
            #expect(left == [village.bao.id])
        }
    }
}
