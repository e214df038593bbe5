import Storage

extension Cover {
    static let reactions: [(EventKind, Reaction)] = [
        (.supporterPaused, followSupporter), (.supporterResumed, followSupporter), (.accessEnded, followSupporter),
        (.matchStarted, followStart), (.matchParted, followMatch), (.matchRejoined, followMatch),
        (.matchKept, followMatch), (.matchProposed, followStandIn), (.matchAnswered, followStandIn),
        (.matchWithdrawn, followStandIn), (.matchEnded, followEnd), (.referralPlaced, followReferral),
        (.referralMoved, followReferral)
    ]

    /// Somebody went away or is back: at once, for each person they support.
    private static func followSupporter(_ event: Event, in db: Writing) throws {
        guard let person = event.subject, let organization = organization(of: event, db) else { return }
        try keep(where: "m.supporter_id = \(person)", of: organization, in: db)
    }

    private static func followMatch(_ event: Event, in db: Writing) throws {
        guard let id = event.object, let organization = organization(of: event, db) else { return }
        try keep(where: "m.id = \(id)", of: organization, in: db)
    }

    private static func followStart(_ event: Event, in db: Writing) throws {
        guard let match = try match(of: event, db) else { return }
        // They may have gone away since they said yes.
        try keep(where: "m.id = \(match.id)", of: match.organization, in: db)
        guard let original = match.standsInFor, let cover = try open(for: original, of: match.organization, in: db)
        else {
            return
        }
        try db.run(
            """
            UPDATE cover SET stand_in_id = \(match.id)
            WHERE organization_id = \(cover.organization) AND id = \(cover.id)
            """)
        try cover.wind(in: db)
    }

    /// Somebody was asked, has answered, or was not needed: the clock goes on from there.
    private static func followStandIn(_ event: Event, in db: Writing) throws {
        guard let match = try match(of: event, db), let original = match.standsInFor else { return }
        try open(for: original, of: match.organization, in: db)?.wind(in: db)
    }

    /// A match is over. Where a supporter does not come back the person is told so and may say what they would like; where
    /// somebody stood in, somebody else is looked for.
    private static func followEnd(_ event: Event, in db: Writing) throws {
        guard let match = try match(of: event, db) else { return }
        if let original = match.standsInFor {
            guard let cover = try open(for: original, of: match.organization, in: db) else { return }
            let isTold =
                try event.details["reason"] != "asked" && !isMourned(match.supporter, of: match.organization, db)
            db.record(cover.event(.coverChanged, ["told": isTold ? "yes" : "no"]))
            db.announce(.person(cover.participant))
            return try cover.wind(in: db)
        }
        let cover = try open(for: match.id, of: match.organization, in: db)
        if try isMourned(match.supporter, of: match.organization, db) {
            try cover?.end(.over, in: db)
            return
        }
        let referral = try Referral.load(match.referral, of: match.organization, in: db)
        if let next = try Match.forReferral(referral, in: db), next.status == .active {
            if let cover { return try cover.end(.kept, in: db) }
            return
        }
        guard event.details["reason"] == Match.EndReason.away.rawValue, looking.contains(referral.queue) else {
            try cover?.end(.over, in: db)
            return
        }
        if let cover {
            try cover.change(.left, in: db)
        } else {
            try begin(for: match, .left, in: db)
        }
    }

    /// Where somebody new is found.
    private static let looking: [Referral.Queue?] = [.matching, .waiting, .answers]

    /// Whoever lost a supporter by death is told of that, and of nothing else; who stood in stays without a word.
    private static func isMourned(
        _ person: Person.ID, of organization: Organization.ID, _ db: Reading
    ) throws -> Bool {
        try db.exists(
            """
            SELECT 1 FROM person WHERE organization_id = \(organization) AND id = \(person)
            AND silent_since IS NOT NULL
            """)
    }

    /// Somebody new was found for whoever had lost their supporter, or they need nobody any more.
    private static func followReferral(_ event: Event, in db: Writing) throws {
        guard let id = event.object, let organization = organization(of: event, db) else { return }
        let left = try db.all(
            """
            SELECT k.*, r.queue FROM cover k
            JOIN referral r ON r.organization_id = k.organization_id AND r.id = k.referral_id
            WHERE k.organization_id = \(organization) AND k.referral_id = \(id) AND k.ended_at IS NULL
            AND k.cause = 'left' ORDER BY k.id
            """
        ) { (cover: try Cover(row: $0), queue: try $0["queue"] as Referral.Queue?) }
        for (cover, queue) in left where !looking.contains(queue) {
            try cover.end(queue == .firstContact || queue == .support ? .found : .over, in: db)
        }
    }

    private static func match(of event: Event, _ db: Reading) throws -> Match? {
        guard let id = event.object, let organization = organization(of: event, db) else { return nil }
        return try Match.load(Match.ID(id), of: organization, in: db)
    }

    private static func organization(of event: Event, _ db: Reading) -> Organization.ID? {
        event.organization ?? db.actor.organization
    }
}
