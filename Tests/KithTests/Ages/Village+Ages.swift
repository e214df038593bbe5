import Kith
import KithTestSupport
import Storage

extension Village {
    /// The year of birth of somebody of Riverside is put right, by those who take care of their referral.
    func born(_ year: Int?, _ person: Person.ID) async throws {
        try await write(asSystemOf: riverside) { db in
            let organization = try db.organization
            var details = try Person.details(of: person, in: organization, db: db)
            details.birthYear = year
            try Person.change(person, to: details, of: organization, in: db)
        }
    }

    /// Ana records that a supporter may be with people who are under age, for so many days.
    func clear(_ person: Person.ID, for days: Int = 365) async throws {
        try await write(as: ana) { db in
            try Clearance.give(.criminalRecord, until: db.now.countedDay.adding(days: days), to: person, in: db)
        }
    }

    func takeBackClearance(of person: Person.ID) async throws {
        try await write(as: ana) { try Clearance.takeBack(from: person, in: $0) }
    }

    /// A group for young people, led by Ben, who is cleared for it.
    func youngGroup() async throws -> Group {
        try await clear(ben.id)
        let type = try await groupType(facilitators: 1) { ($0.name, $0.ages) = ("After school", .youngPeople) }
        let group = try await group(of: type, facilitated: false) { $0.name = "Thursdays after school" }
        try await write(as: ana) { [ben = ben.id] in try group.add(facilitator: ben, isTrained: true, in: $0) }
        return group
    }

    /// Asks for a place and gets it.
    func admit(_ neighbor: Neighbor, to group: Group) async throws {
        let member = try await join(group, as: neighbor)
        try await write(as: ana) { db in
            try GroupMember.find(member, of: Group.find(group.id, in: db), in: db).admit(in: db)
        }
    }

    /// What `kith check` finds of matches, conversations and groups, but for what has only waited long.
    func orphansOfAges() async throws -> [String] {
        let features = [Clearance.feature, Match.feature, Conversation.feature, Group.feature]
        let checks = features.flatMap(\.orphans).filter { !$0.name.contains(/two weeks|a week|a month/) }
        return try await write(asSystemOf: riverside) { db in
            try checks.filter { try db.exists($0.query(db.now)) }.map(\.name)
        }
    }

    /// Who is in a group, as its conversation has it.
    func talking(in group: Group) async throws -> Set<Person.ID> {
        let id = group.id
        return try await write(asSystemOf: riverside) { db in
            Set(
                try db.values(
                    """
                    SELECT m.person_id FROM conversation_member m JOIN support_group g
                        ON g.organization_id = m.organization_id AND g.conversation_id = m.conversation_id
                    WHERE g.id = \(id) AND m.left_at IS NULL
                    """, as: Person.ID.self))
        }
    }
}
