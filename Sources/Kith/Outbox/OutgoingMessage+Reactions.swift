import Storage

extension OutgoingMessage {
    /// A new message in a pair's conversation: its reader is told, unless they see it first. Whoever writes has looked in.
    /// In a group nobody is told of each message: a thousand notices are no part of sending one.
    /// Whoever let it go out in another's name has not.
    static func followMessage(_ event: Event, in db: Writing) throws {
        guard !db.world.carries.isEmpty, let conversation = event.object, let program = event.program,
            let organization = db.actor.organization, let sequence = event.details["sequence"].flatMap({ Int($0) })
        else { return }
        let two = try db.first(
            """
            SELECT x.sender_id, m.person_id FROM conversation c
            JOIN message x ON x.organization_id = c.organization_id AND x.conversation_id = c.id
                AND x.sequence = \(sequence)
            JOIN conversation_member m ON m.organization_id = c.organization_id AND m.conversation_id = c.id
                AND m.person_id <> x.sender_id
            WHERE c.organization_id = \(organization) AND c.id = \(conversation) AND c.match_id IS NOT NULL
            """
        ) { (sender: try $0["sender_id"] as Person.ID, reader: try $0["person_id"] as Person.ID) }
        guard let two else { return }
        if two.sender == db.actor.person { try release(.message, for: two.sender, of: organization, db: db) }
        try put(.message, to: two.reader, in: program, of: organization, after: graceMinutes, db: db)
    }

    static func followReading(_ event: Event, in db: Writing) throws {
        guard let reader = db.actor.person, let organization = db.actor.organization else { return }
        try release(.message, for: reader, of: organization, db: db)
    }

    /// A visit is planned, moved or called off: both are told, but for who did it.
    static func followVisit(_ event: Event, in db: Writing) throws {
        guard !db.world.carries.isEmpty, let visit = event.object, let program = event.program,
            let organization = db.actor.organization ?? event.organization
        else { return }
        let two = try db.first(
            """
            SELECT participant_id, supporter_id FROM encounter
            WHERE organization_id = \(organization) AND id = \(visit)
            """
        ) { [try $0["participant_id"] as Person.ID, try $0["supporter_id"] as Person.ID] }
        for person in two ?? [] where person != db.actor.person {
            try put(.visit, to: person, in: program, of: organization, after: graceMinutes, db: db)
        }
    }

    /// Somebody wrote that a planned contact does not suit: their supporter is told, as of one that is moved.
    static func followAnswer(_ event: Event, in db: Writing) throws {
        guard event.details["kind"] == EncounterQuestion.Kind.coming.rawValue,
            event.details["answer"] == EncounterQuestion.Answer.no.rawValue
        else { return }
        try followVisit(event, in: db)
    }

    /// A group meeting is at another time or called off: whoever takes part or facilitates is told, but for who did it.
    static func followMeeting(_ event: Event, in db: Writing) throws {
        guard !db.world.carries.isEmpty, let meeting = event.object, let program = event.program,
            let organization = db.actor.organization ?? event.organization
        else { return }
        let people = try db.values(
            """
            SELECT r.person_id FROM group_member r JOIN meeting m ON m.organization_id = r.organization_id
                AND m.group_id = r.group_id
            WHERE m.organization_id = \(organization) AND m.id = \(meeting) AND r.joined_at IS NOT NULL
            AND r.ended_at IS NULL
            UNION SELECT f.person_id FROM meeting_facilitator f
            WHERE f.organization_id = \(organization) AND f.meeting_id = \(meeting) ORDER BY 1
            """, as: Person.ID.self)
        for person in people where person != db.actor.person {
            try put(.visit, to: person, in: program, of: organization, after: graceMinutes, db: db)
        }
    }

