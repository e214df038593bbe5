import Foundation
import Kith
import Storage

/// A group of the demonstration: its kind, when it meets, and the nicknames of those who come.
struct GroupPart: Decodable, Sendable {
    let program: String
    let name: String
    let summary: String
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
        let people = try await people(part)
        let (kind, asked, recurring) = (type, plan, series)
        let group = try await act(coordinator, at: began) { db in
            let kind = try GroupType.find(
                GroupType.make(kind, agreements: part.agreements, for: program, in: db), in: db)
            let group = try Group.find(Group.make(asked, of: kind, in: db), in: db)
            for person in people.facilitators { try group.add(facilitator: person, isTrained: true, in: db) }
            if let cover = people.cover { try group.add(facilitator: cover, isCover: true, isTrained: true, in: db) }
            _ = try GroupSeries.set(recurring, for: group, in: db)
            try group.start(in: db)
            return try Group.find(group.id, in: db)
        }
        for (index, (nickname, person)) in zip(part.members, people.members).enumerated() {
            let moment = began.adding(hours: 3 + index * 17)
            let member = try await act(person, at: moment) { db in
                try GroupMember.join(
                    Group.find(code: group.code, in: db),
                    GroupMember.Application(nickname: nickname, agreements: 1), in: db)
            }
            // The last one still waits for a yes.
            if admission == .closed, index < part.members.count - 1 {
                try await act(coordinator, at: moment.adding(hours: 2)) { db in
                    try GroupMember.find(member, of: Group.find(group.id, in: db), in: db).admit(in: db)
                }
            }
        }
        try await sit(people.members.prefix(part.members.count), in: group)
    }

    /// Where seats are limited, each asks for one in the next meeting.
    private func sit(_ members: some Sequence<Person.ID>, in group: Group) async throws {
        guard group.plan.seats != nil else { return }
        for (index, person) in members.enumerated() {
            try await act(person, at: now.adding(minutes: -600 + index * 20)) { db in
                guard let next = try Meeting.coming(of: group, limit: 1, in: db).first else { return }
                try Seat.ask(in: next.id, db: db)
            }
        }
    }

    /// Supporters of the program, and people who take part in it and can sign in.
    private func people(
        _ part: GroupPart
    ) async throws -> (facilitators: [Person.ID], cover: Person.ID?, members: [Person.ID]) {
        let (organization, program) = (organization, try program(part.program))
        let (supporters, members) = try await platform.read(as: .system(organization), access: .anyone) { db in
            func holders(_ role: Role) -> SQL {
                """
                SELECT m.person_id FROM membership m
                JOIN account a ON a.organization_id = m.organization_id AND a.person_id = m.person_id
                WHERE m.organization_id = \(organization) AND m.program_id = \(program) AND m.role = \(role)
                AND m.ended_at IS NULL
                """
            }
            let members: SQL = """
                \(holders(.participant)) AND EXISTS (SELECT 1 FROM consent c WHERE c.organization_id = m.organization_id
                    AND c.person_id = m.person_id AND c.program_id = m.program_id AND c.purpose = 'take-part'
                    AND c.granted AND c.ended_at IS NULL AND c.given_at < \(now.adding(days: -24)))
                ORDER BY m.since DESC, m.person_id LIMIT 12
                """
            return (
                try db.values("\(holders(.supporter)) ORDER BY m.since, m.person_id LIMIT 6", as: Person.ID.self),
                try db.values(members, as: Person.ID.self)
            )
        }
        return (Array(supporters.prefix(part.facilitators)), supporters.dropFirst(part.facilitators).first, members)
    }
}
