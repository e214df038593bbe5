import Foundation
import KithTestSupport
import Storage
import Testing

@testable import Kith

@Suite("Running a meeting on one screen")
struct RunningMeetingTests {
    struct Evening {
        let group: Group
        let meeting: Meeting.ID
        let people: [Village.Neighbor]
    }

    /// A group facilitated by Ben and Bao, with so many members, half an hour before it meets.
    func evening(_ village: Village, members: Int, pair: Bool = false) async throws -> Evening {
        var people: [Village.Neighbor] = []
        if pair {
            _ = try await village.pair(sharing: true)
            people.append(village.cleo)
        }
        let group = try await village.group()
        while people.count < members { people.append(try await village.participant("Nia Number\(people.count)")) }
        for (index, person) in people.enumerated() {
            try await village.join(group, as: person, called: "Star \(index)")
        }
        let meeting = try await village.meeting(of: group, in: 3, minutes: 60)
        village.clock.advance(minutes: 150)
        return Evening(group: group, meeting: meeting, people: people)
    }

    func find(_ meeting: Meeting.ID, _ village: Village) async throws -> RunningMeeting {
        try await village.read(as: village.ben) { try RunningMeeting.find(meeting, in: $0) }
    }

    func start(_ meeting: Meeting.ID, _ village: Village, as neighbor: Village.Neighbor? = nil) async throws {
        try await village.write(as: neighbor ?? village.ben) { try RunningMeeting.find(meeting, in: $0).start(in: $0) }
    }

    func close(
        _ evening: Evening, _ village: Village, came: Int, note: String = "", keep: Bool = false, minutes: Int = 75
    ) async throws {
        let guests = try await find(evening.meeting, village).guests
        let closing = RunningMeeting.Closing(
            came: Set(guests.prefix(came).map(\.member)), outcomes: [guests[0].member: .leftEarly], minutes: minutes,
            note: note, keepsNames: keep)
        try await village.write(as: village.ben) { db in
            try RunningMeeting.find(evening.meeting, in: db).close(closing, in: db)
        }
    }

    /// What each place says of how many were there, and for how long: all must say the same.
    private struct Totals: Equatable {
        var attended = 0
        var contacts = 0
        var contactMinutes = 0
        var events = 0
        var hours: [String] = []
        var held = false

        init(_ meeting: Meeting.ID, in village: Village) async throws {
            let read = try await village.platform.store.read { db in
                (
                    try db.value(
                        "SELECT count(*) FROM meeting_attendance WHERE meeting_id = \(meeting) AND came", as: Int.self),
                    try db.value(
                        "SELECT count(*) FROM group_contact WHERE occasion_id = \(meeting.text)", as: Int.self),
                    try db.values(
                        "SELECT minutes FROM group_contact WHERE occasion_id = \(meeting.text)", as: Int.self),
                    try db.value("SELECT count(*) FROM event WHERE kind = 'encounter.done'", as: Int.self),
                    try db.all("SELECT person_id, minutes FROM facilitator_hours ORDER BY person_id") {
                        "\(try $0["person_id"] as String) \(try $0["minutes"] as Int)"
                    }, try db.value("SELECT state FROM meeting WHERE id = \(meeting)", as: String.self)
                )
            }
            (attended, contacts, contactMinutes, events) = (
                read.0 ?? -1, read.1 ?? -1, read.2.reduce(0, +), read.3 ?? -1
            )
            (hours, held) = (read.4, read.5 == "held")
        }

        static let nothing = [0, 0, 0, 0, 0]
        var numbers: [Int] { [attended, contacts, contactMinutes, events, hours.count] }
    }

