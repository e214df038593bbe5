import Storage

/// Somebody stands in while a supporter is not there: a match of its own, which names the one it stands in for. Both are
/// the person's; the referral stays where it is, and follows only the first.
extension Match {
    package var isStandIn: Bool { standsInFor != nil }

    func mayBeStoodInFor(of referral: Referral) -> Bool {
        self.referral == referral.id && status == .active && !isStandIn
            && (referral.queue == .firstContact || referral.queue == .support)
    }

    /// Who stands in for the supporter of a match, or was asked to.
    package static func standIn(for match: ID, of organization: Organization.ID, in db: Reading) throws -> Match? {
        try db.first(
            """
            SELECT * FROM match WHERE organization_id = \(organization) AND stands_in_for = \(match)
            AND status IN ('proposed', 'active')
            """, Match.init(row:))
    }

    /// After a match is over: the referral goes where somebody else is found, unless somebody supports the person still.
    func goOn(in queue: Referral.Queue, _ db: Writing) throws {
        guard !isStandIn else { return }
        let referral = try Referral.load(referral, of: organization, in: db)
        guard referral.isOpen, referral.queue != .cancellation else { return }
        if queue == .matching, try Self.open(of: referral.id, in: organization, db: db) != nil { return }
        try referral.place(queue, in: db)
    }

    /// Ends the active match whose supporter does not come back, so that somebody else is found or the stand-in stays.
    /// Whoever calls has established the right to it. The two are not suggested to each other again before the person has
    /// had somebody else.
    package func endForGood(in db: Writing) throws {
        guard isOpen else { throw Problem.conflict("match.settled") }
        try db.run(
            "UPDATE match SET wanted_new = TRUE WHERE organization_id = \(organization) AND id = \(id)")
        try settle(for: .away, in: db)
        try goOn(in: .matching, db)
    }

    /// The supporter is back, or stands in no longer. Whoever calls has established the right to it.
    package func endStandIn(in db: Writing) throws {
        guard isStandIn, isOpen else { return }
        try settle(for: .away, in: db)
    }

    /// Nobody who got to know somebody else meanwhile loses both at once.
    func settleStandIn(for reason: EndReason, in db: Writing) throws {
        guard let standIn = try Self.standIn(for: id, of: organization, in: db) else { return }
        guard standIn.status == .active, reason == .away || reason == .asked else {
            return try standIn.settle(for: reason, in: db)
        }
        try db.run(
            """
            UPDATE match SET stands_in_for = NULL WHERE organization_id = \(organization) AND id = \(standIn.id)
            """)
        db.record(standIn.event(.matchKept, about: participant))
    }

    static let standInOrphans: [OrphanCheck] = [
        OrphanCheck("people who stand in for a match that is over") { _ in
            """
            SELECT m.id FROM match m WHERE m.status IN ('proposed', 'active') AND m.stands_in_for IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM match o WHERE o.organization_id = m.organization_id
                AND o.id = m.stands_in_for AND o.status = 'active' AND o.referral_id = m.referral_id)
            """
        }
    ]
}