    /// All that lies ahead of a group is called off or takes place elsewhere: likewise, once. Where the group ends, those are
    /// told who were in it until then.
    static func followMeetings(_ event: Event, in db: Writing) throws {
        guard !db.world.carries.isEmpty, let group = event.object, let program = event.program,
            let organization = db.actor.organization ?? event.organization
        else { return }
        let people = try db.values(
            """
            SELECT r.person_id FROM group_member r
            JOIN support_group g ON g.organization_id = r.organization_id AND g.id = r.group_id
            WHERE r.organization_id = \(organization) AND r.group_id = \(group) AND r.joined_at IS NOT NULL
            AND (r.ended_at IS NULL OR r.ended_at = g.ended_at)
            UNION SELECT f.person_id FROM group_facilitator f
            JOIN support_group g ON g.organization_id = f.organization_id AND g.id = f.group_id
            WHERE f.organization_id = \(organization) AND f.group_id = \(group) AND NOT f.is_cover
            AND (f.ended_at IS NULL OR f.ended_at = g.ended_at) ORDER BY 1
            """, as: Person.ID.self)
        for person in people where person != db.actor.person {
            try put(.visit, to: person, in: program, of: organization, after: graceMinutes, db: db)
        }
    }

    /// A seat that somebody waited for is theirs now.
    static func followSeat(_ event: Event, in db: Writing) throws {
        guard !db.world.carries.isEmpty, let meeting = event.object, let person = event.subject,
            let program = event.program, let organization = db.actor.organization ?? event.organization,
            person != db.actor.person
        else { return }
        let seat = try db.value(
            """
            SELECT id FROM meeting_seat WHERE organization_id = \(organization) AND meeting_id = \(meeting)
            AND person_id = \(person)
            """, as: Seat.ID.self)
        try put(.seat, to: person, in: program, of: organization, about: seat, db: db)
    }

    /// A meeting is near, as long before as a member chose. What waits to remind them of the same meeting, because it was
    /// to begin at another time, is not sent besides.
    static func followReminder(_ event: Event, in db: Writing) throws {
        guard !db.world.carries.isEmpty, let meeting = event.object.map(Meeting.ID.init), let person = event.subject,
            let program = event.program, let organization = db.actor.organization ?? event.organization
        else { return }
        try db.run(
            """
            DELETE FROM outgoing_message WHERE organization_id = \(organization) AND person_id = \(person)
            AND meeting_id = \(meeting) AND state = 'waiting' AND claimed_until IS NULL
            """)
        try put(.reminder, to: person, in: program, of: organization, before: meeting, db: db)
    }

    /// Somebody said yes to their place in a group.
    static func followPlace(_ event: Event, in db: Writing) throws {
        guard !db.world.carries.isEmpty, let person = event.subject, let program = event.program,
            let organization = db.actor.organization ?? event.organization, person != db.actor.person
        else { return }
        try put(.seat, to: person, in: program, of: organization, db: db)
    }

    /// Whoever referred is told that there is news, by the policy of the program; but for somebody who cared for whom it is
    /// about, when they have died.
    static func followReferral(_ event: Event, in db: Writing) throws {
        guard !db.world.carries.isEmpty, let referral = event.object, let program = event.program,
            let organization = db.actor.organization ?? event.organization,
            try PublishedPolicy.current(of: program, in: db).policy.writesToReferrers
        else { return }
        let referrer = try db.value(
            """
            SELECT r.referrer_id FROM referral r
            JOIN person p ON p.organization_id = r.organization_id AND p.id = r.person_id
            WHERE r.organization_id = \(organization) AND r.id = \(referral)
            AND NOT (p.silent_since IS NOT NULL AND EXISTS (SELECT 1 FROM care_relation c
                WHERE c.organization_id = r.organization_id AND c.cared_for_id = r.person_id
                AND c.caregiver_id = r.referrer_id))
            """, as: Person.ID?.self)
        guard let referrer = referrer ?? nil, referrer != db.actor.person else { return }
        try put(.referral, to: referrer, in: program, of: organization, db: db)
    }

