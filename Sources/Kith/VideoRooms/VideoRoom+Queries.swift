import Crypto
import Storage

extension VideoRoom {
    /// The room of a meeting that the person asking may read of.
    /// - Throws: ``Problem/notFound`` for everybody else, for whoever has left the group, and where the group does not meet
    ///   in Kith.
    package static func find(_ id: Meeting.ID, in db: Reading) throws -> VideoRoom {
        let room = try load(id, in: db)
        guard room.meeting.meetsInKith(in: room.group) else { throw Problem.notFound }
        return room
    }

    /// The same, also where the group meets elsewhere by now.
    static func load(_ id: Meeting.ID, in db: Reading) throws -> VideoRoom {
        let meeting = try Meeting.find(id, in: db)
        let group = try Group.find(meeting.group, in: db)
        let row = try db.first(
            """
            SELECT key, lets_in, ended_at FROM video_room WHERE organization_id = \(meeting.organization)
            AND meeting_id = \(id)
            """
        ) { (try $0["key"] as String?, try $0["lets_in"] as Bool, try $0["ended_at"] as Instant?) }
        let leads = !group.relations.isDisjoint(with: RunningMeeting.relations)
        return VideoRoom(
            meeting: meeting, group: group, leads: leads,
            isSeated: try leads || group.plan.seats == nil || hasSeat(in: meeting, db), letsIn: row?.1 ?? false,
            hasEnded: row?.2 != nil, relay: try RelayRule(in: group, db), key: row?.0)
    }

    private static func hasSeat(in meeting: Meeting, _ db: Reading) throws -> Bool {
        guard let me = db.actor.person else { return false }
        return try db.value(
            """
            SELECT EXISTS (SELECT 1 FROM meeting_seat WHERE organization_id = \(meeting.organization)
                AND meeting_id = \(meeting.id) AND person_id = \(me) AND seat IS NOT NULL AND freed_at IS NULL)
            """) ?? false
    }

    /// Stays with the name that each goes by. The row is `s`, their part in the group `r`.
    private var stays: SQL {
        """
        SELECT s.*, coalesce(r.nickname, p.name) AS name FROM video_stay s
        JOIN person p ON p.organization_id = s.organization_id AND p.id = s.person_id
        LEFT JOIN group_member r ON r.organization_id = s.organization_id AND r.group_id = \(group.id)
            AND r.person_id = s.person_id AND r.joined_at IS NOT NULL AND r.ended_at IS NULL
        WHERE s.organization_id = \(meeting.organization) AND s.meeting_id = \(meeting.id)
        """
    }

    /// Who is in the room or at its door, in the order in which they came. Whoever has left the group or no longer runs
    /// it is not there from that moment on, whatever their browser does.
    package func people(in db: Reading) throws -> [VideoStay] {
        try db.all(
            """
            \(stays) AND s.left_at IS NULL AND s.seen_at > \(db.now.adding(seconds: -Self.patienceSeconds))
            AND \(Self.belongs)
            ORDER BY s.came_at, s.id
            """, VideoStay.init(row:))
    }

    /// A condition on the row `s` of `video_stay`: they are in the group, facilitate it, or coordinate or supervise its
    /// program, at this moment.
    static let belongs: SQL = """
        EXISTS (SELECT 1 FROM meeting m JOIN support_group g ON g.organization_id = m.organization_id AND g.id = m.group_id
            WHERE m.organization_id = s.organization_id AND m.id = s.meeting_id
            AND (EXISTS (SELECT 1 FROM group_member i WHERE i.organization_id = g.organization_id AND i.group_id = g.id
                    AND i.person_id = s.person_id AND i.joined_at IS NOT NULL AND i.ended_at IS NULL)
                OR EXISTS (SELECT 1 FROM group_facilitator f WHERE f.organization_id = g.organization_id
                    AND f.group_id = g.id AND f.person_id = s.person_id AND f.ended_at IS NULL)
                OR EXISTS (SELECT 1 FROM membership c WHERE c.organization_id = g.organization_id
                    AND c.program_id = g.program_id AND c.person_id = s.person_id
                    AND c.role IN ('coordinator', 'supervisor') AND c.ended_at IS NULL)))
        """

    /// A stay of the person asking, also when it is over.
    /// - Throws: ``Problem/notFound`` for anybody else's.
    package func mine(_ id: VideoStay.ID, in db: Reading) throws -> VideoStay {
        let found = try db.first("\(stays) AND s.id = \(id) AND s.person_id = \(db.me)", VideoStay.init(row:))
        guard let found else { throw Problem.notFound }
        return found
    }

    /// All that was ever in the room or at its door, in order. Whoever calls has established their right to it.
    package func history(in db: Reading) throws -> [VideoStay] {
        try db.all("\(stays) ORDER BY s.came_at, s.id", VideoStay.init(row:))
    }

    /// What the room's signals are sealed with.
    func openKey(in world: World) throws -> SymmetricKey? {
        try key.map { try world.vault.unwrap($0, of: Self.keyOwner(meeting.id)) }
    }

    static func keyOwner(_ meeting: Meeting.ID) -> String { "video_room:\(meeting)" }
}

extension RelayRule {
    fileprivate init(in group: Group, _ db: Reading) throws {
        isThere = db.world.video.relay != nil
        let me = db.actor.person ?? Person.ID("")
        let set = try db.all(
            """
            SELECT group_id, person_id FROM video_relay_only WHERE organization_id = \(group.organization)
            AND (group_id IS NULL AND person_id IS NULL OR group_id = \(group.id) OR person_id = \(me))
            """
        ) { (group: try $0["group_id"] as Group.ID?, person: try $0["person_id"] as Person.ID?) }
        house = set.contains { $0.group == nil && $0.person == nil }
        self.group = set.contains { $0.group != nil }
        person = set.contains { $0.person != nil }
    }
}
