import Foundation
import Kith
import Storage

/// A group of the demonstration: its kind, when it meets, and the nicknames of those who come.
struct GroupPart: Decodable, Sendable {
    let program: String
    let name: String
    let summary: String
    /// Whether it is for people who have lost somebody.
    let bereaved: Bool?
    let agenda: [String]
    let agreements: String
    let facilitators: Int
    let training: String?
    let least: Int
    let most: Int
    let setting: String
    let place: String?
    let address: String?
    let dialIn: String?
    let language: String
    let admission: String
    let membershipRule: String?
    let welcome: String?
    let seats: Int?
    /// 0 is Monday.
    let weekday: Int
    let time: String
    let minutes: Int
    let frequency: String
    let every: Int
    let members: [String]
}

/// A course of the demonstration; the text of a session by line.
struct CoursePart: Decodable, Sendable {
    struct Session: Decodable, Sendable {
        let title: String
        let text: [String]
    }

    let title: String
    let needed: Int
    let sessions: [Session]
}

extension Stage {
    /// Groups that began some weeks ago: a coordinator makes them, supporters facilitate them, and people who take part
    /// in the program join.
    func meet() async throws {
        for part in demonstration.groups { try await meet(part) }
        try await platform.dated(now.adding(minutes: -1)).planMeetings()
    }

    private func meet(_ part: GroupPart) async throws {
        let program = try program(part.program)
        guard let coordinator = coordinators[part.program]?.first?.person,
            let setting = Group.Setting(rawValue: part.setting), let time = TimeOfDay(part.time),
            let admission = Group.Admission(rawValue: part.admission),
            let frequency = GroupSeries.Plan.Frequency(rawValue: part.frequency)
        else { throw Fault("the group \(part.name) does not fit") }
        var type = GroupType.Plan(name: part.name, summary: part.summary)
        type.isForBereaved = part.bereaved ?? false
        (type.facilitators.count, type.facilitators.training) = (part.facilitators, part.training)
        (type.leastMembers, type.mostMembers, type.agenda) = (part.least, part.most, part.agenda)
        let zone = demonstration.house.organization.timeZone
        var plan = Group.Plan(name: part.name, timeZone: zone)
        (plan.setting, plan.admission, plan.language) = (setting, admission, part.language)
        (plan.place, plan.address, plan.dialIn) = (part.place, part.address, part.dialIn)
        (plan.membershipRule, plan.welcome, plan.seats) = (part.membershipRule, part.welcome, part.seats)
        let began = now.adding(days: -24)
        // What lies behind would want to be told of; so the meetings begin now.
        let today = LocalClock(zone: zone).day(of: now)
        let first = today.adding(days: 1 + (part.weekday - today.weekday + 6) % 7)
        var series = GroupSeries.Plan(startsOn: first, time: time)
        (series.minutes, series.frequency, series.every) = (part.minutes, frequency, part.every)
        let supporters = try await supporters(of: program)
        var founding = Founding(type, plan, agreements: part.agreements, by: coordinator, in: program)
        founding.facilitators = Array(supporters.prefix(part.facilitators))
        founding.cover = supporters.dropFirst(part.facilitators).first
        let recurring = series
        let group = try await found(founding, at: began) { _ = try GroupSeries.set(recurring, for: $0, in: $1) }
        let members = Array(try await participants(of: program, by: began).prefix(part.members.count))
        for (index, (nickname, person)) in zip(part.members, members).enumerated() {
            let moment = began.adding(hours: 3 + index * 17)
            let member = try await join(group, person, called: nickname, at: moment)
            // The last one still waits for a yes.
            if admission == .closed, index < part.members.count - 1 {
                try await act(coordinator, at: moment.adding(hours: 2)) { db in
                    try GroupMember.find(member, of: Group.find(group.id, in: db), in: db).admit(in: db)
                }
            }
        }
        try await sit(members, in: group)
    }

    /// Where seats are limited, each asks for one in the next meeting.
    private func sit(_ members: [Person.ID], in group: Group) async throws {
        guard group.plan.seats != nil else { return }
        for (index, person) in members.enumerated() {
            try await act(person, at: now.adding(minutes: -600 + index * 20)) { db in
                guard let next = try Meeting.coming(of: group, limit: 1, in: db).first else { return }
                try Seat.ask(in: next.id, db: db)
            }
        }
    }

    /// What people go by in the group that meets within the hour.
    private static let nicknames = [
        "Robin", "Heron", "Wren", "Finch", "Swift", "Lark", "Plover", "Kestrel", "Linnet", "Martin", "Siskin", "Avocet"
    ]

