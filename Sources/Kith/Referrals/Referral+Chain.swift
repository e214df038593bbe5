import Storage

extension Referral {
    /// Takes the story up again: a new referral that points to this one. What has ended stays ended.
    /// - Returns: the one it goes on as already, where somebody was faster.
    package func reopen(because reason: String, in db: Writing) throws -> Referral {
        guard !isOpen else { throw Problem.conflict("referral.still-open") }
        guard mergedInto == nil else { throw Problem.conflict("referral.goes-on-elsewhere") }
        let successor = try db.first(
            """
            SELECT * FROM referral WHERE organization_id = \(organization) AND reopens_id = \(id)
            AND queue IS NOT NULL ORDER BY received_at LIMIT 1
            """, Referral.init(row:))
        if let successor { return successor }
        var draft = ReferralDraft(
            program: program, who: .known(person), origin: origin == .history ? .referrer : origin, partner: partner,
            referrer: referrer ?? (origin == .history ? db.actor.person : nil), reason: reason)
        draft.forOther = forOther
        draft.priority = prioritySent
        draft.wishes = try wishes(in: db)
        draft.reopens = id
        let reopened = try Self.open(draft, of: organization, in: db)
        db.record(reopened.event(.referralReopened, ["reopens": id.text]))
        return reopened
    }

    /// This one is about the same need as `other`, which goes on alone. Its sender hears from now on how the other one
    /// goes, and what they would have heard so far; what is known of the person and not yet there goes along.
    /// - Throws: ``Problem/notAllowed`` unless a coordinator of both asks; ``Problem/invalid(_:)`` without a reason;
    ///   `.conflict("referral.cannot-merge")` for what does not look like the same person in the same program.
    package func merge(into other: Referral, because reason: String, in db: Writing) throws {
        let mayMerge = [program, other.program].allSatisfy { db.actor.has(.coordinator, in: $0) }
        guard mayMerge || db.actor.kind == .system else { throw Problem.notAllowed }
        guard !reason.trimmed.isEmpty else { throw Problem.invalid("reason", "required") }
        guard other.isOpen, try twins(only: other.id, in: db).count == 1 else {
            throw Problem.conflict("referral.cannot-merge")
        }
        let moved = try end(by: .decline, reason: Self.duplicate, words: reason.trimmed, in: db)
        let joined = [moved] + (try moved.joined(in: db))
        for one in joined {
            try db.run(
                """
                UPDATE referral SET merged_into_id = \(other.id), revision = revision + 1
                WHERE organization_id = \(organization) AND id = \(one.id)
                """)
            db.record(one.event(.referralMerged, ["into": other.id.text]))
        }
        let soFar = try db.values(
            """
            SELECT change FROM referral_notice WHERE organization_id = \(organization)
            AND referral_id = \(other.id) ORDER BY at
            """, as: ReferralChange.self)
        for one in joined { for change in soFar.compactMap(\.forJoined) { try one.note(change, in: db) } }
        try moved.note(.merged, in: db)
        if other.person != person { try completeTwin(other.person, in: db) }
        // What the person said makes the one that goes on as urgent.
        if soonerSince != nil { try other.comeSooner(in: db) }
    }

    /// Those that go on as this one.
    func joined(in db: Reading) throws -> [Referral] {
        try db.all(
            "SELECT * FROM referral WHERE organization_id = \(organization) AND merged_into_id = \(id) ORDER BY id",
            Referral.init(row:))
    }

    /// The one in which it goes on: itself, unless it was joined with another.
    package func followed(in db: Reading) throws -> Referral {
        try mergedInto.map { try Self.load($0, of: organization, in: db) } ?? self
    }

