import KithTestSupport
import Storage
import Testing

@testable import Kith

@Suite("Who comes into the room of a meeting")
struct VideoRoomTests {
    @Test("Members wait until they are let in; whoever runs the meeting does not", arguments: TestEngine.available)
    func lobby(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let (_, meeting, people) = try await village.evening(members: 3)
            try await village.come(to: meeting, as: village.ben)
            let first = try await village.come(to: meeting, as: people[0])
            try await village.come(to: meeting, as: people[1])
            #expect(try await village.names(in: meeting) == [village.ben.name])
            #expect(try await village.names(in: meeting, waiting: true) == ["Star 0", "Star 1"])
            await #expect(throws: Problem.notAllowed) {
                try await village.inRoom(of: meeting, as: people[1]) { try $0.admit(nil, in: $1) }
            }
            try await village.inRoom(of: meeting, as: village.ben) { try $0.admit(first, in: $1) }
            #expect(try await village.names(in: meeting) == [village.ben.name, "Star 0"])
            // Whoever was in comes back by themselves, and has one place.
            try await village.come(to: meeting, as: people[0])
            #expect(try await village.names(in: meeting) == [village.ben.name, "Star 0"])
            #expect(try await village.endings(in: meeting) == [nil, .elsewhere, nil, nil])
            try await village.inRoom(of: meeting, as: village.bao) { try $0.keepDoor(open: true, in: $1) }
            try await village.come(to: meeting, as: people[2])
            #expect(try await village.names(in: meeting, waiting: true).isEmpty)
            #expect(try await village.names(in: meeting).count == 4)
        }
    }

    @Test("Strangers, next door and whoever has left find no room", arguments: TestEngine.available)
    func reach(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let (_, meeting, people) = try await village.evening(members: 1)
            let strangers = [
                village.cleo, village.dana, village.ada, village.riverside.otherCoordinator,
                village.hillside.coordinator, village.hillside.participant
            ]
            func expectNothing(_ stranger: Village.Neighbor) async {
                await #expect(throws: Problem.notFound, "\(stranger.name)") {
                    try await village.come(to: meeting, as: stranger)
                }
            }
            for stranger in strangers { await expectNothing(stranger) }
            for insider in [village.ben, village.ana, village.sam, people[0]] {
                try await village.come(to: meeting, as: insider)
            }
            try await village.inRoom(of: meeting, as: village.ben) { try $0.admit(nil, in: $1) }
            #expect(try await village.names(in: meeting).contains("Star 0"))
            try await village.leave(people[0])
            #expect(try await !village.names(in: meeting).contains("Star 0"))
            #expect(try await village.endings(in: meeting) == [nil, nil, nil, .removed])
            await expectNothing(people[0])
            let (program, ben) = (village.riverside.program, village.ben.id)
            try await village.write(as: village.ada) { try Person.end(.supporter, in: program, of: ben, in: $0) }
            #expect(
                try await village.read(as: village.ana) { try VideoRoom.find(meeting, in: $0).people(in: $0).count }
                    == 2)
        }
    }

    @Test("There is a room from a quarter of an hour before until as long after", arguments: TestEngine.available)
    func hours(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let (group, meeting, people) = try await village.evening(members: 1)
            let later = try await village.meeting(of: group, in: 2)
            for early in [village.ben, people[0]] {
                await #expect(throws: Problem.conflict("video.early")) {
                    try await village.come(to: later, as: early)
                }
            }
            try await village.come(to: meeting, as: people[0])
            village.clock.advance(minutes: 85)
            await #expect(throws: Problem.conflict("video.over")) {
                try await village.come(to: meeting, as: village.ben)
            }
            try await village.platform.closeVideoRooms()
            #expect(try await village.endings(in: meeting) == [.lost])
            #expect(try await village.orphans(of: VideoRoom.feature).isEmpty)
            let kept = try await village.platform.store.read { db in
                try db.value("SELECT count(*) FROM video_room WHERE key IS NOT NULL", as: Int.self)
            }
            #expect(kept == 0)
            // Where a group has a link, or meets in a room with walls, there is none.
            let elsewhere = try await village.group {
                ($0.name, $0.setting, $0.address) = ("By link", .online, "https://meet.example.org/a")
            }
            for other in [elsewhere, try await village.group { $0.name = "At the table" }] {
                let meeting = try await village.soon(other)
                await #expect(throws: Problem.notFound) { try await village.come(to: meeting, as: village.ben) }
            }
        }
    }

    @Test("Eight are in, and the ninth when one of them leaves", arguments: TestEngine.available)
    func places(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let (_, meeting, people) = try await village.evening(members: 9)
            try await village.come(to: meeting, as: village.ben)
            var stays: [VideoStay.ID] = []
            for person in people { stays.append(try await village.come(to: meeting, as: person)) }
            try await village.inRoom(of: meeting, as: village.ben) { try $0.admit(nil, in: $1) }
            #expect(try await village.names(in: meeting).count == VideoRoom.places)
            #expect(try await village.names(in: meeting, waiting: true) == ["Star 7", "Star 8"])
            await #expect(throws: Problem.conflict("video.full")) {
                try await village.inRoom(of: meeting, as: village.ben) { [last = stays[8]] in try $0.admit(last, in: $1)
                }
            }
            await #expect(throws: Problem.conflict("video.full")) {
                try await village.come(to: meeting, as: village.bao)
            }
            try await village.inRoom(of: meeting, as: village.ben) { try $0.keepDoor(open: true, in: $1) }
            #expect(try await village.names(in: meeting).count == VideoRoom.places)
            try await village.inRoom(of: meeting, as: people[0]) { [first = stays[0]] in try $0.leave(first, in: $1) }
            #expect(try await village.names(in: meeting, waiting: true) == ["Star 8"])
            // Of whom nothing is heard any more, the place is free too.
            village.clock.advance(seconds: 61)
            #expect(try await village.names(in: meeting).isEmpty)
            try await village.come(to: meeting, as: people[8])
            #expect(try await village.names(in: meeting) == ["Star 8"])
        }
    }

    @Test("Where seats are limited, only whoever has one comes in", arguments: TestEngine.available)
    func seats(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let (_, meeting, people) = try await village.evening(members: 2) { $0.seats = 1 }
            for person in people { try await village.write(as: person) { _ = try Seat.ask(in: meeting, db: $0) } }
            try await village.come(to: meeting, as: people[0])
            await #expect(throws: Problem.conflict("video.no-seat")) {
                try await village.come(to: meeting, as: people[1])
            }
            try await village.come(to: meeting, as: village.ben)
        }
    }

    @Test("Coming in is arriving at the meeting, once; joined and left are kept", arguments: TestEngine.available)
    func arriving(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let (_, meeting, people) = try await village.evening(members: 2)
            try await village.come(to: meeting, as: village.ben)
            let stay = try await village.come(to: meeting, as: people[0])
            func arrivals() async throws -> [Instant?] {
                try await village.read(as: village.ben) {
                    try RunningMeeting.find(meeting, in: $0).guests.map(\.arrivedAt)
                }
            }
            #expect(try await arrivals() == [nil, nil], "at the door is not yet there")
            let entered = village.clock.now
            try await village.inRoom(of: meeting, as: village.ben) { try $0.admit(stay, in: $1) }
            village.clock.advance(seconds: 40)
            for _ in 1...2 {
                try await village.inRoom(of: meeting, as: people[0]) { try $0.leave(stay, in: $1) }
            }
            village.clock.advance(seconds: 10)
            try await village.come(to: meeting, as: people[0])
            #expect(try await arrivals() == [entered, nil])
            let history = try await village.read(as: village.ben) {
                try VideoRoom.find(meeting, in: $0).history(in: $0)
            }
            let hers = history.filter { $0.person == people[0].id }
            #expect(hers.map(\.enteredAt) == [entered, entered.adding(seconds: 51)])
            #expect(hers.map(\.leftAt) == [entered.adding(seconds: 40), nil])
            let events = try await village.platform.store.read { db in
                try db.value("SELECT count(*) FROM event WHERE kind = 'meeting.arrived'", as: Int.self)
            }
            #expect(events == 1)
        }
    }

    @Test("Removed, muted, ended for all and opened again", arguments: TestEngine.available)
    func leading(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let (_, meeting, people) = try await village.evening(members: 2)
            try await village.come(to: meeting, as: village.ben)
            try await village.inRoom(of: meeting, as: village.ben) { try $0.keepDoor(open: true, in: $1) }
            let (first, second) = (
                try await village.come(to: meeting, as: people[0]), try await village.come(to: meeting, as: people[1])
            )
            for act in [
                { @Sendable in try $0.remove(second, in: $1) }, { try $0.mute(second, in: $1) }, { try $0.end(in: $1) },
                { try $0.keepDoor(open: false, in: $1) }
            ] as [@Sendable (VideoRoom, Writing) throws -> Void] {
                await #expect(throws: Problem.notAllowed) {
                    try await village.inRoom(of: meeting, as: people[0], act)
                }
            }
            await #expect(throws: Problem.conflict("video.not-in")) {
                try await village.inRoom(of: meeting, as: village.bao) { try $0.mute(first, in: $1) }
            }
            try await village.inRoom(of: meeting, as: village.ben) { try $0.mute(first, in: $1) }
            try await village.inRoom(of: meeting, as: village.ben) { try $0.remove(second, in: $1) }
            // The door is open, and not for whoever was taken out.
            try await village.come(to: meeting, as: people[1])
            #expect(try await village.names(in: meeting, waiting: true) == ["Star 1"])
            try await village.inRoom(of: meeting, as: village.ben) { try $0.end(in: $1) }
            #expect(try await village.endings(in: meeting) == [.ended, .ended, .removed, .ended])
            await #expect(throws: Problem.conflict("video.over")) { try await village.come(to: meeting, as: people[0]) }
            try await village.come(to: meeting, as: village.ben)
            try await village.come(to: meeting, as: people[0])
            #expect(try await village.names(in: meeting) == [village.ben.name, "Star 0"])
        }
    }

    @Test("Where addresses are to be hidden and cannot be, nobody comes in", arguments: TestEngine.available)
    func relayOnly(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let (group, meeting, people) = try await village.evening(members: 2)
            var relayed = village
            var servers = VideoServers()
            servers.relay = .init(["turn:turn.example.org:3478"], secret: "north")
            relayed.platform = village.platform.meeting(through: servers)
            func set(_ isOn: Bool, _ scope: RelayRule.Scope, as neighbor: Village.Neighbor) async throws {
                for _ in 1...2 {
                    try await village.write(as: neighbor) { try RelayRule.set(isOn, for: scope, in: $0) }
                }
            }
            for (scope, neighbor) in [
                (RelayRule.Scope.house, village.ada), (.group(group), village.ana), (.person(people[0].id), people[0])
            ] {
                try await village.come(to: meeting, as: people[0])
                try await set(true, scope, as: neighbor)
                await #expect(throws: Problem.conflict("video.no-relay")) {
                    try await village.come(to: meeting, as: people[0])
                }
                try await relayed.come(to: meeting, as: people[0])
                try await set(false, scope, as: neighbor)
            }
            try await set(true, .person(people[0].id), as: people[0])
            for (person, isHidden) in zip(people, [true, false]) {
                let rule = try await relayed.read(as: person) { try VideoRoom.find(meeting, in: $0).relay }
                #expect(rule.isOn == isHidden, "one's own choice is for oneself")
            }
        }
    }
}
