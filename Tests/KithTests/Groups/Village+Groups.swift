import Kith
import KithTestSupport
import Storage

extension Village {
    /// A kind of group at Riverside that needs `facilitators` of them.
    func groupType(facilitators: Int = 2, change: (inout GroupType.Plan) -> Void = { _ in }) async throws -> GroupType {
        var plan = GroupType.Plan(name: "Caregivers meet", summary: "For people who care for somebody at home.")
        plan.facilitators.count = facilitators
        change(&plan)
        let (made, program) = (plan, riverside.program)
        return try await write(as: ana) { db in
            let id = try GroupType.make(made, agreements: "What is said here stays here.", for: program, in: db)
            return try GroupType.find(id, in: db)
        }
    }

    /// A course at Riverside with a session for each title.
    func course(_ titles: [String], needed: Int = 1, title: String = "Looking after yourself") async throws -> Course.ID
    {
        let program = riverside.program
        return try await write(as: ana) { db in
            let id = try Course.make(Course.Plan(title: title, needed: needed), for: program, in: db)
            for title in titles {
                try Course.find(id, in: db).add(
                    Course.Session.Content(title: title, text: "Today is about **\(title)**."), in: db)
            }
            return id
        }
    }

    /// A group of a kind, facilitated by Ben and Bao.
    func group(
        of type: GroupType? = nil, facilitated: Bool = true, change: (inout Group.Plan) -> Void = { _ in }
    ) async throws -> Group {
        let type = if let type { type } else { try await groupType() }
        var plan = Group.Plan(name: "Tuesday evenings", timeZone: "America/New_York")
        plan.place = "Riverside House, room 2"
        change(&plan)
        let (made, people) = (plan, facilitated ? [ben.id, bao.id] : [])
        return try await write(as: ana) { db in
            let group = try Group.find(Group.make(made, of: type, in: db), in: db)
            for person in people { try group.add(facilitator: person, isTrained: true, in: db) }
            try group.start(in: db)
            return try Group.find(group.id, in: db)
        }
    }

    /// Somebody new who takes part in Riverside's program and agreed to.
    func participant(_ name: String) async throws -> Neighbor {
        let neighbor = try await newcomer(name)
        try await takesPart(neighbor)
        return neighbor
    }

    /// Says yes to taking part.
    func takesPart(_ neighbor: Neighbor) async throws {
        let known = try await read(as: ana) { [program = riverside.program] in
            try ConsentText.current(of: program, for: "en", in: $0)
        }
        if known.isEmpty { try await publishWords() }
        let program = riverside.program
        let hasAgreed = try await read(as: neighbor) { db in
            try Consent.stands(.takePart, for: db.me, in: program, of: db.organization, db: db)
        }
        if !hasAgreed { try await answer(.takePart, yes: true, as: neighbor) }
    }

    /// Joins a group by its code, accepting what it agrees to.
    @discardableResult
    func join(_ group: Group, as neighbor: Neighbor, called nickname: String? = nil) async throws -> GroupMember.ID {
        let code = group.code
        let nickname = nickname ?? "Friend of \(neighbor.name)"
        return try await write(as: neighbor) { db in
            try GroupMember.join(
                Group.find(code: code, in: db), GroupMember.Application(nickname: nickname, agreements: 1), in: db)
        }
    }

    /// A single meeting of a group.
    func meeting(of group: Group, in hours: Int = 48, minutes: Int = 60) async throws -> Meeting.ID {
        try await write(as: ana) { db in
            try Meeting.plan(group, at: db.now.adding(hours: hours), minutes: minutes, in: db)
        }
    }
}
