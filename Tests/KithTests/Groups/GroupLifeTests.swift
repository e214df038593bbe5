import KithTestSupport
import Storage
import Testing

@testable import Kith

@Suite("What follows from changes of a group")
struct GroupLifeTests {
    private func change(
        _ group: Group, _ village: Village, _ body: @escaping @Sendable (inout Group.Plan) -> Void
    ) async throws {
        try await village.write(as: village.ana) { db in
            let found = try Group.find(group.id, in: db)
            var plan = found.plan
            body(&plan)
            try found.change(to: plan, in: db)
        }
    }

    @Test(
        "More seats are given to whoever waits, and none are needed where all may come", arguments: TestEngine.available
    )
    func seats(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let group = try await village.group { $0.seats = 1 }
            let meeting = try await village.meeting(of: group)
            for name in ["Nia Nash", "Noor Nasr", "Mona May", "Pia Park"] {
                let person = try await village.participant(name)
                try await village.join(group, as: person)
                try await village.write(as: person) { _ = try Seat.ask(in: meeting, db: $0) }
            }
            func numbers() async throws -> [Int?] {
                try await village.read(as: village.ben) {
                    try Seat.all(of: Meeting.find(meeting, in: $0), in: $0).map(\.number)
                }
            }
            #expect(try await numbers() == [1, nil, nil, nil])
            try await change(group, village) { $0.seats = 3 }
            #expect(try await numbers() == [1, 2, 3, nil])
            try await change(group, village) { $0.seats = 2 }
            #expect(try await numbers() == [1, 2, 3, nil], "nobody loses a seat")
            try await change(group, village) { $0.seats = nil }
            #expect(try await numbers() == [1, 2, 3, 4])
            #expect(try await village.details(of: .seatGiven).count == 3)
        }
    }

    @Test(
        "Another place counts as a change of the meetings that keep to it, and is told", arguments: TestEngine.available
    )
    func place(engine: TestEngine) async throws {
        try await withVillage(engine) { plain in
            let village = plain.carrying()
            let group = try await village.group()
            let nia = try await village.participant("Nia Nash")
            try await village.join(group, as: nia)
            try await village.answer(.contactByEmail, yes: true, as: nia)
            try await village.reachByMail(nia, at: "nia@home.example")
            let (kept, moved) = (
                try await village.meeting(of: group), try await village.meeting(of: group, in: 72)
            )
            try await village.write(as: village.ana) { db in
                let meeting = try Meeting.find(moved, in: db)
                try meeting.move(
                    to: Meeting.Change(startsAt: meeting.startsAt, minutes: 60, place: "The library"), in: db)
            }
            let postbox = Postbox()
            village.clock.advance(minutes: 5)
            await village.workOff(into: postbox)
            let before = postbox.letters.count
            @Sendable func revisions() async throws -> [Int] {
                try await village.read(as: village.ben) { db in
                    try [kept, moved].map { try Meeting.find($0, in: db).revision }
                }
            }
            #expect(try await revisions() == [0, 1])
            try await change(group, village) { $0.welcome = "Come in" }
            #expect(try await revisions() == [0, 1])
            try await change(group, village) { $0.place = "Room 3" }
            #expect(try await revisions() == [1, 1])
            village.clock.advance(minutes: 5)
            await village.workOff(into: postbox)
            #expect(postbox.letters.dropFirst(before).map(\.address) == ["nia@home.example"])
        }
    }

    @Test(
        "A group does not end under a meeting, and each of its people costs a statement at most",
        arguments: TestEngine.available)
    func ending(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let type = try await village.groupType()
            var taken: [Int] = []
            for (name, count) in [("Few", 2), ("Many", 6)] {
                let group = try await village.group(of: type) { ($0.name, $0.seats) = (name, 10) }
                var meetings: [Meeting.ID] = []
                for number in 1...count {
                    meetings.append(try await village.meeting(of: group, in: 24 * number + 24))
                    let person = try await village.participant("Nia \(name) \(number)")
                    try await village.join(group, as: person)
                    try await village.write(as: person) { [meeting = meetings[0]] in
                        _ = try Seat.ask(in: meeting, db: $0)
                    }
                }
                let now = try await village.meeting(of: group, in: 1)
                try await village.write(as: village.ben) { try RunningMeeting.find(now, in: $0).start(in: $0) }
                @Sendable func end() async throws {
                    try await village.write(as: village.ana) { try Group.find(group.id, in: $0).end(in: $0) }
                }
                await #expect(throws: Problem.conflict("group.meeting-runs")) { try await end() }
                try await village.write(as: village.ben) {
                    try RunningMeeting.find(now, in: $0).close(RunningMeeting.Closing(came: [], minutes: 20), in: $0)
                }
                try await end()
                taken.append(village.ledger.last)
                let planned = meetings
                let states = try await village.platform.store.read { db in
                    try db.values(
                        "SELECT DISTINCT state FROM meeting WHERE id IN \(list: planned)", as: String.self)
                }
                #expect(states == ["canceled"])
                #expect(
                    try await village.count(
                        "SELECT count(*) FROM group_member WHERE group_id = \(group.id) AND ended_at IS NULL") == 0)
            }
            // Each one's place in a room is looked for.
            #expect(taken[1] - taken[0] <= 4, "\(taken)")
            #expect(try await village.details(of: .memberEnded).count == 8)
        }
    }

    @Test("Whose role ends facilitates no more, whatever the kind asks for by now", arguments: TestEngine.available)
    func roles(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let type = try await village.groupType()
            let group = try await village.group(of: type)
            try await village.give(.coordinator, to: village.bao)
            try await village.write(as: village.ana) { db in
                let kind = try GroupType.find(type.id, in: db)
                var plan = kind.plan
                plan.facilitators.role = .coordinator
                try kind.change(to: plan, agreements: kind.agreements.text, in: db)
            }
            for neighbor in [village.ben, village.bao] { try await village.end(.supporter, of: neighbor) }
            await #expect(throws: Problem.notFound) {
                try await village.read(as: village.ben) { _ = try Group.find(group.id, in: $0) }
            }
            let left = try await village.read(as: village.ana) { db in
                try Group.find(group.id, in: db).facilitators(in: db).map(\.person)
            }
            #expect(left == [village.bao.id], "Bao has the role that it asks for now")
        }
    }

    @Test("A meeting that runs past its end is still listed, until it is closed", arguments: TestEngine.available)
    func listed(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let group = try await village.group()
            let nia = try await village.participant("Nia Nash")
            try await village.join(group, as: nia)
            let meeting = try await village.meeting(of: group, in: 1)
            try await village.write(as: village.ben) { try RunningMeeting.find(meeting, in: $0).start(in: $0) }
            village.clock.advance(hours: 3)
            @Sendable func listed() async throws -> [Int] {
                try await village.read(as: village.ben) { db in
                    let group = try Group.find(group.id, in: db)
                    return [
                        try Meeting.listed(of: group, in: db).count,
                        try Meeting.ahead(as: [.facilitator], days: 7, limit: 5, in: db).count
                    ]
                }
            }
            #expect(try await listed() == [1, 1])
            try await village.write(as: village.ben) {
                try RunningMeeting.find(meeting, in: $0).close(RunningMeeting.Closing(came: [], minutes: 60), in: $0)
            }
            #expect(try await listed() == [0, 0])
        }
    }

    @Test("A meeting that nobody began counts as not held after a week", arguments: TestEngine.available)
    func missed(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let group = try await village.group()
            let meeting = try await village.meeting(of: group)
            @Sendable func state(after days: Int) async throws -> Meeting.State {
                village.clock.advance(days: days)
                for _ in 1...2 { try await village.platform.settleMissedMeetings() }
                return try await village.read(as: village.ben) { try Meeting.find(meeting, in: $0).state }
            }
            #expect(try await state(after: 9) == .planned)
            #expect(try await state(after: 1) == .notHeld)
            #expect(try await village.details(of: .meetingMissed).count == 1)
        }
    }
}