    @Test("One form, and attendance, contacts and hours agree everywhere", arguments: TestEngine.available)
    func totals(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let evening = try await evening(village, members: 12)
            try await start(evening.meeting, village)
            village.clock.advance(minutes: 75)
            #expect(try await Totals(evening.meeting, in: village).numbers == Totals.nothing)
            #expect(try await find(evening.meeting, village).usualMinutes(at: village.clock.now) == 75)
            for _ in 1...2 { try await close(evening, village, came: 10) }
            let totals = try await Totals(evening.meeting, in: village)
            #expect(totals.numbers == [10, 10, 750, 10, 2] && totals.held)
            #expect(totals.hours == [village.ben.id, village.bao.id].map { "\($0) 75" }.sorted())
            let guests = try await find(evening.meeting, village).guests
            #expect(guests.map(\.came) == Array(repeating: true, count: 10) + [false, false])
            #expect(guests.compactMap(\.outcome).filter { $0 == .leftEarly }.count == 1)
            // Each reads their own, and whoever stayed away has none.
            let first = try #require(evening.people.first { $0.id == guests[0].person })
            let own = try await village.read(as: first) { try GroupContact.mine(in: $0) }
            #expect(own.map(\.outcome) == [.leftEarly] && own.map(\.minutes) == [75])
            let away = try #require(evening.people.first { $0.id == guests[11].person })
            let none = try await village.read(as: away) { try GroupContact.mine(in: $0) }
            #expect(none.isEmpty)
            #expect(try await village.orphans(of: Group.feature).isEmpty)
        }
    }

    @Test("It all happens or nothing does, wherever it breaks off", arguments: TestEngine.available)
    func whole(engine: TestEngine) async throws {
        struct Crash: Error {}
        try await withVillage(engine) { village in
            let evening = try await evening(village, members: 3, pair: true)
            try await start(evening.meeting, village)
            village.clock.advance(minutes: 60)
            var statement = 0
            while true {
                statement += 1
                var fragile = village
                let last = statement
                fragile.platform.beforeStatement = { if $0 == last { throw Crash() } }
                do {
                    try await close(evening, fragile, came: 2)
                    break
                } catch is Crash {
                    #expect(try await Totals(evening.meeting, in: village).numbers == Totals.nothing, "\(statement)")
                }
            }
            #expect(statement > 15, "it broke off in between")
            #expect(try await Totals(evening.meeting, in: village).numbers == [2, 2, 150, 2, 2])
        }
    }

    @Test("It begins with enough facilitators, about its time, by those it is for", arguments: TestEngine.available)
    func beginning(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let evening = try await evening(village, members: 3)
            for stranger in [village.cleo, evening.people[0], village.hillside.supporter] {
                await #expect(throws: Problem.notFound) { try await start(evening.meeting, village, as: stranger) }
            }
            let later = try await village.meeting(of: evening.group, in: 10)
            await #expect(throws: Problem.conflict("meeting.too-early")) { try await start(later, village) }
            try await village.write(as: village.ana) { [bao = village.bao.id] db in
                try db.run(
                    "DELETE FROM meeting_facilitator WHERE meeting_id = \(evening.meeting) AND person_id = \(bao)")
                db.record(Event(.meetingStaffed, of: evening.meeting.text))
            }
            await #expect(throws: Problem.conflict("meeting.too-few-facilitators")) {
                try await start(evening.meeting, village)
            }
            await #expect(throws: Problem.conflict("meeting.not-running")) {
                try await close(evening, village, came: 1)
            }
            try await village.write(as: village.ana) { [bao = village.bao.id] db in
                try db.run(
                    """
                    INSERT INTO meeting_facilitator (organization_id, meeting_id, person_id, is_cover)
                    VALUES (\(db.organization), \(evening.meeting), \(bao), FALSE)
                    """)
                db.record(Event(.meetingStaffed, of: evening.meeting.text))
            }
            for _ in 1...2 { try await start(evening.meeting, village) }
            #expect(try await find(evening.meeting, village).meeting.state == .running)
        }
    }

    @Test("People arrive by a tap or by the code, and only those of the group", arguments: TestEngine.available)
    func arriving(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let evening = try await evening(village, members: 3)
            try await start(evening.meeting, village)
            let code = try #require(try await find(evening.meeting, village).code)
            #expect(code.count == 6)
            let shown = " \(code.prefix(3).lowercased())-\(code.dropFirst(3)) "
            for _ in 1...2 {
                try await village.write(as: evening.people[0]) { try RunningMeeting.arrive(code: shown, in: $0) }
            }
            for (neighbor, typed) in [
                (village.cleo, code), (village.hillside.participant, code), (evening.people[1], "ABCDEF")
            ] {
                await #expect(throws: Problem.invalid("code", "not-this-code")) {
                    try await village.write(as: neighbor) { try RunningMeeting.arrive(code: typed, in: $0) }
                }
            }
            let second = try await find(evening.meeting, village).guests[1]
            func tap(_ isHere: Bool) async throws {
                try await village.write(as: village.bao) { db in
                    try RunningMeeting.find(evening.meeting, in: db).arrive(second.member, isHere: isHere, in: db)
                }
            }
            try await tap(true)
            var guests = try await find(evening.meeting, village).guests
            #expect(
                guests.map { $0.arrivedAt != nil } == [true, true, false]
                    && guests.map(\.usedCode) == [true, false, false])
            for _ in 1...2 { try await tap(false) }
            guests = try await find(evening.meeting, village).guests
            #expect(guests.map { $0.arrivedAt != nil } == [true, false, false])
            try await close(evening, village, came: 1)
            await #expect(throws: Problem.invalid("code", "not-this-code")) {
                try await village.write(as: evening.people[2]) { try RunningMeeting.arrive(code: code, in: $0) }
            }
        }
    }

    @Test("A note about the group that names somebody is asked about", arguments: TestEngine.available)
    func names(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let group = try await village.group()
            let zoe = try await village.participant("Zoë Ünal")
            try await village.join(group, as: zoe, called: "Blue Heron")
            let meeting = try await village.meeting(of: group, in: 1)
            try await start(meeting, village)
            let running = try await find(meeting, village)
            // What was typed, and never who goes by which nickname.
            for (text, typed) in [
                ("We heard ZOE.", "ZOE"), ("unal, again", "unal"), ("The blue  heron spoke", "blue heron"),
                ("zoë's story", "zoë")
            ] {
                #expect(running.names(in: text) == [typed], "\(text)")
            }
            #expect(running.names(in: "Zoe Ünal, zoe, Blue Heron") == ["Zoe", "Ünal", "zoe", "Blue Heron"])
            for text in ["", "We spoke about blue days and a heron's nest at the zoo", "Blueheron"] {
                #expect(running.names(in: text).isEmpty, "\(text)")
            }
            let evening = Evening(group: group, meeting: meeting, people: [zoe])
            await #expect(throws: Problem.invalid("note", "names-somebody")) {
                try await close(evening, village, came: 1, note: "Zoe led the round.")
            }
            try await close(evening, village, came: 1, note: "Zoe led the round.", keep: true)
            let kept = try await village.platform.store.read { db in
                try db.value("SELECT note FROM meeting_run", as: String.self)
            }
            #expect(kept?.contains("Zoe") == false, "it is kept encrypted")
        }
    }

    @Test("The referral of whoever is supported follows; who waits keeps their place", arguments: TestEngine.available)
    func referrals(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await village.pair(sharing: true)
            let waiting = try await village.readyReferral(of: village.cyrus).id
            let group = try await village.group()
            for person in [village.cleo, village.cyrus] { try await village.join(group, as: person) }
            let meeting = try await village.meeting(of: group, in: 1)
            try await start(meeting, village)
            let before = try await village.read(as: village.ana) { try Referral.find(waiting, in: $0) }
            village.clock.advance(minutes: 60)
            try await close(Evening(group: group, meeting: meeting, people: []), village, came: 2)
            let supported = try await village.referral(of: pair)
            #expect(supported.state == .attended)
            let after = try await village.read(as: village.ana) { try Referral.find(waiting, in: $0) }
            #expect(after.state == before.state && after.queue == before.queue)
            let told = try await village.platform.store.read { db in
                try db.values(
                    "SELECT referral_id FROM referral_notice WHERE change = 'first-contact'", as: Referral.ID.self)
            }
            #expect(Set(told) == [pair.referral, waiting])
        }
    }

    @Test("Where nobody came it did not take place, and the hours count all the same", arguments: TestEngine.available)
    func nobody(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let evening = try await evening(village, members: 2)
            try await start(evening.meeting, village)
            try await close(evening, village, came: 0, minutes: 15)
            #expect(try await Totals(evening.meeting, in: village).numbers == [0, 0, 0, 0, 2])
            #expect(try await find(evening.meeting, village).meeting.state == .notHeld)
        }
    }
}
