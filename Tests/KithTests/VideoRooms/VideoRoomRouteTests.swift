import Foundation
import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing
import Web

@testable import Kith

@Suite("What browsers are told of a room", .timeLimit(.minutes(35)))
struct VideoRoomRouteTests {
    private static func relayed(_ village: Village) -> Village {
        var relayed = village
        var servers = VideoServers()
        servers.finders = ["stun:turn.example.org:3478"]
        servers.relay = .init(["turn:turn.example.org:3478"], secret: "north")
        servers.jitsi = Jitsi("https://meet.example.org", app: "kith", secret: "s")
        relayed.platform = village.platform.meeting(through: servers)
        return relayed
    }

    private static func events(_ meeting: Meeting.ID, _ stay: VideoStay.ID) -> String {
        "/meetings/\(meeting)/room/events?stay=\(stay)"
    }

    @Test(
        "Whoever waits hears nothing of the others; once in, who is there and how to reach them",
        arguments: TestEngine.available)
    func waiting(engine: TestEngine) async throws {
        try await withVillage(engine) { bare in
            let village = Self.relayed(bare)
            let (_, meeting, people) = try await village.evening(members: 2)
            let ben = try await village.come(to: meeting, as: village.ben)
            let stay = try await village.come(to: meeting, as: people[0])
            try await village.serving { port in
                var hers = try await EventReader(Self.events(meeting, stay), on: port, as: people[0])
                var first = await hers.next()
                #expect(first?.name == "room" && first?.data.contains("\"isIn\":false") == true)
                for secret in [village.ben.name, ben.text, "turn"] {
                    #expect(first?.data.contains(secret) == false, "\(secret)")
                }
                var his = try await EventReader(Self.events(meeting, ben), on: port, as: village.ben)
                #expect(await his.next()?.name == "servers")
                #expect(await his.next()?.data.contains("Star 0") == true)
                try await village.inRoom(of: meeting, as: village.ben) { try $0.admit(stay, in: $1) }
                first = await hers.next()
                #expect(first?.name == "servers")
                let servers = first?.data ?? ""
                #expect(servers.contains("\"iceTransportPolicy\":\"all\""))
                #expect(servers.contains(":\(stay)\"") && servers.contains("turn:turn.example.org:3478"))
                #expect(await hers.next()?.data.contains(village.ben.name) == true)
                // Who wants no other browser to learn their address is told to use the relay alone, and nobody else is.
                let hidden = people[1]
                try await village.write(as: hidden) { try RelayRule.set(true, for: .person(hidden.id), in: $0) }
                let third = try await village.come(to: meeting, as: hidden)
                try await village.inRoom(of: meeting, as: village.ben) { try $0.admit(third, in: $1) }
                for (stay, person, policy) in [(third, hidden, "relay"), (stay, people[0], "all")] {
                    var reader = try await EventReader(Self.events(meeting, stay), on: port, as: person)
                    let servers = await reader.first("servers") { _ in true }
                    #expect(servers?.data.contains("\"iceTransportPolicy\":\"\(policy)\"") == true, "\(person.name)")
                    reader.close()
                }
                // Nobody listens in somebody else's place.
                let other = try await EventReader(Self.events(meeting, stay), on: port, as: people[1])
                let stranger = try await EventReader(Self.events(meeting, stay), on: port, as: village.cleo)
                #expect(other.status == 404 && stranger.status == 404)
                for reader in [hers, his, other, stranger] { reader.close() }
            }
        }
    }

