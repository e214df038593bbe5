import Storage
import Web

extension Meeting {
    /// Meetings with how many facilitate each. The row is `m`, its group's `g`.
    static let everything: SQL = """
        SELECT m.*, (SELECT count(*) FROM meeting_facilitator f WHERE f.organization_id = m.organization_id
            AND f.meeting_id = m.id) AS facilitators
        FROM meeting m JOIN support_group g ON g.organization_id = m.organization_id AND g.id = m.group_id
        """

    /// A meeting of a group to which the person asking stands in one of these relations.
    /// - Throws: ``Problem/notFound`` for everybody else, and for whoever has left.
    package static func find(
        _ id: ID, as relations: Set<Group.Relation> = Set(Group.Relation.allCases), in db: Reading
    ) throws -> Meeting {
        let found = try db.first(
            """
            \(everything) WHERE m.organization_id = \(db.organization) AND m.id = \(id)
            AND \(Group.reach(relations, in: db))
            """, Meeting.init(row:))
        guard let found else { throw Problem.notFound }
        return found
    }

    /// A meeting with the name of its group, for first pages.
    package struct Line: Sendable {
        package let meeting: Meeting
        package let group: String

        package func shown(_ words: Words) -> Value {
            [
                "path": .text("/meetings/\(meeting.id)"), "when": .text(words.meeting(meeting)), "name": .text(group),
                "canceled": .flag(meeting.state == .canceled)
            ]
        }
    }

    /// The next meetings of the groups to which the person asking stands in one of these relations, the soonest first;
    /// also those that were called off, so that nobody comes in vain.
    package static func ahead(
        as relations: Set<Group.Relation>, days: Int, limit: Int, in db: Reading
    ) throws -> [Line] {
        try db.all(
            """
            SELECT m.*, (SELECT count(*) FROM meeting_facilitator f WHERE f.organization_id = m.organization_id
                AND f.meeting_id = m.id) AS facilitators, g.name AS group_name
            FROM meeting m JOIN support_group g ON g.organization_id = m.organization_id AND g.id = m.group_id
            WHERE m.organization_id = \(db.organization) AND \(Group.reach(relations, in: db)) AND g.state <> 'ended'
            AND (m.ends_at > \(db.now) OR m.state = 'running') AND m.starts_at < \(db.now.adding(days: days))
            AND m.state IN ('planned', 'moved', 'canceled', 'running') ORDER BY m.starts_at, m.id LIMIT \(limit)
            """
        ) { Line(meeting: try Meeting(row: $0), group: try $0["group_name"]) }
    }

    /// What lies ahead of a group, the soonest first. Whoever calls has established their right to it.
    package static func coming(of group: Group, limit: Int = 10, in db: Reading) throws -> [Meeting] {
        try db.all(
            """
            \(everything) WHERE m.organization_id = \(group.organization) AND m.group_id = \(group.id)
            AND m.starts_at > \(db.now) AND m.state IN ('planned', 'moved') ORDER BY m.starts_at, m.id LIMIT \(limit)
            """, Meeting.init(row:))
    }

    /// The same, with those that were called off and those that take place at this moment.
    package static func listed(of group: Group, limit: Int = 20, in db: Reading) throws -> [Meeting] {
        try db.all(
            """
            \(everything) WHERE m.organization_id = \(group.organization) AND m.group_id = \(group.id)
            AND (m.ends_at > \(db.now) OR m.state = 'running') ORDER BY m.starts_at, m.id LIMIT \(limit)
            """, Meeting.init(row:))
    }

    /// Who facilitates it. Whoever calls has established their right to it.
    package func facilitators(in db: Reading) throws -> [Group.Facilitator] {
        try db.all(
            """
            SELECT f.person_id, f.is_cover, p.name FROM meeting_facilitator f
            JOIN person p ON p.organization_id = f.organization_id AND p.id = f.person_id
            WHERE f.organization_id = \(organization) AND f.meeting_id = \(id) ORDER BY f.is_cover, p.name, p.id
            """
        ) { Group.Facilitator(person: try $0["person_id"], name: try $0["name"], isCover: try $0["is_cover"]) }
    }
}
