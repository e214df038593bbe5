import Crypto
import Storage

extension VideoRoom {
    /// The person asking comes: whoever runs the meeting is in at once and so is whoever was in before; everybody else
    /// waits at the door, unless it is open. A window they had open before loses its place.
    /// - Parameter id: made by their browser, so that coming twice is coming once.
    /// - Throws: ``Problem/conflict(_:)`` with `video.early`, `video.over`, `video.no-seat`, `video.full`, or `video.no-relay`
    ///   where their address must not be given away and there is no relay.
    package func come(as id: VideoStay.ID, in db: Writing) throws {
        switch hours(at: db.now) {
        case .early: throw Problem.conflict("video.early")
        case .over: throw Problem.conflict("video.over")
        case .open: break
        }
        guard isSeated else { throw Problem.conflict("video.no-seat") }
        guard !relay.isMissing else { throw Problem.conflict("video.no-relay") }
        let me = try db.me
        let owner: Person.ID? = try db.value(
            "SELECT person_id FROM video_stay WHERE organization_id = \(meeting.organization) AND id = \(id)")
        guard owner == nil || owner == me else { throw Problem.notFound }
        guard owner == nil else { return }
        try open(in: db)
        try end("person_id = \(me)", as: .elsewhere, in: db)
        try endLost(in: db)
        let before =
            try db.first(
                """
                SELECT count(*) FILTER (WHERE entered_at IS NOT NULL) AS entered,
                    count(*) FILTER (WHERE ending = 'removed') AS removed
                FROM video_stay WHERE organization_id = \(meeting.organization) AND meeting_id = \(meeting.id)
                AND person_id = \(me)
                """
            ) { (entered: try $0["entered"] as Int, removed: try $0["removed"] as Int) } ?? (entered: 0, removed: 0)
        let isWelcome = leads || before.removed == 0 && (letsIn || before.entered > 0)
        let hasRoom = try freePlaces(in: db) > 0
        guard hasRoom || !leads else { throw Problem.conflict("video.full") }
        try db.run(
            """
            INSERT INTO video_stay (organization_id, id, meeting_id, person_id, leads, came_at, seen_at)
            VALUES (\(meeting.organization), \(id), \(meeting.id), \(me), \(leads), \(db.now), \(db.now))
            """)
        if isWelcome, hasRoom { try enter(id, me, in: db) } else { db.record(event(.videoCame, about: me)) }
        db.announce(.room(meeting.id.text))
    }

    /// Makes the room where there is none yet. One that was ended is opened again by whoever runs the meeting.
    private func open(in db: Writing) throws {
        guard key == nil else { return }
        guard leads || !hasEnded else { throw Problem.conflict("video.over") }
        let key = SymmetricKey(data: db.world.randomBytes(32))
        let wrapped = try db.world.vault.wrap(key, of: Self.keyOwner(meeting.id))
        try db.run(
            """
            INSERT INTO video_room (organization_id, meeting_id, key, lets_in)
            VALUES (\(meeting.organization), \(meeting.id), \(wrapped), \(false))
            ON CONFLICT (organization_id, meeting_id) DO UPDATE SET key = excluded.key, ended_at = NULL, ended_by = NULL
            """)
    }

    /// The person asking leaves. Leaving twice is leaving once.
    package func leave(_ id: VideoStay.ID, in db: Writing) throws {
        let mine = try mine(id, in: db)
        guard mine.leftAt == nil else { return }
        try end("id = \(id)", as: .left, in: db)
        try fill(in: db)
    }

    /// Lets somebody in who waits.
    /// - Parameter id: nil for all who do, as far as there is room.
    /// - Throws: ``Problem/conflict(_:)`` with `video.full`.
    package func admit(_ id: VideoStay.ID?, in db: Writing) throws {
        try checkLeads()
        try endLost(in: db)
        let waiting = try people(in: db).filter { $0.enteredAt == nil && (id == nil || $0.id == id) }
        let free = try freePlaces(in: db)
        guard waiting.isEmpty || free > 0 else { throw Problem.conflict("video.full") }
        for stay in waiting.prefix(free) { try enter(stay.id, stay.person, in: db) }
    }

    /// Opens the door for all of the group, or closes it again for those who come from now on.
    package func keepDoor(open: Bool, in db: Writing) throws {
        try checkLeads()
        let changed = try db.run(
            """
            UPDATE video_room SET lets_in = \(open) WHERE organization_id = \(meeting.organization)
            AND meeting_id = \(meeting.id) AND lets_in <> \(open) AND ended_at IS NULL
            """)
        guard changed > 0 else { return }
        db.record(event(.videoDoor, ["open": open ? "yes" : "no"]))
        db.announce(.room(meeting.id.text))
        if open { try fill(in: db) }
    }

    /// Asks somebody's page to turn their microphone off. They can turn it on again. Asking twice is asking once.
    /// - Throws: ``Problem/conflict(_:)`` with `video.not-in` for whoever is not in the room themselves.
    package func mute(_ id: VideoStay.ID, in db: Writing) throws {
        try checkLeads()
        let (me, people) = (try db.me, try people(in: db).filter(\.isIn))
        guard let mine = people.first(where: { $0.person == me }) else { throw Problem.conflict("video.not-in") }
        guard let stay = people.first(where: { $0.id == id }) else { return }
        let wasAsked: Bool? = try db.value(
            """
            SELECT EXISTS (SELECT 1 FROM video_signal WHERE organization_id = \(meeting.organization)
                AND stay_id = \(id) AND body IS NULL AND sent_at > \(db.now.adding(seconds: -2)))
            """)
        guard wasAsked != true else { return }
        try VideoSignal.put(nil, from: mine.id, to: id, of: meeting.organization, at: db.now) { try db.run($0) }
        db.record(event(.videoMuted, about: stay.person))
        db.announce(.room(id.text))
    }

