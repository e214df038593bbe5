import Storage

/// Who is under age is with nobody of whom nobody has made sure. The rule is the one by which matching suggests
/// (`Exclusion.ageNotCleared`), asked again whenever an age or a clearance changes, and once an hour for what only time
/// changes.
extension Match {
    static let ageReactions: [(EventKind, Reaction)] = [
        (.personChanged, followAge), (.personCompleted, followAge), (.clearanceGiven, followAge),
        (.clearanceEnded, followAge)
    ]

    /// A condition on a match's participant `p` and supporter `s`, rows of `person`: the two must not be together.
    private static func mustBeApart(on day: Day) -> SQL {
        """
        (CASE WHEN \(AgeBand.isMinor("p.birth_year", on: day))
            THEN NOT \(Clearance.stands(for: "s.id", in: "s.organization_id", on: day))
            ELSE \(AgeBand.isMinor("s.birth_year", on: day)) END)
        """
    }

    private static let withPeople: SQL = """
        FROM match m JOIN person p ON p.organization_id = m.organization_id AND p.id = m.participant_id
        JOIN person s ON s.organization_id = m.organization_id AND s.id = m.supporter_id
        """

    func mustBeApart(in db: Reading) throws -> Bool {
        try db.exists(
            """
            SELECT 1 \(Self.withPeople) WHERE m.organization_id = \(organization) AND m.id = \(id)
            AND \(Self.mustBeApart(on: db.now.countedDay))
            """)
    }

    /// Brings open matches of the organization in line with the rule. A proposal is taken back, and its referral goes
    /// back to matching. Two who support each other are kept apart until somebody is cleared or the match ends: nobody
    /// writes, what they planned is called off, and their coordinator has it in hand.
    /// - Parameter condition: on the row `m`.
    package static func separateAges(
        where condition: SQL = "TRUE", of organization: Organization.ID, in db: Writing
    ) throws {
        let rule = mustBeApart(on: db.now.countedDay)
        let found = try db.all(
            """
            SELECT m.*, \(rule) AS must_be_apart \(withPeople)
            WHERE m.organization_id = \(organization) AND m.status IN ('proposed', 'active') AND \(condition)
            AND \(rule) <> (m.apart_at IS NOT NULL) ORDER BY m.id
            """
        ) { (match: try Match(row: $0), mustBeApart: try $0["must_be_apart"] as Bool) }
        for (match, mustBeApart) in found {
            if match.status == .proposed {
                try match.settle(for: .away, in: db)
                try match.goOn(in: .matching, db)
            } else {
                try match.setApart(mustBeApart, in: db)
            }
        }
    }

    private func setApart(_ isApart: Bool, in db: Writing) throws {
        try db.run(
            """
            UPDATE match SET apart_at = \(isApart ? db.now : nil)
            WHERE organization_id = \(organization) AND id = \(id)
            """)
        db.record(event(isApart ? .matchParted : .matchRejoined, about: participant))
        for person in [participant, supporter] { db.announce(.person(person)) }
    }

    private static func followAge(_ event: Event, in db: Writing) throws {
        guard let person = event.subject, let organization = event.organization ?? db.actor.organization else { return }
        try separateAges(where: "\(person) IN (m.participant_id, m.supporter_id)", of: organization, in: db)
    }

    static let ageOrphans: [OrphanCheck] = [
        OrphanCheck("people under age with a supporter who is not cleared, for two hours") { now in
            """
            SELECT m.id \(withPeople) WHERE m.status IN ('proposed', 'active') AND m.apart_at IS NULL
            AND \(mustBeApart(on: now.countedDay)) AND \(mustBeApart(on: now.adding(hours: -2).countedDay))
            """
        }
    ]
}