    @Test(
        "What one browser says reaches the other, sealed on the way, and nobody else", arguments: TestEngine.available)
    func signals(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let (_, meeting, people) = try await village.evening(members: 2)
            let ben = try await village.come(to: meeting, as: village.ben)
            let stay = try await village.come(to: meeting, as: people[0])
            let outside = try await village.come(to: meeting, as: people[1])
            try await village.inRoom(of: meeting, as: village.ben) { try $0.admit(stay, in: $1) }
            let path = "/meetings/\(meeting)/room/signals"
            let text = #"[{"candidate":{"candidate":"candidate:1 1 udp 1 192.0.2.77 9 typ host"}}]"#
            try await village.browsing { browser async throws -> Void in
                func send(_ from: VideoStay.ID, _ to: VideoStay.ID, as neighbor: Village.Neighbor) async throws -> Int {
                    try await browser(neighbor).post(path, ["stay": from.text, "to": to.text, "text": text]).status.code
                }
                #expect(try await send(stay, ben, as: people[0]) == 204)
                #expect(try await send(ben, stay, as: people[0]) == 404, "not in somebody else's name")
                #expect(try await send(stay, outside, as: people[0]) == 404, "not to whoever waits")
                #expect(try await send(outside, ben, as: people[1]) == 404, "not from the door")
                #expect(try await send(stay, ben, as: village.cleo) == 404)
            }
            let kept = try await village.platform.store.read { db in
                try db.values("SELECT body FROM video_signal", as: String.self)
            }
            #expect(kept.count == 1 && !kept[0].contains("192.0.2.77"))
            try await village.serving { port in
                var his = try await EventReader(Self.events(meeting, ben), on: port, as: village.ben)
                let heard = await his.first("signal") { _ in true }
                #expect(heard?.text("from") == stay.text && heard?.text("text") == text && heard?.id == "1")
                try await village.inRoom(of: meeting, as: village.ben) { try $0.mute(stay, in: $1) }
                var hers = try await EventReader(Self.events(meeting, stay), on: port, as: people[0])
                #expect(await hers.first("mute") { _ in true }?.text("from") == ben.text)
                for reader in [his, hers] { reader.close() }
            }
            try await village.inRoom(of: meeting, as: village.ben) { try $0.end(in: $1) }
            let left = try await village.platform.store.read { db in
                try db.value("SELECT count(*) FROM video_signal", as: Int.self)
            }
            #expect(left == 0)
        }
    }

    @Test(
        "What was said is gone two minutes later, and when either of them leaves the group",
        arguments: TestEngine.available)
    func forgetting(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let (_, meeting, people) = try await village.evening(members: 1)
            let ben = try await village.come(to: meeting, as: village.ben)
            let stay = try await village.come(to: meeting, as: people[0])
            try await village.inRoom(of: meeting, as: village.ben) { try $0.admit(stay, in: $1) }
            func say() async throws -> Int {
                try await village.platform.signal("hello", from: ben, to: stay, in: meeting, as: village.ben.credential)
                return try await village.count("SELECT count(*) FROM video_signal")
            }
            #expect(try await say() == 1)
            for _ in 1...3 {
                village.clock.advance(seconds: 40)
                for (stay, person) in [(ben, village.ben), (stay, people[0])] {
                    try await village.platform.notePulse(of: stay, in: meeting, as: person.credential)
                }
            }
            village.clock.advance(seconds: 1)
            let heard = try await village.read(as: people[0]) { db in
                let room = try VideoRoom.find(meeting, in: db)
                return try VideoSignal.all(to: room.mine(stay, in: db), after: 0, in: room, db).count
            }
            #expect(heard == 0, "nobody hears what is old")
            try await village.platform.closeVideoRooms()
            #expect(try await village.count("SELECT count(*) FROM video_signal") == 0)
            #expect(try await say() == 1)
            try await village.leave(people[0])
            #expect(try await village.count("SELECT count(*) FROM video_signal") == 0)
        }
    }

    @Test(
        "Whoever is taken out, leaves the group, or whose meeting ends hears so within a second",
        arguments: TestEngine.available)
    func over(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let (_, meeting, people) = try await village.evening(members: 4)
            try await village.come(to: meeting, as: village.ben)
            try await village.inRoom(of: meeting, as: village.ben) { try $0.keepDoor(open: true, in: $1) }
            var stays: [VideoStay.ID] = []
            for person in people { stays.append(try await village.come(to: meeting, as: person)) }
            let all = stays
            // On PostgreSQL everybody listens at another process than the one where it happens.
            let served =
                engine == .postgres ? try await village.inAnotherProcess(lookingEvery: .seconds(600)) : village
            try await served.serving { port in
                func end(
                    _ index: Int, _ reason: String, _ act: () async throws -> Void
                ) async throws {
                    var reader = try await EventReader(Self.events(meeting, all[index]), on: port, as: people[index])
                    #expect(await reader.first("room") { $0.data.contains("\"isIn\":true") } != nil)
                    let before = ContinuousClock.now
                    try await act()
                    let over = await reader.first("over") { _ in true }
                    #expect(over?.text("reason") == reason, "\(index)")
                    #expect(ContinuousClock.now - before < .seconds(1.5), "\(reason)")
                    #expect(await reader.next() == nil)
                }
                try await end(0, "removed") {
                    try await village.inRoom(of: meeting, as: village.ben) { try $0.remove(all[0], in: $1) }
                }
                try await end(1, "removed") { try await village.leave(people[1]) }
                try await end(2, "elsewhere") { try await village.come(to: meeting, as: people[2]) }
                try await end(3, "ended") {
                    try await village.write(as: village.ben) { try Meeting.find(meeting, in: $0).cancel(in: $0) }
                }
            }
            #expect(try await village.endings(in: meeting).allSatisfy { $0 != nil })
        }
    }

    @Test("The page says when it opens, what to do without scripts, and lets this one page use a camera")
    func page() async throws {
        try await withVillage(.sqlite) { bare in
            let village = Self.relayed(bare)
            let (group, meeting, people) = try await village.evening(members: 1) { $0.dialIn = "(410) 555-0137" }
            let later = try await village.meeting(of: group, in: 5)
            let linked = try await village.group {
                ($0.name, $0.setting, $0.address) = ("By link", .online, "https://meet.example.org/table")
            }
            try await village.join(linked, as: people[0], called: "Wren")
            let call = try await village.soon(linked)
            try await village.browsing { browser async throws -> Void in
                let hers = browser(people[0])
                let page = try await hers.get("/meetings/\(meeting)/room")
                #expect(page.headers[.permissionsPolicy]?.contains("camera=(self)") == true)
                #expect(page.headers[.permissionsPolicy]?.contains("geolocation=()") == true)
                #expect(page.text.contains("Your browser runs no scripts here") && page.text.contains("tel:4105550137"))
                #expect(page.text.contains("Hide my address") && !page.text.contains("id=\"end\""))
                #expect(try await hers.get("/meetings/\(meeting)").text.contains("/meetings/\(meeting)/room"))
                #expect(try await hers.get("/home").headers[.permissionsPolicy]?.contains("camera=()") == true)
                let early = try await hers.get("/meetings/\(later)/room").text
                #expect(early.contains("The room opens on") && !early.contains("room.js"))
                #expect(try await browser(village.ben).get("/meetings/\(meeting)/room").text.contains("id=\"end\""))
                #expect(try await browser(village.cleo).get("/meetings/\(meeting)/room").status == .notFound)
                // A link to the house's own Jitsi server goes through Kith, which gives each a token.
                #expect(try await hers.get("/meetings/\(call)").text.contains("href=\"/meetings/\(call)/call\""))
                #expect(try await !hers.get("/groups/\(linked.id)").text.contains("https://meet.example.org"))
                let led = try await browser(village.ben).get("/meetings/\(call)/call").location ?? ""
                let way = try await hers.get("/meetings/\(call)/call").location ?? ""
                #expect(way.hasPrefix("https://meet.example.org/table?jwt=ey") && led != way)
                #expect(try await browser(village.cleo).get("/meetings/\(call)/call").status == .notFound)
                #expect(try await hers.get("/meetings/\(call)/room").status == .notFound)
            }
        }
    }
}