    /// A group that meets within the hour, in a room and by video, facilitated by the supporter whose sign-in is printed,
    /// and somebody else.
    func gather() async throws {
        guard let lead = SignIns.busiest(of: demonstration), let home = lead.programs.first,
            let coordinator = coordinators[home]?.first?.person,
            let other = demonstration.supporters.first(where: {
                $0.programs.contains(home) && $0.id != lead.id && $0.paused == nil
            })
        else { return }
        let program = try program(home)
        var kind = GroupType.Plan(name: "Caregivers meet", summary: "For people who look after somebody at home.")
        kind.agenda = ["Welcome and a round of names", "How was the week?", "One thing that helped", "Closing words"]
        let (began, begins) = (now.adding(days: -6), now.adding(minutes: 12))
        var plan = Group.Plan(name: "Evenings together", timeZone: demonstration.house.organization.timeZone)
        plan.course = try await write(demonstration.course, by: coordinator, for: program, at: began.adding(hours: -1))
        (plan.setting, plan.place, plan.dialIn) = (.mixed, "Community room, ground floor", "(410) 555-0137")
        let agreements = """
            What is said here stays here.
            Everybody may speak, nobody has to.
            We listen, and give advice only when asked.
            """
        var founding = Founding(kind, plan, agreements: agreements, by: coordinator, in: program)
        founding.facilitators = [try supporter(lead.id), try supporter(other.id)]
        let group = try await found(founding, at: began)
        for (nickname, person) in zip(Self.nicknames, try await participants(of: program, by: began)) {
            try await join(group, person, called: nickname, at: began.adding(hours: 2))
        }
        try await act(coordinator, at: began.adding(hours: 3)) { db in
            for week in 0..<4 {
                _ = try Meeting.plan(group, at: begins.adding(days: 7 * week), minutes: 90, in: db)
            }
        }
    }

    /// A course with its sessions.
    private func write(
        _ part: CoursePart, by coordinator: Person.ID, for program: Program.ID, at moment: Instant
    ) async throws -> Course.ID {
        try await act(coordinator, at: moment) { db in
            let id = try Course.make(Course.Plan(title: part.title, needed: part.needed), for: program, in: db)
            for session in part.sessions {
                let content = Course.Session.Content(title: session.title, text: session.text.joined(separator: "\n"))
                try Course.find(id, in: db).add(content, in: db)
            }
            return id
        }
    }

    /// What a group is made of.
    private struct Founding: Sendable {
        let type: GroupType.Plan
        let plan: Group.Plan
        let agreements: String
        let coordinator: Person.ID
        let program: Program.ID
        var facilitators: [Person.ID] = []
        var cover: Person.ID?

        init(
            _ type: GroupType.Plan, _ plan: Group.Plan, agreements: String, by coordinator: Person.ID,
            in program: Program.ID
        ) {
            (self.type, self.plan, self.agreements) = (type, plan, agreements)
            (self.coordinator, self.program) = (coordinator, program)
        }
    }

    /// A coordinator makes a group of a kind of its own, and it begins.
    private func found(
        _ founding: Founding, at moment: Instant,
        planning: @escaping @Sendable (Group, Writing) throws -> Void = { _, _ in }
    ) async throws -> Group {
        try await act(founding.coordinator, at: moment) { db in
            let type = try GroupType.find(
                GroupType.make(founding.type, agreements: founding.agreements, for: founding.program, in: db), in: db)
            let group = try Group.find(Group.make(founding.plan, of: type, in: db), in: db)
            for person in founding.facilitators { try group.add(facilitator: person, isTrained: true, in: db) }
            if let cover = founding.cover { try group.add(facilitator: cover, isCover: true, isTrained: true, in: db) }
            try planning(group, db)
            try group.start(in: db)
            return try Group.find(group.id, in: db)
        }
    }

    @discardableResult
    private func join(
        _ group: Group, _ person: Person.ID, called nickname: String, at moment: Instant
    ) async throws -> GroupMember.ID {
        try await act(person, at: moment) { db in
            try GroupMember.join(
                Group.find(code: group.code, in: db), GroupMember.Application(nickname: nickname, agreements: 1), in: db
            )
        }
    }

    /// Supporters of a program who can sign in, the longest there first.
    func supporters(of program: Program.ID) async throws -> [Person.ID] {
        let signedIn = signedIn(to: program, as: .supporter)
        return try await platform.store.read {
            try $0.values("\(signedIn) ORDER BY m.since, m.person_id LIMIT 6", as: Person.ID.self)
        }
    }

    /// People who take part in a program, said so before a moment, and can sign in; the newest first.
    func participants(of program: Program.ID, by moment: Instant) async throws -> [Person.ID] {
        let signedIn = signedIn(to: program, as: .participant)
        return try await platform.store.read { db in
            try db.values(
                """
                \(signedIn) AND EXISTS (SELECT 1 FROM consent c WHERE c.organization_id = m.organization_id
                    AND c.person_id = m.person_id AND c.program_id = m.program_id AND c.purpose = 'take-part'
                    AND c.granted AND c.ended_at IS NULL AND c.given_at < \(moment))
                ORDER BY m.since DESC, m.person_id LIMIT 12
                """, as: Person.ID.self)
        }
    }

    private func signedIn(to program: Program.ID, as role: Role) -> SQL {
        """
        SELECT m.person_id FROM membership m JOIN account a ON a.organization_id = m.organization_id
            AND a.person_id = m.person_id AND a.disabled_at IS NULL
        WHERE m.organization_id = \(organization) AND m.program_id = \(program) AND m.role = \(role)
        AND m.ended_at IS NULL
        """
    }
}
