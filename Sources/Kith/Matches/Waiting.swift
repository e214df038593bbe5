import Matching
import Storage

/// A place in a program's line, when nobody is free.
package struct Waiting: Named {
    package let id: ID
    /// Since when this referral has waited, spells before included: a proposal that came to nothing costs nobody their
    /// place. Whoever got a supporter, or took their consent back, waits anew.
    package let since: Instant
    /// 1 is next. Urgent referrals come first, then whoever has waited longest.
    package let position: Int
    package let estimate: WaitEstimate
    /// Nobody in the program could support this person, whoever has room: then there is nothing to estimate.
    package let nobodyFits: Bool

    /// The place of a referral in its program's line; nil when it does not wait. Six statements. Whoever calls has
    /// found the referral by their own reach.
    package static func of(_ referral: Referral, in db: Reading) throws -> Waiting? {
        guard referral.queue == .waiting else { return nil }
        return try of(referral, among: MatchQuestion(for: referral, in: db).fitting, in: db)
    }

    /// The same in two statements, where it is known who could support this person now or later.
    static func of(_ referral: Referral, among fitting: Set<Person.ID>, in db: Reading) throws -> Waiting? {
        let organization = referral.organization
        let place = try db.first(
            """
            SELECT w.id, w.since, (SELECT count(*) FROM waiting o
                JOIN referral x ON x.organization_id = o.organization_id AND x.id = o.referral_id
                WHERE o.organization_id = w.organization_id AND o.program_id = w.program_id AND o.ended_at IS NULL
                AND (CASE x.priority WHEN 'urgent' THEN 0 ELSE 1 END, o.since, o.id)
                    <= (CASE r.priority WHEN 'urgent' THEN 0 ELSE 1 END, w.since, w.id)) AS position
            FROM waiting w
            JOIN referral r ON r.organization_id = w.organization_id AND r.id = w.referral_id
            WHERE w.organization_id = \(organization) AND w.referral_id = \(referral.id) AND w.ended_at IS NULL
            """
        ) { (id: try $0["id"] as ID, since: try $0["since"] as Instant, position: try $0["position"] as Int) }
        guard let place else { return nil }
        let freed = try FreedPlaces(of: referral.program, in: organization, db).perWeek(by: fitting)
        return Waiting(
            id: place.id, since: place.since, position: place.position,
            estimate: WaitEstimate(position: place.position, freedPerWeek: freed), nobodyFits: fitting.isEmpty)
    }
}

extension Match {
    /// Puts a referral in its program's line, because nobody suitable is free. It keeps its owner and a clock.
    package static func wait(_ referral: Referral, in db: Writing) throws {
        guard db.isProgramItself || db.actor.has(.coordinator, in: referral.program) else { throw Problem.notAllowed }
        guard referral.queue == .matching else { throw Problem.conflict("referral.not-now") }
        try referral.place(.waiting, in: db)
    }

    /// The coordinator has looked again and nobody is free yet: the clock starts anew, the place in line stays.
    package static func goOnWaiting(_ referral: Referral, in db: Writing) throws {
        guard db.isProgramItself || db.actor.has(.coordinator, in: referral.program) else { throw Problem.notAllowed }
        guard referral.queue == .waiting else { throw Problem.conflict("referral.not-now") }
        try referral.place(.waiting, in: db)
    }
}