    /// Takes somebody out. When they come again they wait at the door, also when it is open.
    package func remove(_ id: VideoStay.ID, in db: Writing) throws {
        try checkLeads()
        guard let stay = try people(in: db).first(where: { $0.id == id }) else { return }
        guard !stay.leads else { throw Problem.conflict("video.leads") }
        try end("id = \(id)", as: .removed, in: db)
        try fill(in: db)
    }

    /// Ends it for all: nobody is in it any more, and what browsers told each other can be read by nobody.
    package func end(in db: Writing) throws {
        try checkLeads()
        try close(in: db)
    }

    /// The same, for whoever has established the right to it.
    func close(in db: Writing) throws {
        try end("TRUE", as: .ended, in: db)
        let ended = try db.run(
            """
            UPDATE video_room SET key = NULL, ended_at = \(db.now), ended_by = \(db.actor.logName)
            WHERE organization_id = \(meeting.organization) AND meeting_id = \(meeting.id) AND ended_at IS NULL
            """)
        if ended > 0 { db.record(event(.videoEnded)) }
        db.announce(.room(meeting.id.text))
    }

    /// Those of whom nothing was heard any more have left when they were heard last.
    func endLost(in db: Writing) throws {
        let limit = db.now.adding(seconds: -Self.patienceSeconds)
        try end("seen_at <= \(limit)", as: .lost, at: "seen_at", in: db)
    }

    private func checkLeads() throws {
        guard leads else { throw Problem.notAllowed }
    }

    private func freePlaces(in db: Reading) throws -> Int {
        let taken: Int? = try db.value(
            """
            SELECT count(*) FROM video_stay WHERE organization_id = \(meeting.organization)
            AND meeting_id = \(meeting.id) AND entered_at IS NOT NULL AND left_at IS NULL
            """)
        return Self.places - (taken ?? 0)
    }

    /// While the door is open, whoever waits for a free place comes in when there is one.
    func fill(in db: Writing) throws {
        guard try VideoRoom.load(meeting.id, in: db).letsIn else { return }
        let removed = Set(
            try db.values(
                """
                SELECT DISTINCT person_id FROM video_stay WHERE organization_id = \(meeting.organization)
                AND meeting_id = \(meeting.id) AND ending = \(VideoStay.Ending.removed)
                """, as: Person.ID.self))
        let waiting = try people(in: db).filter { $0.enteredAt == nil && !removed.contains($0.person) }
        for stay in waiting.prefix(try freePlaces(in: db)) { try enter(stay.id, stay.person, by: "door", in: db) }
    }

    /// - Parameter admitter: nil: the person asking let them in, or is whoever comes.
    private func enter(
        _ id: VideoStay.ID, _ person: Person.ID, by admitter: String? = nil, in db: Writing
    ) throws {
        try db.run(
            """
            UPDATE video_stay SET entered_at = \(db.now), admitted_by = \(admitter ?? db.actor.logName)
            WHERE organization_id = \(meeting.organization) AND id = \(id)
            """)
        db.record(event(.videoEntered, about: person))
        db.announce(.room(meeting.id.text))
        // Whoever is in the room has come to the meeting; once, however often they come in.
        let isMember: Bool? = try db.value(
            """
            SELECT EXISTS (SELECT 1 FROM group_member WHERE organization_id = \(meeting.organization)
                AND group_id = \(group.id) AND person_id = \(person) AND joined_at IS NOT NULL AND ended_at IS NULL)
            """)
        if isMember == true { try RunningMeeting.arrive(person, by: "room", meeting.id, group, in: db) }
    }

    /// Ends the stays of this room for which `condition` holds.
    func end(
        _ condition: SQL, as ending: VideoStay.Ending, at moment: SQL? = nil, in db: Writing
    ) throws {
        let now: SQL = "\(db.now)"
        let left = try db.all(
            """
            UPDATE video_stay SET left_at = \(moment ?? now), ending = \(ending)
            WHERE organization_id = \(meeting.organization) AND meeting_id = \(meeting.id) AND left_at IS NULL
            AND \(condition) RETURNING id, person_id
            """
        ) { (id: try $0["id"] as VideoStay.ID, person: try $0["person_id"] as Person.ID) }
        for stay in left {
            try VideoSignal.forget(stay.id, of: meeting.organization, in: db)
            db.record(event(.videoLeft, about: stay.person, ["ending": ending.rawValue]))
            db.announce(.room(stay.id.text))
        }
        if !left.isEmpty { db.announce(.room(meeting.id.text)) }
    }

    private func event(
        _ kind: EventKind, about person: Person.ID? = nil, _ details: [String: String] = [:]
    ) -> Event {
        var event = group.event(kind, of: meeting.id.text, details)
        event.subject = person
        return event
    }
}