    /// What was known of this one's person, and not yet of the other record of the same person.
    private func completeTwin(_ twin: Person.ID, in db: Writing) throws {
        func known<T>(_ person: Person.ID, _ read: (Row) throws -> T) throws -> T? {
            try db.first(
                """
                SELECT language, called, birth_year, gender, culture, area, do_not_contact FROM person
                WHERE organization_id = \(organization) AND id = \(person)
                """, read)
        }
        guard let language = try known(twin, { try $0["language"] as String }) else { throw Problem.notFound }
        let draft = try known(person) { row in
            PersonDraft(
                name: "", called: try row["called"], language: language, birthYear: try row["birth_year"],
                gender: try row["gender"], culture: try row["culture"], area: try row["area"],
                doNotContact: try row["do_not_contact"], channels: try Person.channels(of: person, in: db))
        }
        guard let draft else { throw Problem.notFound }
        try Person.complete(twin, with: draft, of: organization, in: db)
        // Their safety does not depend on which record somebody reads.
        if draft.doNotContact { try Person.setDoNotContact(true, for: twin, in: db) }
    }

    /// Another referral that may be about the same person.
    struct Twin: Sendable {
        let id: Referral.ID
        let reference: String
        let receivedAt: Instant
    }

    /// Open referrals of the same program that may be about the same person: the same record, an address in common, or
    /// the same name. Two who came by the public page need more than a name: there nobody has to give theirs.
    func twins(only one: ID? = nil, in db: Reading) throws -> [Twin] {
        let byName: SQL = origin == .own ? "AND (k.sure OR r.origin <> \(Origin.own))" : ""
        let only: SQL = one.map { "AND r.id = \($0)" } ?? ""
        return try db.all(
            """
            SELECT DISTINCT r.id, r.reference, r.received_at FROM (
                SELECT p.id, TRUE AS sure FROM person p
                WHERE p.organization_id = \(organization) AND p.id = \(person)
                UNION ALL
                SELECT c.person_id, TRUE FROM contact_channel m
                JOIN contact_channel c ON c.organization_id = m.organization_id AND lower(c.address) = lower(m.address)
                WHERE m.organization_id = \(organization) AND m.person_id = \(person) AND m.ended_at IS NULL
                    AND c.ended_at IS NULL
                UNION ALL
                SELECT n.id, FALSE FROM person p JOIN person n ON n.organization_id = p.organization_id
                    AND n.name = p.name
                WHERE p.organization_id = \(organization) AND p.id = \(person)) AS k
            JOIN referral r ON r.organization_id = \(organization) AND r.person_id = k.id
            WHERE r.program_id = \(program) AND r.id <> \(id) AND r.queue IS NOT NULL \(byName) \(only)
            ORDER BY r.received_at, r.id LIMIT 5
            """
        ) { Twin(id: try $0["id"], reference: try $0["reference"], receivedAt: try $0["received_at"]) }
    }

    /// Another part of the same story.
    struct Link: Sendable {
        enum Kind: String, SQLDecodable, SQLConvertible {
            case reopens, reopenedBy = "reopened-by", joinedWith = "joined-with", joinedTo = "joined-to"
        }

        let kind: Kind
        let id: Referral.ID
        let reference: String
    }

    /// The earlier and later parts of its story, and what was joined with it, in the order in which they came.
    func chain(in db: Reading) throws -> [Link] {
        try db.all(
            """
            SELECT r.id, r.reference, CASE WHEN r.reopens_id = \(id) THEN \(Link.Kind.reopenedBy)
                WHEN r.merged_into_id = \(id) THEN \(Link.Kind.joinedTo)
                WHEN r.id = \(mergedInto) THEN \(Link.Kind.joinedWith) ELSE \(Link.Kind.reopens) END AS kind
            FROM referral r WHERE r.organization_id = \(organization)
                AND (r.id = \(reopens) OR r.id = \(mergedInto) OR r.reopens_id = \(id) OR r.merged_into_id = \(id))
            ORDER BY r.received_at, r.id
            """
        ) { Link(kind: try $0["kind"], id: try $0["id"], reference: try $0["reference"]) }
    }
}