    /// The time has come of which somebody asked to be reminded of steps of theirs. What waits to remind them of others
    /// becomes one with it: it says the same.
    static func followSteps(_ event: Event, in db: Writing) throws {
        guard !db.world.carries.isEmpty, let person = event.subject, let program = event.program,
            let organization = db.actor.organization ?? event.organization
        else { return }
        let waiting = try db.values(
            """
            DELETE FROM outgoing_message WHERE organization_id = \(organization) AND person_id = \(person)
            AND is_of_steps AND state = 'waiting' AND claimed_until IS NULL RETURNING created_at
            """, as: Instant.self)
        for moment in waiting { try Goal.Step.carryOver(person, in: organization, putAt: moment, db: db) }
        try put(.reminder, to: person, in: program, of: organization, ofSteps: true, db: db)
    }

    /// Somebody's supporter is not there, or is back: they are told at once that there is something new, and read what.
    static func followCover(_ event: Event, in db: Writing) throws {
        guard !db.world.carries.isEmpty, let person = event.subject, let program = event.program,
            let organization = db.actor.organization ?? event.organization, person != db.actor.person,
            event.details["told"] != "no"
        else { return }
        let ending = event.details["ending"].flatMap(Cover.Ending.init(rawValue:))
        // Whoever found somebody new, or is supported no longer, knows.
        guard ending != .found, ending != .over else { return }
        try put(.support, to: person, in: program, of: organization, db: db)
    }

    /// Two people are suggested to each other, or have both said yes: each is told that there is something new, but for who
    /// did it. Somebody who need not stand in any more, or whom nobody looks to any more, is told as well.
    static func followMatch(_ event: Event, in db: Writing) throws {
        guard !db.world.carries.isEmpty, let id = event.object, let program = event.program,
            let organization = db.actor.organization ?? event.organization
        else { return }
        let match = try Match.load(Match.ID(id), of: organization, in: db)
        let told: [Person.ID] =
            switch event.kind {
            case .matchProposed, .matchStarted: [match.participant, match.supporter]
            default:
                match.isStandIn || event.details["reason"] == Match.EndReason.asked.rawValue ? [match.supporter] : []
            }
        for person in told where person != db.actor.person {
            // Whoever cannot sign in is called by their coordinator instead.
            guard try mayLookIn(person, of: organization, db) else { continue }
            try put(.support, to: person, in: program, of: organization, db: db)
        }
    }

    private static func mayLookIn(_ person: Person.ID, of organization: Organization.ID, _ db: Reading) throws -> Bool {
        try db.exists(
            """
            SELECT 1 FROM account WHERE organization_id = \(organization) AND person_id = \(person)
            AND disabled_at IS NULL
            """)
    }

    /// Somebody who is supported takes a pause or is back: who supports them is told; and they are, where their day came.
    static func followPause(_ event: Event, in db: Writing) throws {
        guard !db.world.carries.isEmpty, let person = event.subject,
            let organization = db.actor.organization ?? event.organization
        else { return }
        for (supporter, program) in try SupportPause.supporters(of: person, in: organization, db) {
            for told in event.details["cause"] == "day" ? [supporter, person] : [supporter] {
                try put(.support, to: told, in: program, of: organization, db: db)
            }
        }
    }

    /// A supervisor opened somebody's record: they are told at once, and read the reason where they have signed in.
    static func followOpening(_ event: Event, in db: Writing) throws {
        guard let person = event.subject, let program = event.program,
            let organization = db.actor.organization ?? event.organization
        else { return }
        try put(.opening, to: person, in: program, of: organization, db: db)
    }

    /// Where somebody may be reached has changed: what was stuck would go to where they are not.
    static func followAddress(_ event: Event, in db: Writing) throws {
        guard !db.world.carries.isEmpty, let person = event.subject,
            let organization = db.actor.organization ?? event.organization
        else { return }
        try db.run(
            """
            UPDATE outgoing_message SET state = 'given-up', due_at = NULL, ended_at = \(db.now),
                released_at = coalesce(released_at, \(db.now))
            WHERE organization_id = \(organization) AND person_id = \(person) AND state = 'stuck'
            """)
    }
}
