import Foundation
import Storage

extension Referral {
    /// A referral within the reach of somebody who works on it: a coordinator or supervisor of its program.
    package static func find(_ id: ID, in db: Reading) throws -> Referral {
        let organization = try db.organization
        let found = try db.first(
            """
            SELECT * FROM referral WHERE organization_id = \(organization) AND id = \(id)
            AND program_id IN \(db.reach(.coordinator, .supervisor))
            """, Referral.init(row:))
        guard let found else { throw Problem.notFound }
        db.disclose(.referral, of: found.person)
        return found
    }

    /// A referral of one's own: one came by it, or sent it.
    package static func findOwn(_ id: ID, in db: Reading) throws -> Referral {
        let (organization, me) = (try db.organization, try db.me)
        let found = try db.first(
            """
            SELECT * FROM referral WHERE organization_id = \(organization) AND id = \(id)
            AND (person_id = \(me) OR referrer_id = \(me))
            """, Referral.init(row:))
        guard let found else { throw Problem.notFound }
        if found.person != me { db.disclose(.status, of: found.person) }
        return found
    }

    /// A referral by its identifier alone, for the actions that have established their right to it.
    package static func load(_ id: ID, of organization: Organization.ID, in db: Reading) throws -> Referral {
        let found = try db.first(
            "SELECT * FROM referral WHERE organization_id = \(organization) AND id = \(id)", Referral.init(row:))
        guard let found else { throw Problem.notFound }
        return found
    }

    /// Somebody's open referrals in a program, the oldest first.
    package static func open(
        of person: Person.ID, in program: Program.ID, of organization: Organization.ID, db: Reading
    ) throws -> [Referral] {
        try db.all(
            """
            SELECT * FROM referral WHERE organization_id = \(organization) AND person_id = \(person)
            AND program_id = \(program) AND queue IS NOT NULL ORDER BY received_at, id
            """, Referral.init(row:))
    }

    /// What the person wishes for in a supporter.
    package func wishes(in db: Reading) throws -> Wishes {
        let text = try db.value(
            "SELECT wishes FROM referral_wish WHERE organization_id = \(organization) AND referral_id = \(id)",
            as: String.self)
        return try text.map { try JSONDecoder().decode(Wishes.self, from: Data($0.utf8)) } ?? Wishes()
    }

    /// One step of its way.
    package struct Step: Sendable {
        package let row: Int
        package let move: String
        package let state: ReferralState
        package let reason: String?
        package let at: Instant
    }

    /// Every step it took, in order.
    package func steps(in db: Reading) throws -> [Step] {
        try db.all(
            """
            SELECT row_number, move, state, reason, at FROM referral_step
            WHERE organization_id = \(organization) AND referral_id = \(id) ORDER BY number
            """
        ) {
            Step(
                row: try $0["row_number"], move: try $0["move"], state: try $0["state"], reason: try $0["reason"],
                at: try $0["at"])
        }
    }

    /// One thing the sender was told.
    package struct Told: Sendable, Equatable {
        package let change: ReferralChange
        package let at: Instant
        /// A reason code, an outcome code or a word, as far as the person released it.
        package let reason: String?
        package let word: String?
    }

    /// Whether the person agrees, at this moment, that whoever sent them hears how it goes.
    func isReleased(in db: Reading) throws -> Bool {
        try Consent.stands(.shareStatus, for: person, in: program, of: organization, db: db)
    }

    /// What whoever sent it may know at this moment, in order: only what the person has released, and no longer than
    /// they do. The one answer behind the referrer's page, the signed link and the FHIR Task.
    package func told(in db: Reading) throws -> [Told] { try Self.told(of: [self], in: db)[id] ?? [] }

    /// The same for several referrals of one organization at once, in two statements.
    package static func told(of referrals: [Referral], in db: Reading) throws -> [ID: [Told]] {
        guard let organization = referrals.first?.organization else { return [:] }
        let releasing = try db.all(
            """
            SELECT person_id, program_id FROM consent WHERE organization_id = \(organization)
            AND person_id IN \(list: referrals.map(\.person)) AND purpose = \(Consent.Purpose.shareStatus)
            AND granted AND ended_at IS NULL
            """
        ) { (person: try $0["person_id"] as Person.ID, program: try $0["program_id"] as Program.ID) }
        let released = Set(
            referrals.filter { referral in
                releasing.contains { $0.person == referral.person && $0.program == referral.program }
            }.map(\.id))
        let told = try db.all(
            """
            SELECT n.referral_id, n.change, n.at, c.outcome, c.word,
                (SELECT s.reason FROM referral_step s WHERE s.organization_id = n.organization_id
                    AND s.referral_id = n.referral_id AND s.move = 'decline' ORDER BY s.number DESC LIMIT 1) AS reason
            FROM referral_notice n
            LEFT JOIN referral_closing c ON c.organization_id = n.organization_id AND c.referral_id = n.referral_id
                AND n.change = 'closed'
            WHERE n.organization_id = \(organization) AND n.referral_id IN \(list: referrals.map(\.id))
            """
        ) { row in
            let id: ID = try row["referral_id"]
            return (id: id, told: try Told(row: row, isReleased: released.contains(id)))
        }
        return Dictionary(grouping: told, by: \.id).mapValues { entries in
            entries.compactMap(\.told).sorted { ($0.at, $0.change.order) < ($1.at, $1.change.order) }
        }
    }
}

extension Referral.Told {
    /// Nil for what the person would have to release first.
    fileprivate init?(row: Row, isReleased: Bool) throws {
        let change: ReferralChange = try row["change"]
        guard isReleased || !change.needsRelease else { return nil }
        let decline: String? = change == .declined ? try row["reason"] : nil
        let outcome: String? = isReleased ? try row["outcome"] : nil
        // Why the program declined is its own matter, but a no of the person is theirs.
        let reason = decline == "person-declined" && !isReleased ? nil : decline ?? outcome
        self.init(change: change, at: try row["at"], reason: reason, word: isReleased ? try row["word"] : nil)
    }
}
