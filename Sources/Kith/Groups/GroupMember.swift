import Storage

/// Somebody's part in a group, from the moment they ask for a place. In the group they go by a nickname.
package struct GroupMember: Named {
    package enum Ending: String, Sendable, CaseIterable, SQLConvertible, SQLDecodable {
        case left
        /// They took back that they asked.
        case withdrawn
        case declined
        /// A coordinator ended it, or the group ended.
        case removed
    }

    package let id: ID
    package let organization: Organization.ID
    package let group: Group.ID
    package let person: Person.ID
    /// nil once their record was erased.
    package let nickname: String?
    /// Which version of the agreements they accepted last.
    package let agreements: Int
    package let agreedAt: Instant
    /// How long before a meeting they want to be told; nil for not at all.
    package let reminderMinutes: Int?
    package let askedAt: Instant
    /// nil while they wait for a coordinator's yes.
    package let joinedAt: Instant?
    package let endedAt: Instant?
    package let ending: Ending?

    package var isIn: Bool { joinedAt != nil && endedAt == nil }

    init(row: Row) throws {
        id = try row["id"]
        organization = try row["organization_id"]
        group = try row["group_id"]
        person = try row["person_id"]
        nickname = try row["nickname"]
        agreements = try row["agreements"]
        agreedAt = try row["agreed_at"]
        reminderMinutes = try row["reminder_minutes"]
        askedAt = try row["asked_at"]
        joinedAt = try row["joined_at"]
        endedAt = try row["ended_at"]
        ending = try row["ending"]
    }

    package static let longestNickname = 40
    /// The longest words to whoever says yes, in characters.
    package static let longestWords = 500
    /// What people choose from: an hour, a day and two days before.
    package static let reminders = [60, 1_440, 2_880]

    /// What tells two nicknames of one group apart: neither case nor spaces.
    static func key(_ nickname: String) -> String {
        nickname.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}

extension GroupMember {
    /// The part of the person asking in a group, also while they wait; nil for whoever has left.
    package static func mine(in group: Group.ID, db: Reading) throws -> GroupMember? {
        try db.first(
            """
            SELECT * FROM group_member WHERE organization_id = \(db.organization) AND group_id = \(group)
            AND person_id = \(db.me) AND ended_at IS NULL
            """, GroupMember.init(row:))
    }

    /// Those who take part or wait, by nickname. Whoever calls has established their right to the group.
    static func all(of group: Group, in db: Reading) throws -> [GroupMember] {
        try db.all(
            """
            SELECT * FROM group_member WHERE organization_id = \(group.organization) AND group_id = \(group.id)
            AND ended_at IS NULL ORDER BY nickname_key, id LIMIT 600
            """, GroupMember.init(row:))
    }

    /// One of a group that the person asking coordinates, also when it has ended.
    /// - Throws: ``Problem/notFound``
    package static func find(_ id: ID, of group: Group, in db: Reading) throws -> GroupMember {
        let found = try db.first(
            """
            SELECT * FROM group_member WHERE organization_id = \(group.organization) AND group_id = \(group.id)
            AND id = \(id)
            """, GroupMember.init(row:))
        guard group.relations.contains(.coordinator), let found else { throw Problem.notFound }
        return found
    }

    /// How many take part.
    static func count(of group: Group, in db: Reading) throws -> Int {
        try db.value(
            """
            SELECT count(*) FROM group_member WHERE organization_id = \(group.organization)
            AND group_id = \(group.id) AND joined_at IS NOT NULL AND ended_at IS NULL
            """) ?? 0
    }

    /// How many wait for a yes in the programs that the person asking coordinates, counted to a limit.
    static func waiting(in db: Reading) throws -> SQL {
        """
        SELECT count(*) FROM (SELECT 1 FROM group_member m
            JOIN support_group g ON g.organization_id = m.organization_id AND g.id = m.group_id
            WHERE m.organization_id = \(try db.organization) AND m.joined_at IS NULL AND m.ended_at IS NULL
            AND \(try Group.reach([.coordinator], in: db)) LIMIT 100) AS waiting
        """
    }
}
