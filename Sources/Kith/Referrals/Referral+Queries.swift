import Foundation
import Storage

extension Referral {
    /// A referral within the reach of somebody who works on it: a coordinator or supervisor of its program.
    package static func find(_ id: ID, in db: Reading) throws -> Referral {
        let organization = try db.organization
        let found = try db.first(
            """
            SELECT * FROM referral WHERE organization_id = \(organization) AND id = \(id)
            AND \(db.reach(.request, of: .referral("referral"), as: Ground.working))
            """, Referral.init(row:))
        guard let found else { throw Problem.notFound }
        db.disclose(.referral, of: found.person)
        return found
    }

    /// Whether somebody who works on it still finds it.
    static func isFound(_ id: ID, in db: Reading) throws -> Bool {
        let organization = try db.organization
        return try db.exists(
            """
            SELECT 1 FROM referral WHERE organization_id = \(organization) AND id = \(id)
            AND \(db.reach(.request, of: .referral("referral"), as: Ground.working))
            """)
    }

    /// A referral within the reach of somebody who reads it: a coordinator or supervisor of its program, or whoever
    /// takes care of a program that nobody coordinates.
    static func findOnBoard(_ id: ID, in db: Reading) throws -> Referral {
        let organization = try db.organization
        let found = try db.first(
            """
            SELECT * FROM referral WHERE organization_id = \(organization) AND id = \(id)
            AND \(db.reach(.request, of: .referral("referral"), as: Ground.board))
            """, Referral.init(row:))
        guard let found else { throw Problem.notFound }
        db.disclose(.referral, of: found.person)
        return found
    }

    /// As whom `actor` reads it, of those who work on it or stand in.
    package func grounds(of actor: Actor) -> Set<Ground> {
        var grounds: Set<Ground> = []
        if actor.has(.coordinator, in: program) { grounds.insert(.coordinator) }
        if actor.has(.supervisor, in: program) { grounds.insert(.supervisor) }
        // Found by nothing else: then by administering a program that nobody coordinates.
        return grounds.isEmpty ? [.standIn] : grounds
    }

