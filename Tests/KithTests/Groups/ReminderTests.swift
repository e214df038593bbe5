import KithTestSupport
import Storage
import Testing

@testable import Kith

@Suite("Reminders of meetings")
struct ReminderTests {
    /// Nia, who is in a group that meets in 48 hours, wants to be told an hour before and can be told by mail.
    private struct Evening: Sendable {
        let village: Village
        let group: Group
        let meeting: Meeting.ID
        let nia: Village.Neighbor
        let postbox = Postbox()

        init(in village: Village, minutes: Int? = 60, change: (inout Group.Plan) -> Void = { _ in }) async throws {
            self.village = village.carrying()
            group = try await village.group(change: change)
            nia = try await village.participant("Nia Nash")
            try await village.join(group, as: nia, called: "Heron")
            try await village.answer(.contactByEmail, yes: true, as: nia)
            try await village.reachByMail(nia, at: "nia@home.example")
            meeting = try await village.meeting(of: group)
            try await choose(minutes)
        }

        func choose(_ minutes: Int?) async throws {
            try await village.write(as: nia) { [id = group.id] db in
                try #require(try GroupMember.mine(in: id, db: db)).change(
                    nickname: "Heron", reminder: minutes, in: db)
            }
        }

        /// The letters there are after some time, in which it was looked every so often.
        func letters(after minutes: Int) async throws -> [Letter] {
            village.clock.advance(minutes: minutes)
            for _ in 1...2 {
                try await village.platform.remindOfMeetings()
                await village.workOff(into: postbox)
            }
            return postbox.letters
        }

