import KithTestSupport
import Storage
import Testing

@testable import Kith

extension RunningMeetingTests {
    @Test("Whoever arrives after the form was loaded counts as come", arguments: TestEngine.available)
    func late(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let evening = try await evening(village, members: 3)
            try await start(evening.meeting, village)
            let code = try #require(try await find(evening.meeting, village).code)
            @Sendable func scan(_ person: Village.Neighbor) async throws {
                try await village.write(as: person) { try RunningMeeting.arrive(code: code, in: $0) }
            }
            try await scan(evening.people[0])
            village.clock.advance(minutes: 50)
            let (seen, guests) = (village.clock.now, try await find(evening.meeting, village).guests)
            village.clock.advance(minutes: 1)
            try await scan(evening.people[1])
            // Who came early and is not checked was taken out on purpose.
            let closing = RunningMeeting.Closing(came: [guests[2].member], minutes: 50, seen: seen)
            try await village.write(as: village.ben) {
                try RunningMeeting.find(evening.meeting, in: $0).close(closing, in: $0)
            }
            #expect(try await find(evening.meeting, village).guests.map(\.came) == [false, true, true])
        }
    }

    @Test("Who was there stays so, whoever leaves or joins later", arguments: TestEngine.available)
    func attendance(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let evening = try await evening(village, members: 3)
            try await start(evening.meeting, village)
            try await close(evening, village, came: 2)
            let id = evening.group.id
            for person in evening.people.prefix(2) {
                try await village.write(as: person) { db in
                    try #require(try GroupMember.mine(in: id, db: db)).leave(in: db)
                }
            }
            // Back again under another name, and somebody new.
            try await village.join(evening.group, as: evening.people[0], called: "Moon")
            try await village.join(evening.group, as: village.participant("Late Larry"), called: "Comet")
            let guests = try await find(evening.meeting, village).guests
            #expect(guests.map(\.nickname) == ["Moon", "Star 1", "Star 2"])
            #expect(guests.map(\.came) == [true, true, false])
        }
    }

    @Test("The note is read by those who lead or look after the group", arguments: TestEngine.available)
    func note(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let evening = try await evening(village, members: 2)
            try await start(evening.meeting, village)
            #expect(try await find(evening.meeting, village).note == nil)
            try await close(evening, village, came: 2, note: "We spoke about sleep.\nAnd about <rest>.")
            for reader in [village.ben, village.bao, village.ana, village.sam] {
                let note = try await village.read(as: reader) { try RunningMeeting.find(evening.meeting, in: $0).note }
                #expect(note == "We spoke about sleep.\nAnd about <rest>.", "\(reader.name)")
            }
            try await village.browsing { browser async throws -> Void in
                let path = "/meetings/\(evening.meeting)/running"
                #expect(try await browser(village.bao).get(path).text.contains("And about &lt;rest&gt;."))
                let member = try await browser(evening.people[0]).get("/meetings/\(evening.meeting)").text
                #expect(!member.contains("sleep"))
            }
        }
    }

    @Test("Closing takes no more statements for more people whose support goes on", arguments: TestEngine.available)
    func statements(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await village.pair(sharing: true)
            let group = try await village.group()
            try await village.join(group, as: village.cleo)
            var taken: [Int] = []
            for round in 0..<3 {
                if round == 2 {
                    for number in 1...8 {
                        try await village.join(group, as: village.participant("Nia Number\(number)"))
                    }
                }
                let meeting = try await village.meeting(of: group, in: 1)
                try await start(meeting, village)
                village.clock.advance(hours: 2)
                let came = Set(try await find(meeting, village).guests.map(\.member))
                let due = try await village.referral(of: pair).due
                try await village.write(as: village.ben) {
                    try RunningMeeting.find(meeting, in: $0).close(
                        RunningMeeting.Closing(came: came, minutes: 60), in: $0)
                }
                taken.append(village.ledger.last)
                let after = try await village.referral(of: pair)
                #expect(after.queue == .support)
                #expect(try #require(after.due) > (try #require(due)), "its clock began anew")
            }
            // The first time the referral moves on; from then on only its clock does.
            #expect(taken[1] < taken[0] && taken[1] == taken[2], "\(taken)")
        }
    }
}
