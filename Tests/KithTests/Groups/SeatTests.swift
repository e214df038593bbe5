import KithTestSupport
import Storage
import Testing

@testable import Kith

@Suite("Seats in meetings")
struct SeatTests {
    /// A group whose meetings have `seats` seats, with a meeting and so many members.
    private func prepare(
        _ village: Village, seats: Int, members: Int
    ) async throws -> (group: Group, meeting: Meeting.ID, members: [Village.Neighbor]) {
        let group = try await village.group { $0.seats = seats }
        var people: [Village.Neighbor] = []
        for number in 1...members {
            let person = try await village.participant(
                "Member \(["One", "Two", "Three", "Four", "Five", "Six"][number - 1])")
            try await village.join(group, as: person)
            people.append(person)
        }
        return (group, try await village.meeting(of: group), people)
    }

    private func seats(_ meeting: Meeting.ID, _ village: Village) async throws -> [Seat] {
        try await village.read(as: village.ben) { try Seat.all(of: Meeting.find(meeting, in: $0), in: $0) }
    }

    /// What is wrong with how seats were given: two with one number, more than there are, or a free one while somebody
    /// waits.
    private func faults(_ given: [Seat], seats: Int) -> [String] {
        let numbers = given.compactMap(\.number)
        var faults: [String] = []
        if Set(numbers).count != numbers.count { faults.append("a seat was given twice") }
        if numbers.count > seats { faults.append("more seats were given than there are") }
        if numbers.count < seats, given.contains(where: \.isWaiting) {
            faults.append("a seat is free while somebody waits")
        }
        return faults
    }

    @Test("Whoever waits moves up by turn when a seat is freed", arguments: TestEngine.available)
    func movingUp(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let (group, meeting, people) = try await prepare(village, seats: 2, members: 4)
            for person in people { try await village.write(as: person) { _ = try Seat.ask(in: meeting, db: $0) } }
            try await village.write(as: people[0]) { _ = try Seat.ask(in: meeting, db: $0) }
            var all = try await seats(meeting, village)
            #expect(all.map(\.person) == people.map(\.id) && all.map(\.number) == [1, 2, nil, nil])
            try await village.write(as: people[0]) { try Seat.free(in: meeting, db: $0) }
            all = try await seats(meeting, village)
            #expect(all.map(\.person) == people.dropFirst().map(\.id) && all.map(\.number) == [2, 1, nil])
            #expect(try await village.details(of: .seatGiven).count == 1)
            // Whoever leaves the group frees their seat; whoever asks anew stands last.
            try await village.write(as: people[0]) { _ = try Seat.ask(in: meeting, db: $0) }
            try await village.write(as: people[1]) { db in
                try #require(try GroupMember.mine(in: group.id, db: db)).leave(in: db)
            }
            all = try await seats(meeting, village)
            #expect(all.map(\.person) == [people[2].id, people[3].id, people[0].id])
            #expect(all.map(\.number) == [1, 2, nil])
            #expect(faults(all, seats: 2).isEmpty)
        }
    }

    @Test("Nobody but members asks for a seat, and none is needed where all may come", arguments: TestEngine.available)
    func refusals(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let (_, meeting, people) = try await prepare(village, seats: 1, members: 1)
            for stranger in [village.cyrus, village.ben, village.hillside.participant] {
                await #expect(throws: Problem.notFound) {
                    try await village.write(as: stranger) { _ = try Seat.ask(in: meeting, db: $0) }
                }
            }
            village.clock.advance(hours: 49)
            await #expect(throws: Problem.conflict("meeting.over")) {
                try await village.write(as: people[0]) { _ = try Seat.ask(in: meeting, db: $0) }
            }
            let free = try await village.group { $0.name = "All may come" }
            let open = try await village.meeting(of: free)
            try await village.join(free, as: people[0])
            await #expect(throws: Problem.conflict("meeting.no-seats")) {
                try await village.write(as: people[0]) { _ = try Seat.ask(in: open, db: $0) }
            }
        }
    }

    @Test("The checker sees each fault, and the table refuses a seat that is taken", arguments: TestEngine.available)
    func planted(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let (group, meeting, people) = try await prepare(village, seats: 2, members: 3)
            for person in people { try await village.write(as: person) { _ = try Seat.ask(in: meeting, db: $0) } }
            let organization = group.organization
            func plant(_ sql: SQL) async throws {
                try await village.platform.store.write { _ = try $0.run(sql) }
            }
            try await plant(
                "UPDATE meeting_seat SET seat = 9 WHERE organization_id = \(organization) AND person_id = \(people[2].id)"
            )
            #expect(faults(try await seats(meeting, village), seats: 2) == ["more seats were given than there are"])
            try await plant(
                "UPDATE meeting_seat SET seat = NULL WHERE organization_id = \(organization) AND seat IN (2, 9)")
            #expect(faults(try await seats(meeting, village), seats: 2) == ["a seat is free while somebody waits"])
            await #expect(throws: (any Error).self) {
                try await plant(
                    """
                    UPDATE meeting_seat SET seat = 1
                    WHERE organization_id = \(organization) AND person_id = \(people[2].id)
                    """)
            }
        }
    }

    @Test(
        "However many ask and free at once, no seat is given twice and none is lost", arguments: TestEngine.available,
        [UInt64(1), 2, 3])
    func concurrent(engine: TestEngine, seed: UInt64) async throws {
        try await withVillage(engine, seed: seed) { village in
            let (_, meeting, people) = try await prepare(village, seats: 3, members: 6)
            for round in 0..<6 {
                try await withThrowingTaskGroup(of: Void.self) { tasks in
                    for (index, person) in people.enumerated() {
                        let frees = (Int(seed) * 7 + round * 5 + index * 3) % 4 == 0
                        tasks.addTask {
                            try await village.write(as: person) { db in
                                if frees {
                                    try Seat.free(in: meeting, db: db)
                                } else {
                                    _ = try Seat.ask(in: meeting, db: db)
                                }
                            }
                        }
                    }
                    try await tasks.waitForAll()
                }
                let all = try await seats(meeting, village)
                #expect(faults(all, seats: 3) == [], "round \(round)")
            }
        }
    }
}
