import KithTestSupport
import Storage
import Testing

@testable import Kith

@Suite("What groups keep about somebody")
struct GroupRecordTests {
    /// Cleo is in one group, came to a meeting of it, and waits for a place in another.
    private func groups(_ village: Village) async throws {
        let group = try await village.group()
        try await village.takesPart(village.cleo)
        try await village.join(group, as: village.cleo, called: "Heron")
        let other = try await village.group {
            ($0.name, $0.admission, $0.membershipRule) = ("Small circle", .closed, "For some.")
        }
        try await village.write(as: village.cleo) { db in
            _ = try GroupMember.join(
                Group.find(code: other.code, in: db),
                GroupMember.Application(nickname: "Wren", agreements: 1, words: "My mother died in May"), in: db)
        }
        let meeting = try await village.meeting(of: group, in: 1)
        try await village.write(as: village.ben) { try RunningMeeting.find(meeting, in: $0).start(in: $0) }
        try await village.write(as: village.ben) { db in
            let running = try RunningMeeting.find(meeting, in: db)
            let member = running.guests[0].member
            try running.arrive(member, in: db)
            try running.close(
                RunningMeeting.Closing(came: [member], outcomes: [member: .wasQuiet], minutes: 60), in: db)
        }
    }

    @Test("It stands in the copy and on the page of who can see what", arguments: TestEngine.available)
    func told(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await groups(village)
            let words = village.platform.words(in: "en")
            let text = try await village.read(as: village.cleo) { try PersonCopy(of: $0.me, in: $0) }.text(words)
            for part in ["Tuesday evenings", "Heron", "Small circle", "Wren", "My mother died in May", "Was quiet"] {
                #expect(text.contains(part), "\(part)")
            }
            let seen = try await village.read(as: village.cleo) { try Circumstances(of: $0.me, in: $0) }
            #expect(seen.refusal(of: .groups, to: village.ana.id) == nil)
            for neighbor in [village.ben, village.sam, village.ada, village.dana, village.cyrus] {
                #expect(seen.refusal(of: .groups, to: neighbor.id) != nil, "\(neighbor.name)")
            }
            try await village.browsing { browser async throws -> Void in
                let page = try await browser(village.cleo).get("/privacy/items/groups").text
                for part in ["Tuesday evenings", "Heron", "My mother died in May", village.ana.name] {
                    #expect(page.contains(part), "\(part)")
                }
                #expect(!page.contains(village.sam.name))
            }
        }
    }

    @Test("Erased, nobody reads under which name somebody came, when, and how it was", arguments: TestEngine.available)
    func erased(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await groups(village)
            func left() async throws -> [Int] {
                [
                    try await village.count("SELECT count(*) FROM group_contact WHERE outcome <> 'took-part'"),
                    try await village.count(
                        "SELECT count(*) FROM meeting_attendance WHERE outcome IS NOT NULL OR arrived_at IS NOT NULL"),
                    try await village.count("SELECT count(*) FROM group_member WHERE nickname IS NOT NULL")
                ]
            }
            #expect(try await left() == [1, 1, 2])
            _ = try await village.platform.erase(village.cleo.id, of: village.riverside.organization)
            #expect(try await left() == [0, 0, 0])
            #expect(
                try await village.count("SELECT count(*) FROM meeting_attendance WHERE came") == 1, "the count stays")
            let meeting = try await village.platform.store.read {
                try $0.value("SELECT meeting_id FROM meeting_attendance", as: Meeting.ID.self)
            }
            try await village.browsing { browser async throws -> Void in
                let page = try await browser(village.ben).get("/meetings/\(try #require(meeting))/running").text
                #expect(page.contains("Somebody whose record was erased") && !page.contains("Heron"))
            }
            let orphans = try await village.orphans(of: Group.feature)
            #expect(orphans == [:])
        }
    }
}
