import Storage

extension Match {
    /// Keeps matches and the line in step with where their referral stands, whoever moved it: a proposal lives only in
    /// `answers`, a place in the line only in `waiting`, and nothing outlives its referral or the person's consent.
    static let reactions: [(EventKind, Reaction)] = [
        (.referralPlaced, followPlacement), (.referralMoved, followEnd), (.consentWithdrawn, endWithoutConsent),
        (.roleEnded, endWithRole)
    ]

    private static func followPlacement(_ event: Event, in db: Writing) throws {
        guard let queue = event.details["queue"].flatMap(Referral.Queue.init(rawValue:)),
            let (referral, organization) = referral(of: event, in: db)
        else { return }
        let match = try open(of: referral, in: organization, db: db)
        if let match, match.status == .proposed && queue != .answers || queue == .consent {
            try match.settle(for: .consent, in: db)
        }
        if queue == .waiting {
            try beginWaiting(referral, of: organization, in: db)
        } else {
            try endWaiting(referral, of: organization, in: db)
        }
        // Whoever got a supporter, or took their consent back, has had their turn: a later wait is a new one.
        if queue == .firstContact || queue == .consent { try forgetWaiting(referral, of: organization, in: db) }
    }

    private static func followEnd(_ event: Event, in db: Writing) throws {
        guard let state = event.details["to"].flatMap(ReferralState.init(businessStatus:)), state.isTerminal,
            let (referral, organization) = referral(of: event, in: db)
        else { return }
        try open(of: referral, in: organization, db: db)?.settle(for: .closed, in: db)
        try endWaiting(referral, of: organization, in: db)
    }

    /// Whoever no longer agrees to take part is not supported from that moment, wherever the referral stands.
    private static func endWithoutConsent(_ event: Event, in db: Writing) throws {
        guard event.details["purpose"] == Consent.Purpose.takePart.rawValue, let person = event.subject,
            let program = event.program, let organization = event.organization ?? db.actor.organization
        else { return }
        for referral in try Referral.open(of: person, in: program, of: organization, db: db) {
            try open(of: referral.id, in: organization, db: db)?.settle(for: .consent, in: db)
            try forgetWaiting(referral.id, of: organization, in: db)
        }
    }

    /// Whoever leaves a program leaves nobody hanging: a supporter's people are offered somebody else, and about a
    /// participant who left their coordinator is asked to find out.
    private static func endWithRole(_ event: Event, in db: Writing) throws {
        guard let role = event.details["role"].flatMap(Role.init(rawValue:)), let person = event.subject,
            let program = event.program, let organization = event.organization ?? db.actor.organization
        else { return }
        let side: (column: SQL, reason: EndReason, queue: Referral.Queue)
        switch role {
        case .supporter: side = ("supporter_id", .away, .matching)
        case .participant: side = ("participant_id", .consent, .consent)
        case .coordinator, .supervisor, .referrer, .administrator: return
        }
        let left = try db.all(
            """
            SELECT * FROM match WHERE organization_id = \(organization) AND program_id = \(program)
            AND \(side.column) = \(person) AND status IN ('proposed', 'active') ORDER BY id
            """, Match.init(row:))
        for match in left {
            // Whoever stood in has ended with the match they stood in for.
            guard try load(match.id, of: organization, in: db).isOpen else { continue }
            try match.settle(for: side.reason, in: db)
            try match.goOn(in: side.queue, db)
        }
    }

    private static func referral(of event: Event, in db: Reading) -> (Referral.ID, Organization.ID)? {
        guard let object = event.object, let organization = event.organization ?? db.actor.organization else {
            return nil
        }
        return (Referral.ID(object), organization)
    }

    private static func beginWaiting(
        _ referral: Referral.ID, of organization: Organization.ID, in db: Writing
    ) throws {
        let found = try Referral.load(referral, of: organization, in: db)
        let waits = try db.exists(
            """
            SELECT 1 FROM waiting WHERE organization_id = \(organization) AND referral_id = \(referral)
            AND ended_at IS NULL
            """)
        guard !waits else { return }
        let before = try db.value(
            """
            SELECT min(since) FROM waiting WHERE organization_id = \(organization) AND referral_id = \(referral)
            AND counts
            """, as: Instant?.self)
        let id: Waiting.ID = db.newID()
        try db.run(
            """
            INSERT INTO waiting (organization_id, id, referral_id, program_id, since, counts)
            VALUES (\(organization), \(id), \(referral), \(found.program), \((before ?? nil) ?? db.now), TRUE)
            """)
        db.record(waitingEvent(.waitingStarted, of: found))
    }

    /// Spells before now no longer count for a place in line.
    private static func forgetWaiting(
        _ referral: Referral.ID, of organization: Organization.ID, in db: Writing
    ) throws {
        try db.run(
            """
            UPDATE waiting SET counts = FALSE
            WHERE organization_id = \(organization) AND referral_id = \(referral) AND counts
            """)
    }

    private static func endWaiting(
        _ referral: Referral.ID, of organization: Organization.ID, in db: Writing
    ) throws {
        let ended = try db.run(
            """
            UPDATE waiting SET ended_at = \(db.now)
            WHERE organization_id = \(organization) AND referral_id = \(referral) AND ended_at IS NULL
            """)
        guard ended > 0 else { return }
        db.record(waitingEvent(.waitingEnded, of: try Referral.load(referral, of: organization, in: db)))
    }

    private static func waitingEvent(_ kind: EventKind, of referral: Referral) -> Event {
        var event = Event(kind, of: referral.id.text, about: referral.person, in: referral.program)
        event.organization = referral.organization
        return event
    }
}
