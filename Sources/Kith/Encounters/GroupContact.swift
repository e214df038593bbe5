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
        for (person, outcome) in people {
            let id: ID = db.newID()
            let written = try db.run(
                """
                INSERT INTO group_contact (organization_id, id, program_id, occasion_id, participant_id, starts_at, minutes,
                    outcome, created_at, created_by)
                VALUES (\(occasion.organization), \(id), \(occasion.program), \(occasion.id), \(person),
                    \(occasion.began), \(occasion.minutes), \(outcome), \(db.now), \(db.actor.logName))
                ON CONFLICT (organization_id, occasion_id, participant_id) DO NOTHING
                """)
            guard written > 0 else { continue }
            db.record(
                Event(
                    .encounterDone, of: id.text, about: person, in: occasion.program,
                    ["mode": "group", "minutes": "\(occasion.minutes)", "functions": function.rawValue]))
            try follow(person, at: occasion, in: db)
        }
    }

    /// What a group is for.
    static let function = Encounter.Function.emotionalSupport

    private static func follow(_ person: Person.ID, at occasion: Occasion, in db: Writing) throws {
        guard
            try Consent.stands(
                .takePart, for: person, in: occasion.program, of: occasion.organization, db: db)
        else { return }
        let open = try Referral.open(of: person, of: occasion.organization, db: db)
        guard let referral = open.first(where: { $0.program == occasion.program }) else { return }
        // Whoever facilitates need not be the supporter of any of them.
        let isSupported = try db.exists(
            """
            SELECT 1 FROM match WHERE organization_id = \(occasion.organization) AND referral_id = \(referral.id)
            AND status = 'active'
            """)
        if isSupported {
            try Encounter.follow(.done, of: referral.id, in: occasion.organization, db: db)
        } else if [.accepted, .scheduled, .attended, .unattended, .eventCancelled].contains(referral.state) {
            try referral.tell(.firstContact, in: db)
        }
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
