import Kith
import Storage

extension Stage {
    /// What people of the group go by.
    private static let nicknames = [
        "Robin", "Heron", "Wren", "Finch", "Swift", "Lark", "Plover", "Kestrel", "Linnet", "Martin", "Siskin", "Avocet"
    ]

    /// A group that meets within the hour, in a room and by video, facilitated by the supporter whose sign-in is printed, and somebody else.
    func gather() async throws {
        guard let lead = SignIns.busiest(of: demonstration), let home = lead.programs.first,
            let coordinator = coordinators[home]?.first?.person,
            let other = demonstration.supporters.first(where: {
                $0.programs.contains(home) && $0.id != lead.id && $0.paused == nil
            })
        else { return }
        let (program, zone) = (try program(home), demonstration.house.organization.timeZone)
        let facilitators = [try supporter(lead.id), try supporter(other.id)]
        let (began, begins) = (now.adding(days: -6), now.adding(minutes: 12))
        let group = try await act(coordinator, at: began) { db in
            var kind = GroupType.Plan(name: "Caregivers meet", summary: "For people who look after somebody at home.")
            kind.agenda = [
                "Welcome and a round of names", "How was the week?", "One thing that helped", "Closing words"
            ]
            let agreements = """
                What is said here stays here.
                Everybody may speak, nobody has to.
                We listen, and give advice only when asked.
                """
            let type = try GroupType.find(GroupType.make(kind, agreements: agreements, for: program, in: db), in: db)
            var plan = Group.Plan(name: "Evenings together", timeZone: zone)
            (plan.setting, plan.place, plan.dialIn) = (.mixed, "Community room, ground floor", "(410) 555-0137")
            let group = try Group.find(Group.make(plan, of: type, in: db), in: db)
            for person in facilitators { try group.add(facilitator: person, isTrained: true, in: db) }
            try group.start(in: db)
            return try Group.find(group.id, in: db)
        }
        try await join(group, of: program, at: began.adding(hours: 2))
        try await act(coordinator, at: began.adding(hours: 3)) { db in
            for week in 0..<4 {
                _ = try Meeting.plan(group, at: begins.adding(days: 7 * week), minutes: 90, in: db)
            }
        }
    }

    /// The first twelve who have an account and take part.
    private func join(_ group: Group, of program: Program.ID, at moment: Instant) async throws {
        let house = organization
        let people = try await platform.store.read { db in
            try db.values(
                """
                SELECT m.person_id FROM membership m JOIN account a ON a.organization_id = m.organization_id
                    AND a.person_id = m.person_id AND a.disabled_at IS NULL
                WHERE m.organization_id = \(house) AND m.program_id = \(program) AND m.role = \(Role.participant)
                AND m.ended_at IS NULL ORDER BY m.person_id LIMIT 80
                """, as: Person.ID.self)
        }
        var free = Self.nicknames[...]
        for person in people {
            guard let nickname = free.first else { return }
            do {
                try await act(person, at: moment) { db in
                    let wish = GroupMember.Application(nickname: nickname, agreements: 1)
                    _ = try GroupMember.join(Group.find(code: group.code, in: db), wish, in: db)
                }
                free.removeFirst()
            } catch is Problem {
                // They do not take part at that moment.
            }
        }
    }
}
