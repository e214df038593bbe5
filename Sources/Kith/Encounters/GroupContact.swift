import Storage

/// A contact in a group: that somebody was there, for how long, and a word about it where it was not as usual. Nothing
/// that was said is written down about anybody.
package struct GroupContact: Named {
    /// What is noted of somebody who came.
    package enum Outcome: String, Sendable, CaseIterable, SQLConvertible, SQLDecodable {
        /// As usual.
        case tookPart = "took-part"
        case wasQuiet = "was-quiet"
        case leftEarly = "left-early"
    }

    package let id: ID
    package let startsAt: Instant
    package let minutes: Int
    package let outcome: Outcome

    init(row: Row) throws {
        id = try row["id"]
        startsAt = try row["starts_at"]
        minutes = try row["minutes"]
        outcome = try row["outcome"]
    }

    /// A meeting at which people were together.
    package struct Occasion: Sendable {
        let id: String
        let program: Program.ID
        let organization: Organization.ID
        let began: Instant
        let minutes: Int

        /// - Parameter id: of the meeting; each person has one contact for it.
        package init(
            _ id: String, in program: Program.ID, of organization: Organization.ID, began: Instant, minutes: Int
        ) {
            (self.id, self.program, self.organization) = (id, program, organization)
            (self.began, self.minutes) = (began, minutes)
        }
    }

    /// Writes down who was there. For whoever is supported by somebody, the referral follows as after any contact; for
    /// whoever still waits for that, the sender hears of the first contact and the place in the line stays theirs.
    package static func write(_ people: [(person: Person.ID, outcome: Outcome)], at occasion: Occasion, in db: Writing)
        throws
    {
        guard !people.isEmpty else { return }
        let rows: [SQL] = people.map { person, outcome in
            """
            (\(occasion.organization), \(db.newID() as ID), \(occasion.program), \(occasion.id), \(person),
                \(occasion.began), \(occasion.minutes), \(outcome), \(db.now), \(db.actor.logName))
            """
        }
        let written = try db.all(
            """
            INSERT INTO group_contact (organization_id, id, program_id, occasion_id, participant_id, starts_at, minutes,
                outcome, created_at, created_by)
            VALUES \(SQL.joined(rows)) ON CONFLICT (organization_id, occasion_id, participant_id) DO NOTHING
            RETURNING id, participant_id
            """
        ) { (id: try $0["id"] as ID, person: try $0["participant_id"] as Person.ID) }
        for (id, person) in written {
            db.record(
                Event(
                    .encounterDone, of: id.text, about: person, in: occasion.program,
                    ["mode": "group", "minutes": "\(occasion.minutes)", "functions": function.rawValue]))
        }
        try follow(written.map(\.person), at: occasion, in: db)
    }

    /// What a group is for.
    static let function = Encounter.Function.emotionalSupport

    /// The referrals of those who were there, as far as they agree to take part. Where the support goes on already, its
    /// clock starts anew, for all of them at once; where this is the first contact, a referral takes some statements.
    private static func follow(_ people: [Person.ID], at occasion: Occasion, in db: Writing) throws {
        guard !people.isEmpty else { return }
        let open = try db.all(
            """
            SELECT r.*, EXISTS (SELECT 1 FROM match m WHERE m.organization_id = r.organization_id
                    AND m.referral_id = r.id AND m.status = 'active') AS is_supported,
                EXISTS (SELECT 1 FROM referral_notice n WHERE n.organization_id = r.organization_id
                    AND n.referral_id = r.id AND n.change = \(ReferralChange.firstContact)) AS is_told
            FROM referral r WHERE r.organization_id = \(occasion.organization) AND r.program_id = \(occasion.program)
            AND r.person_id IN \(list: people) AND r.queue IS NOT NULL AND EXISTS (SELECT 1 FROM consent c
                WHERE c.organization_id = r.organization_id AND c.person_id = r.person_id
                AND c.program_id = r.program_id AND c.purpose = \(Consent.Purpose.takePart) AND c.granted
                AND c.ended_at IS NULL)
            ORDER BY r.received_at, r.id
            """
        ) {
            (
                referral: try Referral(row: $0), isSupported: try $0["is_supported"] as Bool,
                isTold: try $0["is_told"] as Bool
            )
        }
        var (seen, goingOn): (Set<Person.ID>, [Referral]) = ([], [])
        for (referral, isSupported, isTold) in open where seen.insert(referral.person).inserted {
            // Whoever facilitates need not be the supporter of any of them.
            if isSupported, isTold, referral.queue == .support, [.attended, .inProgress].contains(referral.state) {
                goingOn.append(referral)
            } else if isSupported {
                try Encounter.follow(.done, of: referral.id, in: occasion.organization, db: db)
            } else if !isTold,
                [.accepted, .scheduled, .attended, .unattended, .eventCancelled].contains(referral.state)
            {
                try referral.tell(.firstContact, in: db)
            }
        }
        try Referral.goOn(goingOn, in: db)
    }

    /// Those of the person asking, the newest first.
    package static func mine(limit: Int = 25, in db: Reading) throws -> [GroupContact] {
        try db.all(
            """
            SELECT * FROM group_contact WHERE organization_id = \(db.organization) AND participant_id = \(db.me)
            ORDER BY starts_at DESC, id DESC LIMIT \(limit)
            """, GroupContact.init(row:))
    }
}