    /// A referral of one's own: one came by it, or sent it and still refers to its program.
    package static func findOwn(_ id: ID, in db: Reading) throws -> Referral {
        let (organization, me) = (try db.organization, try db.me)
        let found = try db.first(
            """
            SELECT * FROM referral WHERE organization_id = \(organization) AND id = \(id)
            AND \(db.reach(.receipt, of: .referral("referral"), as: [.own, .sender]))
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

    /// All of somebody's open referrals, in every program.
    static func open(of person: Person.ID, of organization: Organization.ID, db: Reading) throws -> [Referral] {
        try db.all(
            """
            SELECT * FROM referral WHERE organization_id = \(organization) AND person_id = \(person)
            AND queue IS NOT NULL ORDER BY received_at, id
            """, Referral.init(row:))
    }

    /// What the person wishes for in a supporter.
    package func wishes(in db: Reading) throws -> Wishes {
        let found = try db.first(
            """
            SELECT w.wishes, \(TextKey.wrapped(of: "\(person)", in: "w.organization_id")) AS wrapped_key
            FROM referral_wish w WHERE w.organization_id = \(organization) AND w.referral_id = \(id)
            """
        ) { try Wishes(stored: $0["wishes"], of: id, with: db.key($0["wrapped_key"], of: person)) }
        return found ?? Wishes()
    }

    /// One step of its way.
    package struct Step: Sendable {
        package let row: Int
        package let move: String
        package let state: ReferralState
        /// A code.
        package let reason: String?
        /// What was said about it.
        package let words: String?
        package let at: Instant
    }

    /// Every step it took, in order.
    package func steps(in db: Reading) throws -> [Step] {
        try db.all(
            """
            SELECT s.row_number, s.move, s.state, s.reason, s.words, s.at,
                \(TextKey.wrapped(of: "\(person)", in: "s.organization_id")) AS wrapped_key
            FROM referral_step s
            WHERE s.organization_id = \(organization) AND s.referral_id = \(id) ORDER BY s.number
            """
        ) { row in
            let (key, words): (TextKey?, String?) = (try db.key(row["wrapped_key"], of: person), try row["words"])
            return Step(
                row: try row["row_number"], move: try row["move"], state: try row["state"], reason: try row["reason"],
                words: words.flatMap { key?.open($0, from: Self.place(of: id, "step")) }, at: try row["at"])
        }
    }

    /// One thing the sender was told.
    package struct Told: Sendable, Equatable {
        package let change: ReferralChange
        package let at: Instant
        /// A reason code, an outcome code or a word, as far as the person released it.
        package let reason: String?
        package let word: String?
        /// How it ended, with the news that it did.
        package var ending: ReferralState?
    }

    /// What whoever sent it may know at this moment, in order: only what the person has released, and no longer than
    /// they do. The one answer behind the referrer's page, the signed link and the FHIR Task.
    package func told(in db: Reading) throws -> [Told] { try Self.told(of: [self], in: db)[id] ?? [] }

    /// The same for several referrals of one organization at once, in one statement. What was joined with another
    /// tells how that one goes, as far as the person of that one releases it.
    package static func told(of referrals: [Referral], in db: Reading) throws -> [ID: [Told]] {
        guard let organization = referrals.first?.organization else { return [:] }
        let told = try db.all(
            """
            SELECT n.referral_id, n.change, n.at, c.outcome, c.word, t.state, t.id AS goes_on_as, t.person_id,
                \(TextKey.wrapped(of: "t.person_id", in: "t.organization_id")) AS wrapped_key,
                (SELECT s.reason FROM referral_step s WHERE s.organization_id = t.organization_id
                    AND s.referral_id = t.id AND s.move = 'decline' ORDER BY s.number DESC LIMIT 1) AS reason,
                EXISTS (SELECT 1 FROM consent k WHERE k.organization_id = t.organization_id
                    AND k.person_id = t.person_id AND k.program_id = t.program_id
                    AND k.purpose = \(Consent.Purpose.shareStatus) AND k.granted AND k.ended_at IS NULL) AS released
            FROM referral_notice n
            JOIN referral r ON r.organization_id = n.organization_id AND r.id = n.referral_id
            JOIN referral t ON t.organization_id = r.organization_id AND t.id = coalesce(r.merged_into_id, r.id)
            LEFT JOIN referral_closing c ON c.organization_id = t.organization_id AND c.referral_id = t.id
                AND n.change = 'closed'
            WHERE n.organization_id = \(organization) AND n.referral_id IN \(list: referrals.map(\.id))
            """
        ) { row in (id: try row["referral_id"] as ID, told: try Told(row: row, db)) }
        return Dictionary(grouping: told, by: \.id).mapValues { entries in
            entries.compactMap(\.told).sorted { ($0.at, $0.change.order) < ($1.at, $1.change.order) }
        }
    }
}

extension Referral.Told {
    /// Nil for what the person would have to release first.
    fileprivate init?(row: Row, _ db: Reading) throws {
        let (change, isReleased): (ReferralChange, Bool) = (try row["change"], try row["released"])
        guard isReleased || !change.needsRelease else { return nil }
        let isLast = change == .declined || change == .closed
        let (outcome, decline): (String?, String?) = (try row["outcome"], try row["reason"])
        let reason = isLast ? outcome ?? decline : nil
        let (teller, word): (Referral.ID, String?) = (try row["goes_on_as"], try row["word"])
        let key = try isReleased && word != nil ? db.key(row["wrapped_key"], of: row["person_id"]) : nil
        self.init(
            change: change, at: try row["at"],
            // Why the program declined is its own matter, but a no of the person is theirs.
            reason: reason == "person-declined" && !isReleased ? nil : reason,
            word: word.flatMap { key?.open($0, from: Referral.place(of: teller, "word")) },
            ending: change == .closed ? try row["state"] : nil)
    }
}
