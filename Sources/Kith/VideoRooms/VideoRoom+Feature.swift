import Storage

extension VideoRoom {
    package static let feature = Feature(
        name: "VideoRooms", migrations: migrations, routes: routes,
        events: [
            .videoCame, .videoEntered, .videoLeft, .videoMuted, .videoDoor, .videoEnded, .videoRelaySet
        ],
        reactions: [
            (.memberEnded, followPerson), (.facilitatorEnded, followPerson), (.roleEnded, followPerson),
            (.meetingCanceled, followMeeting), (.meetingClosed, followMeeting), (.meetingMoved, followMeeting),
            (.meetingsChanged, followMeetings)
        ],
        orphans: [
            OrphanCheck("places in a room for a meeting, a day after it was to end") { now in
                """
                SELECT s.id FROM video_stay s
                JOIN meeting m ON m.organization_id = s.organization_id AND m.id = s.meeting_id
                WHERE s.left_at IS NULL AND m.ends_at < \(now.adding(days: -1))
                """
            }
        ],
        erasures: [
            { house, person, _ in
                """
                DELETE FROM video_signal WHERE organization_id = \(house) AND (
                    stay_id IN (SELECT id FROM video_stay WHERE organization_id = \(house) AND person_id = \(person))
                    OR sender_id IN (SELECT id FROM video_stay WHERE organization_id = \(house)
                        AND person_id = \(person)))
                """
            },
            { house, person, _ in
                "DELETE FROM video_stay WHERE organization_id = \(house) AND person_id = \(person)"
            },
            { house, person, _ in
                "DELETE FROM video_relay_only WHERE organization_id = \(house) AND person_id = \(person)"
            }
        ])

    /// Whoever is no longer in a group, and does not run it either, is in no room of it from that moment on.
    private static func followPerson(_ event: Event, in db: Writing) throws {
        guard let person = event.subject, let organization = db.actor.organization ?? event.organization else { return }
        let left = try db.all(
            """
            UPDATE video_stay SET left_at = \(db.now), ending = 'removed'
            WHERE organization_id = \(organization) AND left_at IS NULL AND id IN (SELECT s.id FROM video_stay s
                WHERE s.organization_id = \(organization) AND s.person_id = \(person) AND s.left_at IS NULL
                AND NOT \(belongs))
            RETURNING id, meeting_id
            """
        ) { (stay: try $0["id"] as VideoStay.ID, meeting: try $0["meeting_id"] as Meeting.ID) }
        for (stay, meeting) in left {
            try VideoSignal.forget(stay, of: organization, in: db)
            var gone = Event(
                .videoLeft, of: meeting.text, about: person, in: event.program,
                ["ending": VideoStay.Ending.removed.rawValue])
            gone.organization = organization
            db.record(gone)
            for place in [stay.text, meeting.text] { db.announce(.room(place)) }
        }
    }

    /// Whoever has its room open looks at once whether it goes on.
    private static func followMeeting(_ event: Event, in db: Writing) throws {
        if let meeting = event.object { db.announce(.room(meeting)) }
    }

    /// The same of all meetings of a group, when they are called off at once.
    private static func followMeetings(_ event: Event, in db: Writing) throws {
        guard let group = event.object, let organization = db.actor.organization ?? event.organization else { return }
        let open = try db.values(
            """
            SELECT DISTINCT s.meeting_id FROM video_stay s
            JOIN meeting m ON m.organization_id = s.organization_id AND m.id = s.meeting_id
            WHERE s.organization_id = \(organization) AND s.left_at IS NULL AND m.group_id = \(group) ORDER BY 1
            """, as: String.self)
        for meeting in open { db.announce(.room(meeting)) }
    }
}