        func move(by hours: Int) async throws {
            try await village.write(as: village.ben) { [meeting] db in
                let found = try Meeting.find(meeting, in: db)
                let change = Meeting.Change(startsAt: found.startsAt.adding(hours: hours), minutes: found.minutes)
                try found.move(to: change, in: db)
            }
        }
    }

    @Test("Each member is told once, as long before as they chose, in neutral words", arguments: TestEngine.available)
    func once(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let evening = try await Evening(in: village)
            let noor = try await village.participant("Noor Nasr")
            try await village.join(evening.group, as: noor, called: "Robin")
            try await village.answer(.contactByEmail, yes: true, as: noor)
            try await village.reachByMail(noor, at: "noor@home.example")
            #expect(try await evening.letters(after: 46 * 60 + 59).isEmpty, "it is not time")
            let letters = try await evening.letters(after: 1)
            #expect(letters.map(\.address) == ["nia@home.example"], "Noor asked for none")
            let said = letters.map { "\($0.senderName) \($0.subject) \($0.text)" }.joined().lowercased()
            #expect(said.contains("there is something new for you"))
            for word in ["tuesday", "meeting", "group", "riverside", "heron", "nia nash", "remind"] {
                #expect(!said.contains(word), "\(word)")
            }
            #expect(try await evening.letters(after: 30).count == 1)
            #expect(try await evening.letters(after: 60).count == 1, "it has begun")
            #expect(try await village.orphans(of: OutgoingMessage.feature) == [:])
        }
    }

    @Test("Of a meeting that was moved they are told anew, and not before it is time", arguments: TestEngine.available)
    func moved(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let evening = try await Evening(in: village)
            #expect(try await evening.letters(after: 47 * 60).count == 1)
            try await evening.move(by: 24)
            // That it was moved is told besides.
            #expect(try await evening.letters(after: 5).count == 2)
            #expect(try await evening.letters(after: 24 * 60 - 6).count == 2)
            #expect(try await evening.letters(after: 1).count == 3)
        }
    }

    @Test("What waits for somebody's hours is dropped when the meeting moves away", arguments: TestEngine.available)
    func waiting(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            // It begins at nine in the morning; the day before at nine Nia is not to be reached until noon.
            let evening = try await Evening(in: village, minutes: 1_440)
            try await village.write(as: evening.nia) { db in
                let noon = ContactPreference(
                    way: .email, timeZone: "America/New_York", hours: ContactHours(from: 720, until: 1_200))
                try noon.set(for: db.me, of: db.organization, in: db)
            }
            #expect(try await evening.letters(after: 24 * 60).isEmpty)
            #expect(try await village.count("SELECT count(*) FROM outgoing_message WHERE notice = 'reminder'") == 1)
            try await village.write(as: village.ben) { [meeting = evening.meeting] in
                let found = try Meeting.find(meeting, in: $0)
                try found.move(
                    to: Meeting.Change(startsAt: found.startsAt.adding(hours: 24), minutes: 60), in: $0)
            }
            #expect(try await evening.letters(after: 181).map(\.address) == [], "it is a day further away")
            #expect(try await village.count("SELECT count(*) FROM outgoing_message WHERE notice = 'reminder'") == 0)
            #expect(try await evening.letters(after: 24 * 60).count == 1, "at noon of the day before")
        }
    }

    @Test("Nobody is told who is not to be, or of what does not take place", arguments: TestEngine.available, 0..<6)
    func silent(engine: TestEngine, reason: Int) async throws {
        try await withVillage(engine) { village in
            let evening = try await Evening(in: village) { $0.seats = reason == 5 ? 3 : nil }
            let (group, nia) = (evening.group.id, evening.nia)
            switch reason {
            case 0: try await village.write(as: nia) { try Person.stopContact(in: $0) }
            case 1:
                try await village.write(as: nia) {
                    try ContactPreference(
                        way: .email, timeZone: "UTC", hours: .always, unwanted: [.reminder]
                    ).set(for: $0.me, of: $0.organization, in: $0)
                }
            case 2:
                try await village.write(as: village.ben) { try Meeting.find(evening.meeting, in: $0).cancel(in: $0) }
            case 3:
                try await village.write(as: nia) { db in
                    try #require(try GroupMember.mine(in: group, db: db)).leave(in: db)
                }
            case 4: try await evening.choose(nil)
            default: break  // They have no seat in it.
            }
            #expect(try await evening.letters(after: 47 * 60 + 1).isEmpty)
            guard reason == 5 else { return }
            try await village.write(as: nia) { _ = try Seat.ask(in: evening.meeting, db: $0) }
            #expect(try await evening.letters(after: 1).count == 1)
        }
    }

    @Test("Whoever chooses it within that time is not told of what they see anyway", arguments: TestEngine.available)
    func choosing(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let evening = try await Evening(in: village, minutes: nil)
            _ = try await evening.letters(after: 30 * 60)
            try await evening.choose(1_440)
            #expect(try await evening.letters(after: 60).isEmpty)
            let next = try await village.meeting(of: evening.group, in: 72)
            #expect(try await evening.letters(after: 48 * 60).count == 1, "\(next): of the next one they are")
        }
    }

    @Test("Whoever corrects it to a later time is reminded then", arguments: TestEngine.available)
    func correcting(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let evening = try await Evening(in: village, minutes: nil)
            _ = try await evening.letters(after: 30 * 60)
            try await evening.choose(1_440)
            try await evening.choose(60)
            #expect(try await evening.letters(after: 16 * 60 + 59).isEmpty)
            #expect(try await evening.letters(after: 1).count == 1)
            #expect(try await evening.letters(after: 30).count == 1)
        }
    }

    @Test("Whoever was in a group that ends is told once that their calendar changed", arguments: TestEngine.available)
    func ending(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let evening = try await Evening(in: village)
            _ = try await evening.village.meeting(of: evening.group, in: 72)
            #expect(try await evening.letters(after: 5).isEmpty)
            try await evening.village.write(as: village.ana) { [id = evening.group.id] db in
                try Group.find(id, in: db).end(in: db)
            }
            #expect(try await evening.letters(after: 5).map(\.address) == ["nia@home.example"])
            #expect(try await evening.letters(after: 72 * 60).count == 1, "and is not reminded of what was called off")
        }
    }
}
