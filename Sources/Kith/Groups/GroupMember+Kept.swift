import Storage

extension GroupMember {
    /// Somebody's part in a group as it is kept of them.
    package struct Kept: Sendable {
        package let group: String
        package let nickname: String?
        package let askedAt: Instant
        /// nil where nobody said yes to it.
        package let joinedAt: Instant?
        package let endedAt: Instant?
        /// What they wrote when they asked for a place.
        package let words: String?
    }

    /// Every part that somebody has or had in a group, the first first. Whoever calls has established their right to it.
    package static func kept(of person: Person.ID, in organization: Organization.ID, db: Reading) throws -> [Kept] {
        try db.all(
            """
            SELECT r.*, g.name, \(TextKey.wrapped(of: "r.person_id", in: "r.organization_id")) AS wrapped_key
            FROM group_member r JOIN support_group g ON g.organization_id = r.organization_id AND g.id = r.group_id
            WHERE r.organization_id = \(organization) AND r.person_id = \(person) ORDER BY r.asked_at, r.id
            """
        ) { row in
            let member = try GroupMember(row: row)
            var texts = KeptTexts(try db.key(row["wrapped_key"], of: person), id: member.id.text)
            return Kept(
                group: try row["name"], nickname: member.nickname, askedAt: member.askedAt, joinedAt: member.joinedAt,
                endedAt: member.endedAt, words: texts.open(try row["words"], "group_member.words"))
        }
    }

    /// A meeting that somebody came to, or did not.
    package struct KeptMeeting: Sendable {
        package let group: String
        package let startsAt: Instant
        /// nil where they did not come.
        package let outcome: GroupContact.Outcome?
    }

    /// Likewise, of meetings that were closed.
    package static func meetings(
        of person: Person.ID, in organization: Organization.ID, db: Reading
    ) throws -> [KeptMeeting] {
        try db.all(
            """
            SELECT g.name, m.starts_at, a.came, a.outcome FROM meeting_attendance a
            JOIN meeting m ON m.organization_id = a.organization_id AND m.id = a.meeting_id
            JOIN support_group g ON g.organization_id = m.organization_id AND g.id = m.group_id
            WHERE a.organization_id = \(organization) AND a.person_id = \(person) AND a.came IS NOT NULL
            ORDER BY m.starts_at, m.id
            """
        ) { row in
            let (came, outcome): (Bool, GroupContact.Outcome?) = (try row["came"], try row["outcome"])
            return KeptMeeting(
                group: try row["name"], startsAt: try row["starts_at"], outcome: came ? outcome ?? .tookPart : nil)
        }
    }
}
